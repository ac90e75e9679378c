#include "to_plan.h"

#include <algorithm>
#include <map>

#include "hold.h"
#include "pickup.h"
#include "reasons.h"

namespace firstfix::planning {
namespace {

std::vector<int> fetched(const Model& m, const DayRoute& route, const Node& node) {
  std::vector<int> out(m.kinds);
  for (const auto& fetch : route.fetches)
    if (fetch.pickup == node.pickup) out[static_cast<std::size_t>(fetch.part)] += fetch.quantity;
  return out;
}

// Fetching that has begun stays as it was.
void copy_pickups(const Route& before, Route& after) {
  for (const auto& was : before.stops)
    for (auto& stop : after.stops)
      if (was.kind == Stop::Kind::kPickup && stop.kind == was.kind && was.state > StopState::kLocked &&
          stop.what == was.what && stop.start == was.start)
        stop.state = was.state;
}

}  // namespace

Route to_route(const Model& m, const DayRoute& planned) {
  const auto route = held(m, planned);
  Route out{route.engineer, {}};
  bool works = false;
  for (const auto& node : route.nodes) {
    if (node.task == kNone) continue;
    works = works || m.task(node.task).place != kNone;
    Stop stop{.what = node.task, .start = node.start};
    if (m.fetches(node.task)) {
      stop.kind = Stop::Kind::kPickup;
      stop.what = m.depot_of(node.task);
      stop.parts = fetched(m, route, node);
    } else if (node.task >= m.jobs()) {
      stop.kind = Stop::Kind::kBreak;
      stop.what = node.task - m.day(route.engineer).breaks.front();
    }
    out.stops.push_back(std::move(stop));
  }
  if (!works) out.stops.clear();
  return out;
}

Plan to_plan(const Model& m, const State& state, bool reasons) {
  Plan plan;
  for (const auto& route : state.routes)
    if (auto out = to_route(m, route); !out.stops.empty()) plan.routes.push_back(std::move(out));
  for (const int job : state.absent)
    plan.unassigned.push_back(reasons ? why_absent(m, state, job) : Unassigned{job, {}, {}});
  return plan;
}

void copy_states(const Plan& current, Plan& plan) {
  std::map<int, const Stop*> before;
  for (const auto& route : current.routes)
    for (const auto& stop : route.stops)
      if (stop.kind == Stop::Kind::kJob) before[stop.what] = &stop;
  for (auto& route : plan.routes) {
    for (const auto& other : current.routes)
      if (other.engineer == route.engineer) copy_pickups(other, route);
    for (auto& stop : route.stops)
      if (const auto found = before.find(stop.what); stop.kind == Stop::Kind::kJob && found != before.end()) {
        stop.state = found->second->state;
        stop.promised = found->second->promised;
      }
  }
}

}  // namespace firstfix::planning
