// Service standards: which of them a visit runs, and the checklist that they make.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "firstfix/v1/fleet.pb.h"
#include "firstfix/v1/knowledge.pb.h"
#include "firstfix/v1/visit.pb.h"

namespace firstfix::visit {

inline constexpr int kMaxStepsPerStandard = 100;
inline constexpr std::size_t kMaxStepsPerVisit = 500;

// Is the standard well formed? The message says which field of which step is not. Among the rules: titles in English,
// unique step ids, limits in order, a condition that looks at an earlier step of a kind that fits; no provisional or
// free deviation for safety, release and data protection; a mandatory, unconditional step for data protection.
Status validate(const v1::ServiceStandard& standard);

// What a visit is made for.
struct Task {
  const v1::Asset* asset = nullptr;
  const v1::Cause* cause = nullptr;  // null if nothing is diagnosed
};

// Does the repair of the cause put the customer's data or settings at risk? `repair` is its standard, or null.
bool data_at_risk(const v1::Cause& cause, const v1::ServiceStandard* repair);

// The standards that a visit runs, in the order of work: those for all machines, then those for the asset's model, then
// those for the asset. A repair is run for its cause only; back-up and verification are run if data is at risk, and
// those built into FirstFix if the organisation has none. What is returned points into `all`.
std::vector<const v1::ServiceStandard*> choose(const std::vector<v1::ServiceStandard>& all, const Task& task);

// "serviceStandards/opening@3": what is pinned in a visit.
std::string pinned(const v1::ServiceStandard& standard);

// The steps of a visit as the standards are now; a standard that changes later does not change them. They are numbered
// from `first` on: "{visit}/steps/{number, six digits}".
std::vector<v1::ChecklistStep> compose(std::string_view visit, const std::vector<const v1::ServiceStandard*>& standards,
                                       std::size_t first = 0);

// The place of a kind in the order of work.
int order_of(v1::StandardKind kind);
// Puts steps into the order of work: by phase, then number.
void sort_by_work(std::vector<v1::ChecklistStep>& steps);

}  // namespace firstfix::visit
