// From a diagnosis to the scenarios that a kit is chosen for.
#pragma once

#include "diagnosis/diagnose.h"
#include "parts/kit.h"

namespace firstfix::parts {

// One scenario for each way that the repair may go, with the needs in their order. Pure.
std::vector<Scenario> scenarios_of(const diagnosis::Answer& answer, const std::vector<Need>& needs);

}  // namespace firstfix::parts
