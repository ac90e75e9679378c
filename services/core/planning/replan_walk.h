// How the days of a territory go if they are driven as arranged, what that costs, and which rules it breaks.
#pragma once

#include <map>
#include <vector>

#include "planning/replan.h"

namespace firstfix::planning {

// One stop of an arrangement, by its number in TerritoryDay::stops.
struct Arranged {
  std::size_t stop = 0;
  Instant starts;  // not before
  std::string depot;
};
// For each engineer, in the order in which they go.
using Arrangement = std::vector<std::vector<Arranged>>;

struct Walked {
  std::size_t stop = 0;
  std::size_t engineer = 0;
  Instant travel_starts, starts, ends;
  Duration travel{};
  std::string depot;
};

struct Walk {
  std::vector<Walked> stops;  // by engineer, in order
  // Of each engineer and shift, flat: when they leave, never if they do not; and are home, the shift's beginning if
  // not.
  std::vector<Instant> out_from, out_until;
  std::vector<bool> lacks_break;  // likewise: a break was due, and there was no time for it
  Duration travel{};
  double cost = 0;
};

// When the stop, not one that stays, may begin whose work would begin at `was` as the days stand: what is in time stays
// in time. None if of the hours of access that are not over and of what was promised nothing is left.
std::vector<Interval> beginnings(const DayStop& stop, Instant was, Instant now);

// Each stop of the walk, which has to outlive it, by its number.
std::map<std::size_t, const Walked*> by_stop(const Walk& walk);

inline Duration apart(Instant a, Instant b) {
  return a > b ? a - b : b - a;
}

// The days as they stand.
Arrangement as_it_is(const TerritoryDay& day, Instant now, const ReplanOptions& options);

Walk walk(const TerritoryDay& day, const Arrangement& arranged, const Travel& travel, Instant now,
          const ReplanOptions& options);

// The first rule that `better` breaks and `now` does not, or breaks worse; empty if there is none.
std::string broken(const TerritoryDay& day, const Walk& as_is, const Walk& better, const ReplanOptions& options);

// The same of one engineer's times alone: starts, coming home, rest. `better` may be a walk of that one only.
std::string broken_times(const TerritoryDay& day, const Walk& as_is, const Walk& better, std::size_t engineer);

// Is the stop within the horizon, with an engineer who has a shift? Others are left as they are.
bool in_scope(const TerritoryDay& day, const DayStop& stop, Instant now, const ReplanOptions& options);

// The number of the engineer; of all if there is no such.
std::size_t engineer_of(const TerritoryDay& day, const std::string& id);

}  // namespace firstfix::planning
