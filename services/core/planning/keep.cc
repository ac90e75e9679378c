// Days out of a plan: what is pinned first, then what else of the plan still fits, in its order.
#include <algorithm>

#include "days.h"
#include "pickup.h"
#include "state.h"

namespace firstfix::planning {
namespace {

// What was fetched already is free for all that comes after.
void load(const Model& m, State& state, DayRoute& route, const Pin& pin) {
  for (std::size_t k = 0; k < pin.parts.size(); ++k)
    if (pin.parts[k] > 0)
      reserve(m, route, {kNone, route.last_pickup, static_cast<int>(k), pin.parts[k]}, m.depot_of(pin.task),
              state.depots);
}

void put_pins(const Model& m, State& state, DayRoute& route) {
  for (const auto& pin : m.pins[at(route.engineer)]) {
    if (pin.task < m.jobs() &&
        (m.find_member(pin.task, route.engineer) == nullptr ||
         (state.engineer_of[at(pin.task)] != kNone && !m.for_two(pin.task) && !m.may_teach(pin.task))))
      continue;
    auto trial = route;
    put(m, trial, pin.task, trial.stops());
    auto& node = trial.nodes[at(trial.stops())];
    node.pin = pin.start;
    node.begun = pin.begun;
    if (pin.begun) trial.first_free = trial.stops();
    if (m.fetches(pin.task)) node.pickup = ++trial.last_pickup;
    if (!schedule(m, trial)) continue;
    if (m.fetches(pin.task) && pin.begun) load(m, state, trial, pin);
    route = std::move(trial);
    if (pin.task < m.jobs()) state.engineer_of[at(pin.task)] = route.engineer;
  }
}

// Every break at the first place where the day remains possible. False if one has none.
bool put_breaks(const Model& m, DayRoute& route) {
  bool all = true;
  for (const int rest : m.day(route.engineer).breaks) {
    if (position_of(route, rest) != kNone) continue;
    auto trial = route;
    for (int after = route.first_free; after <= route.stops(); ++after) {
      trial = route;
      put(m, trial, rest, after);
      if (schedule(m, trial)) break;
    }
    if (schedule(m, trial)) {
      route = std::move(trial);
    } else {
      all = false;
    }
  }
  return all;
}

// What a plan fetches, and no job of its has taken yet.
struct Cargo {
  int pickup, depot;
  std::vector<int> parts;
};

// Gives a job what the van lacks from what was fetched before it, the first first. False if that is not enough.
bool unload(const Model& m, int job, std::vector<Cargo>& cargos, DayRoute& route, DepotStock& depots) {
  const auto& task = m.task(job);
  for (int i = 0; i < task.part_count; ++i) {
    const auto& need = m.parts[at(task.first_part + i)];
    for (auto& cargo : cargos) {
      if (at(need.part) >= cargo.parts.size()) continue;
      const auto left = depots.left[at(cargo.depot) * m.kinds + at(need.part)];
      const int take =
          std::min({need.quantity - route.stock[at(need.part)], cargo.parts[at(need.part)], std::max(0, left)});
      if (take <= 0) continue;
      cargo.parts[at(need.part)] -= take;
      reserve(m, route, {job, cargo.pickup, need.part, take}, cargo.depot, depots);
    }
  }
  return stocked(m, route, job);
}

// Puts a stop at a depot in where it first fits behind nodes[after]. Its position; kNone if there is none.
int keep_pickup(const Model& m, const Pin& stop, int after, std::vector<Cargo>& cargos, DayRoute& route) {
  for (int i = after + 1; i <= route.stops(); ++i) {
    const auto& node = route.nodes[at(i)];
    if (node.task != stop.task || node.pin != stop.start) continue;
    if (!node.begun) cargos.push_back({node.pickup, m.depot_of(stop.task), stop.parts});
    return i;
  }
  for (int place = std::max(after, route.first_free); place <= route.stops(); ++place) {
    auto trial = route;
    put(m, trial, stop.task, place);
    trial.nodes[at(place) + 1].pickup = ++trial.last_pickup;
    if (!schedule(m, trial)) continue;
    route = std::move(trial);
    cargos.push_back({route.last_pickup, m.depot_of(stop.task), stop.parts});
    return place + 1;
  }
  return kNone;
}

// Puts a break behind nodes[after], as the plan has it. Its position; kNone if it cannot stand there.
int keep_break(const Model& m, int rest, int after, DayRoute& route) {
  if (const int position = position_of(route, rest); position != kNone) return position;
  const int place = std::max(after, route.first_free);
  auto trial = route;
  put(m, trial, rest, place);
  if (!schedule(m, trial)) return kNone;
  route = std::move(trial);
  return place + 1;
}

// Without the stops for which nobody waits, where the day is possible without them.
void drop_needless(const Model& m, DayRoute& route) {
  if (route.last_pickup == 0) return;
  auto trial = route;
  drop_idle_pickups(trial);
  if (schedule(m, trial)) route = std::move(trial);
}

// One of two who come at one time.
void stand_together(const Model& m, Node& node, int engineer, Seconds start) {
  node.pin = start;
  if (m.may_teach(node.task) && m.find_suitor(node.task, engineer) != nullptr) node.extra -= m.growth;
}

// Puts a job in where it first fits behind nodes[after]. Its position; kNone if there is none, and nothing has changed.
int keep_job(const Model& m, const Pin& stop, int after, std::vector<Cargo>& cargos, State& state, DayRoute& route) {
  const int job = stop.task;
  auto loaded = route;
  auto rest = cargos;
  auto depots = state.depots;
  if (!stocked(m, route, job) && !unload(m, job, rest, loaded, depots)) return kNone;
  for (int place = std::max(after, route.first_free); place <= route.stops(); ++place) {
    auto trial = loaded;
    put(m, trial, job, place);
    if (stop.together) stand_together(m, trial.nodes[at(place) + 1], route.engineer, stop.start);
    if (!schedule(m, trial)) continue;
    route = std::move(trial);
    cargos = std::move(rest);
    state.depots = std::move(depots);
    state.engineer_of[at(job)] = route.engineer;
    return place + 1;
  }
  return kNone;
}

// The van's stock without the parts of a job, or with them again.
void charge(const Model& m, DayRoute& route, int job, int times) {
  const auto& task = m.task(job);
  for (int i = 0; i < task.part_count; ++i) {
    const auto& need = m.parts[at(task.first_part + i)];
    route.stock[at(need.part)] -= times * need.quantity;
  }
}

// The jobs that stand where they stand and still have to be served.
std::vector<int> fixed_jobs(const Model& m, const DayRoute& route) {
  std::vector<int> out;
  for (const auto& node : route.nodes)
    if (node.task != kNone && node.task < m.jobs() && node.pin != kNone && !node.begun) out.push_back(node.task);
  return out;
}

// The stops of a plan, in its order, as far as they fit. Who comes first takes the van's parts, as in the plan.
void keep_stops(const Model& m, const std::vector<Pin>& stops, State& state, DayRoute& route) {
  int after = 0;
  std::vector<Cargo> cargos;
  auto fixed = fixed_jobs(m, route);
  for (const int job : fixed) charge(m, route, job, -1);
  for (const auto& stop : stops) {
    const int job = stop.task;
    int position = kNone;
    if (m.fetches(job)) {
      position = keep_pickup(m, stop, after, cargos, route);
    } else if (job >= m.jobs()) {
      position = keep_break(m, job, after, route);
    } else if (position = position_of(route, job); position != kNone) {
      const auto mine = std::find(fixed.begin(), fixed.end(), job);
      after = position;
      if (mine == fixed.end()) continue;
      if (!stocked(m, route, job)) unload(m, job, cargos, route, state.depots);
      charge(m, route, job, 1);
      fixed.erase(mine);
    } else if (m.find_member(job, route.engineer) != nullptr &&
               (state.engineer_of[at(job)] == kNone || stop.together)) {
      position = keep_job(m, stop, after, cargos, state, route);
    }
    if (position != kNone) after = position;
  }
  for (const int job : fixed) charge(m, route, job, 1);
  drop_needless(m, route);
}

// All stops of a plan at once, in its order. False if that is not possible, and nothing has changed. One by one they
// may seem not to be: a day of limited work can be too long until a later stop has it begin later.
bool keep_whole(const Model& m, const std::vector<Pin>& stops, State& state, DayRoute& route) {
  auto day = route;
  auto depots = state.depots;
  std::vector<Cargo> cargos;
  for (const auto& stop : stops) {
    if (!m.fetches(stop.task) && position_of(day, stop.task) != kNone) return false;
    if (stop.task < m.jobs()) {
      const bool free = state.engineer_of[at(stop.task)] == kNone || stop.together;
      if (!free || m.find_member(stop.task, route.engineer) == nullptr) return false;
      if (!stocked(m, day, stop.task) && !unload(m, stop.task, cargos, day, depots)) return false;
    }
    put(m, day, stop.task, day.stops());
    auto& node = day.nodes[at(day.stops())];
    if (stop.together) stand_together(m, node, route.engineer, stop.start);
    if (!m.fetches(stop.task)) continue;
    node.pickup = ++day.last_pickup;
    cargos.push_back({node.pickup, m.depot_of(stop.task), stop.parts});
  }
  if (!schedule(m, day)) return false;
  for (const auto& stop : stops)
    if (stop.task < m.jobs()) state.engineer_of[at(stop.task)] = route.engineer;
  state.depots = std::move(depots);
  route = std::move(day);
  drop_needless(m, route);
  return true;
}

// Where something is pinned already the day is bound to its time, so that without its later stops it is not longer.
void keep_day(const Model& m, const std::vector<Pin>& stops, State& state, DayRoute& route) {
  if (!route.empty() || !keep_whole(m, stops, state, route)) keep_stops(m, stops, state, route);
}

// A crew is kept together or not at all.
void part_half_crews(const Model& m, State& state) {
  for (const int job : m.crews) {
    std::vector<int> members;
    for (const auto& route : state.routes)
      if (position_of(route, job) != kNone) members.push_back(route.engineer);
    if (members.size() == 2 || members.empty()) continue;
    auto& route = state.routes[at(members.front())];
    const auto& node = route.nodes[at(position_of(route, job))];
    if (!m.for_two(job) && node.pin == kNone && m.find_suitor(job, route.engineer) != nullptr) continue;
    take(m, route, position_of(route, job), state.depots);
    drop_needless(m, route);
    schedule(m, route);
    state.engineer_of[at(job)] = kNone;
  }
}

void settle(const Model& m, State& state) {
  part_half_crews(m, state);
  for (int e = 0; e < m.engineers(); ++e)
    if (m.day(e).tied() && e == m.day(e).kin_begin) tie_days(m, e, Tie::kStarts, state.routes);
  state.absent.clear();
  for (int job = 0; job < m.jobs(); ++job)
    if (state.engineer_of[at(job)] == kNone) state.absent.push_back(job);
  state.score = score_of(m, state);
}

// The rest after the day before leaves no time for the breaks: they stand in the day all the same, so that it takes no
// job as long as that is so.
void rest_whatever(const Model& m, DayRoute& route) {
  const auto from = route.from, to = route.to;
  route.from = m.day(route.engineer).from;
  route.to = m.day(route.engineer).to;
  put_breaks(m, route);
  route.from = from;
  route.to = to;
  schedule(m, route);
}

// Pins, then what else of the plan fits, all of it if it does, breaks where the plan has them. Who cannot take every
// break then takes them first, and keeps what fits around them.
void fill_day(const Model& m, const std::vector<Pin>& stops, State& state, DayRoute& route) {
  put_pins(m, state, route);
  const auto pinned = route;
  if (m.day(route.engineer).breaks.empty()) return keep_day(m, stops, state, route);
  const auto engineer_of = state.engineer_of;
  const auto depots = state.depots;
  keep_day(m, stops, state, route);
  if (put_breaks(m, route)) return;
  route = pinned;
  state.engineer_of = engineer_of;
  state.depots = depots;
  if (!put_breaks(m, route) && m.day(route.engineer).tied()) return rest_whatever(m, route);
  keep_stops(m, stops, state, route);
}

// Which jobs of the plan two do at one time.
void mark_pairs(const Model& m, std::vector<std::vector<Pin>>& stops) {
  if (m.crews.empty()) return;
  std::vector<int> visits(at(m.jobs()));
  for (const auto& list : stops)
    for (const auto& stop : list)
      if (stop.task < m.jobs()) ++visits[at(stop.task)];
  for (auto& list : stops)
    for (auto& stop : list)
      stop.together = stop.task < m.jobs() && (m.for_two(stop.task) || visits[at(stop.task)] == 2);
}

State filled(const Model& m, std::vector<std::vector<Pin>> stops) {
  mark_pairs(m, stops);
  State state;
  state.depots = full_depots(m);
  state.engineer_of.assign(at(m.jobs()), kNone);
  for (int e = 0; e < m.engineers(); ++e) {
    auto route = empty_route(m, e);
    schedule(m, route);
    limit_day(m, state.routes, route);
    fill_day(m, stops[at(e)], state, route);
    state.routes.push_back(std::move(route));
  }
  settle(m, state);
  return state;
}

std::vector<Pin> stops_of(const Model& m, const Route& route) {
  std::vector<Pin> out;
  for (const auto& stop : route.stops) {
    int task = stop.what;
    if (stop.kind == Stop::Kind::kPickup) task = m.depot_task(stop.what);
    if (stop.kind == Stop::Kind::kBreak) task = m.day(route.engineer).breaks[at(stop.what)];
    out.push_back({task, stop.start, false, stop.parts, false});
  }
  return out;
}

// The day without its jobs, which nobody does then.
void clear_day(const Model& m, State& state, DayRoute& route) {
  for (const auto& node : route.nodes)
    if (node.task != kNone && node.task < m.jobs()) state.engineer_of[at(node.task)] = kNone;
  draw(m, route, -1, state.depots);
  route = empty_route(m, route.engineer);
  schedule(m, route);
}

}  // namespace

State state_of(const Model& m, const Plan& plan) {
  std::vector<std::vector<Pin>> stops(m.days.size());
  for (const auto& route : plan.routes) stops[at(route.engineer)] = stops_of(m, route);
  return filled(m, std::move(stops));
}

void reread(const Model& m, const std::vector<Route>& days, State& state) {
  std::vector<std::vector<Pin>> stops;
  for (const auto& day : days) {
    stops.push_back(stops_of(m, day));
    auto& route = state.routes[at(day.engineer)];
    for (auto& stop : stops.back()) {
      if (stop.task >= m.jobs()) continue;
      const int position = position_of(route, stop.task);
      stop.together = m.for_two(stop.task) ||
                      (m.may_teach(stop.task) && position != kNone && route.nodes[at(position)].pin != kNone);
    }
  }
  for (const auto& day : days) clear_day(m, state, state.routes[at(day.engineer)]);
  for (std::size_t i = 0; i < days.size(); ++i) {
    auto& route = state.routes[at(days[i].engineer)];
    limit_day(m, state.routes, route);
    fill_day(m, stops[i], state, route);
  }
  settle(m, state);
}

State first_state(const Model& m, bool keep) {
  return filled(m, keep ? m.start : std::vector<std::vector<Pin>>(m.days.size()));
}

}  // namespace firstfix::planning
