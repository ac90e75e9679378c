// The steps of the pipeline; see pipeline.cc for their order.
#pragma once

#include "desk/pipeline.h"

namespace firstfix::desk {

Status take_faults(Work& work);
Status diagnose_cases(Work& work);
Status choose_kits(Work& work);
Status choose_engineers(Work& work);
Status offer_visits(Work& work);

}  // namespace firstfix::desk
