// Starts as people know them, in the days of a territory: what a better day draws sooner for less than another time
// costs goes back to where it was.
#pragma once

#include "replan_walk.h"

namespace firstfix::planning {

// What differs between two walks of the same visits.
struct Disturbed {
  int moved = 0, shifted = 0, agreed = 0;
  double price = 0;
};
Disturbed disturbed(const TerritoryDay& day, const Walk& as_is, const Walk& better, const DayWeights& weights);

// Another start than that, by more than nobody would mind.
bool is_shifted(const Walked& was, const Walked& is);

// The arrangement with each start that its engineer keeps and that is drawn sooner for less than the disturbance costs
// set back to what it was. No rule is broken that was not, and the cost with the disturbance never rises.
Arrangement with_starts_kept(const TerritoryDay& day, const Walk& as_is, Arrangement arranged, const Travel& travel,
                             Instant now, const ReplanOptions& options);

}  // namespace firstfix::planning
