// How long it takes from one place to another.
#pragma once

#include "base/geo.h"
#include "base/time.h"

namespace firstfix::planning {

// Thread-safe.
class Travel {
 public:
  virtual ~Travel() = default;
  virtual Duration time(const Position& from, const Position& to, Instant depart) const = 0;
};

// Great circle times a detour factor at one speed; the default when nothing better is configured.
class GreatCircleTravel final : public Travel {
 public:
  explicit GreatCircleTravel(double detour_factor = 1.3, double speed_kmh = 50)
      : metres_per_second_(speed_kmh / 3.6 / detour_factor) {}
  Duration time(const Position& from, const Position& to, Instant depart) const override;

 private:
  double metres_per_second_;
};

}  // namespace firstfix::planning
