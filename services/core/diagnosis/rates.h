// Estimates how often each cause shows each sign, and how often its repair takes each part: both are links that are
// there or not, and leaks.
#pragma once

#include "diagnosis/model.h"
#include "tables.h"

namespace firstfix::diagnosis {

inline constexpr double kLeastLeak = 1e-4, kMostLeak = 0.95;  // what comes by itself
inline constexpr double kMost = 0.998;                        // what a cause shows

Rates estimate_sign_rates(const Catalogue& catalogue, const Tables& tables);
Rates estimate_part_rates(const Catalogue& catalogue, const Tables& tables);

}  // namespace firstfix::diagnosis
