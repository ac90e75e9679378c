#include "visit/appointment.h"

#include <algorithm>

#include "casework/case.h"
#include "casework/convert.h"

namespace firstfix::visit {
namespace {

constexpr auto kHoldEnds = internal::v1::TIMER_KIND_HOLD_ENDS;
constexpr auto kWindowEnds = internal::v1::TIMER_KIND_APPOINTMENT_ENDS;

Effects with(Effects effects, Appointed one) {
  effects.appointments.push_back(std::move(one.appointment));
  effects.cases.push_back(std::move(one.record));
  return effects;
}

tl::unexpected<Error> wrong_state(const v1::Appointment& appointment, std::string_view verb) {
  return fail(Code::kState, appointment.name() + " is " + std::string(state_name(appointment.state())) +
                                " and cannot be " + std::string(verb));
}

void say(Appointed& one, Effects& effects, v1::TimelineKind kind, std::string text, std::string_view actor,
         Instant now) {
  tell(one.record, effects, kind, std::move(text), actor, one.appointment.name(), now);
}

void set_window(v1::Appointment& appointment, const Window& window) {
  *appointment.mutable_starts_at() = to_proto(window.from);
  *appointment.mutable_ends_at() = to_proto(window.to);
}

// It is over: planning is not bound to it, and no timer waits for it.
void end(Appointed& one, Effects& effects, v1::AppointmentState state, std::string_view reason) {
  auto& appointment = one.appointment;
  appointment.set_state(state);
  appointment.set_reason(reason.data(), reason.size());
  appointment.clear_hold_expires_at();
  appointment.clear_engineers();
  appointment.clear_expected_arrival_at();
  if (state == v1::APPOINTMENT_STATE_CANCELLED && one.record.appointment() == appointment.name())
    one.record.clear_appointment();
  effects.timers.push_back({kHoldEnds, appointment.name(), kNever});
  effects.timers.push_back({kWindowEnds, appointment.name(), kNever});
}

// Late or not, as somebody is expected now.
void set_expected(v1::Appointment& appointment, Instant arrives) {
  const auto window = window_of(appointment);
  const bool late = arrives > window.to;
  appointment.set_state(late ? v1::APPOINTMENT_STATE_AT_RISK : v1::APPOINTMENT_STATE_BOOKED);
  appointment.set_reason(late ? "somebody is expected only after the window" : "");
  *appointment.mutable_expected_arrival_at() = to_proto(arrives);
}

// The next minute begins: times of arrival are told in minutes.
Instant minute(Instant t) {
  constexpr std::int64_t kMinute_us = 60'000'000;
  return Instant{(t.micros + kMinute_us - 1) / kMinute_us * kMinute_us};
}

std::string window_in_words(const Appointed& one) {
  return in_words(window_of(one.appointment), one.zone);
}

}  // namespace

Window window_of(const v1::Appointment& appointment) {
  return {to_instant(appointment.starts_at()), to_instant(appointment.ends_at())};
}

std::string in_words(const Window& window, const Zone& zone) {
  return in_words(window.from, window.to, zone);
}

Status check_window(const Window& window, Instant now) {
  if (window.to <= window.from) return fail(Code::kInvalid, "ends_at is not after starts_at");
  if (window.to - window.from < kShortestWindow) return fail(Code::kInvalid, "the window is under 15 minutes");
  if (window.to - window.from > kLongestWindow) return fail(Code::kInvalid, "the window is over 24 hours");
  if (window.to <= now) return fail(Code::kInvalid, "ends_at is in the past");
  if (window.to > now + kAppointmentHorizon) return fail(Code::kInvalid, "ends_at is more than 7 days ahead");
  return {};
}

bool open(const v1::Appointment& appointment) {
  return appointment.state() == v1::APPOINTMENT_STATE_HELD || promised(appointment);
}

bool promised(const v1::Appointment& appointment) {
  return appointment.state() == v1::APPOINTMENT_STATE_BOOKED || appointment.state() == v1::APPOINTMENT_STATE_AT_RISK;
}

Effects hold(Appointed one, const Window& window, const std::vector<std::string>& engineers, Instant until,
             std::string_view actor, Instant now) {
  Effects effects;
  auto& appointment = one.appointment;
  appointment.set_case_name(one.record.name());
  appointment.set_state(v1::APPOINTMENT_STATE_HELD);
  set_window(appointment, window);
  *appointment.mutable_hold_expires_at() = to_proto(until);
  appointment.mutable_engineers()->Assign(engineers.begin(), engineers.end());
  effects.timers.push_back({kHoldEnds, appointment.name(), until});
  say(one, effects, v1::TIMELINE_KIND_ACTION, window_in_words(one) + " is held until " + in_words(until, one.zone),
      actor, now);
  return with(std::move(effects), std::move(one));
}

Result<Effects> book(const Appointed& held, std::string_view actor, Instant now) {
  auto one = held;
  auto& appointment = one.appointment;
  const auto expires_at = to_instant(appointment.hold_expires_at());
  const bool over = appointment.state() == v1::APPOINTMENT_STATE_HELD && expires_at <= now;
  if (over || appointment.state() == v1::APPOINTMENT_STATE_EXPIRED)
    return fail(Code::kExpired, appointment.name() + " was not booked in time: look for a slot again");
  if (appointment.state() != v1::APPOINTMENT_STATE_HELD) return wrong_state(appointment, "booked");
  Effects effects;
  appointment.set_state(v1::APPOINTMENT_STATE_BOOKED);
  *appointment.mutable_booked_at() = to_proto(now);
  appointment.clear_hold_expires_at();
  appointment.clear_engineers();
  one.record.set_appointment(appointment.name());
  effects.timers.push_back({kHoldEnds, appointment.name(), kNever});
  effects.timers.push_back({kWindowEnds, appointment.name(), window_of(appointment).to});
  say(one, effects, v1::TIMELINE_KIND_ACTION, "appointment: somebody arrives " + window_in_words(one), actor, now);
  return with(std::move(effects), std::move(one));
}

Result<Effects> reschedule(const Appointed& booked, const Window& window, std::string_view actor, Instant now) {
  if (!promised(booked.appointment)) return wrong_state(booked.appointment, "rescheduled");
  Effects effects;
  auto one = booked;
  auto& appointment = one.appointment;
  const auto before = window_in_words(one);
  set_window(appointment, window);
  appointment.set_state(v1::APPOINTMENT_STATE_BOOKED);
  appointment.set_rescheduled_count(appointment.rescheduled_count() + 1);
  appointment.clear_reason();
  appointment.clear_expected_arrival_at();
  appointment.clear_told_arrival_at();
  appointment.clear_later_in_a_row();
  effects.timers.push_back({kWindowEnds, appointment.name(), window.to});
  say(one, effects, v1::TIMELINE_KIND_ACTION,
      "appointment: somebody arrives " + window_in_words(one) + ", and not " + before, actor, now);
  return with(std::move(effects), std::move(one));
}

Result<Effects> cancel(const Appointed& one, std::string_view reason, std::string_view actor, Instant now) {
  if (!open(one.appointment)) return wrong_state(one.appointment, "cancelled");
  const bool held = one.appointment.state() == v1::APPOINTMENT_STATE_HELD;
  if (!held && reason.empty()) return fail(Code::kInvalid, "reason is needed: somebody relies on it");
  Effects effects;
  auto after = one;
  end(after, effects, v1::APPOINTMENT_STATE_CANCELLED, reason);
  auto line = (held ? "no longer held: " : "appointment called off: ") + window_in_words(one);
  if (!reason.empty()) line += ", " + std::string(reason);
  say(after, effects, v1::TIMELINE_KIND_ACTION, std::move(line), actor, now);
  return with(std::move(effects), std::move(after));
}

std::optional<Effects> expire(const Appointed& one) {
  if (one.appointment.state() != v1::APPOINTMENT_STATE_HELD) return std::nullopt;
  Effects effects;
  auto after = one;
  end(after, effects, v1::APPOINTMENT_STATE_EXPIRED, "");
  return with(std::move(effects), std::move(after));
}

std::optional<Effects> planned(const Appointed& one, Instant arrives, Instant now) {
  if (!promised(one.appointment)) return std::nullopt;
  const bool at_risk = one.appointment.state() == v1::APPOINTMENT_STATE_AT_RISK;
  const bool first = !one.appointment.has_told_arrival_at();
  if (!at_risk && !first) return expected(one, arrives, "it was planned anew", now);
  Effects effects;
  auto after = one;
  set_expected(after.appointment, arrives);
  *after.appointment.mutable_told_arrival_at() = to_proto(arrives);
  if (at_risk && after.appointment.state() == v1::APPOINTMENT_STATE_BOOKED)
    say(after, effects, v1::TIMELINE_KIND_DECISION,
        "the appointment can be kept after all: somebody is expected at " + in_words(minute(arrives), one.zone),
        kFirstFix, now);
  return with(std::move(effects), std::move(after));
}

std::optional<Effects> nobody_can(const Appointed& one, std::string_view reason, Instant now) {
  const auto& known = one.appointment;
  if (!promised(known)) return std::nullopt;
  const bool news = known.state() != v1::APPOINTMENT_STATE_AT_RISK;
  if (!news && known.reason() == reason) return std::nullopt;
  Effects effects;
  auto after = one;
  after.appointment.set_state(v1::APPOINTMENT_STATE_AT_RISK);
  after.appointment.set_reason(reason.data(), reason.size());
  after.appointment.clear_expected_arrival_at();
  if (news)
    say(after, effects, v1::TIMELINE_KIND_DECISION,
        "the appointment " + window_in_words(one) + " is at risk: " + std::string(reason), kFirstFix, now);
  return with(std::move(effects), std::move(after));
}

bool worth_telling(const v1::Appointment& appointment, Instant arrives) {
  const auto window = window_of(appointment);
  const auto told = to_instant(appointment.told_arrival_at());
  if ((told > window.to) != (arrives > window.to) || (told < window.from) != (arrives < window.from)) return true;
  if (arrives < told) return told - arrives > kWorthTelling;
  const auto doublings = std::min<int>(static_cast<int>(appointment.later_in_a_row()), kMostDoublings);
  return arrives - told > kWorthTelling * (1 << doublings);
}

std::optional<Effects> expected(const Appointed& one, Instant arrives, std::string_view why, Instant now) {
  const auto& known = one.appointment;
  if (!promised(known)) return std::nullopt;
  const auto window = window_of(known);
  const bool tells = !known.has_told_arrival_at() || worth_telling(known, arrives);
  if (!tells && minute(to_instant(known.expected_arrival_at())) == minute(arrives)) return std::nullopt;
  Effects effects;
  auto after = one;
  auto& appointment = after.appointment;
  set_expected(appointment, arrives);
  if (!tells) return with(std::move(effects), std::move(after));
  const bool later = known.has_told_arrival_at() && arrives > to_instant(known.told_arrival_at());
  appointment.set_later_in_a_row(later ? known.later_in_a_row() + 1 : 0);
  *appointment.mutable_told_arrival_at() = to_proto(arrives);
  appointment.set_delay_count(appointment.delay_count() + 1);
  auto line = "somebody is now expected at " + in_words(minute(arrives), one.zone);
  if (arrives > window.to) line += ", after the window promised, which ends at " + in_words(window.to, one.zone);
  if (!why.empty()) line += ": " + std::string(why);
  say(after, effects, v1::TIMELINE_KIND_DECISION, std::move(line), kFirstFix, now);
  return with(std::move(effects), std::move(after));
}

std::optional<Effects> arrived(const Appointed& one, Instant at, Instant now) {
  const auto& known = one.appointment;
  const bool late_word = known.state() == v1::APPOINTMENT_STATE_MISSED && !known.has_arrived_at();
  if (!promised(known) && !late_word) return std::nullopt;
  const bool kept = at <= window_of(known).to;
  Effects effects;
  auto after = one;
  end(after, effects, kept ? v1::APPOINTMENT_STATE_KEPT : v1::APPOINTMENT_STATE_MISSED,
      kept ? "" : "somebody arrived at " + in_words(at, one.zone));
  *after.appointment.mutable_arrived_at() = to_proto(at);
  if (kept == late_word)
    say(after, effects, v1::TIMELINE_KIND_STATE,
        kept ? "the appointment was kept after all" : "the appointment was missed", kFirstFix, now);
  return with(std::move(effects), std::move(after));
}

std::optional<Effects> window_over(const Appointed& one, Instant now) {
  const auto& known = one.appointment;
  if (!promised(known) || window_of(known).to > now) return std::nullopt;
  Effects effects;
  auto after = one;
  if (casework::closed(one.record) || casework::work_done(one.record)) {
    end(after, effects, v1::APPOINTMENT_STATE_CANCELLED, "there is nothing left to come for");
  } else {
    end(after, effects, v1::APPOINTMENT_STATE_MISSED, "nobody had arrived when the window was over");
    say(after, effects, v1::TIMELINE_KIND_STATE,
        "the appointment was missed: nobody had arrived by " + in_words(window_of(known).to, one.zone), kFirstFix, now);
  }
  return with(std::move(effects), std::move(after));
}

std::string_view state_name(v1::AppointmentState state) {
  switch (state) {
    case v1::APPOINTMENT_STATE_HELD:
      return "held";
    case v1::APPOINTMENT_STATE_BOOKED:
      return "booked";
    case v1::APPOINTMENT_STATE_AT_RISK:
      return "at risk";
    case v1::APPOINTMENT_STATE_KEPT:
      return "kept";
    case v1::APPOINTMENT_STATE_MISSED:
      return "missed";
    case v1::APPOINTMENT_STATE_CANCELLED:
      return "cancelled";
    case v1::APPOINTMENT_STATE_EXPIRED:
      return "expired";
    default:
      return "unknown";
  }
}

}  // namespace firstfix::visit
