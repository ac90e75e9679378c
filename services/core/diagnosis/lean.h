// Bundles that come as cascades: their rates lean on few numbers instead of many.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>

#include "diagnosis/model.h"
#include "tables.h"

namespace firstfix::diagnosis {

inline double log_beta(double a, double b) {
  return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
}

// What was counted of each cell (cause, column).
struct RateCells {
  const std::vector<double>& chances;     // visits on which the cause could show it
  const std::vector<double>& seen;        // and did
  std::function<bool(std::size_t)> told;  // does an engineer's word stand on it?

  double visits(std::size_t cell) const { return std::max(0.0, chances[cell]); }
  double shown(std::size_t cell) const { return std::min(visits(cell), seen[cell]); }
};

// A bundle's columns are drawn to what a cascade makes of them, if that makes the counts more probable.
void lean_on_cascade(const Tables& tables, const RateCells& cells, std::size_t bundle, Rates& rates);

}  // namespace firstfix::diagnosis
