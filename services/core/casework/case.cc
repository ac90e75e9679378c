#include "casework/case.h"

#include <algorithm>

#include "casework/convert.h"
#include "casework/episode.h"

namespace firstfix::casework {
namespace {

constexpr Duration kDefaultResponse = std::chrono::hours{8}, kDefaultRestore = std::chrono::hours{24};

Duration or_default(bool has, const google::protobuf::Duration& value, Duration fallback) {
  return has ? to_duration(value) : fallback;
}

Instant sooner(Instant a, Instant b) {
  return a < b ? a : b;
}

// What happens next in each state, who has to do it, and by when.
void set_next(v1::Case& record, std::string_view action, std::string_view owner, Instant due) {
  record.set_next_action(action.data(), action.size());
  if (!owner.empty()) record.set_owner(owner.data(), owner.size());
  *record.mutable_next_action_at() = to_proto(due);
}

void set_next_of_state(v1::Case& record, Instant now) {
  constexpr auto kDay = std::chrono::hours{24};
  const Instant respond = to_instant(record.respond_by());
  switch (record.state()) {
    case v1::CASE_STATE_OPEN:
      return set_next(record, "plan a visit", "dispatch", sooner(respond, now + std::chrono::minutes{30}));
    case v1::CASE_STATE_PROPOSED:
      return set_next(record, "approve the proposed visit", "dispatch",
                      sooner(respond, now + std::chrono::minutes{30}));
    case v1::CASE_STATE_OFFERED:
      return set_next(record, "the engineer answers the offer", "", sooner(respond, now + std::chrono::minutes{15}));
    case v1::CASE_STATE_SCHEDULED:
      return set_next(record, "the engineer sets out", "", respond);
    case v1::CASE_STATE_IN_PROGRESS:
      return set_next(record, "the engineer completes the visit", "", to_instant(record.restore_by()));
    case v1::CASE_STATE_PROVING:
      return set_next(record, "the machine works without the fault for its proving time", "dispatch", now + kDay);
    case v1::CASE_STATE_WAITING_FOR_OPERATION:
      return set_next(record, "the machine works, so that the repair can show", "dispatch", now + kDay);
    case v1::CASE_STATE_AWAITING_CONFIRMATION:
      return set_next(record, "the customer confirms", "dispatch", now + kDay);
    default:
      record.clear_next_action();
      record.clear_next_action_at();
  }
}

std::string quoted(const v1::FaultEpisode& episode, std::string_view verb) {
  return describe(episode) + " " + std::string(verb);
}

}  // namespace

bool closed(const v1::Case& record) {
  return record.state() == v1::CASE_STATE_CLOSED;
}

bool work_done(const v1::Case& record) {
  return record.state() == v1::CASE_STATE_PROVING || record.state() == v1::CASE_STATE_WAITING_FOR_OPERATION ||
         record.state() == v1::CASE_STATE_AWAITING_CONFIRMATION;
}

bool plannable(const v1::Case& record) {
  return record.state() == v1::CASE_STATE_OPEN || record.state() == v1::CASE_STATE_PROPOSED ||
         record.state() == v1::CASE_STATE_WATCHED;
}

std::string_view state_name(v1::CaseState state) {
  switch (state) {
    case v1::CASE_STATE_OPEN:
      return "open";
    case v1::CASE_STATE_PROPOSED:
      return "proposed";
    case v1::CASE_STATE_OFFERED:
      return "offered";
    case v1::CASE_STATE_SCHEDULED:
      return "scheduled";
    case v1::CASE_STATE_IN_PROGRESS:
      return "in progress";
    case v1::CASE_STATE_PROVING:
      return "proving";
    case v1::CASE_STATE_WAITING_FOR_OPERATION:
      return "waiting for operation";
    case v1::CASE_STATE_AWAITING_CONFIRMATION:
      return "awaiting confirmation";
    case v1::CASE_STATE_CLOSED:
      return "closed";
    case v1::CASE_STATE_WATCHED:
      return "watched";
    default:
      return "unknown";
  }
}

void enter(v1::Case& record, Effects& effects, v1::CaseState state, std::string_view why, std::string_view actor,
           Instant now) {
  record.set_state(state);
  set_next_of_state(record, now);
  std::string line(state_name(state));
  if (!why.empty()) line.append(": ").append(why);
  tell(record, effects, v1::TIMELINE_KIND_STATE, std::move(line), actor, record.visit(), now);
}

Effects open(const Opening& opening, Instant now) {
  Effects effects;
  v1::Case record;
  record.set_name(opening.name);
  record.set_asset(opening.asset->name());
  if (opening.site != nullptr) {
    record.set_site(opening.site->name());
    record.set_customer(opening.site->customer());
    record.set_territory(opening.site->territory());
  }
  record.set_summary(opening.summary);
  record.set_severity(opening.severity);
  record.set_owner("dispatch");
  record.set_visit_wanted(!opening.by_machine);
  *record.mutable_opened_at() = to_proto(opening.opened_at);
  const auto* customer = opening.customer;
  const bool known = customer != nullptr;
  *record.mutable_respond_by() =
      to_proto(opening.opened_at + or_default(known && customer->has_response_time(),
                                              known ? customer->response_time() : google::protobuf::Duration{},
                                              kDefaultResponse));
  *record.mutable_restore_by() = to_proto(
      opening.opened_at + or_default(known && customer->has_restore_time(),
                                     known ? customer->restore_time() : google::protobuf::Duration{}, kDefaultRestore));
  enter(record, effects, v1::CASE_STATE_OPEN, opening.summary, opening.actor, now);
  effects.cases.push_back(std::move(record));
  return effects;
}

void reopen(v1::Case& record, Effects& effects, std::string_view reason, std::string_view actor, Instant now) {
  record.set_reopened_count(record.reopened_count() + 1);
  record.set_resolution(v1::CASE_RESOLUTION_UNSPECIFIED);
  record.clear_proving();
  record.clear_confirmation();
  record.clear_work_done_at();
  record.clear_proven_at();
  record.clear_closed_at();
  record.clear_visit();
  record.clear_declined_by();
  record.set_plan_attempts(0);
  effects.timers.push_back({internal::v1::TIMER_KIND_ASK_CUSTOMER, record.name(), kNever});
  enter(record, effects, v1::CASE_STATE_OPEN, "opened again: " + std::string(reason), actor, now);
}

Effects fault_active(const v1::Case& current, const v1::FaultEpisode& episode, Instant now) {
  Effects effects;
  v1::Case record = current;
  record.set_episode_count(record.episode_count() + 1);
  record.set_active_episode_count(record.active_episode_count() + 1);
  record.set_severity(std::max(record.severity(), episode.severity()));
  tell(record, effects, v1::TIMELINE_KIND_FAULT, quoted(episode, "became active"), kFirstFix, episode.name(), now);
  if (work_done(record) || closed(record)) reopen(record, effects, describe(episode) + " came back", kFirstFix, now);
  effects.cases.push_back(std::move(record));
  return effects;
}

Effects fault_cleared(const v1::Case& current, const v1::FaultEpisode& episode, Instant now) {
  Effects effects;
  v1::Case record = current;
  record.set_active_episode_count(record.active_episode_count() - std::min(1u, record.active_episode_count()));
  tell(record, effects, v1::TIMELINE_KIND_FAULT,
       quoted(episode, episode.cleared_by_tool() ? "was erased with a tool, which is no recovery" : "cleared"),
       kFirstFix, episode.name(), now);
  effects.cases.push_back(std::move(record));
  return effects;
}

Effects fault_changed(const v1::Case& current, const v1::FaultEpisode& episode, Instant now) {
  Effects effects;
  v1::Case record = current;
  if (episode.severity() > record.severity()) {
    record.set_severity(episode.severity());
    tell(record, effects, v1::TIMELINE_KIND_FAULT, quoted(episode, "became graver"), kFirstFix, episode.name(), now);
  }
  effects.cases.push_back(std::move(record));
  return effects;
}

Result<Effects> cancel(const v1::Case& current, std::string_view reason, std::string_view actor, Instant now) {
  if (closed(current)) return fail(Code::kState, current.name() + " is closed already");
  if (reason.empty()) return fail(Code::kInvalid, "reason is needed: the customer sees it");
  Effects effects;
  v1::Case record = current;
  record.set_resolution(v1::CASE_RESOLUTION_CANCELLED);
  record.set_cancel_reason(reason.data(), reason.size());
  *record.mutable_closed_at() = to_proto(now);
  record.clear_plan_due_reason();
  record.clear_plan_relaxation();
  effects.timers.push_back({internal::v1::TIMER_KIND_PLAN_DUE, record.name(), kNever});
  effects.timers.push_back({internal::v1::TIMER_KIND_ASK_CUSTOMER, record.name(), kNever});
  enter(record, effects, v1::CASE_STATE_CLOSED, "cancelled: " + std::string(reason), actor, now);
  effects.cases.push_back(std::move(record));
  return effects;
}

void plan_due(v1::Case& record, Effects& effects, std::string_view reason, Instant now) {
  const bool first = record.plan_due_reason().empty();
  const bool same = record.plan_due_reason() == reason;
  record.set_plan_due_reason(reason.data(), reason.size());
  record.clear_plan_relaxation();  // whoever has looked says it
  record.set_plan_attempts(first ? 1 : record.plan_attempts() + 1);
  // 1, 2, 4 … minutes, at most an hour: a shift or a part may turn up at any time.
  const auto wait = std::min<Duration>(std::chrono::minutes{1} * (1 << std::min(6u, record.plan_attempts() - 1)),
                                       std::chrono::hours{1});
  effects.timers.push_back({internal::v1::TIMER_KIND_PLAN_DUE, record.name(), now + wait});
  if (record.state() != v1::CASE_STATE_OPEN) {
    enter(record, effects, v1::CASE_STATE_OPEN, reason, kFirstFix, now);
  } else if (!same) {
    tell(record, effects, v1::TIMELINE_KIND_DECISION, "no visit yet: " + std::string(reason), kFirstFix, "", now);
  }
}

}  // namespace firstfix::casework
