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
// A plan is repaired with moves and shifts at a low price first, and then at theirs. What is changed for too little
// gain goes back more easily than several stops find that they would all be better off elsewhere. Where many are left
// out, they take any room for which a move is cheap, and it would not go back.
constexpr double kCheap = 0.35;       // of the price
constexpr double kCheapTime = 0.5;    // of the time
constexpr double kMostAbsent = 0.06;  // of the jobs
// Two loose searches of one plan end farther apart than the rest of the time can mend. The better one goes on.
constexpr int kCheapTries = 2;

// One search for a part of the time, between two shares of it.
TeamResult search_between(const Model& model, State start, const SolveOptions& options, Repair repair, double from,
                          double to) {
  TeamOptions team{{}, options.iterations, options.threads, options.seed, repair};
  if (options.spent) team.spent = [&, from, to] { return (options.spent() - from) / (to - from); };
  return search_together(model, std::move(start), team);
}

bool nearly_all_served(const Model& model, const State& state) {
  return static_cast<double>(state.absent.size()) - model.unreachable <= kMostAbsent * model.jobs();
}

// With moves and shifts at this share of their price from now on.
State priced(Model& model, const State& state, double share) {
  const auto plan = to_plan(model, state, false);
  model.price_disturbance(share);
  return state_of(model, plan);
}

// The best that comes of searching with moves and shifts at a low price, at their full one.
TeamResult search_loosely(Model& model, const State& start, const SolveOptions& options) {
  TeamResult best{};
  for (int i = 0; i < kCheapTries; ++i) {
    auto once = options;
    once.seed = options.seed * kCheapTries + static_cast<std::uint64_t>(i);
    const double from = kCheapTime * i / kCheapTries, to = kCheapTime * (i + 1) / kCheapTries;
    const auto found = search_between(model, priced(model, start, kCheap), once, Repair::kLoose, from, to);
    best.iterations += found.iterations;
    auto state = priced(model, found.best, 1);
    if (i == 0 || state.score < best.best.score) best.best = std::move(state);
  }
  return best;
}

TeamResult repair(Model& model, const State& start, const SolveOptions& options) {
  if (!options.spent || options.spent() >= kCheapTime || !nearly_all_served(model, start))
    return search_between(model, start, options, Repair::kClose, 0, 1);
  auto loose = search_loosely(model, start, options);
  auto result = search_between(model, std::move(loose.best), options, Repair::kClose, kCheapTime, 1);
  result.iterations += loose.iterations;
  if (start.score < result.best.score) result.best = start;
  return result;
}

Solution search(const Problem& problem, const SolveOptions& options) {
  auto model = Model::compile(problem, options.current);
  Search first(model, options.seed);
  first.begin(first_state(model, options.current != nullptr));
  const auto result = options.current != nullptr ? repair(model, first.best(), options)
                                                 : search_between(model, first.best(), options, Repair::kNothing, 0, 1);
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
