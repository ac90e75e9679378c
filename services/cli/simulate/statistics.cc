#include "simulation/statistics.h"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace firstfix::simulation {
namespace {

// The 97.5 % quantile of Student's t with `freedom` degrees; from 30 on by Cornish and Fisher's expansion.
double quantile(std::size_t freedom) {
  constexpr std::array kTable = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                                 2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                                 2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045};
  if (freedom <= kTable.size()) return kTable[freedom - 1];
  constexpr double kNormal = 1.959964;
  const auto n = static_cast<double>(freedom);
  return kNormal + (kNormal * kNormal * kNormal + kNormal) / (4 * n);
}

}  // namespace

Estimate estimate(std::span<const double> values) {
  Estimate out;
  const auto n = static_cast<double>(values.size());
  for (const double value : values) out.mean += value / n;
  if (values.size() < 2) {
    out.half_width = std::numeric_limits<double>::infinity();
    return out;
  }
  double squares = 0;
  for (const double value : values) squares += (value - out.mean) * (value - out.mean);
  out.half_width = quantile(values.size() - 1) * std::sqrt(squares / (n - 1) / n);
  return out;
}

Estimate estimate_difference(std::span<const double> a, std::span<const double> b) {
  std::vector<double> difference;
  for (std::size_t i = 0; i < a.size(); ++i) difference.push_back(b[i] - a[i]);
  return estimate(difference);
}

}  // namespace firstfix::simulation
