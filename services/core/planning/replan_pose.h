// The days of a territory as a problem for solve(), and its answer as an arrangement.
#pragma once

#include "planning/plan.h"
#include "planning/problem.h"
#include "replan_walk.h"

namespace firstfix::planning {

// What has begun is not in the problem: its engineer's day begins where and when that ends. What stays is a locked stop
// without needs, at the time at which it will begin as the days stand; if its parts are fetched, the depot is one too.
struct Posed {
  Problem problem;
  Plan current;
  Instant origin;                       // of the problem's seconds
  std::vector<std::size_t> engineer;    // of each entry of problem.engineers: its number in TerritoryDay
  std::vector<std::size_t> stop;        // of each job: its number; the number of all stops for a detour to a depot
  std::vector<std::string> part_names;  // of the problem's numbers
};

// `as_is` is the walk of the days as they stand.
Posed pose(const TerritoryDay& day, const Walk& as_is, const Travel& travel, Instant now, const ReplanOptions& options);

// The answer with what has begun put back. A job that the plan leaves out is missing.
Arrangement arrange(const TerritoryDay& day, const Walk& as_is, const Posed& posed, const Plan& plan);

}  // namespace firstfix::planning
