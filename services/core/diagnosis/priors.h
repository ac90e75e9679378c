// Estimates how often each cause comes.
#pragma once

#include "diagnosis/model.h"
#include "tables.h"

namespace firstfix::diagnosis {

Priors estimate_priors(const Catalogue& catalogue, const Tables& tables);

}  // namespace firstfix::diagnosis
