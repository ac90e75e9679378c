// The checklist of a visit: composed once from the service standards, then run in order with evidence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "firstfix/v1/knowledge.pb.h"
#include "firstfix/v1/visit.pb.h"

namespace firstfix::visit {

inline constexpr int kMaxStepsPerStandard = 100;
inline constexpr int kMaxEvidencePerStep = 20;

// Is the standard well formed: a kind, unique step ids, titles in English, choices for a choice, limits in order?
Status validate(const v1::ServiceStandard& standard);

// The steps of a visit: opening, safety, repair, closing, in that order, as they are now. A standard that changes
// later does not change them. Names are "{visit}/steps/{number, six digits}".
std::vector<v1::ChecklistStep> compose(std::string_view visit,
                                       const std::vector<const v1::ServiceStandard*>& standards);

// Answers step `index` of `steps`. Refused: a visit that is not on site, a mandatory step before it that is open,
// an answer of the wrong kind, a reading outside its limits, a choice that is not offered, a mandatory step skipped,
// a time that cannot be. An answer is never overwritten: a correction is added and both stay.
Result<v1::ChecklistStep> answer(const v1::Visit& visit, const std::vector<v1::ChecklistStep>& steps, std::size_t index,
                                 const v1::Evidence& evidence, std::string_view by, Instant now);

Status all_mandatory_done(const std::vector<v1::ChecklistStep>& steps);

}  // namespace firstfix::visit
