// How long it takes from one place to another.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "base/geo.h"
#include "base/time.h"

namespace firstfix::planning {

// Every way from each of these places to each of those.
struct Ways {
  std::vector<Position> from, to;
};

// Thread-safe.
class Travel {
 public:
  virtual ~Travel() = default;
  // Answers at once: never waits for anybody. Not negative.
  virtual Duration time(const Position& from, const Position& to, Instant depart) const = 0;
  // Gets ready to answer time() for these ways, for who has to ask somebody else. May wait, for as long as it is
  // configured to: not to be called within a transaction. What it cannot learn, time() estimates.
  virtual void prefetch(const std::vector<Ways>&) const {}
};

// km/h in each hour of the local day, from midnight; each from 1 to 1,000.
using SpeedsByHour = std::array<double, 24>;

// Great circle times a detour factor (from 1 to 10), at the speed of the hour; the default when nothing better is
// configured. A drive over the end of an hour goes on at the next hour's speed: who sets out later is never there
// sooner. The local day is that of a fixed offset from UTC, so with summer time it is an hour off for half the year.
class GreatCircleTravel final : public Travel {
 public:
  explicit GreatCircleTravel(double detour_factor = 1.3, double speed_kmh = 50);
  GreatCircleTravel(double detour_factor, const SpeedsByHour& speeds_kmh, Duration utc_offset);
  Duration time(const Position& from, const Position& to, Instant depart) const override;

 private:
  double road_by(Duration time_of_day) const;
  Duration when_driven(double road_m) const;

  bool same_all_day_ = true;
  SpeedsByHour metres_per_second_{};  // of the great circle, the detour taken off
  std::array<double, 25> road_m_{};   // who drives from midnight has come so far at the beginning of each hour
  Duration utc_offset_{};
};

}  // namespace firstfix::planning
