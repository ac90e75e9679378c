#include "day_moves.h"

#include <algorithm>
#include <map>
#include <set>

#include "appointments.h"
#include "candidates.h"
#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/commands.h"
#include "desk/qualifications.h"
#include "territory_day.h"

namespace firstfix::desk {
namespace {

constexpr std::string_view kWhy = "the day was planned anew as a whole";

// Where the parts of each visit that moves are taken, in the order of the moves.
struct Takings {
  std::vector<std::vector<Taking>> of;
  std::string missing;  // what is not to be had any more; empty if nothing
};

// From the new engineer's van, else from the depot on the way. What the visits hold now counts as free.
Result<Takings> takings_of(const View& view, const v1::PlanProposal& proposal) {
  Takings out;
  std::vector<std::vector<v1::Reservation>> held;
  std::map<std::pair<std::string, std::string>, std::uint32_t> left;
  for (const auto& move : proposal.moves()) {
    FIRSTFIX_TRY(reserved, reserved_for(view, move.visit()));
    for (const auto& one : reserved) left[{one.location(), one.part()}] += one.quantity();
    held.push_back(std::move(reserved));
  }
  std::set<std::pair<std::string, std::string>> asked;
  const auto free_at = [&](const std::string& location, const std::string& part) -> Result<std::uint32_t*> {
    if (asked.insert({location, part}).second) {
      FIRSTFIX_TRY(free, available(view, location, part));
      left[{location, part}] += free;
    }
    return &left[{location, part}];
  };
  for (int i = 0; i < proposal.moves_size(); ++i) {
    const auto& move = proposal.moves(i);
    FIRSTFIX_TRY(engineer, view.get<v1::Engineer>(move.to_engineer()));
    auto& takes = out.of.emplace_back();
    for (const auto& one : held[static_cast<std::size_t>(i)]) {
      Taking taking{one.part(), {}, one.quantity()};
      for (const auto& location : {engineer.van(), move.depot()}) {
        if (location.empty() || !taking.location.empty()) continue;
        FIRSTFIX_TRY(free, free_at(location, one.part()));
        if (*free < one.quantity()) continue;
        *free -= one.quantity();
        taking.location = location;
      }
      if (taking.location.empty()) out.missing = one.part() + " for " + move.visit() + " is gone";
      takes.push_back(std::move(taking));
    }
  }
  return out;
}

// What becomes of an offer of the visit.
enum class Offered {
  kNever,  // nobody has said yes to the visit yet
  kStays,  // its engineer thinks about it, and goes on thinking: only the time moves
  kAnew,
};

Offered offered_after(const v1::PlanMove& move, const v1::Visit& visit) {
  if (visit.state() == v1::VISIT_STATE_PROPOSED) return Offered::kNever;
  const bool only_later = move.from_engineer() == move.to_engineer() && visit.state() == v1::VISIT_STATE_OFFERED;
  return only_later ? Offered::kStays : Offered::kAnew;
}

// The visit off its engineer's day, and what it held given back.
Status take_off(Command& command, const v1::PlanMove& move, Offered offered) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(job, job_of(uow, move.visit()));
  FIRSTFIX_CHECK(release_visit(uow, job.visit));
  return offered == Offered::kAnew ? uow.apply(visit::withdraw(job, kWhy, command.actor, command.now())) : Status{};
}

Status take_parts(Command& command, const v1::Case& record, const v1::PlanMove& move, const std::vector<Taking>& takes,
                  v1::Visit& visit) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(kit, uow.find<v1::PartsPlan>(record.parts_plan()));
  visit.clear_pickups();
  for (const auto& taking : takes) {
    FIRSTFIX_CHECK(reserve(uow, visit.name(), taking.location, taking.part, taking.quantity));
    if (kit)
      for (auto& line : *kit->mutable_lines())
        if (line.part() == taking.part && line.chosen() && !line.has_arrives_at()) line.set_location(taking.location);
    if (taking.location != move.depot()) continue;
    if (visit.pickups().empty()) visit.add_pickups()->set_location(move.depot());
    visit.mutable_pickups(0)->add_parts(taking.part);
  }
  return kit ? uow.put(std::move(*kit)) : Status{};
}

internal::v1::RosterStop stop_of(const v1::PlanMove& move, const Position& position) {
  internal::v1::RosterStop stop;
  stop.set_visit(move.visit());
  stop.set_travel_starts_us(to_instant(move.travel_starts_at()).micros);
  stop.set_starts_us(to_instant(move.starts_at()).micros);
  stop.set_ends_us(to_instant(move.ends_at()).micros);
  stop.set_latitude_deg(position.latitude_deg);
  stop.set_longitude_deg(position.longitude_deg);
  return stop;
}

// Books it with its new engineer, or at its new time.
Status put_on(Command& command, const v1::PlanMove& move, const std::vector<Taking>& takes, Offered offered) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(job, job_of(uow, move.visit()));
  FIRSTFIX_TRY(place, find_place(uow, job.visit.asset()));
  FIRSTFIX_CHECK(take_parts(command, job.record, move, takes, job.visit));
  const auto position = place.site ? position_of(place.site->position()) : Position{};
  FIRSTFIX_CHECK(book(uow, move.to_engineer(), stop_of(move, position)));
  if (offered == Offered::kStays) {
    FIRSTFIX_TRY(moved, visit::postpone(job, to_instant(move.travel_starts_at()), to_instant(move.starts_at()), kWhy,
                                        uow.now()));
    return uow.apply(std::move(moved));
  }
  visit::Plan plan{move.to_engineer(),
                   to_instant(move.travel_starts_at()),
                   to_instant(move.starts_at()),
                   to_instant(move.ends_at()),
                   {},
                   {}};
  plan.assignment.set_reason(std::string(kWhy) + ": " + move.reason());
  *plan.assignment.mutable_travel() = move.travel();
  job.offers.clear();
  auto effects = visit::propose(job, plan, uow.now());
  visit::Job proposed{effects.visits.back(), effects.cases.back(), {}};
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  if (offered == Offered::kNever) return {};
  FIRSTFIX_TRY(offer, visit::offer(proposed, command.fresh("offers"), offer_timeout(place), command.actor, uow.now()));
  return uow.apply(std::move(offer));
}

// Is the new engineer qualified for the whole of the work, as they are now?
Result<std::string> not_qualified(Command& command, const v1::PlanMove& move) {
  FIRSTFIX_TRY(knowledge, command.minds.knowledge(command.uow));
  FIRSTFIX_TRY(visit, command.uow.get<v1::Visit>(move.visit()));
  visit.set_engineer(move.to_engineer());
  visit.clear_crew();
  return unfit(command.uow, *knowledge, visit, needs_of(*knowledge, visit),
               {to_instant(move.starts_at()), to_instant(move.ends_at())});
}

}  // namespace

Result<std::string> overtaken(Command& command, const v1::PlanProposal& proposal) {
  for (const auto& one : proposal.rests_on()) {
    FIRSTFIX_TRY(version, version_of(command.uow, one.record()));
    if (version != one.version()) return one.record() + (version.empty() ? " is gone" : " has changed since");
  }
  for (const auto& move : proposal.moves()) {
    if (to_instant(move.travel_starts_at()) < command.now())
      return move.to_engineer() + " would have had to set out for " + move.visit() + " already";
    FIRSTFIX_TRY(why, not_qualified(command, move));
    if (!why.empty()) return why;
  }
  FIRSTFIX_TRY(takings, takings_of(command.uow, proposal));
  return takings.missing;
}

Status move_visits(Command& command, const v1::PlanProposal& proposal) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(takings, takings_of(uow, proposal));
  std::vector<Offered> offered;
  for (const auto& move : proposal.moves()) {
    FIRSTFIX_TRY(visit, uow.get<v1::Visit>(move.visit()));
    offered.push_back(offered_after(move, visit));
    FIRSTFIX_CHECK(take_off(command, move, offered.back()));
  }
  for (int i = 0; i < proposal.moves_size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    FIRSTFIX_CHECK(put_on(command, proposal.moves(i), takings.of[at], offered[at]));
  }
  std::set<std::string> days;
  for (const auto& move : proposal.moves()) {
    FIRSTFIX_CHECK(visit_planned(uow, command.travel, move.case_name()));
    if (move.from_engineer() != move.to_engineer()) days.insert(move.from_engineer());
  }
  for (const auto& engineer : days) FIRSTFIX_CHECK(review_arrivals(uow, command.travel, engineer));
  return {};
}

}  // namespace firstfix::desk
