// Codes that come in bundles: which code tends to bring which, whatever the cause.
#pragma once

#include "tables.h"

namespace firstfix::diagnosis {

// By sign: the sign that it is read together with, or kUnknown; a forest. Two signs are joined if they are seen
// together clearly more often than each with the same causes alone would make it (Chow and Liu 1968, within each
// cause).
std::vector<Id> bundle(const Tables& tables);

}  // namespace firstfix::diagnosis
