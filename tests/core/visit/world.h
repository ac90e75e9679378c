// A visit of engineers/li to truck 7 in any state, and short ways to write standards and answers.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "casework/convert.h"
#include "visit/checklist.h"
#include "visit/deviation.h"
#include "visit/standard.h"
#include "visit/visit.h"

namespace firstfix::visit {

inline constexpr Instant kNow{1'772'438'400'000'000};  // 2026-03-02 08:00 UTC
inline constexpr std::string_view kLi = "engineers/li", kZoe = "engineers/zoe";
inline Instant at(std::chrono::minutes after) {
  return kNow + after;
}
inline Instant ago(std::chrono::minutes before) {
  return kNow - before;
}

// A job as it is in that state: arrived an hour ago, completed half an hour ago.
inline Job job_in(v1::VisitState state) {
  using std::chrono::minutes;
  Job job;
  job.visit.set_name("visits/1");
  job.visit.set_case_name("cases/1");
  job.visit.set_state(state);
  job.record.set_name("cases/1");
  job.record.set_customer("customers/hill-farm");
  job.record.set_visit("visits/1");
  job.visit.set_engineer(std::string(kLi));
  if (state >= v1::VISIT_STATE_OFFERED && state != v1::VISIT_STATE_CANCELLED) job.visit.set_offer("offers/1");
  if (state == v1::VISIT_STATE_ON_SITE || state == v1::VISIT_STATE_COMPLETED)
    *job.visit.mutable_arrived_at() = to_proto(ago(minutes{60}));
  if (state == v1::VISIT_STATE_COMPLETED) *job.visit.mutable_completed_at() = to_proto(ago(minutes{30}));
  return job;
}

inline v1::Offer offer_in(v1::OfferState state) {
  v1::Offer offer;
  offer.set_name("offers/1");
  offer.set_visit("visits/1");
  offer.set_engineer(std::string(kLi));
  offer.set_state(state);
  *offer.mutable_expires_at() = to_proto(at(std::chrono::minutes{15}));
  return offer;
}

inline v1::StepTemplate step(const std::string& id, v1::StepKind kind = v1::STEP_KIND_CONFIRM, bool mandatory = true) {
  v1::StepTemplate out;
  out.set_id(id);
  (*out.mutable_title()->mutable_text())["en"] = id;
  out.set_kind(kind);
  out.set_mandatory(mandatory);
  return out;
}

inline v1::StepTemplate reading(const std::string& id, double least, double most) {
  auto out = step(id, v1::STEP_KIND_READING);
  out.set_minimum(least);
  out.set_maximum(most);
  out.set_unit("V");
  return out;
}

inline v1::StepTemplate choice(const std::string& id, const std::vector<std::string>& choices) {
  auto out = step(id, v1::STEP_KIND_CHOICE);
  for (const auto& one : choices) out.add_choices(one);
  return out;
}

inline v1::StepTemplate shown_if(v1::StepTemplate shown, const std::string& earlier, const std::string& choice) {
  shown.mutable_shown_if()->set_step(earlier);
  shown.mutable_shown_if()->add_choices(choice);
  return shown;
}

inline v1::ServiceStandard standard(const std::string& id, v1::StandardKind kind,
                                    const std::vector<v1::StepTemplate>& steps) {
  v1::ServiceStandard out;
  out.set_name("serviceStandards/" + id);
  out.set_kind(kind);
  out.set_revision(1);
  for (const auto& one : steps) *out.add_steps() = one;
  return out;
}

inline std::vector<v1::ChecklistStep> checklist(const std::vector<v1::StepTemplate>& steps,
                                                v1::StandardKind kind = v1::STANDARD_KIND_REPAIR) {
  const auto made = standard("s", kind, steps);
  return compose("visits/1", {&made});
}

inline v1::Evidence confirmed() {
  v1::Evidence out;
  out.set_confirmed(true);
  return out;
}
inline v1::Evidence measured(double value) {
  v1::Evidence out;
  out.set_reading(value);
  return out;
}
inline v1::Evidence chosen(const std::string& choice) {
  v1::Evidence out;
  out.set_choice(choice);
  return out;
}
inline v1::Evidence skipped(const std::string& reason) {
  v1::Evidence out;
  out.set_skipped_reason(reason);
  return out;
}
inline v1::Evidence taken(v1::Evidence evidence, Instant when) {
  *evidence.mutable_taken_at() = to_proto(when);
  return evidence;
}
inline std::string blob_name(char digit) {
  return "blobs/" + std::string(64, digit);
}
inline v1::Evidence pictured(char digit) {
  v1::Evidence out;
  out.set_blob(blob_name(digit));
  return out;
}
inline Proof kept(char digit, const std::string& used_for = "", const std::string& media_type = "image/png") {
  Proof out;
  out.blob.set_name(blob_name(digit));
  out.blob.set_media_type(media_type);
  out.used_for = used_for;
  return out;
}

inline v1::Contact contact(const std::string& name, const std::string& customer) {
  v1::Contact out;
  out.set_name(name);
  out.set_customer(customer);
  return out;
}

// Runs a checklist as the desk does: applies what each answer changes.
struct Walk {
  Job job = job_in(v1::VISIT_STATE_ON_SITE);
  std::vector<v1::ChecklistStep> steps;
  std::vector<v1::StepEvidence> evidence;
  std::vector<std::string> told;

  explicit Walk(std::vector<v1::ChecklistStep> all) : steps(std::move(all)) {}

  v1::ChecklistStep& step(const std::string& id) {
    for (auto& one : steps)
      if (one.template_().id() == id) return one;
    throw std::out_of_range(id);
  }
  v1::StepState state(const std::string& id) { return step(id).state(); }

  Status take(Result<Effects> effects) {
    if (!effects) return fail(effects.error());
    for (const auto& changed : effects->steps)
      for (auto& one : steps)
        if (one.name() == changed.name()) one = changed;
    for (const auto& one : effects->evidence) evidence.push_back(one);
    for (const auto& one : effects->timeline) told.push_back(one.text());
    if (!effects->cases.empty()) job.record = effects->cases.back();
    return {};
  }
  Status answer(const std::string& id, const v1::Evidence& given, std::vector<Proof> proofs = {},
                const v1::Contact* signer = nullptr) {
    return take(visit::answer(job, steps, {step(id).name(), given, std::move(proofs), signer, nullptr}, kLi, kNow));
  }
};

inline Code code_of(const Status& status) {
  return status ? Code{} : status.error().code;
}
inline std::string message_of(const Status& status) {
  return status ? "" : status.error().message;
}

}  // namespace firstfix::visit
