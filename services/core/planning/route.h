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
  int pickup = 0;            // of fetching at a depot: its number within the day
  Units extra = 0;           // of this engineer doing it
  Seconds pin = kNone;       // must start exactly then
  bool begun = false;        // has happened or is happening: times are given, nothing comes before it
  // Where starts that the current plan has are worth keeping, in reach of kPromiseTolerance:
  Seconds planned = kNone;  // the start there, if it had this engineer do it
  Seconds calm = kForever;  // the latest start that makes nothing dearer: no start, its own or a later one, is lost
  Seconds eager = 0;        // the earliest, before
};

// True if a stop cannot keep the start that it has in the current plan.
inline bool shifted(const Node& node) {
  return node.planned != kNone && (node.start > node.planned + kPromiseTolerance ||
                                   std::min(node.calm, node.latest) < node.planned - kPromiseTolerance);
}

// What the depots have left. All days draw on it.
struct DepotStock {
  std::vector<int> left;  // [depot * kinds of parts + part]; empty without depots

  friend bool operator==(const DepotStock&, const DepotStock&) = default;
};

// Parts that a job takes from a pick-up before it. What a job does not fetch, the van has had from the start.
struct Fetch {
  int job = kNone;  // kNone: of a pick-up that has begun, and free for all after it
  int pickup = 0;   // Node::pickup
  int part = 0, quantity = 0;

  friend bool operator==(const Fetch&, const Fetch&) = default;
};

struct DayRoute {
  std::vector<Node> nodes;  // with start and end
  std::vector<int> stock;   // of the van's own, left for more jobs; empty if no parts are counted
  std::vector<Fetch> fetches;
  Units cost = 0;    // of travel, time and choice of engineer
  Seconds work = 0;  // on the road and at jobs, where fairness has a price
  std::uint32_t version = 0;
  int engineer = 0;
  Seconds from = 0, to = 0;  // the limits of the day: the model's, less what the engineer's other days take (days.h)
  int first_free = 0;        // what has begun lies before: a job goes after nodes[first_free] at the earliest
  int last_pickup = 0;       // the last number given; 0 if nothing was ever fetched

  int stops() const { return static_cast<int>(nodes.size()) - 2; }
  bool empty() const { return nodes.size() == 2; }
};

inline constexpr Units kImpossible = INT64_MAX / 4;
inline constexpr int kFetching = -2;  // Spot::after of a job whose parts have to be fetched: see pickup.h

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
Spot best_spot(const Model& model, const DayRoute& route, int job, const Suitor& suitor, const DepotStock& depots,
               DayRoute& scratch);

// Puts a task in, or takes one out, which gives back what it would have fetched; schedule() is due then.
void put(const Model& model, DayRoute& route, int task, int after);
void take(const Model& model, DayRoute& route, int position, DepotStock& depots);

// True if work has a price of its own in a day, beside travel and time: by fairness, or because somebody is called.
inline bool prices_work(const Model& model, const DayRoute& route) {
  return model.fairness > 0 || model.day(route.engineer).call_out > 0;
}

// What that is for so much more of it, on the road and at a job.
Units dearer_by_work(const Model& model, const DayRoute& route, Seconds more);

// Where a task stands in a route; kNone if it does not.
int position_of(const DayRoute& route, int task);

// What the stop at a position costs in travel beyond what the day would have without it, in seconds.
Seconds detour(const Model& model, const DayRoute& route, int position);

// False if the van lacks a part.
bool stocked(const Model& model, const DayRoute& route, int job);

}  // namespace firstfix::planning
