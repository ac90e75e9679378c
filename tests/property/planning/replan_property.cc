// Whatever a territory's days are: what better_day() would move may be moved, keeps every rule and saves what it says.
//
// Judged from the days before and after alone, with no code of the planner's.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "planning/replan.h"
#include "replan_hold.h"

namespace firstfix::planning {
namespace {

constexpr Duration kMinute = std::chrono::minutes{1};
constexpr Duration kRounding = kMinute;
constexpr Instant kNow{1'780'300'800'000'000};

Instant minute(int number) {
  return kNow + number * kMinute;
}

Position some_place() {
  return {53 + *rc::gen::inRange(-40, 41) / 100.0, 10 + *rc::gen::inRange(-40, 41) / 100.0};
}

// Everybody works from eight to six, today and tomorrow; some have no diesel, some no hose.
DayEngineer some_engineer(std::size_t number) {
  DayEngineer out{.person = {.id = "engineer " + std::to_string(number)}, .home = some_place()};
  if (*rc::gen::inRange(0, 4) > 0) out.person.skills["diesel"] = {*rc::gen::inRange(1, 4)};
  for (int day = 0; day < 2; ++day)
    out.shifts.push_back({minute(day * 24 * 60 - *rc::gen::inRange(0, 3) * 60), minute(day * 24 * 60 + 10 * 60)});
  if (*rc::gen::arbitrary<bool>()) {  // the evening and the night between
    out.shifts.insert(out.shifts.begin() + 1, {out.shifts.front().to, out.shifts.back().from});
    out.on_call = {1};
    out.min_rest = *rc::gen::inRange(0, 12) * 60 * kMinute;
  }
  if (*rc::gen::inRange(0, 3) == 0) out.end = some_place();
  if (*rc::gen::arbitrary<bool>()) {
    const int from = *rc::gen::inRange(0, 9 * 60);
    out.breaks[0] = {{minute(from), minute(from + *rc::gen::inRange(0, 120))}, *rc::gen::inRange(5, 60) * kMinute};
  }
  if (*rc::gen::arbitrary<bool>()) out.parts["hose"] = *rc::gen::inRange(1, 4);
  return out;
}

// A day's stops one after another, each with time to get there; some stay, the first may have begun. With overruns some
// lie over each other.
void add_day(TerritoryDay& day, std::size_t number, const Travel& travel, bool overruns) {
  const auto& who = day.engineers[number];
  auto at = who.home;
  Instant free = minute(0);
  const int count = *rc::gen::inRange(0, 5);
  for (int i = 0; i < count; ++i) {
    DayStop stop{.id = who.person.id + ", stop " + std::to_string(i), .engineer = who.person.id};
    stop.position = some_place();
    stop.starts = free + travel.time(at, stop.position, free) + *rc::gen::inRange(0, 60) * kMinute;
    stop.ends = stop.starts + *rc::gen::inRange(15, 120) * kMinute;
    stop.begun = i == 0 && *rc::gen::inRange(0, 4) == 0;
    if (stop.begun) stop.starts = minute(-10), stop.ends = minute(*rc::gen::inRange(10, 300));
    stop.stays = stop.begun || *rc::gen::inRange(0, 3) == 0;
    if (who.person.skills.count("diesel") > 0) stop.skills = {{"diesel", who.person.skills.at("diesel").level}};
    if (who.parts.count("hose") > 0 && *rc::gen::arbitrary<bool>()) stop.parts["hose"] = 1;
    if (*rc::gen::inRange(0, 3) == 0) stop.respond_by = minute(*rc::gen::inRange(-60, 600));
    if (*rc::gen::inRange(0, 4) == 0)
      stop.not_before = stop.starts - *rc::gen::inRange(0, 60) * kMinute,
      stop.not_after = stop.starts + *rc::gen::inRange(0, 60) * kMinute;
    if (*rc::gen::inRange(0, 5) == 0) stop.excluded = {"engineer 0"};
    if (*rc::gen::inRange(0, 4) == 0) stop.preferred = {"engineer 1"};
    if (*rc::gen::inRange(0, 4) == 0)
      stop.access = {{stop.starts - *rc::gen::inRange(-30, 240) * kMinute, stop.starts + 30 * kMinute},
                     {stop.starts + 60 * kMinute, stop.starts + *rc::gen::inRange(60, 300) * kMinute}};
    if (stop.excluded == std::vector{who.person.id}) stop.excluded.clear();
    if (who.on_call.count(shift_of(who, stop.starts)) > 0) stop.stays = true;
    at = stop.position;
    free = overruns && *rc::gen::inRange(0, 5) == 0 ? free : stop.ends;
    day.stops.push_back(std::move(stop));
  }
}

TerritoryDay some_day(const Travel& travel, bool overruns = true) {
  TerritoryDay day;
  const auto engineers = static_cast<std::size_t>(*rc::gen::inRange(1, 5));
  for (std::size_t i = 0; i < engineers; ++i) day.engineers.push_back(some_engineer(i));
  for (std::size_t i = 0; i < engineers; ++i) add_day(day, i, travel, overruns);
  if (*rc::gen::arbitrary<bool>()) day.depots.push_back({"depot", some_place(), {{"hose", *rc::gen::inRange(0, 4)}}});
  return day;
}

const DayEngineer& engineer(const TerritoryDay& day, const std::string& id) {
  return *std::find_if(day.engineers.begin(), day.engineers.end(),
                       [&](const auto& who) { return who.person.id == id; });
}

// The days with the moves made.
TerritoryDay with(TerritoryDay day, const std::vector<DayMove>& moves) {
  for (const auto& move : moves)
    for (auto& stop : day.stops)
      if (stop.id == move.id) {
        stop.engineer = move.to;
        stop.starts = move.starts;
        stop.ends = move.ends;
        stop.depot = move.depot;
      }
  return day;
}

RC_GTEST_PROP(Replan, WhatMovesMayMoveAndKeepsEveryRule, ()) {
  const GreatCircleTravel travel;
  const auto day = some_day(travel);
  ReplanOptions options;
  options.iterations = 300;
  options.weights.worth_per_move = *rc::gen::inRange(0, 10);
  const auto better = better_day(day, travel, kNow, options);
  RC_ASSERT(better.has_value());
  RC_CLASSIFY(!better->moves.empty(), "something moves");
  std::map<std::string, const DayStop*> stops;
  for (const auto& stop : day.stops) stops[stop.id] = &stop;
  std::set<std::string> moved;
  for (const auto& move : better->moves) {
    const auto& stop = *stops.at(move.id);
    const auto& who = engineer(day, move.to);
    RC_ASSERT(moved.insert(move.id).second);
    RC_ASSERT(!stop.stays && move.from == stop.engineer && move.from_starts == stop.starts);
    RC_ASSERT(move.travel_starts >= kNow);
    RC_ASSERT(move.ends - move.starts == stop.ends - stop.starts);
    RC_ASSERT(move.starts >= stop.not_before);
    for (const auto& need : stop.skills) RC_ASSERT(covers(who.person, need, {move.starts, move.ends}));
    RC_ASSERT(std::count(stop.excluded.begin(), stop.excluded.end(), move.to) == 0);
    const bool open = std::any_of(stop.access.begin(), stop.access.end(), [&](const auto& one) {
      return one.from <= move.starts && move.starts <= one.to + kRounding;
    });
    RC_ASSERT(stop.access.empty() || open || move.from == move.to);
    const bool in_time = std::any_of(who.shifts.begin(), who.shifts.end(), [&](const auto& shift) {
      const bool on_call = who.on_call.count(static_cast<std::size_t>(&shift - who.shifts.data())) > 0;
      return !on_call && shift.from <= move.travel_starts && move.ends <= shift.to + kRounding;
    });
    RC_ASSERT(in_time || move.from == move.to);
  }
}

RC_GTEST_PROP(Replan, WhoWasInTimeStaysInTimeAndNobodyIsBookedTwice, ()) {
  const GreatCircleTravel travel;
  const auto day = some_day(travel, false);
  ReplanOptions options;
  options.iterations = 300;
  const auto better = better_day(day, travel, kNow, options);
  RC_ASSERT(better.has_value());
  RC_CLASSIFY(!better->moves.empty(), "something moves");
  std::map<std::string, const DayStop*> before;
  for (const auto& stop : day.stops) before[stop.id] = &stop;
  const auto after = with(day, better->moves);
  for (const auto& move : better->moves) {
    const auto& was = *before.at(move.id);
    RC_ASSERT(move.starts <= was.not_after + kRounding);
    RC_ASSERT(move.starts <= std::max(was.respond_by, was.starts) + kRounding);
    for (const auto& other : after.stops)
      if (other.id != move.id && other.engineer == move.to)
        RC_ASSERT(move.travel_starts + kRounding >= other.ends || other.starts + kRounding >= move.ends);
  }
}

RC_GTEST_PROP(Replan, ItIsWorthItAndOnceMovedTheSameIsNotProposedAgain, ()) {
  const GreatCircleTravel travel;
  const auto day = some_day(travel);
  ReplanOptions options;
  options.iterations = 300;
  options.weights.fairness = *rc::gen::element(0.0, 20.0);
  const auto better = better_day(day, travel, kNow, options);
  RC_ASSERT(better.has_value());
  if (better->moves.empty()) RC_ASSERT(!better->reason.empty());
  if (better->moves.empty()) return;
  RC_ASSERT(better->saves > 0);
  const auto again = better_day(with(day, better->moves), travel, kNow, options);
  RC_ASSERT(again.has_value());
  for (const auto& move : again->moves)
    for (const auto& before : better->moves)
      RC_ASSERT(!(move.id == before.id && move.to == before.from && again->saves <= 0));
  // The same day over and over comes to rest.
  auto now = with(day, better->moves);
  for (int i = 0; i < 20; ++i) {
    const auto next = better_day(now, travel, kNow, options);
    RC_ASSERT(next.has_value());
    if (next->moves.empty()) return;
    now = with(now, next->moves);
  }
  RC_FAIL("it moves for ever");
}

// Every stop as soon as may be.
Arrangement drawn_sooner(const TerritoryDay& day, Arrangement arranged) {
  for (auto& stops : arranged)
    for (auto& one : stops)
      if (!day.stops[one.stop].stays) one.starts = *rc::gen::arbitrary<bool>() ? kNow : one.starts;
  return arranged;
}

RC_GTEST_PROP(Replan, GivingStartsBackNeverCostsMoreAndBreaksNothing, ()) {
  const GreatCircleTravel travel;
  const auto day = some_day(travel);
  ReplanOptions options;
  options.weights.shifted = *rc::gen::inRange(0, 30);
  options.weights.wait_per_hour = *rc::gen::inRange(0, 40);
  options.weights.fairness = *rc::gen::inRange(0, 40);
  const auto current = as_it_is(day, kNow, options);
  const auto as_is = walk(day, current, travel, kNow, options);
  const auto sooner = drawn_sooner(day, current);
  const auto held = with_starts_kept(day, as_is, sooner, travel, kNow, options);
  const auto before = walk(day, sooner, travel, kNow, options), after = walk(day, held, travel, kNow, options);
  const auto cost = [&](const Walk& one) { return one.cost + disturbed(day, as_is, one, options.weights).price; };
  RC_CLASSIFY(cost(after) < cost(before) - 1e-6, "something is given back");
  RC_ASSERT(cost(after) <= cost(before) + 1e-6);
  if (broken(day, as_is, before, options).empty()) RC_ASSERT(broken(day, as_is, after, options) == "");
  for (std::size_t e = 0; e < held.size(); ++e) {
    RC_ASSERT(held[e].size() == sooner[e].size());
    for (std::size_t i = 0; i < held[e].size(); ++i) RC_ASSERT(held[e][i].stop == sooner[e][i].stop);
  }
}

}  // namespace
}  // namespace firstfix::planning
