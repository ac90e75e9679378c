#include "visit/checklist.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "casework/convert.h"
#include "visit/crew.h"
#include "visit/visit.h"

namespace firstfix::visit {
namespace {

constexpr std::size_t kMaxAnswerBytes = 4000;

std::string title_of(const v1::StepTemplate& step) {
  const auto found = step.title().text().find("en");
  return found == step.title().text().end() ? step.id() : found->second;
}

tl::unexpected<Error> wants(const v1::StepTemplate& step, std::string_view what) {
  return fail(Code::kInvalid, "step «" + title_of(step) + "» wants " + std::string(what));
}

Status check_reading(const v1::StepTemplate& step, double value) {
  if (!std::isfinite(value)) return wants(step, "a finite number");
  if ((step.has_minimum() && value < step.minimum()) || (step.has_maximum() && value > step.maximum())) {
    std::string limits = step.has_minimum() ? "at least " + std::to_string(step.minimum()) : "";
    if (step.has_maximum()) limits += (limits.empty() ? "" : " and ") + ("at most " + std::to_string(step.maximum()));
    return wants(step, "a reading of " + limits + " " + step.unit() + ", not " + std::to_string(value));
  }
  return {};
}

Status check_words(const v1::StepTemplate& step, const std::string& words, std::string_view what) {
  if (words.empty() || words.size() > kMaxAnswerBytes) return wants(step, std::string(what) + " of 1 to 4000 bytes");
  return {};
}

bool is_blob(std::string_view name) {
  constexpr std::string_view kPrefix = "blobs/";
  return name.size() == kPrefix.size() + 64 && name.substr(0, kPrefix.size()) == kPrefix &&
         std::all_of(name.begin() + kPrefix.size(), name.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Status check_answer(const v1::StepTemplate& step, const v1::Evidence& evidence) {
  if (evidence.has_skipped_reason()) {
    if (step.mandatory()) return fail(Code::kState, "step «" + title_of(step) + "» is mandatory and cannot be skipped");
    return check_words(step, evidence.skipped_reason(), "a reason");
  }
  switch (step.kind()) {
    case v1::STEP_KIND_CONFIRM:
      return evidence.has_confirmed() && evidence.confirmed() ? Status{} : Status{wants(step, "to be confirmed")};
    case v1::STEP_KIND_READING:
      return evidence.has_reading() ? check_reading(step, evidence.reading())
                                    : Status{wants(step, "a reading in " + step.unit())};
    case v1::STEP_KIND_CHOICE:
      if (evidence.has_choice() &&
          std::find(step.choices().begin(), step.choices().end(), evidence.choice()) != step.choices().end())
        return {};
      return wants(step, "one of its choices");
    case v1::STEP_KIND_TEXT:
      return evidence.has_text() ? check_words(step, evidence.text(), "words") : Status{wants(step, "words")};
    case v1::STEP_KIND_SCAN:
      return evidence.has_scan() ? check_words(step, evidence.scan(), "a scan") : Status{wants(step, "a scan")};
    case v1::STEP_KIND_PHOTO:
    case v1::STEP_KIND_SIGNATURE:
      return evidence.has_blob() && is_blob(evidence.blob())
                 ? Status{}
                 : Status{wants(step, "a photo or signature that was uploaded")};
    default:
      return fail(Code::kCorrupt, "step «" + title_of(step) + "» has no kind");
  }
}

Status in_order(const std::vector<v1::ChecklistStep>& steps, std::size_t index) {
  for (std::size_t i = 0; i < index; ++i)
    if (steps[i].template_().mandatory() && steps[i].state() == v1::STEP_STATE_OPEN)
      return fail(Code::kState, "step «" + title_of(steps[i].template_()) + "» comes first");
  return {};
}

int rank(v1::StandardKind kind) {
  return static_cast<int>(kind);
}  // the enum is in the order of work

}  // namespace

Status validate(const v1::ServiceStandard& standard) {
  if (standard.kind() == v1::STANDARD_KIND_UNSPECIFIED) return fail(Code::kInvalid, "kind is not stated");
  if (standard.steps_size() == 0 || standard.steps_size() > kMaxStepsPerStandard)
    return fail(Code::kInvalid, "steps must be 1 to 100");
  std::set<std::string> ids;
  for (const auto& step : standard.steps()) {
    const auto where = "steps[" + step.id() + "]";
    if (step.id().empty() || !ids.insert(step.id()).second)
      return fail(Code::kInvalid, where + ".id is empty or not unique");
    if (step.title().text().count("en") == 0) return fail(Code::kInvalid, where + ".title lacks «en»");
    if (step.kind() == v1::STEP_KIND_UNSPECIFIED) return fail(Code::kInvalid, where + ".kind is not stated");
    if (step.kind() == v1::STEP_KIND_CHOICE && step.choices().empty())
      return fail(Code::kInvalid, where + ".choices is empty");
    if (step.has_minimum() && step.has_maximum() && !(step.minimum() <= step.maximum()))
      return fail(Code::kInvalid, where + ".minimum is over its maximum");
  }
  return {};
}

std::vector<v1::ChecklistStep> compose(std::string_view visit,
                                       const std::vector<const v1::ServiceStandard*>& standards) {
  auto ordered = standards;
  std::stable_sort(ordered.begin(), ordered.end(), [](auto* a, auto* b) { return rank(a->kind()) < rank(b->kind()); });
  std::vector<v1::ChecklistStep> steps;
  for (const auto* standard : ordered) {
    const auto source = standard->name() + "@" + std::to_string(standard->revision());
    for (const auto& step : standard->steps()) {
      const auto number = std::to_string(steps.size());
      auto& made = steps.emplace_back();
      made.set_name(std::string(visit) + "/steps/" + std::string(6 - number.size(), '0') + number);
      *made.mutable_template_() = step;
      made.set_standard(source);
      made.set_state(v1::STEP_STATE_OPEN);
    }
  }
  return steps;
}

Result<v1::ChecklistStep> answer(const v1::Visit& visit, const std::vector<v1::ChecklistStep>& steps, std::size_t index,
                                 const v1::Evidence& evidence, std::string_view by, Instant now) {
  if (!is_member(visit, by)) return fail(Code::kDenied, visit.name() + " is not the visit of " + std::string(by));
  if (visit.state() != v1::VISIT_STATE_ON_SITE)
    return fail(Code::kState,
                visit.name() + " is " + std::string(state_name(visit.state())) + ": steps are answered on site");
  FIRSTFIX_CHECK(may_work(visit, by));
  if (index >= steps.size()) return fail(Code::kNotFound, visit.name() + " has no step " + std::to_string(index));
  const auto& current = steps[index];
  FIRSTFIX_CHECK(in_order(steps, index));
  FIRSTFIX_CHECK(check_answer(current.template_(), evidence));
  if (current.evidence_size() >= kMaxEvidencePerStep)
    return fail(Code::kTooLarge, "step «" + title_of(current.template_()) + "» has 20 answers already");
  const Instant taken = evidence.has_taken_at() ? to_instant(evidence.taken_at()) : now;
  if (taken > now + std::chrono::minutes{5} || taken < now - std::chrono::hours{24 * 7})
    return fail(Code::kInvalid, "taken_at is in the future or more than 7 days ago");
  auto step = current;
  step.set_state(evidence.has_skipped_reason() ? v1::STEP_STATE_SKIPPED : v1::STEP_STATE_DONE);
  auto& kept = *step.add_evidence();
  kept = evidence;
  *kept.mutable_taken_at() = to_proto(taken);
  *kept.mutable_received_at() = to_proto(now);
  kept.set_by(by.data(), by.size());
  return step;
}

Status all_mandatory_done(const std::vector<v1::ChecklistStep>& steps) {
  for (const auto& step : steps)
    if (step.template_().mandatory() && step.state() != v1::STEP_STATE_DONE)
      return fail(Code::kState, "step «" + title_of(step.template_()) + "» is mandatory and still open");
  return {};
}

}  // namespace firstfix::visit
