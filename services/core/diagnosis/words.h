// Why a diagnosis is what it is, in words.
#pragma once

#include <string>
#include <vector>

#include "diagnosis/diagnose.h"
#include "diagnosis/model.h"

namespace firstfix::diagnosis {

// Which codes nobody knows, what speaks for and against the best two causes, and what would tell them apart. At most 20
// lines.
std::vector<std::string> evidence_of(const Model& model, const learning::Sight& sight,
                                     const std::vector<Scored>& causes);

}  // namespace firstfix::diagnosis
