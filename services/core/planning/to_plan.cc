#include "to_plan.h"

#include <algorithm>
#include <map>

#include "reasons.h"

namespace firstfix::planning {

Route to_route(const Model& m, const DayRoute& route) {
  Route out{route.engineer, {}};
  bool works = false;
  for (const auto& node : route.nodes) {
    if (node.task == kNone) continue;
    const bool job = node.task < m.jobs();
    works = works || job;
    Stop stop{.kind = job ? Stop::Kind::kJob : Stop::Kind::kBreak, .start = node.start};
    stop.what = job ? node.task : node.task - m.day(route.engineer).breaks.front();
    out.stops.push_back(std::move(stop));
  }
  if (!works) out.stops.clear();
  return out;
}

Plan to_plan(const Model& m, const State& state) {
  Plan plan;
  for (const auto& route : state.routes)
    if (auto out = to_route(m, route); !out.stops.empty()) plan.routes.push_back(std::move(out));
  for (const int job : state.absent) plan.unassigned.push_back(why_absent(m, state, job));
  return plan;
}

void copy_states(const Plan& current, Plan& plan) {
  std::map<int, const Stop*> before;
  for (const auto& route : current.routes)
    for (const auto& stop : route.stops)
      if (stop.kind == Stop::Kind::kJob) before[stop.what] = &stop;
  for (auto& route : plan.routes)
    for (auto& stop : route.stops)
      if (const auto found = before.find(stop.what); stop.kind == Stop::Kind::kJob && found != before.end()) {
        stop.state = found->second->state;
        stop.promised = found->second->promised;
      }
}

}  // namespace firstfix::planning
