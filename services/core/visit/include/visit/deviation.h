// Deviations: better than the standard, with a reason, the benefit to the customer, and whoever has to agree.
//
// Pure functions, as in visit.h and checklist.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casework/effects.h"
#include "visit/answer.h"
#include "visit/visit.h"

namespace firstfix::visit {

inline constexpr std::uint32_t kMaxDeviationsPerStep = 10;

// Does the part of a visit protect people or data? Such a step is never deviated from provisionally, nor alone.
bool protective(v1::StandardKind kind);

// Who has to agree to a deviation from the step: its rule, or the default of its phase (DeviationApproval states it).
v1::DeviationApproval approval_of(const v1::ChecklistStep& step);

struct DeviationRequest {
  std::string step;  // the ChecklistStep
  std::string reason, benefit, instead;
  bool offline = false;
  Instant at;
  std::vector<Proof> signature;  // of the customer; empty if there is none
  std::string signed_by;
  const v1::Contact* signer = nullptr;
  const v1::Deviation* last = nullptr;  // the step's last deviation; null if there is none
};

// Asks to deviate from a step that is not done; it may come later in the order of work, so that the answer is there in
// time. Told only after the step was done after all, it is kept as it would have been in time.
// Approved at once where nobody has to agree or the customer has signed, provisional where the engineer had no
// connection and the step's rule allows it, else requested. effects.deviations.back() is the deviation.
Result<Effects> request_deviation(const Job& job, const std::vector<v1::ChecklistStep>& steps,
                                  const DeviationRequest& request, std::string_view by, Instant now);

struct DeviationDecision {
  bool approve = false;
  std::string reason;        // needed to refuse
  bool by_customer = false;  // a contact of the case's customer decides, else a lead
  std::string by;
};

// Decides. A provisional deviation that is refused opens its step again while the visit is on; after the visit the step
// stays as it is, and the desk opens a case for what is missing (see owed_after_refusal).
Result<Effects> decide_deviation(const Job& job, const v1::ChecklistStep& step, const v1::Deviation& deviation,
                                 const DeviationDecision& decision, Instant now);

// Was a step refused its deviation too late to be done on the visit?
bool owed_after_refusal(const Job& job, const v1::ChecklistStep& step, const v1::Deviation& decided);

// Takes back a deviation that waits for its answer; any other is left as it is.
void withdraw_deviation(Effects& effects, v1::Deviation deviation, std::string_view why, Instant now);

// Does somebody still have to decide?
bool undecided(const v1::Deviation& deviation);

}  // namespace firstfix::visit
