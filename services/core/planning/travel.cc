#include "planning/travel.h"

namespace firstfix::planning {

Duration GreatCircleTravel::time(const Position& from, const Position& to, Instant) const {
  return Duration{static_cast<std::int64_t>(distance_m(from, to) / metres_per_second_ * 1e6)};
}

}  // namespace firstfix::planning
