// A town on one street for tests of planning: places are minutes of driving from the market.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "planning/place.h"

namespace firstfix::planning {

constexpr Instant kEight{1'772'438'400'000'000};  // 2026-03-02T08:00:00Z, a Monday
inline Instant at(int hour, int minute = 0) {
  return kEight + std::chrono::hours{hour - 8} + std::chrono::minutes{minute};
}
inline Interval all_day() {
  return {at(8), at(18)};
}

// A minute of driving is a thousandth of a degree along the street.
inline Position along(double minutes) {
  return {0, minutes / 1000};
}
class Street final : public Travel {
 public:
  Duration time(const Position& from, const Position& to, Instant) const override {
    return Duration{std::llround(std::abs(from.longitude_deg - to.longitude_deg) * 1000 * 60e6)};
  }
};

inline Person person(std::string id, const std::map<std::string, int>& levels) {
  Person out{.id = std::move(id)};
  for (const auto& [skill, level] : levels) out.skills[skill].level = level;
  return out;
}

inline Candidate candidate(Person who, double home_minutes = 0) {
  return {.person = std::move(who), .home = along(home_minutes), .shifts = {all_day()}};
}

// An hour's work, half an hour down the street.
inline Job job(std::vector<SkillNeed> needs) {
  return {.position = along(30), .service = std::chrono::hours{1}, .skills = std::move(needs)};
}

inline Result<Placement> placed(const Job& what, const std::vector<Candidate>& candidates) {
  return place(what, candidates, Street{}, Weights{}, kEight);
}

// "van-omar: hose belt" for each place, in order.
inline std::vector<std::string> fetching(const Result<Placement>& placement) {
  std::vector<std::string> out;
  if (!placement) return {placement.error().message};
  for (const auto& pickup : placement->choice.pickups) {
    auto& one = out.emplace_back(pickup.location + ":");
    for (const auto& part : pickup.parts) one += " " + part;
  }
  return out;
}

}  // namespace firstfix::planning
