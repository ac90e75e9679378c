// One engineer's day: the stops in order, their times, and what another stop would cost.
#pragma once

#include <cstdint>
#include <vector>

#include "model.h"

namespace firstfix::planning {

// A stop, or the start or the end of the day (task kNone).
struct Node {
  int task = kNone;
  int place = 0;             // where the engineer is after it; a break has the place of the stop before
  Seconds start = 0;         // the earliest start of service
  Seconds depart = 0;        // after it
  Seconds latest = 0;        // the latest start that leaves all after it feasible
  Seconds leg = 0;           // travel to the next node
  Seconds until = kForever;  // starts no later, by the engineer's certificates
  Units extra = 0;           // of this engineer doing it
  Seconds pin = kNone;       // must start exactly then
  bool begun = false;        // has happened or is happening: times are given, nothing comes before it
};

struct DayRoute {
  std::vector<Node> nodes;  // with start and end
  std::vector<int> stock;   // left on the van; empty if no parts are counted
  Units cost = 0;           // of travel, time and choice of engineer
  std::uint32_t version = 0;
  int engineer = 0;
  int first_free = 0;  // what has begun lies before: a job goes after nodes[first_free] at the earliest

  int stops() const { return static_cast<int>(nodes.size()) - 2; }
  bool empty() const { return nodes.size() == 2; }
};

inline constexpr Units kImpossible = INT64_MAX / 4;

// Where a job fits best: after nodes[after].
struct Spot {
  Units cost = kImpossible;  // more than now
  int after = kNone;
  bool possible() const { return cost < kImpossible; }
};

// An empty day, with its breaks and nothing else.
DayRoute empty_route(const Model& model, int engineer);

// Works out times and cost. False if the day breaks a rule; the times are not to be used then.
bool schedule(const Model& model, DayRoute& route);

// The best place for a job in a route. `scratch` is a working copy that keeps its memory between calls.
Spot best_spot(const Model& model, const DayRoute& route, int job, const Suitor& suitor, DayRoute& scratch);

// Puts a task in, or takes one out; schedule() is due then.
void put(const Model& model, DayRoute& route, int task, int after);
void take(const Model& model, DayRoute& route, int position);

// False if the van lacks a part.
bool stocked(const Model& model, const DayRoute& route, int job);

}  // namespace firstfix::planning
