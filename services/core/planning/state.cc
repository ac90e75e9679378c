#include "state.h"

#include "pickup.h"

namespace firstfix::planning {

void recount(const Model& m, State& state) {
  state.engineer_of.assign(at(m.jobs()), kNone);
  state.absent.clear();
  for (const auto& route : state.routes)
    for (const auto& node : route.nodes)
      if (node.task != kNone && node.task < m.jobs()) state.engineer_of[at(node.task)] = route.engineer;
  for (int job = 0; job < m.jobs(); ++job)
    if (state.engineer_of[at(job)] == kNone) state.absent.push_back(job);
  state.score = score_of(m, state);
  state.depots = depots_after(m, state.routes);
}

Score score_of(const Model& m, const State& state) {
  Score score;
  for (const int job : state.absent) score.lost += m.task(job).value;
  for (const auto& route : state.routes) score.cost += route.cost;
  return score;
}

}  // namespace firstfix::planning
