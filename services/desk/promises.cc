// What becomes of an appointment: the visit is planned or cannot be, begins, or the time is over.
#include "appointments.h"
#include "casework/case.h"
#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/commands.h"
#include "desk/zones.h"
#include "steps.h"

namespace firstfix::desk {

Result<visit::Appointed> appointed(const View& view, const std::string& name, const std::string& etag) {
  FIRSTFIX_TRY(appointment, view.get<v1::Appointment>(name));
  if (!etag.empty() && etag != appointment.etag())
    return fail(Code::kConflict, name + " has changed since; read it again");
  FIRSTFIX_TRY(record, view.get<v1::Case>(appointment.case_name()));
  FIRSTFIX_TRY(zone, zone_in(view, record.territory()));
  return visit::Appointed{std::move(appointment), std::move(record), std::move(zone)};
}

Result<std::optional<visit::Job>> open_visit(const View& view, const v1::Case& record) {
  if (record.visit().empty()) return std::optional<visit::Job>{};
  FIRSTFIX_TRY(job, job_of(view, record.visit()));
  if (!visit::open(job.visit)) return std::optional<visit::Job>{};
  return std::optional<visit::Job>{std::move(job)};
}

Result<std::optional<v1::Appointment>> promised_to(const View& view, const v1::Case& record) {
  if (record.appointment().empty()) return std::optional<v1::Appointment>{};
  FIRSTFIX_TRY(found, view.find<v1::Appointment>(record.appointment()));
  if (!found || !visit::promised(*found)) return std::optional<v1::Appointment>{};
  return std::move(found);
}

Status visit_planned(UnitOfWork& uow, const planning::Travel& travel, const std::string& case_name) {
  FIRSTFIX_TRY(record, uow.get<v1::Case>(case_name));
  FIRSTFIX_TRY(visit, uow.get<v1::Visit>(record.visit()));
  FIRSTFIX_TRY(promise, promised_to(uow, record));
  if (promise) {
    FIRSTFIX_TRY(zone, zone_in(uow, record.territory()));
    auto effects = visit::planned({*promise, record, zone}, to_instant(visit.starts_at()), uow.now());
    if (effects) FIRSTFIX_CHECK(uow.apply(std::move(*effects)));
  } else {
    // The day of somebody for whom nobody waits at a promised time is not looked at.
    const auto kind = std::to_string(static_cast<int>(internal::v1::TIMER_KIND_ARRIVALS_DUE));
    FIRSTFIX_TRY(waits, uow.lookup(index::kTimer, {kind, visit.engineer()}));
    if (!waits) return {};
  }
  return review_arrivals(uow, travel, visit.engineer());
}

Status visit_not_planned(UnitOfWork& uow, const std::string& case_name, const std::string& reason) {
  FIRSTFIX_TRY(record, uow.get<v1::Case>(case_name));
  FIRSTFIX_TRY(promise, promised_to(uow, record));
  if (!promise) return {};
  FIRSTFIX_TRY(zone, zone_in(uow, record.territory()));
  auto effects = visit::nobody_can({*promise, record, zone}, reason, uow.now());
  return effects ? uow.apply(std::move(*effects)) : Status{};
}

Status visit_begun(UnitOfWork& uow, const std::string& case_name, Instant at) {
  FIRSTFIX_TRY(record, uow.get<v1::Case>(case_name));
  if (record.appointment().empty()) return {};
  FIRSTFIX_TRY(one, appointed(uow, record.appointment(), ""));
  auto effects = visit::arrived(one, at, uow.now());
  return effects ? uow.apply(std::move(*effects)) : Status{};
}

Status send_another(Command& command, const std::string& name) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(one, appointed(uow, name, ""));
  if (one.appointment.state() != v1::APPOINTMENT_STATE_AT_RISK || !one.appointment.has_expected_arrival_at()) return {};
  FIRSTFIX_TRY(job, open_visit(uow, one.record));
  if (!job || visit::begun(job->visit) || job->visit.engineer().empty()) return {};
  if (one.record.automation() != v1::AUTOMATION_LEVEL_AUTOMATIC) return {};
  if (!not_overtaken(command)) return review_soon(uow, name, command.now() + std::chrono::minutes{1});
  const auto window = visit::window_of(one.appointment);
  Work work(command);
  FIRSTFIX_TRY(draft, draft_for(work, one.record));
  draft.window = planning::Interval{window.from, window.to};
  draft.automation = one.record.automation();
  auto without = one.record;
  without.add_declined_by(job->visit.engineer());
  FIRSTFIX_TRY(plan, plan_case(work, draft, without));
  if (!plan->placement) return {};
  FIRSTFIX_CHECK(release_visit(uow, job->visit));
  auto effects = visit::withdraw(*job, job->visit.engineer() + " would come too late for the appointment", kFirstFix,
                                 command.now());
  effects.cases.back().add_declined_by(job->visit.engineer());
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  FIRSTFIX_TRY(record, uow.get<v1::Case>(one.record.name()));
  FIRSTFIX_CHECK(book_planned(work, draft, record, *plan));
  work.drafts.push_back(std::move(draft));
  return offer_visits(work);
}

Status review_soon(UnitOfWork& uow, const std::string& subject, Instant due) {
  return uow.set_timer({internal::v1::TIMER_KIND_ARRIVALS_DUE, subject, due});
}

Status hold_ends(Command& command, const std::string& name) {
  FIRSTFIX_TRY(one, appointed(command.uow, name, ""));
  auto effects = visit::expire(one);
  if (!effects) return {};
  FIRSTFIX_CHECK(give_back(command.uow, one.appointment));
  return command.uow.apply(std::move(*effects));
}

Status window_ends(Command& command, const std::string& name) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(one, appointed(uow, name, ""));
  auto effects = visit::window_over(one, command.now());
  if (!effects) return {};
  FIRSTFIX_CHECK(uow.apply(std::move(*effects)));
  FIRSTFIX_TRY(record, uow.get<v1::Case>(one.record.name()));
  // Late, but as soon as anybody can.
  if (!casework::plannable(record) || record.plan_due_reason().empty()) return {};
  return uow.set_timer({internal::v1::TIMER_KIND_PLAN_DUE, record.name(), uow.now()});
}

}  // namespace firstfix::desk
