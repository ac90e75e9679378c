// Small pieces that the sequential tests share.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace firstfix::learning {

inline constexpr double kLogZero = -std::numeric_limits<double>::infinity();

// log(exp(a) + exp(b)) without overflow.
inline double log_add(double a, double b) {
  const double high = std::max(a, b), low = std::min(a, b);
  return low == kLogZero ? high : high + std::log1p(std::exp(low - high));
}

struct RatioInterval {
  double ratio = 0, low = 0, high = 0;
};

// The ratio of two rates from their counts and exposures, with Wald's 95 % interval on its logarithm; half an event is
// added to each count, so that an empty one still gives an interval (Rothman, Modern Epidemiology).
inline RatioInterval rate_ratio(double count, double exposure, double past_count, double past_exposure) {
  const double ratio = (count + 0.5) / exposure * past_exposure / (past_count + 0.5);
  const double spread = std::exp(1.96 * std::sqrt(1 / (count + 0.5) + 1 / (past_count + 0.5)));
  return {ratio, ratio / spread, ratio * spread};
}

}  // namespace firstfix::learning
