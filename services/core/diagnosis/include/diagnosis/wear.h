// How much more or less often a cause comes than usual, by the time since its last repair.
//
// Weibull's hazard is a straight line on logarithmic axes: log factor = level + slope · log(age). Each cause's line is
// fitted to counts in bins of age (logistic regression: a visit finds this cause or another), its slope drawn towards
// those of the others; what the line does not explain is taken over as a factor for each bin, as far as the counts
// warrant it.
#pragma once

#include <array>
#include <vector>

#include "learning/visit.h"

namespace firstfix::diagnosis {

// Of so many visits the cause was found on some, and on so many it would usually be.
struct Cell {
  double seen = 0, expected = 0, trials = 0;
};
using Cells = std::array<Cell, learning::kAgeBins>;

// How alike the factors are by which counts differ from what is expected of them: for Poisson counts with Gamma(s, s)
// distributed factors, the s that makes the counts most probable.
double likeness(const std::vector<Cell>& cells);

// The factor that a count tells, drawn towards 1.
inline double shrunk(const Cell& cell, double likeness) {
  return (cell.seen + likeness) / (cell.expected + likeness);
}

class Wear {
 public:
  Wear() = default;
  // By cause: after a repair, by the time since; and before the first one, by the time that the machine is known.
  Wear(const std::vector<Cells>& worn, const std::vector<Cells>& first);

  double after_repair(std::size_t cause, double days) const { return factor(worn_[cause], days); }
  double before_repair(std::size_t cause, double days) const { return factor(first_[cause], days); }

 private:
  struct Curve {
    double level = 0, slope = 0;
    std::array<double, learning::kAgeBins> rest;
  };
  static double factor(const Curve& curve, double days);

  std::vector<Curve> worn_, first_;
};

}  // namespace firstfix::diagnosis
