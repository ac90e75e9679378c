#include "state.h"

#include <algorithm>

namespace firstfix::planning {
namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

int position_of(const DayRoute& route, int task) {
  for (int i = 1; i <= route.stops(); ++i)
    if (route.nodes[at(i)].task == task) return i;
  return kNone;
}

void put_pins(const Model& m, State& state, DayRoute& route) {
  for (const auto& pin : m.pins[at(route.engineer)]) {
    if (m.find_suitor(pin.task, route.engineer) == nullptr || state.engineer_of[at(pin.task)] != kNone) continue;
    auto trial = route;
    put(m, trial, pin.task, trial.stops());
    auto& node = trial.nodes[at(trial.stops())];
    node.pin = pin.start;
    node.begun = pin.begun;
    if (pin.begun) trial.first_free = trial.stops();
    if (!schedule(m, trial)) continue;
    route = std::move(trial);
    state.engineer_of[at(pin.task)] = route.engineer;
  }
}

// Every break at the first place where the day remains possible.
void put_breaks(const Model& m, DayRoute& route) {
  for (const int rest : m.day(route.engineer).breaks) {
    auto trial = route;
    for (int after = route.first_free; after <= route.stops(); ++after) {
      trial = route;
      put(m, trial, rest, after);
      if (schedule(m, trial)) break;
    }
    if (schedule(m, trial)) route = std::move(trial);
  }
}

// The stops of a plan, in its order, as far as they fit.
void keep_stops(const Model& m, const std::vector<int>& stops, State& state, DayRoute& route) {
  int after = 0;
  for (const int job : stops) {
    if (const int pinned = position_of(route, job); pinned != kNone) {
      after = pinned;
      continue;
    }
    if (m.find_suitor(job, route.engineer) == nullptr || state.engineer_of[at(job)] != kNone) continue;
    if (!stocked(m, route, job)) continue;
    for (int place = std::max(after, route.first_free); place <= route.stops(); ++place) {
      auto trial = route;
      put(m, trial, job, place);
      if (!schedule(m, trial)) continue;
      route = std::move(trial);
      after = place + 1;
      state.engineer_of[at(job)] = route.engineer;
      break;
    }
  }
}

}  // namespace

Score score_of(const Model& m, const State& state) {
  Score score;
  for (const int job : state.absent) score.lost += m.task(job).value;
  for (const auto& route : state.routes) score.cost += route.cost;
  return score;
}

namespace {

void settle(const Model& m, State& state) {
  state.absent.clear();
  for (int job = 0; job < m.jobs(); ++job)
    if (state.engineer_of[at(job)] == kNone) state.absent.push_back(job);
  state.score = score_of(m, state);
}

}  // namespace

State state_of(const Model& m, const Plan& plan) {
  auto state = first_state(m, false);
  for (const auto& route : plan.routes) {
    std::vector<int> jobs;
    for (const auto& stop : route.stops)
      if (stop.kind == Stop::Kind::kJob) jobs.push_back(stop.what);
    keep_stops(m, jobs, state, state.routes[at(route.engineer)]);
  }
  settle(m, state);
  return state;
}

State first_state(const Model& m, bool keep) {
  State state;
  state.engineer_of.assign(at(m.jobs()), kNone);
  for (int e = 0; e < m.engineers(); ++e) {
    auto route = empty_route(m, e);
    schedule(m, route);
    put_pins(m, state, route);
    put_breaks(m, route);
    state.routes.push_back(std::move(route));
  }
  if (keep)
    for (auto& route : state.routes) keep_stops(m, m.start[at(route.engineer)], state, route);
  settle(m, state);
  return state;
}

}  // namespace firstfix::planning
