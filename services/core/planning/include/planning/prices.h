// What people's time and customers' waiting are weighed with where cases are planned one by one, in one currency.
#pragma once

#include "planning/place.h"
#include "planning/replan.h"

namespace firstfix::planning {

struct Prices {
  one_job::Weights one;  // of placing one job
  DayWeights day;        // of changing what is planned
};

}  // namespace firstfix::planning
