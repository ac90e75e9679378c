// The planner: from a problem, and perhaps the plan that is being driven, to a better plan.
//
// Greedy insertion, the worthiest first, makes a first plan; ruin-and-recreate improves it (Christiaens and Vanden
// Berghe, «Slack induction by string removals», Transportation Science 2020), with simulated annealing deciding what is
// kept. Which jobs are served comes first (by priority, hazards above all); among plans that serve the same, the
// cheaper wins.
#pragma once

#include <cstdint>
#include <functional>

#include "planning/plan.h"
#include "planning/problem.h"

namespace firstfix::planning {

struct SolveOptions {
  // How much of the time given has passed: 0 at the start, 1 or more at the end. Called often, from every thread.
  // Not set: only `iterations` ends the search.
  std::function<double()> spent;
  // The most iterations of each thread. With `spent` not set and one thread the same problem, seed and iterations give
  // the same plan, and more iterations never a worse one.
  std::uint64_t iterations = UINT64_MAX;
  int threads = 1;  // at most kMaxThreads
  std::uint64_t seed = 1;
  const Plan* current = nullptr;  // the plan being driven; its stops' states are kept
  bool reasons = true;            // false: nobody asks why a job is left out, and the plan only says that it is
};

inline constexpr int kMaxThreads = 64;

struct Solution {
  Plan plan;
  std::uint64_t iterations = 0;  // of all threads
};

// Makes the end of each job's last window a due time instead: a later start is allowed, and costs late_cost_per_hour,
// or kLateCostPerPoint times one more than the priority where the job has no such price. The gaps between a job's
// windows are open then.
void soften_windows(Problem& problem);
inline constexpr double kLateCostPerPoint = 2;

// kInvalid if the problem or the current plan contradicts itself. A problem that cannot be served whole is no error:
// the plan says what can be done and why the rest cannot.
Result<Solution> solve(const Problem& problem, const SolveOptions& options);

}  // namespace firstfix::planning
