#include "planning/travel.h"

#include <algorithm>
#include <cmath>

namespace firstfix::planning {
namespace {

constexpr Duration kHour = std::chrono::hours{1}, kDay = std::chrono::hours{24};

double seconds(Duration d) {
  return static_cast<double>(d.count()) / 1e6;
}

Duration driving(double metres, double metres_per_second) {
  return Duration{static_cast<std::int64_t>(metres / metres_per_second * 1e6)};
}

SpeedsByHour all_day(double speed_kmh) {
  SpeedsByHour out;
  out.fill(speed_kmh);
  return out;
}

}  // namespace

GreatCircleTravel::GreatCircleTravel(double detour_factor, double speed_kmh)
    : GreatCircleTravel(detour_factor, all_day(speed_kmh), {}) {}

GreatCircleTravel::GreatCircleTravel(double detour_factor, const SpeedsByHour& speeds_kmh, Duration utc_offset)
    : utc_offset_(utc_offset) {
  for (std::size_t hour = 0; hour < 24; ++hour) {
    same_all_day_ = same_all_day_ && speeds_kmh[hour] == speeds_kmh[0];
    metres_per_second_[hour] = speeds_kmh[hour] / 3.6 / detour_factor;
    road_m_[hour + 1] = road_m_[hour] + metres_per_second_[hour] * seconds(kHour);
  }
}

// How far who drives from midnight has come by then.
double GreatCircleTravel::road_by(Duration time_of_day) const {
  const auto hour = time_of_day / kHour;
  const auto i = static_cast<std::size_t>(hour);
  return road_m_[i] + metres_per_second_[i] * seconds(time_of_day - hour * kHour);
}

// When who drives from midnight, for days if need be, has come so far. Never less for a longer road, roundings
// included: each hour and each day ends where the next begins.
Duration GreatCircleTravel::when_driven(double road_m) const {
  const double days = std::floor(road_m / road_m_[24]);
  const double rest = std::clamp(road_m - days * road_m_[24], 0.0, road_m_[24]);
  const auto after = std::upper_bound(road_m_.begin() + 1, road_m_.end() - 1, rest);
  const auto hour = static_cast<std::size_t>(after - road_m_.begin()) - 1;
  const auto within = std::min(driving(rest - road_m_[hour], metres_per_second_[hour]), kHour);
  return static_cast<std::int64_t>(days) * kDay + static_cast<std::int64_t>(hour) * kHour + within;
}

Duration GreatCircleTravel::time(const Position& from, const Position& to, Instant depart) const {
  const double metres = distance_m(from, to);
  if (same_all_day_) return driving(metres, metres_per_second_[0]);
  if (metres == 0) return Duration{0};
  auto time_of_day = Duration{(depart + utc_offset_).micros} % kDay;
  if (time_of_day < Duration{0}) time_of_day += kDay;
  return std::max(when_driven(road_by(time_of_day) + metres) - time_of_day, Duration{0});
}

}  // namespace firstfix::planning
