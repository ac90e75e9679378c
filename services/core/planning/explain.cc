#include "planning/explain.h"

#include <algorithm>
#include <map>

#include "pickup.h"
#include "planning/check.h"
#include "reasons.h"

namespace firstfix::planning {
namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

Status possible(const Problem& problem, const Plan& plan) {
  FIRSTFIX_CHECK(validate(problem));
  const auto verdict = check(problem, plan);
  if (verdict.violations.empty()) return {};
  return fail(Code::kInvalid, "the plan breaks a rule: " + verdict.violations.front().what);
}

bool by_two(const State& state, int job) {
  int members = 0;
  for (const auto& route : state.routes) members += position_of(route, job) != kNone ? 1 : 0;
  return members > 1;
}

// Everybody else's cheapest way, measured against the day without the job.
Assignment explain(const Model& m, const State& state, int job, std::size_t most) {
  Assignment out{.job = job, .engineer = state.engineer_of[at(job)]};
  DayRoute scratch;
  auto without = state.routes[at(out.engineer)];
  const auto with_cost = without.cost;
  auto depots = state.depots;
  take(m, without, position_of(without, job), depots);
  drop_idle_pickups(without);
  if (!schedule(m, without)) return out;
  const auto chosen = with_cost - without.cost;
  for (const auto& suitor : m.suitors(job)) {
    if (suitor.engineer == out.engineer) continue;
    const auto& route = state.routes[at(suitor.engineer)];
    const auto spot = best_spot(m, route, job, suitor, depots, scratch);
    if (!spot.possible()) continue;
    auto trial = route;
    auto left = depots;
    put_at(m, trial, job, suitor, spot.after, left, scratch);
    schedule(m, trial);
    out.runners_up.push_back({suitor.engineer, trial.nodes[at(position_of(trial, job))].start,
                              static_cast<double>(spot.cost - chosen) / kUnitsPerMoney});
  }
  std::sort(out.runners_up.begin(), out.runners_up.end(), [](const RunnerUp& a, const RunnerUp& b) {
    return a.extra_cost != b.extra_cost ? a.extra_cost < b.extra_cost : a.engineer < b.engineer;
  });
  if (out.runners_up.size() > most) out.runners_up.resize(most);
  return out;
}

std::vector<std::string> exclusions(const Problem& p, int job) {
  std::map<std::string, int> reasons;
  for (int e = 0; e < static_cast<int>(p.engineers.size()); ++e)
    if (auto reason = unsuited(p, job, e); !reason.empty()) ++reasons[std::move(reason)];
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [reason, count] : reasons) order.emplace_back(-count, reason);
  std::sort(order.begin(), order.end());
  std::vector<std::string> out;
  for (const auto& [count, reason] : order) out.push_back(std::to_string(-count) + " × " + reason);
  return out;
}

}  // namespace

Result<std::vector<Assignment>> explain_assignments(const Problem& problem, const Plan& plan, std::size_t most) {
  FIRSTFIX_CHECK(possible(problem, plan));
  const auto model = Model::compile(problem, nullptr);
  const auto state = state_of(model, plan);
  std::vector<Assignment> out;
  for (int job = 0; job < model.jobs(); ++job) {
    if (state.engineer_of[at(job)] == kNone || by_two(state, job)) continue;
    out.push_back(explain(model, state, job, most));
    out.back().excluded = exclusions(problem, job);
  }
  return out;
}

Result<std::vector<Unassigned>> explain_unassigned(const Problem& problem, const Plan& plan) {
  FIRSTFIX_CHECK(possible(problem, plan));
  const auto model = Model::compile(problem, nullptr);
  const auto state = state_of(model, plan);
  std::vector<Unassigned> out;
  for (const int job : state.absent) out.push_back(why_absent(model, state, job));
  return out;
}

}  // namespace firstfix::planning
