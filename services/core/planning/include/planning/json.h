// Problems and plans as JSON, in the form of the field-service planning format (see ARCHITECTURE.md, «Planner»).
// Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planning/explain.h"
#include "planning/plan.h"
#include "planning/problem.h"

namespace firstfix::planning {

// kInvalid with the path of the first bad field: missing, of a wrong type, not finite, negative, out of range, naming
// what does not exist, or contradicting another. kTooLarge beyond the limits of problem.h. Fields that the format does
// not have are listed in Problem::ignored. An engineer with `shifts` becomes one entry a day (Engineer::first_day).
Result<Problem> read_problem(std::string_view json);

// A plan for `problem`; a route of an engineer with several days says its `day`, from 0. Stops of jobs, engineers and
// days that the problem does not have are left out: they are over, or gone.
Result<Plan> read_plan(std::string_view json, const Problem& problem);

// With `current`, the cost says what moving its stops costs. With `explained`, a stop that it speaks of has
// `runners_up` [{engineer, start, extra_cost}] and `cannot` ["3 × lacks gas"], and `explained` says how many have.
std::string write_plan(const Problem& problem, const Plan& plan, const Plan* current = nullptr,
                       const std::vector<Assignment>* explained = nullptr);

}  // namespace firstfix::planning
