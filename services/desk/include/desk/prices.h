// What the desk decides by who goes where.
#pragma once

#include "planning/prices.h"

namespace firstfix::desk {

using planning::Prices;

inline const Prices kUsualPrices{};

}  // namespace firstfix::desk
