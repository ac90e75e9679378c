// How much more or less often a cause comes than usual, by the time since its last repair.
//
// Weibull's hazard is a straight line on logarithmic axes: log factor = level + slope · log(age). Each cause's line is
// fitted to counts by step of age (Poisson regression), its slope drawn towards those of the others; what the line does
// not explain is taken over as a factor for each bin of age, as far as the counts warrant it.
#pragma once

#include <array>
#include <vector>

#include "learning/visit.h"

namespace firstfix::diagnosis {

// How often something was seen, and how often it usually would have been.
struct Cell {
  double seen = 0, expected = 0;
};
using Cells = std::array<Cell, learning::kAgeSteps>;

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
  // Without wear: every factor is 1.
  explicit Wear(std::size_t causes) : worn_(causes), first_(causes) {}
  // Draws the lines nearer to the most probable ones; a few calls, with exposures made anew, reach them. By cause:
  // after a repair, by the time since; and before the first one, by the time that the machine is known. `new_at_first`:
  // machines were new when their records began, so that they show one curve, whether repaired before or not; otherwise
  // the time that a machine is known says nothing.
  void fit(const std::vector<Cells>& worn, const std::vector<Cells>& first, bool new_at_first);

  // Takes over what the lines leave, bin by bin.
  void take_over_rests(const std::vector<Cells>& worn, const std::vector<Cells>& first);

  double after_repair(std::size_t cause, double days) const { return factor(worn_[cause], days); }
  double before_repair(std::size_t cause, double days) const { return factor(first_[cause], days); }
  // How probable the curves were beforehand, and how well the counts fix them: the part of the evidence (Laplace) that
  // is not the likelihood.
  double log_prior() const { return log_prior_; }

 private:
  static constexpr std::size_t kBins = 16;
  // What the slopes of all causes are like.
  struct Slopes {
    double mean = 0, variance = 1;
  };
  struct Curve {
    Curve() { rest.fill(1); }
    double level = 0, slope = 0;
    std::array<double, kBins> rest;
  };
  static double factor(const Curve& curve, double days);
  static std::size_t bin_of(double days);

  std::vector<Curve> worn_, first_;
  Slopes slopes_;
  double log_prior_ = 0;
};

}  // namespace firstfix::diagnosis
