#include "planning/solve.h"

#include <algorithm>

#include "hand_over.h"
#include "model.h"
#include "search.h"
#include "team.h"
#include "to_plan.h"

namespace firstfix::planning {

void soften_windows(Problem& problem) {
  for (auto& job : problem.jobs) {
    if (job.windows.empty() || job.fixed_start) continue;
    Seconds opens = kForever, closes = 0;
    for (const auto& window : job.windows) {
      opens = std::min(opens, window.from);
      closes = std::max(closes, window.to);
    }
    job.windows = {{opens, kForever}};
    job.due = std::min(job.due, closes);
    if (job.late_cost_per_hour <= 0) job.late_cost_per_hour = kLateCostPerPoint * (1 + job.priority);
  }
}

namespace {

constexpr double kShareOfSearch = 0.95;  // of the time, where colleagues' vans are asked after it

Solution search(const Problem& problem, const SolveOptions& options) {
  const auto model = Model::compile(problem, options.current);
  Search first(model, options.seed);
  first.begin(first_state(model, options.current != nullptr));
  auto result =
      search_together(model, first.best(),
                      {options.spent, options.iterations, options.threads, options.seed, options.current != nullptr});
  Solution solution{to_plan(model, result.best, options.reasons), result.iterations};
  if (options.current != nullptr) copy_states(*options.current, solution.plan);
  return solution;
}

// With meetings of colleagues: those of the current plan, and then those that serve what is left out.
Solution search_with_meetings(const Problem& problem, SolveOptions options) {
  auto met = meet(problem, options.current != nullptr ? *options.current : Plan{});
  if (options.current != nullptr) options.current = &met.plan;
  LendOptions lending{.current = options.current, .reasons = options.reasons, .enough = {}};
  if (options.spent) {
    lending.enough = [spent = options.spent] { return spent() >= 1; };
    options.spent = [spent = options.spent] { return spent() / kShareOfSearch; };
  }
  auto solution = search(met.problem, options);
  lend(met, solution.plan, lending);
  if (options.current != nullptr) copy_states(*options.current, solution.plan);
  solution.plan = part_again(met, std::move(solution.plan));
  return solution;
}

}  // namespace

Result<Solution> solve(const Problem& problem, const SolveOptions& options) {
  FIRSTFIX_CHECK(validate(problem));
  if (options.threads < 1 || options.threads > kMaxThreads)
    return fail(Code::kInvalid, "threads: must be from 1 to " + std::to_string(kMaxThreads));
  if (!options.spent && options.iterations == UINT64_MAX)
    return fail(Code::kInvalid, "neither a time nor a number of iterations ends the search");
  if (problem.hand_over != kNone) return search_with_meetings(problem, options);
  if (options.current != nullptr && hands_over(*options.current))
    return fail(Code::kInvalid, "colleagues meet in the current plan, but the problem does not allow it");
  return search(problem, options);
}

}  // namespace firstfix::planning
