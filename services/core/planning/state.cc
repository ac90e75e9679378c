#include "state.h"

namespace firstfix::planning {

Score score_of(const Model& m, const State& state) {
  Score score;
  for (const int job : state.absent) score.lost += m.task(job).value;
  for (const auto& route : state.routes) score.cost += route.cost;
  return score;
}

}  // namespace firstfix::planning
