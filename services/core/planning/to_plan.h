#pragma once

#include "planning/plan.h"
#include "state.h"

namespace firstfix::planning {

// With starts as near as may be to those of the current plan.
Route to_route(const Model& model, const DayRoute& route);

// Days without a job are left out; what is absent gets its reason, if `reasons` are wanted.
Plan to_plan(const Model& model, const State& state, bool reasons = true);

// The same stops with the states and promises that they have in `current`.
void copy_states(const Plan& current, Plan& plan);

}  // namespace firstfix::planning
