// Parts out of a colleague's van. Two meet where one of them works: whoever comes takes parts out of the other's van
// while the other is at the job there. Inside the planner such a meeting is a depot that is open only then; the
// colleague's job there is fixed, and what is handed over is no longer in the colleague's van.
#pragma once

#include <functional>
#include <vector>

#include "planning/plan.h"
#include "planning/problem.h"

namespace firstfix::planning {

// A problem whose last depots are meetings, and a plan that fetches there.
struct Met {
  struct Meeting {
    int colleague = kNone, job = kNone;
  };

  Problem problem;
  Plan plan;
  int own_depots = 0;             // of the problem as it was given
  std::vector<Meeting> meetings;  // of each depot after those
};

// True if somebody takes parts from a colleague in the plan.
bool hands_over(const Plan& plan);

// The meetings of a plan as depots. A hand-over whose colleague is not at the job in the plan falls away.
Met meet(const Problem& problem, const Plan& plan);

// A plan of the problem with meetings, with them as hand-overs again.
Plan part_again(const Met& met, Plan plan);

struct LendOptions {
  const Plan* current = nullptr;  // as in SolveOptions, of the problem with meetings
  bool reasons = true;            // likewise
  std::function<bool()> enough;   // asked before each job; true leaves the rest absent
};

// Serves jobs that are absent although somebody has time, because no van and no depot has their parts, from the vans of
// colleagues: one by one, the worthiest first; nothing else changes. `plan` is of the problem with meetings, to which
// those that it takes are added.
void lend(Met& met, Plan& plan, const LendOptions& options);

}  // namespace firstfix::planning
