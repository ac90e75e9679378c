#include "work.h"

#include "desk/commands.h"
#include "visit/crew.h"
#include "visit/language.h"

namespace firstfix::api {
namespace {

using Response = v1::StreamWorkResponse;

// Where the records that belong to an offer are: in the entry that made it, else in the store as it is now.
class Source {
 public:
  explicit Source(const desk::View& view) : view_(&view) {}
  Source(Feed& feed, const std::string& tenant, const Entry& entry) : feed_(&feed), tenant_(&tenant), entry_(&entry) {}

  const Entry* entry() const { return entry_; }
  const desk::View& view() const { return view_ != nullptr ? *view_ : feed_->view(*tenant_); }

  // The entry's own record, else the store's, which is put into `kept`; null if there is none.
  template <class M>
  Result<const M*> look(const std::string& name, std::optional<M>& kept) const {
    if (name.empty()) return nullptr;
    for (int i = 0; entry_ != nullptr && i < entry_->size(); ++i) {
      if (entry_->name(i) != name) continue;
      FIRSTFIX_TRY(record, entry_->record<M>(i));
      if (record != nullptr) return record;
    }
    FIRSTFIX_TRY(stored, view().find<M>(name));
    kept = std::move(stored);
    return kept ? &*kept : nullptr;
  }
  template <class M>
  Result<std::optional<M>> find(const std::string& name) const {
    std::optional<M> kept;
    FIRSTFIX_TRY(seen, look(name, kept));
    if (seen != nullptr && !kept) kept = *seen;
    return kept;
  }

 private:
  const desk::View* view_ = nullptr;
  Feed* feed_ = nullptr;
  const std::string* tenant_ = nullptr;
  const Entry* entry_ = nullptr;
};

Status add_steps(const Source& source, v1::WorkOffer& out) {
  if (const auto* entry = source.entry(); entry != nullptr) {
    for (int i = 0; i < entry->size(); ++i) {
      FIRSTFIX_TRY(step, entry->record<v1::ChecklistStep>(i));
      if (step != nullptr && step->name().rfind(out.visit().name() + "/", 0) == 0) *out.add_steps() = *step;
    }
    if (out.steps_size() == static_cast<int>(out.visit().step_count())) return {};
    out.clear_steps();
  }
  FIRSTFIX_TRY(steps, desk::steps_of(source.view(), out.visit().name()));
  for (auto& step : steps) *out.add_steps() = std::move(step);
  return {};
}

Result<v1::WorkOffer> complete_offer(const Source& source, v1::Offer offer) {
  v1::WorkOffer out;
  FIRSTFIX_TRY(visit, source.find<v1::Visit>(offer.visit()));
  *out.mutable_offer() = std::move(offer);
  // Once it is settled, or the visit is another's, the rest is not this engineer's business.
  if (!visit || out.offer().state() != v1::OFFER_STATE_OPEN) return out;
  *out.mutable_visit() = std::move(*visit);
  FIRSTFIX_TRY(record, source.find<v1::Case>(out.visit().case_name()));
  if (record) *out.mutable_case_() = std::move(*record);
  FIRSTFIX_TRY(diagnosis, source.find<v1::Diagnosis>(out.case_().diagnosis()));
  if (diagnosis) *out.mutable_diagnosis() = std::move(*diagnosis);
  FIRSTFIX_TRY(kit, source.find<v1::PartsPlan>(out.case_().parts_plan()));
  if (kit) *out.mutable_parts_plan() = std::move(*kit);
  FIRSTFIX_CHECK(add_steps(source, out));
  FIRSTFIX_TRY(language, language_of(source.view(), out.offer().engineer()));
  for (auto& step : *out.mutable_steps()) visit::put_texts(step, language);
  return out;
}

// Has the engineer, alone or as one of a crew, accepted the visit?
bool works_on(const v1::Visit& visit, const std::string& engineer) {
  const auto* member = visit::member_of(visit, engineer);
  if (member != nullptr) return member->state() >= v1::VISIT_STATE_ACCEPTED;
  return visit.engineer() == engineer && visit.state() >= v1::VISIT_STATE_ACCEPTED;
}

// Is the visit the subject of an open offer to the engineer that does not come, with its visit, in the same entry?
Result<bool> changed_since_offered(const Source& source, const v1::Visit& visit, const std::string& engineer) {
  const auto* member = visit::member_of(visit, engineer);
  const auto name = member != nullptr ? member->offer() : visit.engineer() == engineer ? visit.offer() : std::string();
  if (visit.state() != v1::VISIT_STATE_OFFERED || name.empty()) return false;
  for (int i = 0; i < source.entry()->size(); ++i)
    if (source.entry()->name(i) == name) return false;
  FIRSTFIX_TRY(offer, source.find<v1::Offer>(name));
  return offer && offer->state() == v1::OFFER_STATE_OPEN;
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
    FIRSTFIX_TRY(whole, complete_offer(Source(view), std::move(offer)));
    *out.emplace_back().mutable_offer() = std::move(whole);
  }
  for (const auto& name : visits) {
    FIRSTFIX_TRY(visit, view.get<v1::Visit>(name));
    *out.emplace_back().mutable_visit() = std::move(visit);
  }
  return out;
}

Result<std::vector<Response>> work_changes(Feed& feed, const std::string& tenant, const std::string& engineer,
                                           const Entry& entry) {
  const Source source(feed, tenant, entry);
  std::vector<Response> out;
  std::string visit_of_steps;  // steps come together: their visit is looked at once
  bool ours = false;
  for (int i = 0; i < entry.size(); ++i) {
    FIRSTFIX_TRY(offer, entry.record<v1::Offer>(i));
    if (offer != nullptr && offer->engineer() == engineer) {
      FIRSTFIX_TRY(whole, complete_offer(source, *offer));
      *out.emplace_back().mutable_offer() = std::move(whole);
    }
    FIRSTFIX_TRY(visit, entry.record<v1::Visit>(i));
    if (visit != nullptr) {
      FIRSTFIX_TRY(changed, changed_since_offered(source, *visit, engineer));
      if (changed || works_on(*visit, engineer)) *out.emplace_back().mutable_visit() = *visit;
    }
    FIRSTFIX_TRY(deviation, entry.record<v1::Deviation>(i));
    if (deviation != nullptr && deviation->asked_by() == engineer) *out.emplace_back().mutable_deviation() = *deviation;
    FIRSTFIX_TRY(step, entry.record<v1::ChecklistStep>(i));
    if (step == nullptr) continue;
    // Steps change by the hand of one of the crew, or by a decision about a deviation; the others' phones, and another
    // of the same person, want to know.
    if (const auto name = step->name().substr(0, step->name().find("/steps/")); name != visit_of_steps) {
      std::optional<v1::Visit> kept;
      FIRSTFIX_TRY(theirs, source.look(name, kept));
      ours = theirs != nullptr && theirs->state() >= v1::VISIT_STATE_ACCEPTED && visit::is_member(*theirs, engineer);
      visit_of_steps = name;
    }
    if (!ours) continue;
    FIRSTFIX_TRY(language, language_of(source.view(), engineer));
    auto& told = *out.emplace_back().mutable_step();
    told = *step;
    visit::put_texts(told, language);
  }
  return out;
}

}  // namespace firstfix::api
