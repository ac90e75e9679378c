// What a plan is worth and what it breaks, computed from the problem alone: nothing here is shared with the solver, so
// that each can be tested against the other. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "planning/plan.h"
#include "planning/problem.h"

namespace firstfix::planning {

struct Violation {
  int engineer = kNone, job = kNone;  // whom and what it concerns, where it concerns one
  std::string what;
};

// In the currency of Weights.
struct Cost {
  double travel = 0, lateness = 0, overtime = 0, waiting = 0, continuity = 0, over_qualification = 0, moved_stops = 0;
  double shifted_stops = 0, growth = 0, call_out = 0, fairness = 0;
  double total() const {
    return travel + lateness + overtime + waiting + continuity + over_qualification + moved_stops + shifted_stops +
           growth + call_out + fairness;
  }
};

struct Verdict {
  std::vector<Violation> violations;
  Cost cost;
  int assigned = 0, hazards_assigned = 0;  // jobs
  std::int64_t priority_assigned = 0;
  Seconds late = 0;
  std::int64_t travel_s = 0;
};

// Checks every rule of the problem. `current`, if given, is the plan that `plan` replaces: frozen stops must be as they
// were, promises kept, and a job that changed its engineer costs moved_stops, one that kept it but starts far from when
// it was planned shifted_stops.
Verdict check(const Problem& problem, const Plan& plan, const Plan* current = nullptr);

}  // namespace firstfix::planning
