// What holds for every organisation and job: nobody is sent who may not go, and nobody is in two places at once.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <optional>
#include <set>

#include "planning/place.h"
#include "town.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;

const std::vector<std::string> kSkills = {"gas", "power", "controls"};

Instant some_time() {
  return at(*rc::gen::inRange(7, 19), *rc::gen::inRange(0, 60));
}

Person some_person(int number) {
  Person out{.id = "e" + std::to_string(number)};
  for (const auto& skill : kSkills) {
    if (*rc::gen::inRange(0, 3) == 0) continue;
    auto& held = out.skills[skill];
    held.level = *rc::gen::inRange(1, 5);
    if (*rc::gen::inRange(0, 3) == 0) held.certified = {{some_time(), some_time()}};
    if (*rc::gen::inRange(0, 2) == 0) out.mentors.insert(skill);
  }
  return out;
}

Candidate some_candidate(int number) {
  auto out = candidate(some_person(number), *rc::gen::inRange(0, 120));
  out.on_site = *rc::gen::inRange(0, 5) != 0;
  if (*rc::gen::inRange(0, 2) == 0) {
    const Instant from = at(*rc::gen::inRange(8, 16));
    out.route.push_back({from, from + 1h, along(*rc::gen::inRange(0, 60))});
  }
  return out;
}

Job some_job() {
  std::vector<SkillNeed> needs;
  for (const auto& skill : kSkills)
    if (*rc::gen::inRange(0, 3) != 0) needs.push_back({skill, *rc::gen::inRange(1, 5), *rc::gen::inRange(0, 2) == 0});
  auto out = job(std::move(needs));
  out.train = *rc::gen::inRange(0, 2) == 0;
  return out;
}

struct World {
  std::vector<Candidate> candidates;
  Job wanted;
};

World some_world() {
  World out;
  const int many = *rc::gen::inRange(1, 7);
  for (int i = 0; i < many; ++i) out.candidates.push_back(some_candidate(i));
  out.wanted = some_job();
  if (*rc::gen::inRange(0, 4) == 0) out.wanted.only = "e" + std::to_string(*rc::gen::inRange(0, many));
  return out;
}

const Candidate& named(const World& world, const std::string& id) {
  return *std::find_if(world.candidates.begin(), world.candidates.end(), [&](auto& c) { return c.person.id == id; });
}

RC_GTEST_PROP(Place, NobodyIsSentWhoMayNotGo, ()) {
  const auto world = some_world();
  const auto placement = placed(world.wanted, world.candidates);
  if (!placement) return;
  const auto& choice = placement->choice;
  Crew crew;
  for (const auto& member : choice.crew) {
    const auto& who = named(world, member.engineer);
    RC_ASSERT(who.on_site || member.role == Role::kRemoteExpert);
    crew.push_back({&who.person, member.role});
  }
  RC_ASSERT(unfit(world.wanted.skills, crew, {choice.starts, choice.ends}).empty());
  // Said without the rule's own words: each need is covered by somebody who may, and no novice leads or is alone.
  for (const auto& need : world.wanted.skills) {
    const bool covered = std::any_of(crew.begin(), crew.end(), [&](const auto& place) {
      return level_in(*place.who, need.skill, {choice.starts, choice.ends}) >= need.level &&
             (place.role != Role::kRemoteExpert || need.remote);
    });
    RC_ASSERT(covered);
  }
}

RC_GTEST_PROP(Place, NobodyIsInTwoPlacesAtOnce, ()) {
  const auto world = some_world();
  const auto placement = placed(world.wanted, world.candidates);
  if (!placement) return;
  const auto& choice = placement->choice;
  const Street street;
  for (const auto& member : choice.crew) {
    const auto& who = named(world, member.engineer);
    RC_ASSERT(member.travel_starts >= kEight);
    RC_ASSERT(choice.ends <= all_day().to);
    for (const auto& stop : who.route) {
      if (stop.ends <= member.travel_starts) continue;
      // Before the stop: there is time to get there from where the member was during the work.
      RC_ASSERT(choice.ends + street.time(member.position, stop.position, choice.ends) <= stop.starts);
    }
  }
}

// Whoever is at work has these parts in the van.
template <class Stop>
Meeting meeting_with(const std::string& who, const Stop& stop, std::vector<std::string> parts) {
  return {who,
          "van of " + who,
          "visit of " + who,
          stop.position,
          {stop.starts, stop.ends},
          *rc::gen::inRange(1, 30) * 1min,
          std::move(parts)};
}

// The job needs a hose, which the vans of some who are at work have.
World world_with_meetings() {
  auto out = some_world();
  out.wanted.parts = {"hose"};
  out.wanted.without = {{"hose", *rc::gen::inRange(0, 400)}};
  if (*rc::gen::inRange(0, 3) == 0) out.wanted.depots = {{"depot", along(*rc::gen::inRange(0, 60)), {"hose"}}};
  for (auto& who : out.candidates) {
    if (*rc::gen::inRange(0, 4) == 0) who.van_parts = {"hose"};
    for (const auto& stop : who.route) out.wanted.meetings.push_back(meeting_with(who.person.id, stop, {"hose"}));
  }
  return out;
}

// Where a colleague is met; null if nobody is.
const Pickup* met(const Choice& choice) {
  const auto found = std::find_if(choice.pickups.begin(), choice.pickups.end(),
                                  [](const auto& pickup) { return !pickup.visit.empty(); });
  return found == choice.pickups.end() ? nullptr : &*found;
}

RC_GTEST_PROP(Place, WhoIsMetIsThereAndThereIsTimeForTheWays, ()) {
  const auto world = world_with_meetings();
  const auto placement = placed(world.wanted, world.candidates);
  if (!placement) return;
  const auto& choice = placement->choice;
  RC_CLASSIFY(met(choice) != nullptr, "two meet");
  if (met(choice) == nullptr) return;
  const auto& [location, parts, position, when, colleague, visit] = *met(choice);
  RC_ASSERT(colleague != choice.engineer);
  RC_ASSERT(world.wanted.depots.empty());
  const auto& who = named(world, choice.engineer);
  RC_ASSERT(who.van_parts.empty());
  const auto& meeting = *std::find_if(world.wanted.meetings.begin(), world.wanted.meetings.end(),
                                      [&, &name = visit](const auto& one) { return one.visit == name; });
  RC_ASSERT(location == meeting.van);
  RC_ASSERT(when.from >= meeting.open.from && when.to <= meeting.open.to && when.to - when.from == meeting.takes);
  const Street street;
  RC_ASSERT(when.to + street.time(position, world.wanted.position, when.to) <= choice.starts);
  auto from = who.home;
  for (const auto& stop : who.route)
    if (stop.ends <= choice.travel_starts) from = stop.position;
  RC_ASSERT(choice.travel_starts + street.time(from, position, choice.travel_starts) <= when.from);
}

// The rules of a site, and hours on call around the shifts.
World world_with_rules() {
  auto out = some_world();
  out.wanted.urgent = *rc::gen::arbitrary<bool>();
  for (int hour = 8; hour < 30; hour += *rc::gen::inRange(2, 6))
    out.wanted.access.push_back({at(hour), at(hour, *rc::gen::inRange(1, 110))});
  for (auto& who : out.candidates) {
    if (*rc::gen::inRange(0, 4) == 0) out.wanted.not_wanted.push_back(who.person.id);
    if (*rc::gen::inRange(0, 4) == 0) out.wanted.preferred.push_back(who.person.id);
    if (*rc::gen::arbitrary<bool>()) who.shifts = {{at(*rc::gen::inRange(8, 17)), at(18)}};
    if (*rc::gen::arbitrary<bool>()) who.on_call = {{at(18), at(32)}};
    if (*rc::gen::arbitrary<bool>()) who.end = along(*rc::gen::inRange(0, 60));
    const int from = *rc::gen::inRange(8, 18);
    if (*rc::gen::arbitrary<bool>())
      who.breaks = {{{at(from), at(from, *rc::gen::inRange(0, 120))}, *rc::gen::inRange(1, 90) * 1min}};
  }
  return out;
}

RC_GTEST_PROP(Place, NoRuleOfTheSiteIsBrokenAndNobodyCalledOutForWhatCanWait, ()) {
  const auto world = world_with_rules();
  const auto placement = placed(world.wanted, world.candidates);
  if (!placement) return;
  const auto& choice = placement->choice;
  const auto holds = [&](const Interval& span) { return span.from <= choice.starts && choice.starts <= span.to; };
  RC_ASSERT(std::any_of(world.wanted.access.begin(), world.wanted.access.end(), holds));
  const auto& unwanted = world.wanted.not_wanted;
  for (const auto& member : choice.crew) {
    RC_ASSERT(member.role == Role::kRemoteExpert ||
              std::find(unwanted.begin(), unwanted.end(), member.engineer) == unwanted.end());
    RC_ASSERT(choice.starts < at(18) || (world.wanted.urgent && !named(world, member.engineer).on_call.empty()));
  }
}

// Is there a span between two stops, or before the first or after the last, with time for the way and the break?
bool has_break(const Interval& shift, const Candidate& who, const ShiftBreak& rest) {
  const Street street;
  auto at = who.home;
  auto free = shift.from;
  const auto fits = [&](const Position& next, Instant until) {
    const auto begins = std::max(free, rest.begins.from);
    return begins <= rest.begins.to && begins + rest.takes <= until &&
           street.time(at, next, free) + rest.takes <= until - free;
  };
  for (const auto& stop : who.route) {
    if (stop.ends <= shift.from || stop.starts >= shift.to) continue;
    if (fits(stop.position, stop.starts)) return true;
    at = stop.position;
    free = stop.ends;
  }
  return fits(who.end.value_or(who.home), shift.to);
}

RC_GTEST_PROP(Place, WhoHadTimeForABreakStillHas, ()) {
  const auto world = world_with_rules();
  const auto placement = placed(world.wanted, world.candidates);
  if (!placement) return;
  const auto& choice = placement->choice;
  for (const auto& member : choice.crew) {
    auto who = named(world, member.engineer);
    const auto shift = who.shifts.front();
    if (who.breaks.empty() || who.breaks[0].begins.from < shift.from || choice.starts >= shift.to) continue;
    if (!has_break(shift, who, who.breaks[0])) continue;
    who.route.push_back({choice.starts, choice.ends, member.position});
    std::sort(who.route.begin(), who.route.end(), [](const auto& a, const auto& b) { return a.starts < b.starts; });
    RC_CLASSIFY(who.route.size() > 1, "something else is booked");
    RC_ASSERT(has_break(shift, who, who.breaks[0]));
  }
}

// Is there time for the way, the work and the break, if there was time for that at all? Nothing else is booked.
bool fits_into(const Interval& shift, const Candidate& who, const Job& job, Instant start) {
  const Street street;
  const auto end = who.end.value_or(who.home);
  const auto leaves = start - street.time(who.home, job.position, start), over = start + job.service;
  const auto onward = street.time(job.position, end, over);
  if (leaves < shift.from || shift.to < over + onward) return false;
  for (const auto& rest : who.breaks) {
    if (rest.begins.from < shift.from || rest.begins.from >= shift.to) continue;
    const auto may_begin = [&](Instant t) { return std::max(t, rest.begins.from) <= rest.begins.to; };
    const auto done = [&](Instant t) { return std::max(t, rest.begins.from) + rest.takes; };
    if (!may_begin(shift.from) || done(shift.from) > shift.to ||
        street.time(who.home, end, shift.from) + rest.takes > shift.to - shift.from)
      continue;
    const bool before = may_begin(shift.from) && done(shift.from) <= leaves;
    const bool after = may_begin(over) && done(over) + onward <= shift.to;
    if (!before && !after) return false;
  }
  return true;
}

// Tried minute by minute: who goes alone and fetches nothing begins at the cheapest time that there is.
RC_GTEST_PROP(Place, NoOtherMinuteAndNobodyElseAloneWouldCostLess, ()) {
  auto world = world_with_rules();
  world.wanted.skills.clear();  // whoever has time may go
  world.wanted.only.clear();
  world.wanted.train = false;
  for (auto& who : world.candidates) who.route.clear();
  const auto placement = placed(world.wanted, world.candidates);
  const auto& job = world.wanted;
  const Street street;
  const Weights weights;
  std::optional<double> least;
  for (const auto& who : world.candidates) {
    if (!who.on_site || std::count(job.not_wanted.begin(), job.not_wanted.end(), who.person.id) > 0) continue;
    const auto end = who.end.value_or(who.home);
    const auto way = street.time(who.home, job.position, kEight) + street.time(job.position, end, kEight) -
                     street.time(who.home, end, kEight);
    const auto there = [](Duration d) { return std::chrono::duration<double, std::ratio<3600>>(d).count(); };
    for (auto start = at(8); start < at(34); start = start + 1min) {
      const auto fits = [&](const Interval& span) { return fits_into(span, who, job, start); };
      const auto holds = [&](const Interval& span) { return span.from <= start && start <= span.to; };
      const bool regular = std::any_of(who.shifts.begin(), who.shifts.end(), fits);
      const bool called = job.urgent && std::any_of(who.on_call.begin(), who.on_call.end(), fits);
      if (std::none_of(job.access.begin(), job.access.end(), holds) || (!regular && !called)) continue;
      double cost = weights.travel_per_hour * there(way) + weights.wait_per_hour * there(start - kEight);
      if (!regular) cost += weights.call_out;
      if (!job.preferred.empty() && std::count(job.preferred.begin(), job.preferred.end(), who.person.id) == 0)
        cost += weights.continuity;
      least = least ? std::min(*least, cost) : cost;
    }
  }
  RC_CLASSIFY(!least, "nobody can");
  RC_ASSERT(placement.has_value() == least.has_value());
  if (least) RC_ASSERT(std::abs(placement->choice.cost - *least) < 1e-6);
}

RC_GTEST_PROP(Place, OneWhoKnowsAllAndHasTimeIsNeverReplacedByACrew, ()) {
  auto world = some_world();
  world.wanted.only.clear();
  Person master{.id = "master"};
  for (const auto& skill : kSkills) master.skills[skill].level = 5;
  world.candidates.push_back(candidate(master, 100));
  const auto placement = placed(world.wanted, world.candidates);
  RC_ASSERT(placement.has_value());
  for (const auto& member : placement->choice.crew) RC_ASSERT(member.role == Role::kLead || member.duty.covers.empty());
}

RC_GTEST_PROP(Place, ATraineeChangesNothingButTheCrew, ()) {
  auto world = some_world();
  world.wanted.train = false;
  const auto without = placed(world.wanted, world.candidates);
  world.wanted.train = true;
  const auto with = placed(world.wanted, world.candidates);
  RC_ASSERT(with.has_value() == without.has_value());
  if (!with) return;
  RC_ASSERT(with->choice.starts == without->choice.starts);
  RC_ASSERT(with->choice.engineer == without->choice.engineer);
  RC_ASSERT(with->choice.cost == without->choice.cost);
  RC_ASSERT(with->choice.crew.size() <= without->choice.crew.size() + 1);
}

// Four parts, here and there in depots, in vans at work and in the own van.
World world_of_parts() {
  const std::vector<std::string> all = {"hose", "belt", "seal", "bolt"};
  const auto some = [&] {
    std::vector<std::string> out;
    for (const auto& part : all)
      if (*rc::gen::element(true, false, false, false)) out.push_back(part);
    return out;
  };
  auto out = some_world();
  out.wanted.skills.clear();  // whoever has time may go
  out.wanted.parts = all;
  for (const auto& part : all) out.wanted.without[part] = *rc::gen::element(0, 100, 200, 400);
  for (int i = *rc::gen::element(0, 1, 3, 5, 6); i > 0; --i)
    out.wanted.depots.push_back({"depot " + std::to_string(i), along(*rc::gen::inRange(-30, 90)), some()});
  for (auto& who : out.candidates) {
    who.van_parts = some();
    for (const auto& stop : who.route) out.wanted.meetings.push_back(meeting_with(who.person.id, stop, some()));
  }
  return out;
}

RC_GTEST_PROP(Place, PartsAreFetchedOneAfterTheOtherWhereTheyAreWhileThereIsTime, ()) {
  const auto world = world_of_parts();
  const auto placement = placed(world.wanted, world.candidates);
  if (!placement) return;
  const auto& choice = placement->choice;
  RC_CLASSIFY(choice.pickups.size() == 2, "two places");
  RC_CLASSIFY(choice.pickups.size() > 2, "three places or more");
  const auto& who = named(world, choice.engineer);
  std::set<std::string> had(who.van_parts.begin(), who.van_parts.end());
  const Street street;
  auto at = who.home;
  for (const auto& stop : who.route)
    if (stop.ends <= choice.travel_starts) at = stop.position;
  auto free = choice.travel_starts;
  std::set<std::string> places, colleagues;
  for (const auto& pickup : choice.pickups) {
    RC_ASSERT(places.insert(pickup.location).second);
    RC_ASSERT(!pickup.parts.empty());  // and each of them is new
    for (const auto& part : pickup.parts) RC_ASSERT(had.insert(part).second);
    RC_ASSERT(free + street.time(at, pickup.position, free) <= pickup.when.from);
    at = pickup.position;
    free = pickup.when.to;
    if (pickup.visit.empty()) continue;
    RC_ASSERT(colleagues.insert(pickup.colleague).second && pickup.colleague != choice.engineer);
    for (const auto& meeting : world.wanted.meetings)
      if (meeting.visit == pickup.visit)
        RC_ASSERT(meeting.open.from <= pickup.when.from && pickup.when.to <= meeting.open.to);
  }
  RC_ASSERT(free + street.time(at, world.wanted.position, free) <= choice.starts);
}

// A second place is never driven to where coming without its parts costs less.
RC_GTEST_PROP(Place, WhatCostsNothingToComeWithoutIsWorthNoSecondPlace, ()) {
  auto world = world_of_parts();
  world.wanted.without.clear();
  for (auto& depot : world.wanted.depots) depot.position = along(-30);  // nowhere near the way
  for (auto& meeting : world.wanted.meetings) meeting.position = along(-90);
  const auto placement = placed(world.wanted, world.candidates);
  if (placement) RC_ASSERT(placement->choice.pickups.size() <= 1);
}

}  // namespace
}  // namespace firstfix::planning
