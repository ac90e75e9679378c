// What people's time and customers' waiting are weighed with when the desk decides who goes where, in one currency.
#pragma once

#include "planning/place.h"
#include "planning/replan.h"

namespace firstfix::desk {

struct Prices {
  planning::Weights one;     // of placing one case
  planning::DayWeights day;  // of changing the days of a territory
};

inline const Prices kUsualPrices{};

}  // namespace firstfix::desk
