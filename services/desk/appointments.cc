// Appointments: looking for slots, holding one, promising it. What becomes of a promise is in promises.cc.
#include "appointments.h"

#include <algorithm>

#include "casework/case.h"
#include "casework/convert.h"
#include "casework/watch.h"
#include "desk/bookings.h"
#include "desk/commands.h"
#include "desk/zones.h"
#include "holds.h"
#include "planning/windows.h"
#include "steps.h"

namespace firstfix::desk {
namespace {

constexpr Duration kUsualWindow = std::chrono::hours{2}, kUsualSearch = std::chrono::hours{24 * 3};
constexpr Duration kShortestSlot = std::chrono::minutes{30}, kLongestSlot = std::chrono::hours{12};
constexpr int kUsualSlots = 5, kMostSlots = 20;
constexpr std::size_t kMaxReasonBytes = 2000;

// May the time of the case's visit still be chosen?
Status to_be_chosen(const View& view, const v1::Case& record) {
  if (casework::closed(record) || casework::work_done(record))
    return fail(Code::kState,
                record.name() + " is " + std::string(casework::state_name(record.state())) + ": nobody has to come");
  FIRSTFIX_TRY(job, open_visit(view, record));
  if (job && visit::begun(job->visit))
    return fail(Code::kState,
                job->visit.name() + " is " + std::string(visit::state_name(job->visit.state())) + " already");
  return {};
}

Result<std::vector<std::string>> open_appointments(const View& view, const std::string& case_name) {
  std::vector<std::string> names;
  FIRSTFIX_CHECK(view.each_entry(index::kOpenAppointment, {case_name}, [&](std::string_view name, std::string_view) {
    names.emplace_back(name);
    return true;
  }));
  return names;
}

Status call_off(Command& command, const std::string& name, const std::string& reason) {
  FIRSTFIX_TRY(one, appointed(command.uow, name, ""));
  FIRSTFIX_TRY(effects, visit::cancel(one, reason, command.actor, command.now()));
  FIRSTFIX_CHECK(give_back(command.uow, one.appointment));
  return command.uow.apply(std::move(effects));
}

// A case holds one window.
Status give_back_held(Command& command, const std::string& case_name) {
  FIRSTFIX_TRY(names, open_appointments(command.uow, case_name));
  for (const auto& name : names) {
    FIRSTFIX_TRY(other, command.uow.get<v1::Appointment>(name));
    if (other.state() == v1::APPOINTMENT_STATE_HELD) FIRSTFIX_CHECK(call_off(command, name, "another is held"));
  }
  return {};
}

Duration hold_time(const std::optional<v1::Territory>& territory) {
  if (!territory || !territory->has_appointment_hold()) return visit::kDefaultHold;
  return std::clamp(to_duration(territory->appointment_hold()), Duration{std::chrono::minutes{1}}, visit::kLongestHold);
}

tl::unexpected<Error> nobody_arrives(const visit::Window& window, const Zone& zone, const std::string& reason) {
  return fail(Code::kState, "nobody can arrive " + visit::in_words(window, zone) + ": " + reason);
}

// A machine that is only watched is visited after all: somebody has agreed to a time.
Status want_visit(UnitOfWork& uow, const std::string& case_name) {
  FIRSTFIX_TRY(record, uow.get<v1::Case>(case_name));
  Effects effects;
  casework::want_visit(record, effects);
  effects.cases.push_back(std::move(record));
  return uow.apply(std::move(effects));
}

// Plans the case's visit within its appointment, unless it lies within it already. kState if nobody can.
Status keep_promise(Command& command, const v1::Appointment& promise) {
  auto& uow = command.uow;
  const auto window = visit::window_of(promise);
  FIRSTFIX_TRY(record, uow.get<v1::Case>(promise.case_name()));
  FIRSTFIX_TRY(zone, zone_in(uow, record.territory()));
  FIRSTFIX_TRY(job, open_visit(uow, record));
  if (job && !job->visit.engineer().empty() && window.holds(to_instant(job->visit.starts_at())))
    return visit_planned(uow, command.travel, record.name());
  if (job) {
    FIRSTFIX_CHECK(release_visit(uow, job->visit));
    FIRSTFIX_CHECK(uow.apply(visit::withdraw(*job, "the customer was promised " + visit::in_words(window, zone),
                                             command.actor, command.now())));
  }
  FIRSTFIX_CHECK(want_visit(uow, record.name()));
  FIRSTFIX_CHECK(replan(command, record.name(), true));
  FIRSTFIX_TRY(now, uow.get<v1::Appointment>(promise.name()));
  if (now.state() != v1::APPOINTMENT_STATE_BOOKED || !now.has_expected_arrival_at())
    return nobody_arrives(window, zone, now.reason());
  return {};
}

}  // namespace

Result<Draft> draft_for(Work& work, const v1::Case& record) {
  const auto& uow = work.uow;
  Draft draft{.case_name = record.name()};
  draft.plan = draft.forced = true;
  FIRSTFIX_TRY(seen, seen_of(uow, record.name(), uow.now()));
  draft.seen = std::move(seen);
  FIRSTFIX_TRY(diagnosis, uow.find<v1::Diagnosis>(record.diagnosis()));
  if (diagnosis) draft.diagnosis = std::move(*diagnosis);
  FIRSTFIX_TRY(job, open_visit(uow, record));
  if (job) draft.free_of = job->visit.name();
  FIRSTFIX_CHECK(choose_kit(work, draft));
  return draft;
}

Status give_back(UnitOfWork& uow, const v1::Appointment& held) {
  for (const auto& engineer : held.engineers()) FIRSTFIX_CHECK(unbook(uow, engineer, held.name()));
  return give_parts_back(uow, held.name());
}

Status not_overtaken(const Command& command) {
  if (command.plans.mode() != Plans::Mode::kPutOff) return {};
  return fail(Code::kConflict, "others are booking at the same time; try again");
}

Result<std::vector<v1::Slot>> search_slots(Command& command, const SlotSearch& search) {
  const auto now = command.now();
  const auto window = search.window.value_or(kUsualWindow);
  if (window < kShortestSlot || window > kLongestSlot)
    return fail(Code::kInvalid, "window must be from 30 minutes to 12 hours");
  const auto from = std::max(search.earliest.value_or(now), now);
  const auto to = search.latest.value_or(std::min(from + kUsualSearch, now + visit::kAppointmentHorizon));
  if (to > now + visit::kAppointmentHorizon) return fail(Code::kInvalid, "latest_at is more than 7 days ahead");
  if (from + window > to)
    return fail(Code::kInvalid, "between earliest_at and latest_at there is no room for a window");
  if (search.most < 0) return fail(Code::kInvalid, "max_slots is negative");
  const auto most = search.most == 0 ? kUsualSlots : std::min(search.most, kMostSlots);
  FIRSTFIX_TRY(record, command.uow.get<v1::Case>(search.case_name));
  FIRSTFIX_CHECK(to_be_chosen(command.uow, record));
  FIRSTFIX_CHECK(give_back_held(command, record.name()));  // as holding another one would
  Work work(command);
  FIRSTFIX_TRY(draft, draft_for(work, record));
  FIRSTFIX_TRY(zone, zone_in(command.uow, record.territory()));
  const auto windows = planning::windows_within(from, to, window, zone);
  // Only those of the windows count; what was promised before is given up for one of them.
  draft.window = planning::Interval{from, to};
  FIRSTFIX_TRY(asked, question_of(work, draft, record));
  FIRSTFIX_TRY(offers, planning::cheapest_windows(asked.job, asked.candidates, command.travel, command.prices.one, now,
                                                  windows, static_cast<std::size_t>(most)));
  std::vector<v1::Slot> slots;
  for (const auto& offer : offers) {
    auto& slot = slots.emplace_back();
    *slot.mutable_starts_at() = to_proto(offer.window.from);
    *slot.mutable_ends_at() = to_proto(offer.window.to);
    slot.set_extra_cost(offer.extra_cost);
    slot.set_reason(offer.placement.reason);
  }
  const auto best = std::min_element(slots.begin(), slots.end(),
                                     [](const auto& a, const auto& b) { return a.extra_cost() < b.extra_cost(); });
  if (best != slots.end()) best->set_best(true);
  return slots;
}

Result<v1::Appointment> hold_slot(Command& command, const std::string& case_name, const visit::Window& window) {
  auto& uow = command.uow;
  FIRSTFIX_CHECK(visit::check_window(window, command.now()));
  FIRSTFIX_TRY(before, uow.get<v1::Case>(case_name));
  FIRSTFIX_CHECK(to_be_chosen(uow, before));
  FIRSTFIX_CHECK(not_overtaken(command));
  FIRSTFIX_CHECK(give_back_held(command, case_name));
  FIRSTFIX_TRY(record, uow.get<v1::Case>(case_name));
  FIRSTFIX_TRY(zone, zone_in(uow, record.territory()));
  Work work(command);
  FIRSTFIX_TRY(draft, draft_for(work, record));
  draft.window = planning::Interval{window.from, window.to};
  FIRSTFIX_TRY(plan, plan_case(work, draft, record));
  if (!plan->placement)
    return nobody_arrives(
        window, zone,
        plan->placement.error().message + (plan->relaxation.empty() ? "" : "; possible " + plan->relaxation));
  const auto name = command.fresh("appointments");
  std::vector<std::string> engineers;
  for (auto& [engineer, stop] : stops_of(plan->placement->choice)) {
    stop.set_visit(name);
    stop.set_beside(draft.free_of);
    FIRSTFIX_CHECK(book(uow, engineer, stop));
    engineers.push_back(engineer);
  }
  FIRSTFIX_CHECK(hold_parts(uow, name, case_name, plan->kit));
  FIRSTFIX_TRY(place, find_place(uow, record.asset()));
  const auto until = std::min(command.now() + hold_time(place.territory), window.to);
  v1::Appointment fresh;
  fresh.set_name(name);
  FIRSTFIX_CHECK(uow.apply(visit::hold({std::move(fresh), std::move(record), std::move(zone)}, window, engineers, until,
                                       command.actor, command.now())));
  return uow.get<v1::Appointment>(name);
}

Result<v1::Appointment> book_appointment(Command& command, const std::string& name, const std::string& etag) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(held, appointed(uow, name, etag));
  FIRSTFIX_CHECK(visit::book(held, command.actor, command.now()).map([](auto&&) {}));
  FIRSTFIX_CHECK(to_be_chosen(uow, held.record));
  FIRSTFIX_CHECK(not_overtaken(command));
  FIRSTFIX_TRY(earlier, promised_to(uow, held.record));
  if (earlier) FIRSTFIX_CHECK(call_off(command, earlier->name(), "another was booked in its place"));
  FIRSTFIX_TRY(one, appointed(uow, name, ""));
  FIRSTFIX_TRY(effects, visit::book(one, command.actor, command.now()));
  FIRSTFIX_CHECK(give_back(uow, one.appointment));
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  FIRSTFIX_CHECK(keep_promise(command, one.appointment));
  return uow.get<v1::Appointment>(name);
}

Result<v1::Appointment> reschedule_appointment(Command& command, const std::string& name, const visit::Window& window,
                                               const std::string& etag) {
  auto& uow = command.uow;
  FIRSTFIX_CHECK(visit::check_window(window, command.now()));
  FIRSTFIX_TRY(before, appointed(uow, name, etag));
  FIRSTFIX_CHECK(visit::reschedule(before, window, command.actor, command.now()).map([](auto&&) {}));
  FIRSTFIX_CHECK(to_be_chosen(uow, before.record));
  FIRSTFIX_CHECK(not_overtaken(command));
  FIRSTFIX_CHECK(give_back_held(command, before.record.name()));
  FIRSTFIX_TRY(one, appointed(uow, name, ""));
  FIRSTFIX_TRY(effects, visit::reschedule(one, window, command.actor, command.now()));
  const auto promise = effects.appointments.back();
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  FIRSTFIX_CHECK(keep_promise(command, promise));
  return uow.get<v1::Appointment>(name);
}

Result<v1::Appointment> cancel_appointment(Command& command, const std::string& name, const std::string& reason,
                                           const std::string& etag) {
  auto& uow = command.uow;
  if (reason.size() > kMaxReasonBytes) return fail(Code::kTooLarge, "reason is over 2000 bytes");
  FIRSTFIX_TRY(one, appointed(uow, name, etag));
  FIRSTFIX_CHECK(call_off(command, name, reason));
  FIRSTFIX_TRY(record, uow.get<v1::Case>(one.record.name()));
  // What could not be planned within the window may be planned now.
  if (casework::plannable(record) && !record.plan_due_reason().empty())
    FIRSTFIX_CHECK(uow.set_timer({internal::v1::TIMER_KIND_PLAN_DUE, record.name(), uow.now()}));
  return uow.get<v1::Appointment>(name);
}

Status call_off_appointments(Command& command, const std::string& case_name, const std::string& reason) {
  FIRSTFIX_TRY(names, open_appointments(command.uow, case_name));
  for (const auto& name : names) FIRSTFIX_CHECK(call_off(command, name, reason));
  return {};
}

}  // namespace firstfix::desk
