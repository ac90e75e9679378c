#include "desk/commands.h"

#include "appointments.h"
#include "candidates.h"
#include "casework/case.h"
#include "casework/closure.h"
#include "casework/convert.h"
#include "casework/watch.h"
#include "desk/bookings.h"
#include "desk/zones.h"
#include "meetings.h"
#include "planning/emergency.h"
#include "visit/crew.h"
#include "visit/standard.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kMaxSummaryBytes = 500, kMaxWordsBytes = 2000, kMaxCodes = 32;

Status limit(std::string_view field, const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return {};
  return fail(Code::kTooLarge, std::string(field) + " is over " + std::to_string(bytes) + " bytes");
}

std::string why_not_planned(const v1::Case& record) {
  return record.plan_due_reason() + (record.plan_relaxation().empty() ? "" : "; possible " + record.plan_relaxation());
}

// The visit ends without work done; the case is planned anew.
Status drop_visit(Command& command, const v1::Case& record, const std::string& reason) {
  if (record.visit().empty()) return {};
  auto& uow = command.uow;
  FIRSTFIX_TRY(job, job_of(uow, record.visit()));
  if (!visit::open(job.visit)) return {};
  FIRSTFIX_TRY(effects, visit::cancel(job, reason, command.actor, command.now()));
  FIRSTFIX_CHECK(release_visit(uow, job.visit));
  return uow.apply(std::move(effects));
}

}  // namespace

Result<visit::Job> job_of(const View& view, const std::string& name) {
  FIRSTFIX_TRY(visit, view.get<v1::Visit>(name));
  FIRSTFIX_TRY(record, view.get<v1::Case>(visit.case_name()));
  auto crewed = visit;
  visit::write_crew(crewed);
  std::vector<v1::Offer> offers;
  for (const auto& member : crewed.crew()) {
    if (member.offer().empty()) continue;
    FIRSTFIX_TRY(offer, view.get<v1::Offer>(member.offer()));
    offers.push_back(std::move(offer));
  }
  FIRSTFIX_TRY(zone, zone_in(view, visit.territory()));
  return visit::Job{std::move(visit), std::move(record), std::move(offers), std::move(zone)};
}

Result<std::vector<v1::ChecklistStep>> steps_of(const View& view, const std::string& visit) {
  FIRSTFIX_TRY(record, view.get<v1::Visit>(visit));
  std::vector<v1::ChecklistStep> steps;
  for (std::uint32_t i = 0; i < record.step_count(); ++i) {
    const auto number = std::to_string(i);
    FIRSTFIX_TRY(step, view.get<v1::ChecklistStep>(visit + "/steps/" + std::string(6 - number.size(), '0') + number));
    steps.push_back(std::move(step));
  }
  visit::sort_by_work(steps);
  return steps;
}

Status replan(Command& command, const std::string& case_name, bool forced) {
  Work work(command);
  auto& draft = work.draft(case_name);
  draft.plan = true;
  draft.forced = forced;
  return run_pipeline(work);
}

Status release_visit(UnitOfWork& uow, const v1::Visit& visit) {
  FIRSTFIX_CHECK(release_parts(uow, visit.name()));
  FIRSTFIX_CHECK(call_off_meetings(uow, visit));
  for (const auto& member : visit.crew()) FIRSTFIX_CHECK(unbook(uow, member.engineer(), visit.name()));
  if (visit::begun(visit)) FIRSTFIX_CHECK(withdraw_deviations(uow, visit.name(), "the visit has ended"));
  return unbook(uow, visit.engineer(), visit.name());
}

Status not_taken(Command& command, const visit::Job& job, const v1::Offer& offer, Effects effects) {
  auto& uow = command.uow;
  if (!effects.visits.back().engineer().empty()) {
    FIRSTFIX_CHECK(unbook(uow, offer.engineer(), job.visit.name()));
    return uow.apply(std::move(effects));
  }
  FIRSTFIX_CHECK(release_visit(uow, job.visit));
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  return replan(command, job.record.name(), false);
}

Result<v1::Case> create_case(Command& command, const ByHand& wanted) {
  auto& uow = command.uow;
  if (wanted.summary.empty()) return fail(Code::kInvalid, "summary is needed: one line that says what it is about");
  FIRSTFIX_CHECK(limit("summary", wanted.summary, kMaxSummaryBytes));
  if (wanted.codes.size() > kMaxCodes) return fail(Code::kTooLarge, "codes has over 32 entries");
  FIRSTFIX_TRY(place, find_place(uow, wanted.asset));
  FIRSTFIX_TRY(open, uow.lookup(index::kOpenCaseOfAsset, {wanted.asset}));
  if (open) return fail(Code::kExists, *open + " is open for " + wanted.asset + " already; add to that one");
  const casework::Opening opening{
      .name = command.fresh("cases"),
      .asset = &place.asset,
      .site = place.site ? &*place.site : nullptr,
      .customer = place.customer ? &*place.customer : nullptr,
      .summary = wanted.summary,
      .severity = wanted.severity == v1::SEVERITY_UNSPECIFIED ? v1::SEVERITY_MAJOR : wanted.severity,
      .opened_at = command.now(),
      .actor = command.actor};
  FIRSTFIX_CHECK(uow.apply(casework::open(opening, command.now())));
  Work work(command);
  work.draft(opening.name).plan = true;
  for (const auto& code : wanted.codes) {
    Observation seen{.asset = wanted.asset, .occurred_at = command.now(), .received_at = command.now()};
    seen.change.set_kind(v1::FAULT_CHANGE_KIND_ACTIVE);
    seen.change.set_code(code);
    FIRSTFIX_CHECK(casework::validate(seen.change));
    work.observations.push_back(std::move(seen));
  }
  FIRSTFIX_CHECK(run_pipeline(work));
  return uow.get<v1::Case>(opening.name);
}

Result<v1::Case> approve_case(Command& command, const std::string& name, bool make_room) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(record, uow.get<v1::Case>(name));
  if (!casework::plannable(record))
    return fail(Code::kState,
                name + " is " + std::string(casework::state_name(record.state())) + ": nothing waits for approval");
  if (make_room && !planning::cannot_wait(priority_of(record.severity())))
    return fail(Code::kState, name + " can wait: others give way only to a hazard, or to a machine that stands");
  if (record.state() != v1::CASE_STATE_PROPOSED || make_room) {
    Effects effects;
    casework::want_visit(record, effects);
    effects.cases.push_back(record);
    FIRSTFIX_CHECK(uow.apply(std::move(effects)));
    Work work(command);
    auto& draft = work.draft(name);
    draft.plan = draft.forced = true;
    draft.make_room = make_room;
    FIRSTFIX_CHECK(run_pipeline(work));
  }
  FIRSTFIX_TRY(planned, uow.get<v1::Case>(name));
  if (planned.state() == v1::CASE_STATE_OFFERED) return planned;
  if (planned.state() != v1::CASE_STATE_PROPOSED)
    return fail(Code::kState, name + " cannot be planned: " + why_not_planned(planned));
  FIRSTFIX_TRY(job, job_of(uow, planned.visit()));
  FIRSTFIX_TRY(place, find_place(uow, planned.asset()));
  FIRSTFIX_TRY(effects, visit::offer(job, command.fresh("offers"), offer_timeout(place), command.actor, command.now()));
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  return uow.get<v1::Case>(name);
}

Result<v1::Case> cancel_case(Command& command, const std::string& name, const std::string& reason) {
  auto& uow = command.uow;
  FIRSTFIX_CHECK(limit("reason", reason, kMaxWordsBytes));
  FIRSTFIX_TRY(record, uow.get<v1::Case>(name));
  if (!casework::closed(record) && !reason.empty()) FIRSTFIX_CHECK(drop_visit(command, record, reason));
  if (!reason.empty()) FIRSTFIX_CHECK(call_off_appointments(command, name, "the case was cancelled: " + reason));
  FIRSTFIX_TRY(current, uow.get<v1::Case>(name));
  FIRSTFIX_TRY(effects, casework::cancel(current, reason, command.actor, command.now()));
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  return uow.get<v1::Case>(name);
}

Result<v1::Case> confirm_case(Command& command, const std::string& name, bool solved, const std::string& comment,
                              const std::string& channel) {
  auto& uow = command.uow;
  FIRSTFIX_CHECK(limit("comment", comment, kMaxWordsBytes));
  FIRSTFIX_CHECK(limit("channel", channel, 64));
  FIRSTFIX_TRY(record, uow.get<v1::Case>(name));
  const auto by = channel.empty() ? command.actor : "customer by " + channel + ", written down by " + command.actor;
  FIRSTFIX_TRY(effects, casework::customer_says(record, solved, comment, by, command.now()));
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  if (!solved) FIRSTFIX_CHECK(replan(command, name, false));
  return uow.get<v1::Case>(name);
}

Result<v1::Case> record_remote_check(Command& command, const std::string& name, bool will_fail,
                                     const std::string& finding) {
  auto& uow = command.uow;
  FIRSTFIX_CHECK(limit("finding", finding, kMaxWordsBytes));
  FIRSTFIX_TRY(record, uow.get<v1::Case>(name));
  FIRSTFIX_TRY(effects, casework::looked_at(record, will_fail, finding, command.actor, command.now()));
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  if (will_fail) FIRSTFIX_CHECK(replan(command, name, false));
  return uow.get<v1::Case>(name);
}

Result<v1::Visit> reassign_visit(Command& command, const std::string& name, const std::string& engineer,
                                 const std::string& reason) {
  auto& uow = command.uow;
  if (reason.empty()) return fail(Code::kInvalid, "reason is needed");
  FIRSTFIX_CHECK(limit("reason", reason, kMaxWordsBytes));
  FIRSTFIX_TRY(job, job_of(uow, name));
  if (!visit::open(job.visit) || visit::begun(job.visit))
    return fail(Code::kState,
                name + " is " + std::string(visit::state_name(job.visit.state())) + " and cannot be given to another");
  if (!engineer.empty() && engineer == job.visit.engineer())
    return fail(Code::kState, name + " is with " + engineer + " already");
  FIRSTFIX_CHECK(release_visit(uow, job.visit));
  auto effects = visit::withdraw(job, reason, command.actor, command.now());
  // A named engineer stands above who has declined; without a name it shall be anybody but the present one.
  auto& record = effects.cases.back();
  if (engineer.empty() && !job.visit.engineer().empty()) record.add_declined_by(job.visit.engineer());
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  Work work(command);
  auto& draft = work.draft(job.record.name());
  draft.plan = draft.forced = true;
  draft.engineer = engineer;
  FIRSTFIX_CHECK(run_pipeline(work));
  FIRSTFIX_TRY(planned, uow.get<v1::Visit>(name));
  if (!engineer.empty() && !visit::is_member(planned, engineer)) {
    FIRSTFIX_TRY(current, uow.get<v1::Case>(job.record.name()));
    return fail(Code::kState, engineer + " cannot take it: " + why_not_planned(current));
  }
  return planned;
}

Result<v1::Visit> cancel_visit(Command& command, const std::string& name, const std::string& reason) {
  auto& uow = command.uow;
  FIRSTFIX_CHECK(limit("reason", reason, kMaxWordsBytes));
  FIRSTFIX_TRY(job, job_of(uow, name));
  FIRSTFIX_TRY(effects, visit::cancel(job, reason, command.actor, command.now()));
  FIRSTFIX_CHECK(release_visit(uow, job.visit));
  auto& record = effects.cases.back();
  record.clear_visit();
  Effects opened;
  casework::enter(record, opened, v1::CASE_STATE_OPEN, "to be planned again", command.actor, command.now());
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  FIRSTFIX_CHECK(uow.apply(std::move(opened)));
  FIRSTFIX_CHECK(replan(command, job.record.name(), false));
  return uow.get<v1::Visit>(name);
}

Result<v1::Outcome> correct_outcome(Command& command, const v1::Outcome& wanted) {
  FIRSTFIX_TRY(outcome, command.uow.get<v1::Outcome>(wanted.name()));
  if (!wanted.etag().empty() && wanted.etag() != outcome.etag())
    return fail(Code::kConflict, wanted.name() + " has changed since; read it again");
  *outcome.mutable_causes() = wanted.causes();
  *outcome.mutable_parts() = wanted.parts();
  FIRSTFIX_CHECK(command.uow.put(outcome));
  return command.uow.get<v1::Outcome>(wanted.name());
}

Result<v1::StockLine> set_stock(Command& command, const std::string& location, const std::string& part,
                                std::uint32_t on_hand) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(place, uow.get<v1::StockLocation>(location));
  FIRSTFIX_TRY(kind, uow.get<v1::Part>(part));
  const auto name = line_name(place.name(), kind.name());
  FIRSTFIX_TRY(found, uow.find<v1::StockLine>(name));
  v1::StockLine line = found ? std::move(*found) : v1::StockLine{};
  if (on_hand < line.reserved())
    return fail(Code::kState, std::to_string(line.reserved()) + " of " + part + " are reserved at " + location);
  line.set_name(name);
  line.set_location(location);
  line.set_part(part);
  line.set_on_hand(on_hand);
  FIRSTFIX_CHECK(uow.put(line));
  return uow.get<v1::StockLine>(name);
}

}  // namespace firstfix::desk
