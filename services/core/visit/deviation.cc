#include "visit/deviation.h"

#include "casework/convert.h"
#include "visit/checklist.h"
#include "visit/language.h"

namespace firstfix::visit {
namespace {

constexpr std::size_t kMaxWordsBytes = 2000;

Status check_words(std::string_view field, const std::string& words, bool needed) {
  if (needed && words.empty()) return fail(Code::kInvalid, std::string(field) + " is needed");
  if (words.size() > kMaxWordsBytes) return fail(Code::kTooLarge, std::string(field) + " is over 2000 bytes");
  return {};
}

std::string_view whose(v1::DeviationApproval approval) {
  switch (approval) {
    case v1::DEVIATION_APPROVAL_LEAD:
      return "a lead";
    case v1::DEVIATION_APPROVAL_CUSTOMER:
      return "the customer";
    default:
      return "nobody";
  }
}

std::string about(const v1::ChecklistStep& step, const v1::Deviation& deviation) {
  std::string out =
      "step «" + english(step.template_()) + "»: " + deviation.reason() + "; for the customer: " + deviation.benefit();
  if (!deviation.instead().empty()) out += "; instead: " + deviation.instead();
  return out;
}

// A signature stands for the customer's word.
Status check_signature(const Job& job, const v1::ChecklistStep& step, const DeviationRequest& request) {
  for (const auto& proof : request.signature)
    if (!proof.used_for.empty() && proof.used_for.rfind(step.name() + "/", 0) != 0)
      return fail(Code::kInvalid, proof.blob.name() + " proves " + proof.used_for + " already");
  return check_signer(request.signed_by, request.signer, job.record.customer());
}

void decide(v1::Deviation& deviation, v1::DeviationState state, std::string_view by, std::string_view reason,
            Instant now) {
  deviation.set_state(state);
  deviation.set_decided_by(by.data(), by.size());
  deviation.set_decision_reason(reason.data(), reason.size());
  *deviation.mutable_decided_at() = to_proto(now);
}

v1::Deviation new_deviation(const Job& job, const v1::ChecklistStep& step, const DeviationRequest& request,
                            std::string_view by, Instant now) {
  v1::Deviation out;
  const auto number = std::to_string(step.deviation_count());
  out.set_name(step.name() + "/deviations/" + std::string(2 - number.size(), '0') + number);
  out.set_state(v1::DEVIATION_STATE_REQUESTED);
  out.set_reason(request.reason);
  out.set_benefit(request.benefit);
  out.set_instead(request.instead);
  out.set_approval(approval_of(step));
  out.set_asked_by(by.data(), by.size());
  *out.mutable_asked_at() = to_proto(request.at);
  *out.mutable_received_at() = to_proto(now);
  out.set_offline(request.offline);
  if (!request.signature.empty()) out.set_signature(request.signature.front().blob.name());
  out.set_standard(step.standard());
  out.set_step_id(step.template_().id());
  out.set_case_name(job.record.name());
  return out;
}

// Where a new deviation stands at once.
void settle_at_once(v1::Deviation& deviation, const v1::ChecklistStep& step, const DeviationRequest& request,
                    Instant now) {
  if (deviation.approval() == v1::DEVIATION_APPROVAL_NONE) {
    decide(deviation, v1::DEVIATION_STATE_APPROVED, kFirstFix, "nobody has to agree", now);
  } else if (deviation.approval() == v1::DEVIATION_APPROVAL_CUSTOMER && !request.signature.empty()) {
    decide(deviation, v1::DEVIATION_STATE_APPROVED, request.signed_by, "signed at the machine", now);
  } else if (request.offline && step.template_().deviation().provisional_offline() && !protective(step.phase())) {
    deviation.set_state(v1::DEVIATION_STATE_PROVISIONAL);
  }
}

// Is the step left as it is deviated from?
bool stands(const v1::Deviation& deviation) {
  return deviation.state() == v1::DEVIATION_STATE_APPROVED || deviation.state() == v1::DEVIATION_STATE_PROVISIONAL;
}

void deviate(v1::ChecklistStep& step, Instant at) {
  *step.mutable_deviated_at() = to_proto(at);
  if (step.state() != v1::STEP_STATE_HIDDEN) step.set_state(state_when_shown(step));
}

std::string told(const v1::ChecklistStep& step, const v1::Deviation& deviation) {
  switch (deviation.state()) {
    case v1::DEVIATION_STATE_APPROVED:
      return "deviated from " + about(step, deviation) + " (" + deviation.decision_reason() + ")";
    case v1::DEVIATION_STATE_PROVISIONAL:
      return "deviated, without a connection, from " + about(step, deviation) + "; " +
             std::string(whose(deviation.approval())) + " decides later";
    case v1::DEVIATION_STATE_WITHDRAWN:
      return "had asked to deviate from " + about(step, deviation) + "; the step was done after all";
    default:
      return "asks " + std::string(whose(deviation.approval())) + " to deviate from " + about(step, deviation);
  }
}

}  // namespace

bool protective(v1::StandardKind kind) {
  return kind == v1::STANDARD_KIND_SAFETY || kind == v1::STANDARD_KIND_RELEASE ||
         kind == v1::STANDARD_KIND_DATA_BACKUP || kind == v1::STANDARD_KIND_DATA_VERIFY;
}

v1::DeviationApproval approval_of(const v1::ChecklistStep& step) {
  const auto stated = step.template_().deviation().approval();
  if (stated != v1::DEVIATION_APPROVAL_UNSPECIFIED) return stated;
  if (step.phase() == v1::STANDARD_KIND_SAFETY || step.phase() == v1::STANDARD_KIND_RELEASE)
    return v1::DEVIATION_APPROVAL_FORBIDDEN;
  return protective(step.phase()) ? v1::DEVIATION_APPROVAL_CUSTOMER : v1::DEVIATION_APPROVAL_LEAD;
}

bool undecided(const v1::Deviation& deviation) {
  return deviation.state() == v1::DEVIATION_STATE_REQUESTED || deviation.state() == v1::DEVIATION_STATE_PROVISIONAL;
}

void withdraw_deviation(Effects& effects, v1::Deviation deviation, std::string_view why, Instant now) {
  if (deviation.state() != v1::DEVIATION_STATE_REQUESTED) return;
  decide(deviation, v1::DEVIATION_STATE_WITHDRAWN, kFirstFix, why, now);
  effects.deviations.push_back(std::move(deviation));
}

Result<Effects> request_deviation(const Job& job, const std::vector<v1::ChecklistStep>& steps,
                                  const DeviationRequest& request, std::string_view by, Instant now) {
  FIRSTFIX_TRY(index, index_of(steps, request.step));
  auto step = steps[index];
  const auto title = "step «" + english(step.template_()) + "»";
  FIRSTFIX_CHECK(takes_work(job, by, "at", request.at, now));
  FIRSTFIX_CHECK(check_words("reason", request.reason, true));
  FIRSTFIX_CHECK(check_words("benefit", request.benefit, true));
  FIRSTFIX_CHECK(check_words("instead", request.instead, false));
  // Asked for before the step was answered, but told after: kept as it would have been in time.
  const bool done = step.has_answer() || step.has_deviated_at();
  const bool late = step.has_answer() && to_instant(step.answer().taken_at()) >= request.at;
  if (done && !late) return fail(Code::kState, title + " is done already: there is nothing to deviate from");
  if (request.last != nullptr && undecided(*request.last))
    return fail(Code::kState, request.last->name() + " waits for its answer already");
  if (approval_of(step) == v1::DEVIATION_APPROVAL_FORBIDDEN)
    return fail(Code::kState, title + " cannot be deviated from");
  if (step.deviation_count() >= kMaxDeviationsPerStep)
    return fail(Code::kTooLarge, title + " has been asked about 10 times already");
  if (!request.signature.empty()) FIRSTFIX_CHECK(check_signature(job, step, request));

  Effects effects;
  auto record = job.record;
  auto deviation = new_deviation(job, step, request, by, now);
  settle_at_once(deviation, step, request, now);
  step.set_deviation_count(step.deviation_count() + 1);
  step.set_deviation(deviation.name());
  if (late && deviation.state() == v1::DEVIATION_STATE_REQUESTED)
    decide(deviation, v1::DEVIATION_STATE_WITHDRAWN, kFirstFix, "the step was done after all", now);
  if (stands(deviation)) deviate(step, request.at);
  tell(record, effects, v1::TIMELINE_KIND_ACTION, told(step, deviation), by, deviation.name(), now);
  effects.cases.push_back(std::move(record));
  effects.steps.push_back(std::move(step));
  effects.deviations.push_back(std::move(deviation));
  return effects;
}

Result<Effects> decide_deviation(const Job& job, const v1::ChecklistStep& step, const v1::Deviation& deviation,
                                 const DeviationDecision& decision, Instant now) {
  FIRSTFIX_CHECK(check_words("reason", decision.reason, !decision.approve));
  const bool customers = deviation.approval() == v1::DEVIATION_APPROVAL_CUSTOMER;
  if (customers != decision.by_customer)
    return fail(Code::kDenied, deviation.name() + " is for " + std::string(whose(deviation.approval())) + " to decide");
  if (!undecided(deviation))
    return fail(Code::kState, deviation.name() + " is decided already, by " + deviation.decided_by());
  const bool provisional = deviation.state() == v1::DEVIATION_STATE_PROVISIONAL;
  if (!provisional && job.visit.state() != v1::VISIT_STATE_ON_SITE)
    return fail(Code::kState, job.visit.name() + " is " + std::string(state_name(job.visit.state())) +
                                  ": nobody waits for the answer any more");
  Effects effects;
  auto record = job.record;
  auto decided = deviation;
  auto after = step;
  decide(decided, decision.approve ? v1::DEVIATION_STATE_APPROVED : v1::DEVIATION_STATE_REFUSED, decision.by,
         decision.reason, now);
  if (decision.approve) {
    deviate(after, to_instant(deviation.asked_at()));
  } else if (provisional && job.visit.state() == v1::VISIT_STATE_ON_SITE) {
    after.clear_deviated_at();
    if (after.state() != v1::STEP_STATE_HIDDEN) after.set_state(state_when_shown(after));
  }
  std::string line = std::string(decision.approve ? "agrees" : "does not agree") + " to deviate from step «" +
                     english(step.template_()) + "»";
  if (!decision.reason.empty()) line += ": " + decision.reason;
  tell(record, effects, v1::TIMELINE_KIND_ACTION, std::move(line), decision.by, deviation.name(), now);
  effects.cases.push_back(std::move(record));
  effects.steps.push_back(std::move(after));
  effects.deviations.push_back(std::move(decided));
  return effects;
}

bool owed_after_refusal(const Job& job, const v1::ChecklistStep& step, const v1::Deviation& decided) {
  return decided.state() == v1::DEVIATION_STATE_REFUSED && job.visit.state() == v1::VISIT_STATE_COMPLETED &&
         step.state() == v1::STEP_STATE_DEVIATED && step.template_().mandatory() && step.follow_up().empty();
}

}  // namespace firstfix::visit
