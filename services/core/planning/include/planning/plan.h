// What was planned: for every engineer the stops in driving order, and why the rest was left out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "planning/problem.h"

namespace firstfix::planning {

// How far a stop of the current plan has gone; it says what may still change.
enum class StopState {
  kOpen,      // may move to another time and engineer
  kPromised,  // the customer was told the start: it may move by the tolerance
  kLocked,    // stays with its engineer, at its start; of a pick-up: like open
  kDriving,   // has begun: nothing before it or about it changes
  kOnSite,    // likewise
  kDone,      // likewise
};

inline constexpr Seconds kPromiseTolerance = 15 * 60;

struct Stop {
  enum class Kind { kJob, kBreak, kPickup, kHandOver };
  Kind kind = Kind::kJob;
  int what = kNone;        // the job, the engineer's break, the depot, or the job at which a colleague is met
  Seconds start = 0;       // of the service, the rest, or the fetching
  std::vector<int> parts;  // of a pick-up or a hand-over: quantity of each
  StopState state = StopState::kOpen;
  Span promised;          // of a promised start: the times that keep the promise
  int colleague = kNone;  // of a hand-over: out of whose van
};

struct Route {
  int engineer = kNone;
  std::vector<Stop> stops;
};

struct Unassigned {
  int job = kNone;
  std::string reason;               // the constraint that stops it
  std::string cheapest_relaxation;  // what would have to give; empty if nothing known would help
};

struct Plan {
  std::vector<Route> routes;
  std::vector<Unassigned> unassigned;
};

}  // namespace firstfix::planning
