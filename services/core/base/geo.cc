#include "base/geo.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace firstfix {

bool valid(const Position& p) {
  return std::isfinite(p.latitude_deg) && std::isfinite(p.longitude_deg) && std::abs(p.latitude_deg) <= 90 &&
         std::abs(p.longitude_deg) <= 180;
}

double distance_m(const Position& a, const Position& b) {
  constexpr double kEarthRadius_m = 6'371'008.8;
  constexpr double kRadians = std::numbers::pi / 180;
  const double sin_lat = std::sin((b.latitude_deg - a.latitude_deg) * kRadians / 2);
  const double sin_lon = std::sin((b.longitude_deg - a.longitude_deg) * kRadians / 2);
  const double h =
      sin_lat * sin_lat + std::cos(a.latitude_deg * kRadians) * std::cos(b.latitude_deg * kRadians) * sin_lon * sin_lon;
  return 2 * kEarthRadius_m * std::asin(std::min(1.0, std::sqrt(h)));
}

}  // namespace firstfix
