#include "planning/solve.h"

#include <algorithm>

#include "model.h"
#include "reasons.h"
#include "search.h"
#include "team.h"

namespace firstfix::planning {
namespace {

Plan to_plan(const Model& m, const State& state) {
  Plan plan;
  for (const auto& route : state.routes) {
    Route out{route.engineer, {}};
    bool works = false;
    for (const auto& node : route.nodes) {
      if (node.task == kNone) continue;
      const bool job = node.task < m.jobs();
      works = works || job;
      Stop stop{.kind = job ? Stop::Kind::kJob : Stop::Kind::kBreak, .start = node.start};
      stop.what = job ? node.task : node.task - m.day(route.engineer).breaks.front();
      out.stops.push_back(stop);
    }
    if (works) plan.routes.push_back(std::move(out));
  }
  for (const int job : state.absent) plan.unassigned.push_back(why_absent(m, state, job));
  return plan;
}

}  // namespace

Result<Solution> solve(const Problem& problem, const SolveOptions& options) {
  FIRSTFIX_CHECK(validate(problem));
  if (options.threads < 1 || options.threads > kMaxThreads)
    return fail(Code::kInvalid, "threads: must be from 1 to " + std::to_string(kMaxThreads));
  if (!options.spent && options.iterations == UINT64_MAX)
    return fail(Code::kInvalid, "neither a time nor a number of iterations ends the search");
  const auto model = Model::compile(problem, options.current);
  Search first(model, options.seed);
  first.begin(first_state(model, options.current != nullptr));
  auto result =
      search_together(model, first.best(), {options.spent, options.iterations, options.threads, options.seed});
  return Solution{to_plan(model, result.best), result.iterations};
}

}  // namespace firstfix::planning
