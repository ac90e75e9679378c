// Running a visit's checklist: steps in order, each with its evidence; what was answered once is corrected, never lost.
//
// All functions are pure. `steps` is always the whole checklist, in the order of work (sort_by_work).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "casework/effects.h"
#include "visit/answer.h"
#include "visit/visit.h"

namespace firstfix::visit {

inline constexpr std::uint32_t kMaxEvidencePerStep = 20;

// An answer with all that it names.
struct Answering {
  std::string step;  // the ChecklistStep
  v1::Evidence evidence;
  std::vector<Proof> proofs;             // of blobs_of(evidence)
  const v1::Contact* signer = nullptr;   // the contact that signed_by names; null if there is none
  const v1::Deviation* asked = nullptr;  // the step's last deviation; null if there is none
};

// Answers a step, or corrects its answer. The effects hold the evidence, the step and every step that its outcome shows
// or hides; what is out of the ordinary (left out, failed, corrected) is told on the timeline. An answer to a step
// that is hidden is kept, and counts when the step is shown.
//
// Refused with kDenied: a visit of another engineer. With kState: a visit that is not on site (but what was taken
// before it was completed is taken in afterwards), a step that comes too early, a mandatory one skipped.
// With kInvalid: an answer that does not fit, evidence that is not what it says (see check_proofs), a time before the
// visit began or in the future.
//
// Of several answers the one taken last counts, by the engineer's clock, whatever order they come in; of two taken at
// the same time the one received last.
Result<Effects> answer(const Job& job, const std::vector<v1::ChecklistStep>& steps, const Answering& answering,
                       std::string_view by, Instant now);

// May what one of the crew did at that time go into the visit? On site and arrived, or completed after that time.
Status takes_work(const Job& job, std::string_view by, std::string_view field, Instant at, Instant now);

// What a step is if it is shown, by what was done last: answered, deviated from, or nothing yet.
v1::StepState state_when_shown(const v1::ChecklistStep& step);

// Shows and hides every step by its condition. Returns the steps that have changed.
std::vector<v1::ChecklistStep> follow_conditions(std::vector<v1::ChecklistStep>& steps);

// Adds the steps of further standards to a visit that is on: a cause that was found on site. Standards that the
// checklist has already are left out. effects.visits.back() is the visit with its new number of steps.
Result<Effects> add_repair(const Job& job, const std::vector<v1::ChecklistStep>& steps,
                           const std::vector<const v1::ServiceStandard*>& standards, std::string_view cause,
                           std::string_view engineer, Instant now);

Status all_mandatory_done(const std::vector<v1::ChecklistStep>& steps);

// "9 steps done, 1 left out, 1 check failed": what is not there is not said.
std::string summary_of(const std::vector<v1::ChecklistStep>& steps);

// The step of that name, or kNotFound.
Result<std::size_t> index_of(const std::vector<v1::ChecklistStep>& steps, std::string_view name);

// Does an answer have to open the step's follow-up case? The first that fails the check does, whether it is corrected
// later or was corrected before it came: what was seen once is looked into.
bool follow_up_due(const v1::ChecklistStep& step, const v1::StepEvidence& answered);

}  // namespace firstfix::visit
