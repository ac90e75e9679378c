// Re-planning the days of a territory as a whole: who could swap with whom, so that all together drive and wait less.
//
// The situation goes in as it stands; what comes out is a set of moves that keeps every promise and touches nothing
// that has begun, that somebody has agreed to, or that a person has decided, or the reason why nothing is worth it. The
// days are posed to solve() as a problem with the plan as it is; its answer is then walked stop by stop with the true
// travel times, judged against every rule, and priced beside the days as they are: what solve() says of itself is not
// believed. Pure and thread-safe.
//
// A visit is never left out: a better day in which somebody who had a visit has none is no better day. One that no plan
// has a better place for (its engineer comes home late, say) stays where it stands, and is named.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/geo.h"
#include "base/result.h"
#include "base/time.h"
#include "planning/qualify.h"
#include "planning/shift_break.h"
#include "planning/travel.h"

namespace firstfix::planning {

// A stop of somebody's day that is not over: of a visit, or of anything else that takes an engineer's time.
struct DayStop {
  std::string id;        // of the visit; each member of a crew has a stop of the same id
  std::string engineer;  // whose day it is in
  Instant starts, ends;  // of the work, as planned; of one that has begun, `ends` is when its engineer is free
  Position position;
  std::string depot;  // where its parts are fetched on the way; empty if nowhere
  bool begun = false;
  bool stays = true;  // with its engineer, at its start; what follows matters only to one that may move

  bool agreed = false;  // its engineer has said yes: moving it disturbs more
  std::vector<SkillNeed> skills;
  std::map<std::string, int> parts;    // how many of each have to come along
  std::vector<std::string> excluded;   // engineers who have declined, or are not wanted at the site
  std::vector<std::string> preferred;  // if somebody is, anybody else costs `continuity`
  int priority = 50;                   // 0 to 100
  bool hazard = false;
  Instant respond_by = kNever;  // later is late, by contract
  Instant not_before{};         // parts arrive, or the customer is not there
  Instant not_after = kNever;   // promised to the customer
  // The work begins within one of them, in order and apart; any time if empty. Where none is left for it that its
  // engineer could keep in time as things stand, it stays where it is.
  std::vector<Interval> access;
};

struct DayEngineer {
  Person person;
  Position home;
  std::vector<Interval> shifts;  // in order, apart
  // The numbers of those on call: what is in them has to stay, and nothing else comes in. No rest is due before.
  std::set<std::size_t> on_call;
  std::map<std::size_t, ShiftBreak> breaks;  // by the number of the shift
  std::map<std::string, int> parts;          // on the van: free, or taken along for one that may move
  std::optional<Position> end;               // of each day, if elsewhere than at home
  Duration min_rest{};                       // between days of work, as in place.h
};

struct DayDepot {
  std::string id;
  Position position;
  std::map<std::string, int> parts;  // free, or set aside for one that may move
};

struct TerritoryDay {
  std::vector<DayEngineer> engineers;
  std::vector<DayStop> stops;
  std::vector<DayDepot> depots;
};

// Prices in one currency, those of placing one job (place.h).
struct DayWeights {
  double travel_per_hour = 40;
  double wait_per_hour = 10;  // of each customer, until somebody is there
  double late_per_hour = 60;  // after respond_by
  double overtime_per_hour = 60;
  double over_qualification = 5;  // a level above what is needed
  double continuity = 10;         // somebody comes who is not preferred, where anybody is
  // Of what is not begun, on the road and at work: an hour of it times the share that it fills of the time left in its
  // shift, as in problem.h.
  double fairness = 0;
  double broken_promise = 200;  // of a visit that begins after not_after
  double moved = 10;            // a visit gets another engineer
  // Or keeps its engineer, but starts more than 15 minutes off: dearer than in a plan that nobody has been told of.
  double shifted = 5;
  double agreed = 15;         // besides, if its engineer has agreed to it
  double worth_per_move = 5;  // what has to be saved beyond that for each such visit
  Duration pickup = std::chrono::minutes{10};
};

struct ReplanOptions {
  DayWeights weights;
  Duration horizon = std::chrono::hours{48};  // shifts that begin later are left as they are
  std::uint64_t iterations = 5'000;           // of the search
  std::uint64_t seed = 1;
  std::size_t most_moves = 200;  // of the best day only the moves that save most, if it has more
};

struct DayMove {
  std::string id, from, to;  // engineers; the same if only the time moves
  Instant from_starts;       // as planned
  Instant travel_starts, starts, ends;
  Duration travel{};  // to it
  std::string depot;
  std::string reason;
};

struct BetterDay {
  std::vector<DayMove> moves;  // by engineer and time; empty: nothing better is worth it
  double saves = 0;            // less the disturbance
  double disturbance = 0;
  Duration travel_saved{};
  std::vector<std::string> unplaced;  // visits that might move, but stay where they stand: no plan has a better place
  std::string reason;                 // why it is worth it, or why nothing is
};

// The number of the shift of the engineer to which work that begins then belongs: the last that has begun, or the
// first.
std::size_t shift_of(const DayEngineer& who, Instant starts);

// The ways whose times better_day() will ask for.
std::vector<Ways> ways_of(const TerritoryDay& day);

// kInvalid if the situation contradicts itself.
Result<BetterDay> better_day(const TerritoryDay& day, const Travel& travel, Instant now,
                             const ReplanOptions& options = {});

}  // namespace firstfix::planning
