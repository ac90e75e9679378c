// A plan in the making: every engineer's day, and who does what.
#pragma once

#include <vector>

#include "planning/plan.h"
#include "route.h"

namespace firstfix::planning {

// What a plan is worth: first what it leaves out, then what it costs.
struct Score {
  Value lost = 0;
  Units cost = 0;
  friend auto operator<=>(const Score&, const Score&) = default;
};

struct State {
  std::vector<DayRoute> routes;  // of each engineer
  std::vector<int> engineer_of;  // of each job; kNone if it is left out
  std::vector<int> absent;       // the jobs left out
  DepotStock depots;             // what nobody fetches
  Score score;
};

// Nobody does anything but what the current plan pins; with `keep`, what else of the current plan still fits is kept.
State first_state(const Model& model, bool keep);

// The days of a plan, as far as they are possible.
State state_of(const Model& model, const Plan& plan);

// Replaces the days of some engineers by those of a plan, as far as they are possible; the others stay as they are.
void reread(const Model& model, const std::vector<Route>& days, State& state);

// Who does what, who is left out, what the depots have left and the score, all from the days.
void recount(const Model& model, State& state);

// What the score has to be, summed afresh.
Score score_of(const Model& model, const State& state);

}  // namespace firstfix::planning
