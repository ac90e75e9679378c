#include "visit/visit.h"

#include <algorithm>

#include "casework/case.h"
#include "casework/convert.h"
#include "visit/checklist.h"

namespace firstfix::visit {
namespace {

constexpr Duration kOldestClaim = std::chrono::hours{24 * 7};

Effects with(Effects effects, v1::Visit visit, v1::Case record) {
  effects.visits.push_back(std::move(visit));
  effects.cases.push_back(std::move(record));
  return effects;
}

tl::unexpected<Error> wrong_state(const v1::Visit& visit, std::string_view verb) {
  return fail(Code::kState,
              visit.name() + " is " + std::string(state_name(visit.state())) + " and cannot be " + std::string(verb));
}

Status own(const v1::Visit& visit, std::string_view engineer) {
  if (visit.engineer() == engineer) return {};
  return fail(Code::kDenied, visit.name() + " is not the visit of " + std::string(engineer));
}

// A time claimed by an engineer's device: not in the future, not older than a phone can have been offline.
Status plausible(Instant at, Instant now) {
  if (at > now + std::chrono::minutes{5}) return fail(Code::kInvalid, "at is in the future: " + to_iso8601(at));
  if (at < now - kOldestClaim) return fail(Code::kInvalid, "at is more than 7 days ago: " + to_iso8601(at));
  return {};
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

// Takes the engineer off the visit, so that another can be planned.
Effects free_engineer(const Job& job, const v1::Offer* offer, v1::OfferState settled, std::string_view reason,
                      const std::string& line, bool ask_again, std::string_view actor, Instant now) {
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  if (offer != nullptr && standing(*offer)) settle(effects, *offer, settled, reason, now);
  if (!ask_again && !visit.engineer().empty()) record.add_declined_by(visit.engineer());
  visit.set_state(v1::VISIT_STATE_PROPOSED);
  visit.clear_engineer();
  visit.clear_assignment();
  casework::enter(record, effects, v1::CASE_STATE_OPEN, line, actor, now);
  return with(std::move(effects), std::move(visit), std::move(record));
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
  visit.set_engineer(plan.engineer);
  *visit.mutable_travel_starts_at() = to_proto(plan.travel_starts_at);
  *visit.mutable_starts_at() = to_proto(plan.starts_at);
  *visit.mutable_ends_at() = to_proto(plan.ends_at);
  *visit.mutable_assignment() = plan.assignment;
  record.set_visit(visit.name());
  record.clear_plan_due_reason();
  record.set_plan_attempts(0);
  effects.timers.push_back({internal::v1::TIMER_KIND_PLAN_DUE, record.name(), kNever});
  tell(record, effects, v1::TIMELINE_KIND_DECISION, plan.assignment.reason(), kFirstFix, visit.name(), now);
  casework::enter(record, effects, v1::CASE_STATE_PROPOSED, "", kFirstFix, now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

Result<Effects> offer(const Job& job, std::string_view offer_name, Duration timeout, std::string_view actor,
                      Instant now) {
  if (job.visit.state() != v1::VISIT_STATE_PROPOSED || job.visit.engineer().empty())
    return wrong_state(job.visit, "offered");
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  auto& made = effects.offers.emplace_back();
  made.set_name(offer_name.data(), offer_name.size());
  made.set_visit(visit.name());
  made.set_engineer(visit.engineer());
  made.set_state(v1::OFFER_STATE_OPEN);
  *made.mutable_offered_at() = to_proto(now);
  *made.mutable_expires_at() = to_proto(now + timeout);
  effects.timers.push_back({internal::v1::TIMER_KIND_OFFER_EXPIRES, made.name(), now + timeout});
  visit.set_state(v1::VISIT_STATE_OFFERED);
  visit.set_offer(made.name());
  visit.set_offer_count(visit.offer_count() + 1);
  casework::enter(record, effects, v1::CASE_STATE_OFFERED, "to " + visit.engineer(), actor, now);
  record.set_owner(visit.engineer());
  return with(std::move(effects), std::move(visit), std::move(record));
}

Result<Effects> accept(const Job& job, const v1::Offer& offer, std::string_view engineer, Instant now) {
  if (offer.engineer() != engineer) return fail(Code::kDenied, offer.name() + " is not for " + std::string(engineer));
  if (offer.state() == v1::OFFER_STATE_EXPIRED)
    return fail(Code::kExpired, offer.name() + " expired at " + to_iso8601(to_instant(offer.expires_at())));
  if (offer.state() != v1::OFFER_STATE_OPEN)
    return fail(Code::kState, offer.name() + " is settled already: " + v1::OfferState_Name(offer.state()));
  if (to_instant(offer.expires_at()) <= now)
    return fail(Code::kExpired, offer.name() + " expired at " + to_iso8601(to_instant(offer.expires_at())));
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  settle(effects, offer, v1::OFFER_STATE_ACCEPTED, "", now);
  visit.set_state(v1::VISIT_STATE_ACCEPTED);
  record.set_owner(std::string(engineer));
  casework::enter(record, effects, v1::CASE_STATE_SCHEDULED,
                  std::string(engineer) + " arrives at " + to_iso8601(to_instant(visit.starts_at())), engineer, now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

Result<Effects> decline(const Job& job, const v1::Offer& offer, std::string_view reason, std::string_view engineer,
                        Instant now) {
  if (offer.engineer() != engineer) return fail(Code::kDenied, offer.name() + " is not for " + std::string(engineer));
  if (offer.state() != v1::OFFER_STATE_OPEN)
    return fail(Code::kState, offer.name() + " is settled already: " + v1::OfferState_Name(offer.state()));
  if (reason.empty()) return fail(Code::kInvalid, "reason is needed: dispatch learns from it");
  return free_engineer(job, &offer, v1::OFFER_STATE_DECLINED, reason,
                       std::string(engineer) + " declined: " + std::string(reason), false, engineer, now);
}

Effects expire(const Job& job, const v1::Offer& offer, Instant now) {
  return free_engineer(job, &offer, v1::OFFER_STATE_EXPIRED, "no answer in time",
                       offer.engineer() + " did not answer in time", false, kFirstFix, now);
}

Effects withdraw(const Job& job, const v1::Offer* offer, std::string_view reason, std::string_view actor, Instant now) {
  return free_engineer(job, offer, v1::OFFER_STATE_WITHDRAWN, reason, "taken back: " + std::string(reason), true, actor,
                       now);
}

Result<Effects> travel(const Job& job, std::string_view engineer, Instant at, Instant now) {
  FIRSTFIX_CHECK(own(job.visit, engineer));
  FIRSTFIX_CHECK(plausible(at, now));
  if (job.visit.state() != v1::VISIT_STATE_ACCEPTED) return wrong_state(job.visit, "travelled to");
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  visit.set_state(v1::VISIT_STATE_TRAVELLING);
  *visit.mutable_travelled_at() = to_proto(at);
  casework::enter(record, effects, v1::CASE_STATE_IN_PROGRESS, std::string(engineer) + " is on the way", engineer, now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

Result<Effects> arrive(const Job& job, std::string_view engineer, Instant at, Instant now) {
  FIRSTFIX_CHECK(own(job.visit, engineer));
  FIRSTFIX_CHECK(plausible(at, now));
  if (job.visit.state() != v1::VISIT_STATE_ACCEPTED && job.visit.state() != v1::VISIT_STATE_TRAVELLING)
    return wrong_state(job.visit, "arrived at");
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  visit.set_state(v1::VISIT_STATE_ON_SITE);
  *visit.mutable_arrived_at() = to_proto(at);
  casework::enter(record, effects, v1::CASE_STATE_IN_PROGRESS, std::string(engineer) + " is at the machine", engineer,
                  now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

Result<Effects> complete(const Job& job, const std::vector<v1::ChecklistStep>& steps, const Completion& completion,
                         std::string_view engineer, Instant now) {
  FIRSTFIX_CHECK(own(job.visit, engineer));
  FIRSTFIX_CHECK(plausible(completion.at, now));
  if (job.visit.state() != v1::VISIT_STATE_ON_SITE) return wrong_state(job.visit, "completed");
  FIRSTFIX_CHECK(all_mandatory_done(steps));
  if (completion.found_causes.empty() && completion.work_summary.empty())
    return fail(Code::kInvalid, "say what was found (found_causes) or what was done (work_summary)");
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  visit.set_state(v1::VISIT_STATE_COMPLETED);
  *visit.mutable_completed_at() = to_proto(completion.at);
  visit.mutable_found_causes()->Assign(completion.found_causes.begin(), completion.found_causes.end());
  visit.set_work_summary(completion.work_summary);
  record.set_visit_count(record.visit_count() + 1);
  std::string line = std::string(engineer) + " completed the visit";
  for (const auto& cause : completion.found_causes) line += "; found " + cause;
  if (!completion.work_summary.empty()) line += "; " + completion.work_summary;
  tell(record, effects, v1::TIMELINE_KIND_ACTION, std::move(line), engineer, visit.name(), now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

Result<Effects> cancel(const Job& job, const v1::Offer* offer, std::string_view reason, std::string_view actor,
                       Instant now) {
  if (!open(job.visit)) return wrong_state(job.visit, "cancelled");
  if (reason.empty()) return fail(Code::kInvalid, "reason is needed");
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  if (offer != nullptr && standing(*offer)) settle(effects, *offer, v1::OFFER_STATE_WITHDRAWN, reason, now);
  visit.set_state(v1::VISIT_STATE_CANCELLED);
  visit.set_cancel_reason(reason.data(), reason.size());
  tell(record, effects, v1::TIMELINE_KIND_ACTION, "visit cancelled: " + std::string(reason), actor, visit.name(), now);
  return with(std::move(effects), std::move(visit), std::move(record));
}

}  // namespace firstfix::visit
