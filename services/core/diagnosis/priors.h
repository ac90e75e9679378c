// Estimates how often each cause comes.
#pragma once

#include "diagnosis/model.h"
#include "tables.h"

namespace firstfix::diagnosis {

// `parts`: how often each repair takes each part.
Priors estimate_priors(const Catalogue& catalogue, const Tables& tables, const Rates& parts);

}  // namespace firstfix::diagnosis
