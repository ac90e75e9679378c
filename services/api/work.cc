#include "work.h"

#include "desk/commands.h"
#include "visit/crew.h"
#include "visit/language.h"

namespace firstfix::api {
namespace {

using Response = v1::StreamWorkResponse;

// A record as the entry has it, else as the store has it now.
template <class M>
Result<std::optional<M>> resolve(const desk::View& view, const internal::v1::ChangeEntry* entry,
                                 const std::string& name) {
  if (name.empty()) return std::optional<M>{};
  if (entry != nullptr) {
    for (const auto& change : entry->changes()) {
      if (change.type() != M::descriptor()->name() || change.name() != name) continue;
      M message;
      if (!message.ParseFromString(change.record()))
        return fail(Code::kCorrupt, "the log's " + name + " does not parse");
      return std::optional<M>{std::move(message)};
    }
  }
  return view.find<M>(name);
}

Status add_steps(const desk::View& view, const internal::v1::ChangeEntry* entry, v1::WorkOffer& out) {
  if (entry != nullptr) {
    for (const auto& change : entry->changes())
      if (change.type() == "ChecklistStep" && change.name().rfind(out.visit().name() + "/", 0) == 0 &&
          !out.add_steps()->ParseFromString(change.record()))
        return fail(Code::kCorrupt, "the log's " + change.name() + " does not parse");
    if (out.steps_size() == static_cast<int>(out.visit().step_count())) return {};
    out.clear_steps();
  }
  FIRSTFIX_TRY(steps, desk::steps_of(view, out.visit().name()));
  for (auto& step : steps) *out.add_steps() = std::move(step);
  return {};
}

Result<v1::WorkOffer> complete_offer(const desk::View& view, const internal::v1::ChangeEntry* entry, v1::Offer offer) {
  v1::WorkOffer out;
  FIRSTFIX_TRY(visit, resolve<v1::Visit>(view, entry, offer.visit()));
  *out.mutable_offer() = std::move(offer);
  // Once it is settled, or the visit is another's, the rest is not this engineer's business.
  if (!visit || out.offer().state() != v1::OFFER_STATE_OPEN) return out;
  *out.mutable_visit() = std::move(*visit);
  FIRSTFIX_TRY(record, resolve<v1::Case>(view, entry, out.visit().case_name()));
  if (record) *out.mutable_case_() = std::move(*record);
  FIRSTFIX_TRY(diagnosis, resolve<v1::Diagnosis>(view, entry, out.case_().diagnosis()));
  if (diagnosis) *out.mutable_diagnosis() = std::move(*diagnosis);
  FIRSTFIX_TRY(kit, resolve<v1::PartsPlan>(view, entry, out.case_().parts_plan()));
  if (kit) *out.mutable_parts_plan() = std::move(*kit);
  FIRSTFIX_CHECK(add_steps(view, entry, out));
  FIRSTFIX_TRY(language, language_of(view, out.offer().engineer()));
  for (auto& step : *out.mutable_steps()) visit::put_texts(step, language);
  return out;
}

}  // namespace

Result<std::string> language_of(const desk::View& view, const std::string& reader) {
  FIRSTFIX_TRY(engineer, view.find<v1::Engineer>(reader));
  if (engineer) return engineer->language();
  FIRSTFIX_TRY(contact, view.find<v1::Contact>(reader));
  if (!contact || !contact->language().empty()) return contact ? contact->language() : std::string();
  FIRSTFIX_TRY(customer, view.find<v1::Customer>(contact->customer()));
  return customer ? customer->language() : std::string();
}

Result<std::vector<Response>> open_work(const desk::View& view, const std::string& engineer) {
  std::vector<std::string> offers, visits;
  FIRSTFIX_CHECK(view.each_entry(desk::index::kOpenOfferOf, {engineer},
                                 [&](std::string_view name, auto) { return offers.emplace_back(name), true; }));
  FIRSTFIX_CHECK(view.each_entry(desk::index::kOpenVisitOf, {engineer},
                                 [&](std::string_view name, auto) { return visits.emplace_back(name), true; }));
  std::vector<Response> out;
  for (const auto& name : offers) {
    FIRSTFIX_TRY(offer, view.get<v1::Offer>(name));
    FIRSTFIX_TRY(whole, complete_offer(view, nullptr, std::move(offer)));
    *out.emplace_back().mutable_offer() = std::move(whole);
  }
  for (const auto& name : visits) {
    FIRSTFIX_TRY(visit, view.get<v1::Visit>(name));
    *out.emplace_back().mutable_visit() = std::move(visit);
  }
  return out;
}

Result<std::vector<Response>> work_changes(const desk::View& view, const std::string& engineer,
                                           const internal::v1::ChangeEntry& entry) {
  std::vector<Response> out;
  for (const auto& change : entry.changes()) {
    if (change.type() == "Offer") {
      v1::Offer offer;
      if (!offer.ParseFromString(change.record()))
        return fail(Code::kCorrupt, "the log's " + change.name() + " does not parse");
      if (offer.engineer() != engineer) continue;
      FIRSTFIX_TRY(whole, complete_offer(view, &entry, std::move(offer)));
      *out.emplace_back().mutable_offer() = std::move(whole);
    } else if (change.type() == "Visit") {
      v1::Visit visit;
      if (!visit.ParseFromString(change.record()))
        return fail(Code::kCorrupt, "the log's " + change.name() + " does not parse");
      const auto* member = visit::member_of(visit, engineer);
      if (member != nullptr ? member->state() >= v1::VISIT_STATE_ACCEPTED
                            : visit.engineer() == engineer && visit.state() >= v1::VISIT_STATE_ACCEPTED)
        *out.emplace_back().mutable_visit() = std::move(visit);
    } else if (change.type() == "Deviation") {
      v1::Deviation deviation;
      if (!deviation.ParseFromString(change.record()))
        return fail(Code::kCorrupt, "the log's " + change.name() + " does not parse");
      if (deviation.asked_by() == engineer) *out.emplace_back().mutable_deviation() = std::move(deviation);
    } else if (change.type() == "ChecklistStep") {
      // Steps change by the hand of one of the crew, or by a decision about a deviation; the others' phones, and another
      // of the same person, want to know.
      FIRSTFIX_TRY(visit, resolve<v1::Visit>(view, &entry, change.name().substr(0, change.name().find("/steps/"))));
      if (!visit || visit->state() < v1::VISIT_STATE_ACCEPTED || !visit::is_member(*visit, engineer)) continue;
      auto& step = *out.emplace_back().mutable_step();
      if (!step.ParseFromString(change.record()))
        return fail(Code::kCorrupt, "the log's " + change.name() + " does not parse");
      FIRSTFIX_TRY(language, language_of(view, engineer));
      visit::put_texts(step, language);
    }
  }
  return out;
}

}  // namespace firstfix::api
