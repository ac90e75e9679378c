#include "visit/visit.h"

#include <algorithm>

#include "casework/case.h"
#include "casework/convert.h"
#include "visit/answer.h"
#include "visit/checklist.h"
#include "visit/crew.h"

namespace firstfix::visit {
namespace {

Effects with(Effects effects, v1::Visit visit, v1::Case record) {
  effects.visits.push_back(std::move(visit));
  effects.cases.push_back(std::move(record));
  return effects;
}

tl::unexpected<Error> wrong_state(const v1::Visit& visit, std::string_view verb) {
  return fail(Code::kState,
              visit.name() + " is " + std::string(state_name(visit.state())) + " and cannot be " + std::string(verb));
}

Status of_crew(const v1::Visit& visit, std::string_view engineer) {
  if (is_member(visit, engineer)) return {};
  return fail(Code::kDenied, visit.name() + " is not the visit of " + std::string(engineer));
}

Status own(const v1::Visit& visit, std::string_view engineer) {
  FIRSTFIX_CHECK(of_crew(visit, engineer));
  if (visit.engineer() == engineer) return {};
  return fail(Code::kDenied, visit.name() + " is completed by its lead, " + visit.engineer());
}

// The word of setting out comes after that of arriving: it fills the time, and moves nothing.
Result<Effects> travelled_before(const Job& job, v1::Visit visit, std::string_view engineer, Instant at) {
  auto& member = *member_of(visit, engineer);
  const auto& arrived_at = member.has_arrived_at() ? member.arrived_at() : visit.arrived_at();
  if (at > to_instant(arrived_at)) return fail(Code::kInvalid, "at is after the arrival: " + in_words(at, job.zone));
  Effects effects;
  *member.mutable_travelled_at() = to_proto(at);
  if (!visit.has_travelled_at()) *visit.mutable_travelled_at() = to_proto(at);
  return with(std::move(effects), std::move(visit), job.record);
}

// Has the member arrived without having said when they set out?
bool arrived_unannounced(const v1::Visit& visit, const v1::CrewMember& member) {
  const bool there = member.state() == v1::VISIT_STATE_ON_SITE || member.state() == v1::VISIT_STATE_COMPLETED;
  return there && !member.has_travelled_at() && !(member.role() == v1::CREW_ROLE_LEAD && visit.has_travelled_at());
}

// A cause found that puts data at risk, on a visit whose checklist never asked for a back-up.
Status data_was_saved(const Completion& completion, const std::vector<v1::ChecklistStep>& steps) {
  if (completion.at_risk.empty()) return {};
  for (const auto& step : steps)
    if (step.phase() == v1::STANDARD_KIND_DATA_BACKUP) return {};
  return fail(Code::kState, completion.at_risk.front() +
                                " puts the customer's data at risk: add its repair first (AddRepair), so that the "
                                "back-up is asked for");
}

// The visit as it shall be, with its crew written down.
v1::Visit crewed(const v1::Visit& visit) {
  auto out = visit;
  write_crew(out);
  return out;
}

// May this one of the crew set out or arrive?
Status may_move(const v1::Visit& visit, const v1::CrewMember& member, std::string_view verb) {
  const bool ready = visit.state() == v1::VISIT_STATE_ACCEPTED || begun(visit);
  if (ready && member.state() == v1::VISIT_STATE_ACCEPTED) return {};
  if (ready && member.state() == v1::VISIT_STATE_TRAVELLING && verb == "arrived at") return {};
  if (visit.state() == v1::VISIT_STATE_OFFERED && member.state() == v1::VISIT_STATE_ACCEPTED)
    return fail(Code::kState, visit.name() + " is offered: not all of its crew have answered yet");
  if (ready)
    return fail(Code::kState, visit.name() + " is " + std::string(state_name(member.state())) + " for " +
                                  member.engineer() + " and cannot be " + std::string(verb));
  return wrong_state(visit, verb);
}

void settle(Effects& effects, v1::Offer offer, v1::OfferState state, std::string_view reason, Instant now) {
  offer.set_state(state);
  offer.set_reason(reason.data(), reason.size());
  *offer.mutable_settled_at() = to_proto(now);
  effects.timers.push_back({internal::v1::TIMER_KIND_OFFER_EXPIRES, offer.name(), kNever});
  effects.offers.push_back(std::move(offer));
}

// May it still be taken back? An accepted one too: that is how its engineer hears that the visit is another's now.
bool standing(const v1::Offer& offer) {
  return offer.state() == v1::OFFER_STATE_OPEN || offer.state() == v1::OFFER_STATE_ACCEPTED;
}

// Takes the crew off the visit, so that another can be planned. `declined`: the offer that was not taken, if any.
Effects free_crew(const Job& job, const v1::Offer* declined, v1::OfferState settled, std::string_view reason,
                  const std::string& line, std::string_view actor, Instant now) {
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  for (const auto& offer : job.offers)
    if (standing(offer) && (declined == nullptr || offer.name() != declined->name()))
      settle(effects, offer, v1::OFFER_STATE_WITHDRAWN, line, now);
  if (declined != nullptr) {
    settle(effects, *declined, settled, reason, now);
    record.add_declined_by(declined->engineer());
  }
  visit.set_state(v1::VISIT_STATE_PROPOSED);
  visit.clear_engineer();
  visit.clear_crew();
  visit.clear_assignment();
  casework::enter(record, effects, v1::CASE_STATE_OPEN, line, actor, now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

// Who only comes to learn is not needed: the others go.
Effects go_without(const Job& job, const v1::Offer& offer, v1::OfferState settled, std::string_view reason,
                   const std::string& line, std::string_view actor, Instant now) {
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  settle(effects, offer, settled, reason, now);
  auto& crew = *visit.mutable_crew();
  crew.erase(std::find_if(crew.begin(), crew.end(), [&](const auto& m) { return m.engineer() == offer.engineer(); }));
  tell(record, effects, v1::TIMELINE_KIND_ACTION, line + "; the visit takes place without", actor, visit.name(), now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

Effects not_taken(const Job& job, const v1::Offer& offer, v1::OfferState settled, std::string_view reason,
                  const std::string& line, std::string_view actor, Instant now) {
  const auto* member = member_of(job.visit, offer.engineer());
  return member != nullptr && only_learns(*member) ? go_without(job, offer, settled, reason, line, actor, now)
                                                   : free_crew(job, &offer, settled, reason, line, actor, now);
}

v1::CrewMember lead_of(const v1::Visit& visit) {
  v1::Visit alone = visit;
  alone.clear_crew();
  write_crew(alone);
  return alone.crew(0);
}

std::string in_turn(const v1::Visit& visit) {
  std::string out = "to " + visit.engineer();
  for (int i = 1; i < visit.crew_size(); ++i) out += " and " + visit.crew(i).engineer();
  return out;
}

}  // namespace

bool open(const v1::Visit& visit) {
  return visit.state() != v1::VISIT_STATE_COMPLETED && visit.state() != v1::VISIT_STATE_CANCELLED;
}

bool begun(const v1::Visit& visit) {
  return visit.state() == v1::VISIT_STATE_TRAVELLING || visit.state() == v1::VISIT_STATE_ON_SITE;
}

std::string_view state_name(v1::VisitState state) {
  switch (state) {
    case v1::VISIT_STATE_PROPOSED:
      return "proposed";
    case v1::VISIT_STATE_OFFERED:
      return "offered";
    case v1::VISIT_STATE_ACCEPTED:
      return "accepted";
    case v1::VISIT_STATE_TRAVELLING:
      return "travelling";
    case v1::VISIT_STATE_ON_SITE:
      return "on site";
    case v1::VISIT_STATE_COMPLETED:
      return "completed";
    case v1::VISIT_STATE_CANCELLED:
      return "cancelled";
    default:
      return "unknown";
  }
}

Effects propose(const Job& job, const Plan& plan, Instant now) {
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  visit.set_state(v1::VISIT_STATE_PROPOSED);
  visit.clear_taken_back_reason();
  visit.set_engineer(plan.engineer);
  *visit.mutable_travel_starts_at() = to_proto(plan.travel_starts_at);
  *visit.mutable_starts_at() = to_proto(plan.starts_at);
  *visit.mutable_ends_at() = to_proto(plan.ends_at);
  *visit.mutable_assignment() = plan.assignment;
  visit.mutable_crew()->Assign(plan.crew.begin(), plan.crew.end());
  if (visit.crew().empty()) *visit.add_crew() = lead_of(visit);
  for (auto& member : *visit.mutable_crew()) member.set_state(v1::VISIT_STATE_PROPOSED), member.clear_offer();
  record.set_visit(visit.name());
  record.clear_plan_due_reason();
  record.clear_plan_relaxation();
  record.set_plan_attempts(0);
  effects.timers.push_back({internal::v1::TIMER_KIND_PLAN_DUE, record.name(), kNever});
  tell(record, effects, v1::TIMELINE_KIND_DECISION, plan.assignment.reason(), kFirstFix, visit.name(), now);
  for (const auto& shipment : visit.shipments())
    tell(record, effects, v1::TIMELINE_KIND_DECISION,
         std::to_string(shipment.quantity()) + " of " + shipment.part() + " to be sent to the site", kFirstFix,
         visit.name(), now);
  casework::enter(record, effects, v1::CASE_STATE_PROPOSED, "", kFirstFix, now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

Result<Effects> offer(const Job& job, std::string_view offer_name, Duration timeout, std::string_view actor,
                      Instant now) {
  if (job.visit.state() != v1::VISIT_STATE_PROPOSED || job.visit.engineer().empty())
    return wrong_state(job.visit, "offered");
  Effects effects;
  auto visit = crewed(job.visit);
  auto record = job.record;
  for (int i = 0; i < visit.crew_size(); ++i) {
    auto& member = *visit.mutable_crew(i);
    auto& made = effects.offers.emplace_back();
    made.set_name(std::string(offer_name) + (i == 0 ? "" : "." + std::to_string(i + 1)));
    made.set_visit(visit.name());
    made.set_engineer(member.engineer());
    made.set_state(v1::OFFER_STATE_OPEN);
    *made.mutable_offered_at() = to_proto(now);
    *made.mutable_expires_at() = to_proto(now + timeout);
    effects.timers.push_back({internal::v1::TIMER_KIND_OFFER_EXPIRES, made.name(), now + timeout});
    member.set_state(v1::VISIT_STATE_OFFERED);
    member.set_offer(made.name());
  }
  visit.set_state(v1::VISIT_STATE_OFFERED);
  visit.set_offer(visit.crew(0).offer());
  visit.set_offer_count(visit.offer_count() + static_cast<std::uint32_t>(visit.crew_size()));
  casework::enter(record, effects, v1::CASE_STATE_OFFERED, in_turn(visit), actor, now);
  record.set_owner(visit.engineer());
  return with(std::move(effects), std::move(visit), std::move(record));
}

Result<Effects> accept(const Job& job, const v1::Offer& offer, std::string_view engineer, Instant now) {
  if (offer.engineer() != engineer) return fail(Code::kDenied, offer.name() + " is not for " + std::string(engineer));
  const auto expires_at = to_instant(offer.expires_at());
  if (offer.state() == v1::OFFER_STATE_EXPIRED)
    return fail(Code::kExpired, offer.name() + " expired at " + in_words(expires_at, job.zone));
  if (offer.state() != v1::OFFER_STATE_OPEN)
    return fail(Code::kState, offer.name() + " is settled already: " + v1::OfferState_Name(offer.state()));
  if (expires_at <= now) return fail(Code::kExpired, offer.name() + " expired at " + in_words(expires_at, job.zone));
  Effects effects;
  auto visit = crewed(job.visit);
  auto record = job.record;
  settle(effects, offer, v1::OFFER_STATE_ACCEPTED, "", now);
  *effects.offers.back().mutable_accepted_at() = to_proto(now);
  auto* member = member_of(visit, engineer);
  if (member == nullptr) return fail(Code::kState, std::string(engineer) + " is not of the crew of " + visit.name());
  member->set_state(v1::VISIT_STATE_ACCEPTED);
  const auto missing = std::find_if(visit.crew().begin(), visit.crew().end(), [](const auto& one) {
    return one.state() == v1::VISIT_STATE_OFFERED && !only_learns(one);
  });
  if (missing != visit.crew().end() || visit.state() != v1::VISIT_STATE_OFFERED) {
    const auto rest =
        missing == visit.crew().end() ? "comes along" : "accepts; " + missing->engineer() + " has not answered yet";
    tell(record, effects, v1::TIMELINE_KIND_ACTION, std::string(engineer) + " " + rest, engineer, visit.name(), now);
    return with(std::move(effects), std::move(visit), std::move(record));
  }
  visit.set_state(v1::VISIT_STATE_ACCEPTED);
  record.set_owner(visit.engineer());
  casework::enter(record, effects, v1::CASE_STATE_SCHEDULED,
                  visit.engineer() + " arrives at " + in_words(to_instant(visit.starts_at()), job.zone), engineer, now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

Result<Effects> decline(const Job& job, const v1::Offer& offer, std::string_view reason, std::string_view engineer,
                        Instant now) {
  if (offer.engineer() != engineer) return fail(Code::kDenied, offer.name() + " is not for " + std::string(engineer));
  if (offer.state() != v1::OFFER_STATE_OPEN)
    return fail(Code::kState, offer.name() + " is settled already: " + v1::OfferState_Name(offer.state()));
  if (reason.empty()) return fail(Code::kInvalid, "reason is needed: dispatch learns from it");
  return not_taken(job, offer, v1::OFFER_STATE_DECLINED, reason,
                   std::string(engineer) + " declined: " + std::string(reason), engineer, now);
}

Effects expire(const Job& job, const v1::Offer& offer, Instant now) {
  return not_taken(job, offer, v1::OFFER_STATE_EXPIRED, "no answer in time",
                   offer.engineer() + " did not answer in time", kFirstFix, now);
}

Effects withdraw(const Job& job, std::string_view reason, std::string_view actor, Instant now) {
  return free_crew(job, nullptr, v1::OFFER_STATE_WITHDRAWN, reason, "taken back: " + std::string(reason), actor, now);
}

Result<Effects> travel(const Job& job, std::string_view engineer, Instant at, Instant now) {
  FIRSTFIX_CHECK(of_crew(job.visit, engineer));
  FIRSTFIX_CHECK(plausible("at", at, now, job.zone));
  auto visit = crewed(job.visit);
  auto& member = *member_of(visit, engineer);
  if (!comes(member)) return fail(Code::kState, std::string(engineer) + " helps from afar and does not set out");
  if (arrived_unannounced(visit, member)) return travelled_before(job, std::move(visit), engineer, at);
  FIRSTFIX_CHECK(may_move(visit, member, "travelled to"));
  Effects effects;
  auto record = job.record;
  member.set_state(v1::VISIT_STATE_TRAVELLING);
  *member.mutable_travelled_at() = to_proto(at);
  if (!begun(visit)) {
    visit.set_state(v1::VISIT_STATE_TRAVELLING);
    *visit.mutable_travelled_at() = to_proto(at);
  }
  casework::enter(record, effects, v1::CASE_STATE_IN_PROGRESS, std::string(engineer) + " is on the way", engineer, now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

Result<Effects> arrive(const Job& job, std::string_view engineer, Instant at, Instant now) {
  FIRSTFIX_CHECK(of_crew(job.visit, engineer));
  FIRSTFIX_CHECK(plausible("at", at, now, job.zone));
  auto visit = crewed(job.visit);
  auto& member = *member_of(visit, engineer);
  FIRSTFIX_CHECK(may_move(visit, member, "arrived at"));
  Effects effects;
  auto record = job.record;
  member.set_state(v1::VISIT_STATE_ON_SITE);
  *member.mutable_arrived_at() = to_proto(at);
  if (member.role() != v1::CREW_ROLE_LEAD) {
    const bool waits = comes(member) && visit.state() != v1::VISIT_STATE_ON_SITE;
    if (comes(member) && !begun(visit)) visit.set_state(v1::VISIT_STATE_TRAVELLING);
    const std::string line = !comes(member) ? " helps from afar now"
                             : waits        ? " is at the machine and waits for " + visit.engineer()
                                            : " is at the machine";
    tell(record, effects, v1::TIMELINE_KIND_ACTION, std::string(engineer) + line, engineer, visit.name(), now);
    return with(std::move(effects), std::move(visit), std::move(record));
  }
  visit.set_state(v1::VISIT_STATE_ON_SITE);
  *visit.mutable_arrived_at() = to_proto(at);
  casework::enter(record, effects, v1::CASE_STATE_IN_PROGRESS, std::string(engineer) + " is at the machine", engineer,
                  now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

Result<Effects> estimate(const Job& job, std::string_view engineer, Instant done_at, Instant now) {
  FIRSTFIX_CHECK(own(job.visit, engineer));
  if (job.visit.state() != v1::VISIT_STATE_ON_SITE) return wrong_state(job.visit, "estimated");
  if (done_at < now) return fail(Code::kInvalid, "done_at is in the past: " + in_words(done_at, job.zone));
  if (done_at > now + kFarthestEstimate) return fail(Code::kInvalid, "done_at is more than 24 hours ahead");
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  *visit.mutable_expected_done_at() = to_proto(done_at);
  tell(record, effects, v1::TIMELINE_KIND_ACTION,
       std::string(engineer) + " expects to be done at " + in_words(done_at, job.zone), engineer, visit.name(), now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

Result<Effects> complete(const Job& job, const std::vector<v1::ChecklistStep>& steps, const Completion& completion,
                         std::string_view engineer, Instant now) {
  FIRSTFIX_CHECK(own(job.visit, engineer));
  FIRSTFIX_CHECK(plausible("at", completion.at, now, job.zone));
  if (job.visit.state() != v1::VISIT_STATE_ON_SITE) return wrong_state(job.visit, "completed");
  if (completion.at < to_instant(job.visit.arrived_at()))
    return fail(Code::kInvalid, "at is before the arrival: " + in_words(completion.at, job.zone));
  FIRSTFIX_CHECK(all_mandatory_done(steps));
  FIRSTFIX_CHECK(data_was_saved(completion, steps));
  if (completion.found_causes.empty() && completion.work_summary.empty())
    return fail(Code::kInvalid, "say what was found (found_causes) or what was done (work_summary)");
  Effects effects;
  auto visit = crewed(job.visit);
  auto record = job.record;
  visit.set_state(v1::VISIT_STATE_COMPLETED);
  for (auto& member : *visit.mutable_crew())
    if (member.state() == v1::VISIT_STATE_ON_SITE) member.set_state(v1::VISIT_STATE_COMPLETED);
  for (const auto& offer : job.offers)  // of who only would have come to learn, and has not answered
    if (offer.state() == v1::OFFER_STATE_OPEN)
      settle(effects, offer, v1::OFFER_STATE_WITHDRAWN, "the work is done", now);
  *visit.mutable_completed_at() = to_proto(completion.at);
  visit.mutable_found_causes()->Assign(completion.found_causes.begin(), completion.found_causes.end());
  visit.set_work_summary(completion.work_summary);
  record.set_visit_count(record.visit_count() + 1);
  std::string line = std::string(engineer) + " completed the visit: " + summary_of(steps);
  for (const auto& cause : completion.found_causes) line += "; found " + cause;
  if (!completion.work_summary.empty()) line += "; " + completion.work_summary;
  tell(record, effects, v1::TIMELINE_KIND_ACTION, std::move(line), engineer, visit.name(), now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

Result<Effects> cancel(const Job& job, std::string_view reason, std::string_view actor, Instant now) {
  if (!open(job.visit)) return wrong_state(job.visit, "cancelled");
  if (reason.empty()) return fail(Code::kInvalid, "reason is needed");
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  for (const auto& offer : job.offers)
    if (standing(offer)) settle(effects, offer, v1::OFFER_STATE_WITHDRAWN, reason, now);
  visit.set_state(v1::VISIT_STATE_CANCELLED);
  visit.set_cancel_reason(reason.data(), reason.size());
  tell(record, effects, v1::TIMELINE_KIND_ACTION, "visit cancelled: " + std::string(reason), actor, visit.name(), now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

}  // namespace firstfix::visit
