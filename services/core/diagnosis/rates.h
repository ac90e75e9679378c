// Estimates how often each cause shows each sign, and how often its repair takes each part: both are links that are
// there or not, and leaks.
#pragma once

#include "diagnosis/model.h"
#include "tables.h"

namespace firstfix::diagnosis {

Rates estimate_sign_rates(const Catalogue& catalogue, const Tables& tables);
Rates estimate_part_rates(const Catalogue& catalogue, const Tables& tables);

}  // namespace firstfix::diagnosis
