#include "desk/warnings.h"

#include "casework/case.h"
#include "casework/closure.h"
#include "casework/convert.h"
#include "casework/watch.h"
#include "desk/devices.h"
#include "diagnosis/urgency.h"
#include "steps.h"

namespace firstfix::desk {
namespace {

double units_or(bool has, const v1::Money& money, double otherwise) {
  return has ? units(money) : otherwise;
}

diagnosis::WarningCosts costs_of(const Place& place) {
  diagnosis::WarningCosts out;
  if (place.territory) {
    const auto& stated = place.territory->warning_costs();
    out.failure = units_or(stated.has_stop_cost(), stated.stop_cost(), out.failure);
    out.visit = units_or(stated.has_visit_cost(), stated.visit_cost(), out.visit);
    out.remote_check = units_or(stated.has_remote_check_cost(), stated.remote_check_cost(), out.remote_check);
    if (stated.has_remote_check_accuracy()) out.check_accuracy = stated.remote_check_accuracy();
  }
  if (place.customer) out.failure = units_or(place.customer->has_stop_cost(), place.customer->stop_cost(), out.failure);
  return out;
}

v1::WarningAction action_of(diagnosis::Action action) {
  switch (action) {
    case diagnosis::Action::kWatch:
      return v1::WARNING_ACTION_WATCH;
    case diagnosis::Action::kRemoteCheck:
      return v1::WARNING_ACTION_REMOTE_CHECK;
    default:
      return v1::WARNING_ACTION_VISIT;
  }
}

// Is the case where a warning decides, and does nobody want a visit anyway?
bool undecided(const v1::Case& record, const Draft& draft) {
  const bool free = record.state() == v1::CASE_STATE_OPEN || record.state() == v1::CASE_STATE_WATCHED;
  return free && !draft.forced && draft.diagnosis.question() == v1::DIAGNOSIS_QUESTION_WARNING &&
         draft.diagnosis.advice().action() != v1::WARNING_ACTION_VISIT;
}

// The case ends without a visit, if the machine proves that it works: what the warning came to is known.
Status write_outcome(UnitOfWork& uow, const v1::Case& record, const v1::Asset& asset) {
  v1::Outcome outcome;
  outcome.set_name("outcomes/" + std::string(id_of(record.name())));
  outcome.set_case_name(record.name());
  outcome.set_asset(asset.name());
  outcome.set_model(asset.model());
  FIRSTFIX_TRY(diagnosis, uow.find<v1::Diagnosis>(record.diagnosis()));
  if (diagnosis) keep_seen(*diagnosis, outcome);
  *outcome.mutable_completed_at() = to_proto(uow.now());
  if (asset.has_commissioned_at()) *outcome.mutable_known_since() = asset.commissioned_at();
  FIRSTFIX_CHECK(add_warning(uow, outcome));
  return uow.put(std::move(outcome));
}

}  // namespace

Result<v1::DiagnosisQuestion> question_about(const View& view, const v1::Case& record) {
  FIRSTFIX_TRY(asset, view.get<v1::Asset>(record.asset()));
  FIRSTFIX_TRY(device, device_of(view, asset));
  return casework::warns(record, device ? &*device : nullptr) ? v1::DIAGNOSIS_QUESTION_WARNING
                                                              : v1::DIAGNOSIS_QUESTION_STOPPED;
}

Status weigh_warning(Work& work, const v1::Case& record, const Seen& seen, v1::Diagnosis& diagnosis) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(place, find_place(uow, record.asset()));
  FIRSTFIX_TRY(fails, work.minds.fails(uow, work.minds.sight(uow.tenant(), place.asset, seen, uow.now())));
  const auto advice = diagnosis::advise(fails, costs_of(place));
  diagnosis.set_none_probability(1 - fails);
  auto& out = *diagnosis.mutable_advice();
  out.set_action(action_of(advice.action));
  out.set_watch_cost(advice.watch_cost);
  out.set_remote_check_cost(advice.check_cost);
  out.set_visit_cost(advice.visit_cost);
  out.set_reason(advice.reason);
  return {};
}

Status watched_fault_changed(Work& work, const std::string& case_name) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(record, uow.get<v1::Case>(case_name));
  if (record.active_episode_count() > 0) {
    if (record.severity() >= v1::SEVERITY_CRITICAL) work.draft(case_name).plan = true;
    return {};
  }
  FIRSTFIX_TRY(asset, uow.get<v1::Asset>(record.asset()));
  FIRSTFIX_TRY(model, uow.find<v1::AssetModel>(asset.model()));
  FIRSTFIX_TRY(device, device_of(uow, asset));
  FIRSTFIX_CHECK(write_outcome(uow, record, asset));
  return uow.apply(casework::went_away(record, model ? &*model : nullptr, device ? &*device : nullptr, uow.now()));
}

void keep_seen(const v1::Diagnosis& diagnosis, v1::Outcome& outcome) {
  *outcome.mutable_codes() = diagnosis.codes();
  *outcome.mutable_marks() = diagnosis.marks();
  *outcome.mutable_readings() = diagnosis.readings();
}

Status add_warning(const View& view, v1::Outcome& outcome) {
  FIRSTFIX_TRY(first, view.find<v1::Diagnosis>(outcome.case_name() + "/diagnoses/1"));
  if (!first || first->question() != v1::DIAGNOSIS_QUESTION_WARNING) return {};
  *outcome.mutable_warned_at() = first->made_at();
  *outcome.mutable_warned_codes() = first->codes();
  *outcome.mutable_warned_marks() = first->marks();
  *outcome.mutable_warned_readings() = first->readings();
  return {};
}

Status weigh_warnings(Work& work) {
  auto& uow = work.uow;
  for (auto& draft : work.drafts) {
    if (!draft.plan) continue;
    FIRSTFIX_TRY(record, uow.get<v1::Case>(draft.case_name));
    if (!undecided(record, draft)) continue;
    FIRSTFIX_TRY(territory, uow.find<v1::Territory>(record.territory()));
    if (level_for(territory ? &*territory : nullptr, draft.diagnosis) == v1::AUTOMATION_LEVEL_OBSERVE) continue;
    FIRSTFIX_CHECK(uow.apply(casework::watch(record, draft.diagnosis.advice(), uow.now())));
    draft.plan = false;
  }
  return {};
}

}  // namespace firstfix::desk
