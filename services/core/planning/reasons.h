// The reasons of explain.h for a state of the search.
#pragma once

#include <string>

#include "state.h"

namespace firstfix::planning {

// Why the engineer may not do the job on any day; empty if they may.
std::string unsuited(const Problem& problem, int job, int engineer);

// Why the job is left out, and what the least would be that has to give.
Unassigned why_absent(const Model& model, const State& state, int job);

// "14:05"; with the day ("2 d 14:05") after the first.
std::string clock_time(Seconds t);

}  // namespace firstfix::planning
