// Why a plan is as it is: what stops the jobs that it leaves out, and what each assignment was chosen over. Pure and
// thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "planning/plan.h"
#include "planning/problem.h"

namespace firstfix::planning {

struct RunnerUp {
  int engineer = kNone;
  Seconds start = 0;      // of service, if it were that engineer
  double extra_cost = 0;  // above the choice, in the currency of Weights; negative only if the plan can be improved
};

struct Assignment {
  int job = kNone, engineer = kNone;
  std::vector<RunnerUp> runners_up;   // cheapest first; who could do it now, with everything else as it is
  std::vector<std::string> excluded;  // the reasons of those who cannot, most frequent first, with their count
};

struct ExplainOptions {
  std::size_t most = 5;           // runners-up of a job
  const Plan* current = nullptr;  // the plan that `plan` replaces: what moving its stops costs counts too
  std::function<bool()> enough;   // if set, asked before each job: true leaves the rest unexplained
};

// Every job that `plan` serves with one engineer and that may still change, the soonest first. kInvalid if the plan
// breaks a rule.
Result<std::vector<Assignment>> explain_assignments(const Problem& problem, const Plan& plan,
                                                    const ExplainOptions& options = {});

// Every job that `plan` does not serve: the constraint that stops it and the cheapest relaxation.
Result<std::vector<Unassigned>> explain_unassigned(const Problem& problem, const Plan& plan);

}  // namespace firstfix::planning
