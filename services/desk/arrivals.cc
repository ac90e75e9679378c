// Times of arrival: an engineer's day as it goes, and who has to hear of it.
#include "planning/arrivals.h"

#include <algorithm>

#include "appointments.h"
#include "candidates.h"
#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/qualifications.h"
#include "desk/zones.h"
#include "planning/place.h"
#include "visit/appointment.h"
#include "visit/crew.h"
#include "visit/visit.h"
#include "working_times.h"

namespace firstfix::desk {
namespace {

constexpr Duration kLookAhead = std::chrono::hours{24};  // beyond the window's end
constexpr Duration kMinute = std::chrono::minutes{1};

std::optional<Instant> if_set(bool has, const google::protobuf::Timestamp& t) {
  return has ? std::optional(to_instant(t)) : std::nullopt;
}

Result<LiveDayStop> stop_of(const View& view, const std::string& engineer, const internal::v1::RosterStop& booked) {
  // What was pushed back may come as soon as it was planned.
  const Duration pushed{booked.planned_starts_us() == 0 ? 0 : booked.starts_us() - booked.planned_starts_us()};
  LiveDayStop out{.visit = booked.visit(),
                  .live = {.travel_starts = Instant{booked.travel_starts_us()} - pushed,
                           .starts = Instant{booked.starts_us()} - pushed,
                           .ends = Instant{booked.ends_us()} - pushed,
                           .position = {booked.latitude_deg(), booked.longitude_deg()}}};
  FIRSTFIX_TRY(visit, view.get<v1::Visit>(booked.visit()));
  const auto* member = visit::member_of(visit, engineer);
  if (member != nullptr) {
    out.live.set_out = if_set(member->has_travelled_at(), member->travelled_at());
    out.live.arrived = if_set(member->has_arrived_at(), member->arrived_at());
  }
  out.live.done_by = if_set(visit.has_expected_done_at(), visit.expected_done_at());
  // The roster says when it is expected to be done then.
  if (out.live.done_by) out.live.ends = out.live.starts + (to_instant(visit.ends_at()) - to_instant(visit.starts_at()));
  if (visit.engineer() != engineer) return out;
  for (const auto& point : booked.meets())
    out.live.errands.push_back(
        {{point.latitude_deg(), point.longitude_deg()}, Duration{point.ends_us() - point.starts_us()}});
  if (booked.meets().empty() && !visit.pickups().empty()) {
    FIRSTFIX_TRY(depot, view.find<v1::StockLocation>(visit.pickups(0).location()));
    if (depot) out.live.errands.push_back({position_of(depot->position()), planning::Weights{}.pickup});
  }
  FIRSTFIX_TRY(record, view.get<v1::Case>(visit.case_name()));
  FIRSTFIX_TRY(promise, promised_to(view, record));
  if (promise && !out.live.arrived) out.waits_for_it = record.name();
  return out;
}

// A break lies between two stops.
Result<std::vector<LiveDayStop>> with_breaks(const View& view, const std::string& engineer,
                                             std::vector<LiveDayStop> day) {
  if (day.size() < 2) return day;
  FIRSTFIX_TRY(shifts, shifts_of(view, engineer));
  auto live = live_of(day);
  for (const auto& shift : shifts)
    if (const auto rest = break_of(shift))
      planning::take_break(live, {to_instant(shift.starts_at()), to_instant(shift.ends_at())}, *rest);
  for (std::size_t i = 0; i < day.size(); ++i) day[i].live = std::move(live[i]);
  return day;
}

std::string why_later(const std::vector<planning::LiveStop>& day, const std::vector<planning::Expected>& expected,
                      std::size_t stop) {
  for (std::size_t i = 0; i < stop; ++i)
    if (day[i].done_by || expected[i].leaves > day[i].ends + kMinute) return "the work before takes longer";
  return day[stop].set_out ? "the way takes longer" : "the engineer has not set out yet";
}

}  // namespace

std::vector<planning::LiveStop> live_of(const std::vector<LiveDayStop>& day) {
  std::vector<planning::LiveStop> out;
  for (const auto& stop : day) out.push_back(stop.live);
  return out;
}

Result<std::vector<LiveDayStop>> live_day(const View& view, const std::string& engineer) {
  FIRSTFIX_TRY(roster, roster_of(view, engineer));
  std::vector<LiveDayStop> day;
  for (const auto& booked : roster.stops()) {
    if (holds_time(booked)) continue;
    FIRSTFIX_TRY(stop, stop_of(view, engineer, booked));
    day.push_back(std::move(stop));
  }
  const auto rank = [](const LiveDayStop& stop) { return stop.live.arrived ? 0 : stop.live.set_out ? 1 : 2; };
  std::stable_sort(day.begin(), day.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return with_breaks(view, engineer, std::move(day));
}

Status review_arrivals(UnitOfWork& uow, const planning::Travel& travel, const std::string& engineer) {
  FIRSTFIX_TRY(stops, live_day(uow, engineer));
  const auto day = live_of(stops);
  const auto now = uow.now();
  const auto all = planning::arrivals(day, travel, now);
  Instant due = kNever;
  for (std::size_t i = 0; i < stops.size(); ++i) {
    if (stops[i].waits_for_it.empty()) continue;
    FIRSTFIX_TRY(record, uow.get<v1::Case>(stops[i].waits_for_it));
    FIRSTFIX_TRY(promise, uow.get<v1::Appointment>(record.appointment()));
    FIRSTFIX_TRY(zone, zone_in(uow, record.territory()));
    const bool later = all[i].arrives > to_instant(promise.told_arrival_at());
    auto effects =
        visit::expected({promise, record, zone}, all[i].arrives, later ? why_later(day, all, i) : std::string(), now);
    const bool late = effects && all[i].arrives > to_instant(promise.ends_at());
    if (effects) {
      promise = effects->appointments.back();
      FIRSTFIX_CHECK(uow.apply(std::move(*effects)));
    }
    const auto window = visit::window_of(promise);
    if (late) FIRSTFIX_CHECK(review_soon(uow, promise.name(), now));
    const auto news = [&](const auto& expected) { return visit::worth_telling(promise, expected[i].arrives); };
    due = std::min(due, planning::first_time(day, travel, now, std::max(window.to, now) + kLookAhead, news));
  }
  return review_soon(uow, engineer, due);
}

}  // namespace firstfix::desk
