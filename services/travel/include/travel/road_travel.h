// Times by road, asked of a table service before planning and kept.
//
// prefetch() asks for what is not known yet, in as few requests as the service's limit allows. time() only looks up
// what is kept, and estimates by great circle what is not: it never waits. If the service fails it is left alone for a
// while, longer each time, and planning goes on with estimates; one prefetch then tries again.
//
// No way by road (an island, a place that is wrong on the map) is estimated by great circle too: a dispatcher sees a
// long drive, and nobody is told that no engineer exists.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "travel/options.h"

namespace firstfix::travel {

// Since the start. `by_road` and `estimated` count what time() answered.
struct Counters {
  std::uint64_t requests = 0, failures = 0;
  std::uint64_t by_road = 0, estimated = 0;
  std::uint64_t no_way = 0;  // of those estimated: there is no way by road
};

// Thread-safe.
class RoadTravel final : public planning::Travel {
 public:
  // The clock decides how long answers are kept and the service is left alone; it outlives this.
  RoadTravel(Osrm options, const planning::GreatCircleTravel& otherwise, const Clock& clock);
  ~RoadTravel() override;

  Duration time(const Position& from, const Position& to, Instant depart) const override;
  void prefetch(const std::vector<planning::Ways>& ways) const override;
  Counters counters() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace firstfix::travel
