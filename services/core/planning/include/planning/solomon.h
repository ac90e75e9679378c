// The classic text format of the vehicle routing problem with time windows (Solomon 1987; Gehring and Homberger 1999).
#pragma once

#include <string_view>
#include <vector>

#include "planning/plan.h"
#include "planning/problem.h"

namespace firstfix::planning {

struct SolomonInstance {
  Problem problem;             // vehicles are engineers, demand is a part, times and distances are tenths
  std::vector<int> customers;  // the number of each job in the file
};

// Distances are Euclidean, cut to one decimal; the fleet is free; only distance counts. kInvalid with the line at
// fault.
Result<SolomonInstance> read_solomon(std::string_view text);

// {"distance": …, "routes": [[customer, …], …]}
std::string write_solomon(const SolomonInstance& instance, const Plan& plan);

}  // namespace firstfix::planning
