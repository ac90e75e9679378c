// Codes that come in bundles: one brings the others, whatever the cause.
#pragma once

#include "tables.h"

namespace firstfix::diagnosis {

// Groups of two signs or more, each in the order in which they are read. Signs are joined if they are seen together
// clearly more often than each with the same causes alone would make it.
std::vector<std::vector<Id>> bundles_of(const Tables& tables);

}  // namespace firstfix::diagnosis
