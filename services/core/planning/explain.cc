#include "planning/explain.h"

#include <algorithm>
#include <map>
#include <optional>

#include "errand.h"
#include "hand_over.h"
#include "planning/check.h"
#include "reasons.h"

namespace firstfix::planning {
namespace {

Status possible(const Problem& problem, const Plan& plan, const Plan* current) {
  FIRSTFIX_CHECK(validate(problem));
  const auto verdict = check(problem, plan, current);
  if (verdict.violations.empty()) return {};
  return fail(Code::kInvalid, "the plan breaks a rule: " + verdict.violations.front().what);
}

// A problem and a plan as the search means them: with meetings as depots, if there are any.
class Meant {
 public:
  Meant(const Problem& problem, const Plan& plan) : problem_(&problem), plan_(&plan) {
    if (hands_over(plan)) met_ = meet(problem, plan);
  }
  const Problem& problem() const { return met_ ? met_->problem : *problem_; }
  const Plan& plan() const { return met_ ? met_->plan : *plan_; }

 private:
  const Problem* problem_;
  const Plan* plan_;
  std::optional<Met> met_;
};

// What moving its stops costs does not depend on who met whom.
Plan without_meetings(Plan plan) {
  for (auto& route : plan.routes)
    route.stops.erase(std::remove_if(route.stops.begin(), route.stops.end(),
                                     [](const Stop& stop) { return stop.kind == Stop::Kind::kHandOver; }),
                      route.stops.end());
  return plan;
}

bool by_two(const Model& m, const State& state, int job) {
  if (m.for_two(job)) return true;
  if (!m.may_teach(job)) return false;
  int members = 0;
  for (const auto& route : state.routes) members += position_of(route, job) != kNone ? 1 : 0;
  return members > 1;
}

// One who could do it, and what that would cost.
struct Way {
  Spot spot;
  const Suitor* suitor;
};

RunnerUp runner_up(const Model& m, const State& state, const DepotStock& depots, int job, const Way& way,
                   Units chosen) {
  auto trial = state.routes[at(way.suitor->engineer)];
  auto left = depots;
  DayRoute scratch;
  put_at(m, trial, job, *way.suitor, way.spot.after, left, scratch);
  schedule(m, trial);
  return {way.suitor->engineer, trial.nodes[at(position_of(trial, job))].start,
          static_cast<double>(way.spot.cost - chosen) / kUnitsPerMoney};
}

// Everybody else's cheapest way, measured against the day without the job. `full` are those who have none.
Assignment explain(const Model& m, const State& state, int job, std::size_t most, int& full) {
  Assignment out{.job = job, .engineer = state.engineer_of[at(job)]};
  DayRoute scratch;
  auto without = state.routes[at(out.engineer)];
  const auto with_cost = without.cost;
  auto depots = state.depots;
  take(m, without, position_of(without, job), depots);
  drop_idle_pickups(without);
  if (!schedule(m, without)) return out;
  const auto chosen = with_cost - without.cost;
  std::vector<Way> ways;
  for (const auto& suitor : m.suitors(job)) {
    if (suitor.engineer == out.engineer) continue;
    const auto spot = best_spot(m, state.routes[at(suitor.engineer)], job, suitor, depots, scratch);
    if (spot.possible()) ways.push_back({spot, &suitor});
    full += !spot.possible();
  }
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, ways.size()));
  std::partial_sort(ways.begin(), ways.begin() + count, ways.end(), [](const Way& a, const Way& b) {
    return a.spot.cost != b.spot.cost ? a.spot.cost < b.spot.cost : a.suitor->engineer < b.suitor->engineer;
  });
  ways.resize(at(static_cast<int>(count)));
  for (const auto& way : ways) out.runners_up.push_back(runner_up(m, state, depots, job, way, chosen));
  return out;
}

std::vector<std::string> exclusions(const Problem& p, int job, int full) {
  std::map<std::string, int> reasons;
  for (int e = 0; e < static_cast<int>(p.engineers.size()); ++e)
    if (auto reason = unsuited(p, job, e); !reason.empty()) ++reasons[std::move(reason)];
  if (full > 0) reasons["has no time for it, or not the parts"] = full;
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [reason, count] : reasons) order.emplace_back(-count, reason);
  std::sort(order.begin(), order.end());
  std::vector<std::string> out;
  for (const auto& [count, reason] : order) out.push_back(std::to_string(-count) + " × " + reason);
  return out;
}

// The jobs of one engineer each that nothing freezes, the soonest first.
std::vector<int> open_jobs(const Model& m, const State& state, const Plan& plan) {
  std::vector<std::pair<Seconds, int>> order;
  for (const auto& route : plan.routes)
    for (const auto& stop : route.stops)
      if (stop.kind == Stop::Kind::kJob && stop.state < StopState::kLocked &&
          state.engineer_of[at(stop.what)] == route.engineer && !by_two(m, state, stop.what))
        order.emplace_back(stop.start, stop.what);
  std::sort(order.begin(), order.end());
  std::vector<int> out;
  for (const auto& [start, job] : order) out.push_back(job);
  return out;
}

}  // namespace

Result<std::vector<Assignment>> explain_assignments(const Problem& problem, const Plan& plan,
                                                    const ExplainOptions& options) {
  FIRSTFIX_CHECK(possible(problem, plan, options.current));
  const Meant meant(problem, plan);
  const auto current = options.current == nullptr ? Plan{} : without_meetings(*options.current);
  const auto model = Model::compile(meant.problem(), options.current == nullptr ? nullptr : &current);
  const auto state = state_of(model, meant.plan());
  std::vector<Assignment> out;
  for (const int job : open_jobs(model, state, plan)) {
    if (options.enough && options.enough()) break;
    int full = 0;
    out.push_back(explain(model, state, job, options.most, full));
    out.back().excluded = exclusions(problem, job, full);
  }
  return out;
}

Result<std::vector<Unassigned>> explain_unassigned(const Problem& problem, const Plan& plan) {
  FIRSTFIX_CHECK(possible(problem, plan, nullptr));
  const Meant meant(problem, plan);
  const auto model = Model::compile(meant.problem(), nullptr);
  const auto state = state_of(model, meant.plan());
  std::vector<Unassigned> out;
  for (const int job : state.absent) out.push_back(why_absent(model, state, job));
  return out;
}

}  // namespace firstfix::planning
