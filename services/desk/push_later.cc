// What comes after work that takes longer than planned, or less long again.
#include <algorithm>

#include "appointments.h"
#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/commands.h"
#include "desk/qualifications.h"
#include "visit/crew.h"

namespace firstfix::desk {
namespace {

constexpr Duration kSame = std::chrono::minutes{1};

// When a stop that nobody has set out for would begin.
struct Push {
  std::string visit;
  Instant travel_starts, starts;
};

const internal::v1::RosterStop* booked_for(const internal::v1::Roster& roster, const std::string& visit) {
  const auto found = std::find_if(roster.stops().begin(), roster.stops().end(),
                                  [&](const auto& stop) { return stop.visit() == visit; });
  return found == roster.stops().end() ? nullptr : &*found;
}

// Pushed back by what comes before, or drawn forward again after it had been.
bool moves(const internal::v1::RosterStop& stop, Instant starts) {
  if (starts > Instant{stop.starts_us()} + kSame) return true;
  return stop.planned_starts_us() != 0 && starts + kSame < Instant{stop.starts_us()};
}

// What moves in the engineer's day as it goes, the first first.
Result<std::vector<Push>> pushes(const UnitOfWork& uow, const planning::Travel& travel, const std::string& engineer) {
  FIRSTFIX_TRY(stops, live_day(uow, engineer));
  FIRSTFIX_TRY(roster, roster_of(uow, engineer));
  const auto day = live_of(stops);
  const auto expected = planning::arrivals(day, travel, uow.now());
  std::vector<Push> out;
  for (std::size_t i = 0; i < stops.size(); ++i) {
    const auto* booked = booked_for(roster, stops[i].visit);
    if (day[i].set_out || day[i].arrived || booked == nullptr || !moves(*booked, expected[i].arrives)) continue;
    const bool late = expected[i].arrives > day[i].starts;
    const auto departs = late ? expected[i].departs : std::max(expected[i].departs, day[i].travel_starts);
    out.push_back({stops[i].visit, departs, expected[i].arrives});
  }
  return out;
}

// On a regular shift: nobody is called out because the work before takes longer.
Result<bool> on_shift(const View& view, const std::string& engineer, Instant from, Instant to) {
  FIRSTFIX_TRY(shifts, shifts_of(view, engineer));
  return std::any_of(shifts.begin(), shifts.end(), [&](const v1::Shift& shift) {
    return !shift.on_call() && to_instant(shift.starts_at()) <= from && to <= to_instant(shift.ends_at());
  });
}

// Books the visit anew for everybody of its crew, so much later. kConflict if somebody is not free then.
Status book_later(UnitOfWork& uow, const v1::Visit& before, const v1::Visit& after) {
  auto crewed = before;
  visit::write_crew(crewed);
  const auto by = (to_instant(after.starts_at()) - to_instant(before.starts_at())).count();
  for (const auto& member : crewed.crew()) {
    FIRSTFIX_TRY(roster, roster_of(uow, member.engineer()));
    const auto* booked = booked_for(roster, before.name());
    if (booked == nullptr) continue;
    auto stop = *booked;
    const bool leads = member.engineer() == before.engineer();
    stop.set_travel_starts_us(leads ? to_instant(after.travel_starts_at()).micros : stop.travel_starts_us() + by);
    if (stop.planned_starts_us() == 0) stop.set_planned_starts_us(stop.starts_us());
    stop.set_starts_us(stop.starts_us() + by);
    stop.set_ends_us(stop.ends_us() + by);
    for (auto& point : *stop.mutable_meets()) {
      point.set_starts_us(point.starts_us() + by);
      point.set_ends_us(point.ends_us() + by);
    }
    if (stop.starts_us() == stop.planned_starts_us()) stop.clear_planned_starts_us();
    FIRSTFIX_CHECK(unbook(uow, member.engineer(), before.name()));
    FIRSTFIX_CHECK(book(uow, member.engineer(), stop));
  }
  return {};
}

std::string no_time(const std::string& engineer) {
  return engineer + " has no time for it any more: the work before takes longer";
}

// Takes the first that no longer fits back; true if there was one.
Result<bool> give_one_back(Command& command, const std::string& engineer, const std::vector<Push>& all) {
  for (const auto& push : all) {
    FIRSTFIX_TRY(job, job_of(command.uow, push.visit));
    const auto service = to_instant(job.visit.ends_at()) - to_instant(job.visit.starts_at());
    const auto planned = to_instant(job.visit.starts_at());
    if (push.starts <= planned) continue;
    FIRSTFIX_TRY(was, on_shift(command.uow, engineer, planned, to_instant(job.visit.ends_at())));
    FIRSTFIX_TRY(fits, on_shift(command.uow, engineer, push.starts, push.starts + service));
    if (fits || !was) continue;  // what was never within a shift was somebody's decision
    FIRSTFIX_CHECK(plan_anew(command, job, no_time(engineer)));
    return true;
  }
  return false;
}

Status push(Command& command, const std::string& engineer, const Push& one) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(job, job_of(uow, one.visit));
  const bool later = one.starts > to_instant(job.visit.starts_at());
  FIRSTFIX_TRY(effects, visit::postpone(job, one.travel_starts, one.starts,
                                        later ? "the work before takes longer" : "the work before is done sooner",
                                        command.now()));
  if (auto booked = book_later(uow, job.visit, effects.visits.back()); !booked) {
    if (booked.error().code != Code::kConflict) return booked;
    return plan_anew(command, job, no_time(engineer));
  }
  return uow.apply(std::move(effects));
}

}  // namespace

Status push_later(Command& command, const std::string& engineer) {
  for (;;) {
    FIRSTFIX_TRY(all, pushes(command.uow, command.travel, engineer));
    FIRSTFIX_TRY(given_back, give_one_back(command, engineer, all));
    if (given_back) continue;
    // Whoever is pushed back makes room first, whoever is drawn forward waits until there is room.
    std::vector<Push> later, sooner;
    for (auto& one : all) {
      FIRSTFIX_TRY(visit, command.uow.get<v1::Visit>(one.visit));
      (one.starts > to_instant(visit.starts_at()) ? later : sooner).push_back(std::move(one));
    }
    for (auto one = later.rbegin(); one != later.rend(); ++one) FIRSTFIX_CHECK(push(command, engineer, *one));
    for (const auto& one : sooner) FIRSTFIX_CHECK(push(command, engineer, one));
    return {};
  }
}

}  // namespace firstfix::desk
