#include "planning/arrivals.h"

#include <algorithm>

namespace firstfix::planning {
namespace {

constexpr Duration kMinute = std::chrono::minutes{1};

Duration drive(const LiveStop* before, const LiveStop& stop, const Travel& travel, Instant depart) {
  if (before == nullptr) return std::max(stop.starts - stop.travel_starts, Duration{0});
  Duration all{};
  auto at = before->position;
  for (const auto& errand : stop.errands) {
    all += travel.time(at, errand.position, depart + all) + errand.takes;
    at = errand.position;
  }
  return all + travel.time(at, stop.position, depart + all);
}

Instant reached(const LiveStop* before, Instant free_from, const LiveStop& stop, const Travel& travel, Instant now) {
  if (stop.arrived) return *stop.arrived;
  if (stop.set_out) return std::max(*stop.set_out + std::max(stop.starts - stop.travel_starts, Duration{0}), now);
  const auto depart = std::max(free_from, now);
  return std::max(depart + drive(before, stop, travel, depart), stop.starts);
}

}  // namespace

std::vector<Expected> arrivals(const std::vector<LiveStop>& day, const Travel& travel, Instant now) {
  std::vector<Expected> out;
  const LiveStop* before = nullptr;
  Instant free_from = now;
  for (const auto& stop : day) {
    const auto arrives = reached(before, free_from, stop, travel, now);
    const auto done = stop.done_by.value_or(arrives + std::max(stop.ends - stop.starts, Duration{0}));
    const auto leaves = std::max({done, arrives, now});
    out.push_back({arrives, leaves});
    before = &stop;
    free_from = leaves;
  }
  return out;
}

Instant first_time(const std::vector<LiveStop>& day, const Travel& travel, Instant now, Instant until,
                   const std::function<bool(const std::vector<Expected>&)>& holds) {
  if (until <= now) return kNever;
  const auto minute = [&](std::int64_t number) { return now + number * kMinute; };
  std::int64_t no = 0, yes = (until - now) / kMinute + 1;
  if (!holds(arrivals(day, travel, minute(yes)))) return kNever;
  while (yes - no > 1) {
    const auto middle = no + (yes - no) / 2;
    (holds(arrivals(day, travel, minute(middle))) ? yes : no) = middle;
  }
  return minute(yes);
}

}  // namespace firstfix::planning
