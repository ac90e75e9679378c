// Figures over several seeds, with their intervals.
#pragma once

#include <span>

namespace firstfix::simulation {

struct Estimate {
  double mean = 0;
  double half_width = 0;  // of the 95 % confidence interval by Student's t; infinite for a single value
};

Estimate estimate(std::span<const double> values);
// Of b minus a, seed by seed: with common random numbers most of the chance cancels out. Equally many of both.
Estimate estimate_difference(std::span<const double> a, std::span<const double> b);

}  // namespace firstfix::simulation
