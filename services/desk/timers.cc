// What falls due.
#include "appointments.h"
#include "casework/case.h"
#include "casework/closure.h"
#include "casework/watch.h"
#include "desk/commands.h"
#include "desk/qualifications.h"
#include "desk/replanning.h"
#include "meetings.h"

namespace firstfix::desk {
namespace {

Status offer_expires(Command& command, const std::string& name) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(offer, uow.get<v1::Offer>(name));
  if (offer.state() != v1::OFFER_STATE_OPEN) return {};
  FIRSTFIX_TRY(job, job_of(uow, offer.visit()));
  return not_taken(command, job, offer, visit::expire(job, offer, command.now()));
}

Status plan_again(Command& command, const std::string& name) {
  FIRSTFIX_TRY(record, command.uow.get<v1::Case>(name));
  return casework::plannable(record) && !record.plan_due_reason().empty() ? replan(command, name, false) : Status{};
}

Status delay_passed(Command& command, internal::v1::TimerKind kind, const std::string& name) {
  FIRSTFIX_TRY(episode, command.uow.get<v1::FaultEpisode>(name));
  Work work(command);
  FIRSTFIX_CHECK(settle_episode(work, casework::on_delay_passed(episode, kind, command.now())));
  return run_pipeline(work);
}

Status ask_again(Command& command, const std::string& name) {
  FIRSTFIX_TRY(record, command.uow.get<v1::Case>(name));
  auto effects = casework::reminder_due(record, command.now());
  return effects ? command.uow.apply(std::move(*effects)) : Status{};
}

Status look_again(Command& command, const std::string& name) {
  FIRSTFIX_TRY(record, command.uow.get<v1::Case>(name));
  if (record.state() != v1::CASE_STATE_WATCHED) return {};
  if (auto effects = casework::watched_long_enough(record, command.now()))
    FIRSTFIX_CHECK(command.uow.apply(std::move(*effects)));
  return replan(command, name, false);
}

}  // namespace

Status fire_timer(Command& command, internal::v1::TimerKind kind, const std::string& subject) {
  switch (kind) {
    case internal::v1::TIMER_KIND_OFFER_EXPIRES:
      return offer_expires(command, subject);
    case internal::v1::TIMER_KIND_PLAN_DUE:
      return plan_again(command, subject);
    case internal::v1::TIMER_KIND_EPISODE_ON:
    case internal::v1::TIMER_KIND_EPISODE_OFF:
      return delay_passed(command, kind, subject);
    case internal::v1::TIMER_KIND_WATCH_DUE:
      return look_again(command, subject);
    case internal::v1::TIMER_KIND_ASK_CUSTOMER:
      return ask_again(command, subject);
    case internal::v1::TIMER_KIND_QUALIFICATION_CHANGES:
      return review_bookings(command, subject);
    case internal::v1::TIMER_KIND_HOLD_ENDS:
      return hold_ends(command, subject);
    case internal::v1::TIMER_KIND_APPOINTMENT_ENDS:
      return window_ends(command, subject);
    case internal::v1::TIMER_KIND_ARRIVALS_DUE:
      return subject.rfind("appointments/", 0) == 0 ? send_another(command, subject)
                                                    : review_arrivals(command.uow, command.travel, subject);
    case internal::v1::TIMER_KIND_REPLAN_DUE:
      return improve_territory(command, subject);
    case internal::v1::TIMER_KIND_MEETING_DUE:
      return review_meetings(command, subject);
    case internal::v1::TIMER_KIND_RELEASE_HELD:
      return release_held(command, subject);
    default:
      return fail(Code::kCorrupt, "a timer of an unknown kind: " + std::to_string(static_cast<int>(kind)));
  }
}

}  // namespace firstfix::desk
