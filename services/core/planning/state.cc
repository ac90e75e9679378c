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
    if (pin.task < m.jobs() && (m.find_suitor(pin.task, route.engineer) == nullptr ||
                                (state.engineer_of[at(pin.task)] != kNone && !m.for_two(pin.task))))
      continue;
    auto trial = route;
    put(m, trial, pin.task, trial.stops());
    auto& node = trial.nodes[at(trial.stops())];
    node.pin = pin.start;
    node.begun = pin.begun;
    if (pin.begun) trial.first_free = trial.stops();
    if (!schedule(m, trial)) continue;
    route = std::move(trial);
    if (pin.task < m.jobs()) state.engineer_of[at(pin.task)] = route.engineer;
  }
}

// Every break at the first place where the day remains possible.
void put_breaks(const Model& m, DayRoute& route) {
  for (const int rest : m.day(route.engineer).breaks) {
    if (position_of(route, rest) != kNone) continue;
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
void keep_stops(const Model& m, const std::vector<Pin>& stops, State& state, DayRoute& route) {
  int after = 0;
  for (const auto& stop : stops) {
    const int job = stop.task;
    if (const int pinned = position_of(route, job); pinned != kNone) {
      after = pinned;
      continue;
    }
    if (m.find_suitor(job, route.engineer) == nullptr || (state.engineer_of[at(job)] != kNone && !m.for_two(job)))
      continue;
    if (!stocked(m, route, job)) continue;
    for (int place = std::max(after, route.first_free); place <= route.stops(); ++place) {
      auto trial = route;
      put(m, trial, job, place);
      if (m.for_two(job)) trial.nodes[at(place) + 1].pin = stop.start;
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

// A crew is kept together or not at all.
void part_half_crews(const Model& m, State& state) {
  for (const int job : m.crews) {
    std::vector<int> members;
    for (const auto& route : state.routes)
      if (position_of(route, job) != kNone) members.push_back(route.engineer);
    if (members.size() == 2 || members.empty()) continue;
    auto& route = state.routes[at(members.front())];
    take(m, route, position_of(route, job));
    schedule(m, route);
    state.engineer_of[at(job)] = kNone;
  }
}

void settle(const Model& m, State& state) {
  part_half_crews(m, state);
  state.absent.clear();
  for (int job = 0; job < m.jobs(); ++job)
    if (state.engineer_of[at(job)] == kNone) state.absent.push_back(job);
  state.score = score_of(m, state);
}

}  // namespace

State state_of(const Model& m, const Plan& plan) {
  auto state = first_state(m, false);
  for (const auto& route : plan.routes) {
    std::vector<Pin> jobs;
    for (const auto& stop : route.stops)
      if (stop.kind == Stop::Kind::kJob) jobs.push_back({stop.what, stop.start, false});
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
