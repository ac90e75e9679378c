#include "visit/checklist.h"

#include <algorithm>

#include "casework/convert.h"
#include "visit/crew.h"
#include "visit/deviation.h"
#include "visit/language.h"
#include "visit/standard.h"

namespace firstfix::visit {
namespace {

std::string called(const v1::ChecklistStep& step) {
  return "step «" + english(step.template_()) + "»";
}

bool answered(const v1::ChecklistStep& step) {
  return step.state() == v1::STEP_STATE_DONE || step.state() == v1::STEP_STATE_FAILED;
}

bool satisfies(const v1::ChecklistStep& step, const v1::StepCondition& condition) {
  if (!answered(step)) return false;
  const auto& answer = step.answer();
  const auto& choices = condition.choices();
  if (!choices.empty() && std::find(choices.begin(), choices.end(), answer.choice()) == choices.end()) return false;
  if (condition.has_at_least() && !(answer.reading() >= condition.at_least())) return false;
  if (condition.has_at_most() && !(answer.reading() <= condition.at_most())) return false;
  return !condition.failed() || step.state() == v1::STEP_STATE_FAILED;
}

bool shown(const std::vector<v1::ChecklistStep>& steps, const v1::ChecklistStep& step) {
  if (!step.template_().has_shown_if()) return true;
  const auto& condition = step.template_().shown_if();
  return std::any_of(steps.begin(), steps.end(), [&](const auto& other) {
    return other.standard() == step.standard() && other.template_().id() == condition.step() &&
           satisfies(other, condition);
  });
}

Status in_order(const std::vector<v1::ChecklistStep>& steps, std::size_t index) {
  for (std::size_t i = 0; i < index; ++i)
    if (steps[i].template_().mandatory() && steps[i].state() == v1::STEP_STATE_OPEN)
      return fail(Code::kState, called(steps[i]) + " comes first");
  return {};
}

// The next evidence of a step, as it is kept.
v1::StepEvidence evidence_for(const v1::ChecklistStep& step, const v1::Evidence& given, v1::StepState outcome,
                              Instant taken, std::string_view by, Instant now) {
  v1::StepEvidence out;
  const auto number = std::to_string(step.evidence_count());
  out.set_name(step.name() + "/evidence/" + std::string(2 - number.size(), '0') + number);
  out.set_outcome(outcome);
  out.set_corrects(step.answered_by());
  auto& kept = *out.mutable_evidence();
  kept = given;
  *kept.mutable_taken_at() = to_proto(taken);
  *kept.mutable_received_at() = to_proto(now);
  kept.set_by(by.data(), by.size());
  return out;
}

// What the timeline says of an answer; empty if it is an ordinary one.
std::string out_of_the_ordinary(const v1::ChecklistStep& before, const v1::StepEvidence& made, bool counts) {
  const auto& asked = before.template_();
  const auto given = in_words(asked, made.evidence());
  if (!made.corrects().empty()) {
    const auto old = in_words(asked, before.answer());
    return counts ? called(before) + " corrected: " + given + ", before: " + old
                  : called(before) + ": an older answer came late: " + given + "; it stays " + old;
  }
  if (made.outcome() == v1::STEP_STATE_FAILED) return "check failed: " + called(before) + ": " + given;
  if (made.outcome() == v1::STEP_STATE_SKIPPED) return called(before) + " " + given;
  return {};
}

}  // namespace

Result<std::size_t> index_of(const std::vector<v1::ChecklistStep>& steps, std::string_view name) {
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const auto& step) { return step.name() == name; });
  if (found == steps.end()) return fail(Code::kNotFound, "there is no ChecklistStep named '" + std::string(name) + "'");
  return static_cast<std::size_t>(found - steps.begin());
}

v1::StepState state_when_shown(const v1::ChecklistStep& step) {
  const bool deviated = step.has_deviated_at() &&
                        !(step.has_answer() && to_instant(step.answer().taken_at()) >= to_instant(step.deviated_at()));
  if (deviated) return v1::STEP_STATE_DEVIATED;
  if (!step.has_answer()) return v1::STEP_STATE_OPEN;
  const auto outcome = outcome_of(step.template_(), step.answer());
  return outcome ? *outcome : v1::STEP_STATE_OPEN;
}

Status takes_work(const Job& job, std::string_view by, std::string_view field, Instant at, Instant now) {
  const auto& visit = job.visit;
  if (!is_member(visit, by)) return fail(Code::kDenied, visit.name() + " is not the visit of " + std::string(by));
  const bool over = visit.state() == v1::VISIT_STATE_COMPLETED;
  if (visit.state() != v1::VISIT_STATE_ON_SITE && !over)
    return fail(Code::kState, visit.name() + " is " + std::string(state_name(visit.state())) +
                                  ": this is done on site; tell of the arrival first");
  FIRSTFIX_CHECK(may_work(visit, by));
  FIRSTFIX_CHECK(plausible(field, at, now, job.zone));
  if (at < to_instant(visit.arrived_at()) - kClockSkew)
    return fail(Code::kInvalid, std::string(field) + " is before the visit began: " + in_words(at, job.zone));
  if (over && at > to_instant(visit.completed_at()))
    return fail(Code::kState, visit.name() + " is completed: only what was done before " +
                                  in_words(to_instant(visit.completed_at()), job.zone) + " is taken in");
  return {};
}

std::vector<v1::ChecklistStep> follow_conditions(std::vector<v1::ChecklistStep>& steps) {
  std::vector<v1::ChecklistStep> changed;
  for (auto& step : steps) {
    const bool hidden = step.state() == v1::STEP_STATE_HIDDEN;
    if (shown(steps, step) != hidden) continue;
    step.set_state(hidden ? state_when_shown(step) : v1::STEP_STATE_HIDDEN);
    changed.push_back(step);
  }
  return changed;
}

Result<Effects> answer(const Job& job, const std::vector<v1::ChecklistStep>& steps, const Answering& answering,
                       std::string_view by, Instant now) {
  FIRSTFIX_TRY(index, index_of(steps, answering.step));
  const auto& before = steps[index];
  const auto& given = answering.evidence;
  const Instant taken = given.has_taken_at() ? to_instant(given.taken_at()) : now;
  FIRSTFIX_CHECK(takes_work(job, by, "taken_at", taken, now));
  FIRSTFIX_CHECK(in_order(steps, index));
  FIRSTFIX_TRY(outcome, outcome_of(before.template_(), given));
  FIRSTFIX_CHECK(check_proofs(before, given, answering.proofs, answering.signer, job.record.customer()));
  if (before.evidence_count() >= kMaxEvidencePerStep)
    return fail(Code::kTooLarge, called(before) + " has 20 answers already");

  Effects effects;
  auto record = job.record;
  auto after = steps;
  auto& step = after[index];
  const auto made = evidence_for(before, given, outcome, taken, by, now);
  const bool counts = !before.has_answer() || to_instant(before.answer().taken_at()) <= taken;
  step.set_evidence_count(before.evidence_count() + 1);
  if (counts) {
    *step.mutable_answer() = made.evidence();
    step.set_answered_by(made.name());
    if (before.state() != v1::STEP_STATE_HIDDEN) step.set_state(state_when_shown(step));
  }
  if (answering.asked != nullptr) withdraw_deviation(effects, *answering.asked, "the step was done after all", now);
  auto line = out_of_the_ordinary(before, made, counts);
  if (!line.empty()) tell(record, effects, v1::TIMELINE_KIND_ACTION, std::move(line), by, before.name(), now);
  effects.steps.push_back(step);
  for (auto& moved : follow_conditions(after)) {
    if (job.visit.state() == v1::VISIT_STATE_COMPLETED && moved.state() == v1::STEP_STATE_OPEN)
      tell(record, effects, v1::TIMELINE_KIND_ACTION, called(moved) + " would have been asked too; the visit is over",
           kFirstFix, moved.name(), now);
    effects.steps.push_back(std::move(moved));
  }
  effects.evidence.push_back(made);
  if (!effects.timeline.empty()) effects.cases.push_back(std::move(record));
  return effects;
}

Result<Effects> add_repair(const Job& job, const std::vector<v1::ChecklistStep>& steps,
                           const std::vector<const v1::ServiceStandard*>& standards, std::string_view cause,
                           std::string_view engineer, Instant now) {
  FIRSTFIX_CHECK(takes_work(job, engineer, "now", now, now));
  const auto there = [&](const v1::ServiceStandard& standard) {
    return std::any_of(steps.begin(), steps.end(), [&](const auto& step) {
      return step.standard().substr(0, step.standard().rfind('@')) == standard.name();
    });
  };
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  std::vector<const v1::ServiceStandard*> fresh;
  for (const auto* standard : standards)
    if (!there(*standard)) fresh.push_back(standard);
  effects.steps = compose(visit.name(), fresh, steps.size());
  if (steps.size() + effects.steps.size() > kMaxStepsPerVisit)
    return fail(Code::kTooLarge, visit.name() + " would have over 500 steps");
  for (const auto* standard : fresh) visit.add_standards(pinned(*standard));
  visit.set_step_count(static_cast<std::uint32_t>(steps.size() + effects.steps.size()));
  tell(record, effects, v1::TIMELINE_KIND_ACTION,
       std::string(engineer) + " adds the repair of " + std::string(cause) + ": " +
           std::to_string(effects.steps.size()) + " more steps",
       engineer, visit.name(), now);
  effects.visits.push_back(std::move(visit));
  effects.cases.push_back(std::move(record));
  return effects;
}

Status all_mandatory_done(const std::vector<v1::ChecklistStep>& steps) {
  for (const auto& step : steps)
    if (step.template_().mandatory() && step.state() == v1::STEP_STATE_OPEN)
      return fail(Code::kState, called(step) + " is mandatory and still open");
  return {};
}

std::string summary_of(const std::vector<v1::ChecklistStep>& steps) {
  const auto count = [&](v1::StepState state) {
    return std::count_if(steps.begin(), steps.end(), [&](const auto& step) { return step.state() == state; });
  };
  std::string out = std::to_string(count(v1::STEP_STATE_DONE)) + " steps done";
  const auto add = [&](v1::StepState state, std::string_view what) {
    if (const auto n = count(state); n > 0) out.append(", ").append(std::to_string(n)).append(what);
  };
  add(v1::STEP_STATE_SKIPPED, " left out");
  add(v1::STEP_STATE_DEVIATED, " deviated from");
  add(v1::STEP_STATE_FAILED, " failed");
  return out;
}

bool follow_up_due(const v1::ChecklistStep& step, const v1::StepEvidence& answered) {
  return answered.outcome() == v1::STEP_STATE_FAILED && step.template_().has_follow_up() && step.follow_up().empty();
}

}  // namespace firstfix::visit
