// Values under one name as normal scores.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "diagnosis/readings.h"

namespace firstfix::diagnosis {
namespace {

// The number below which a standard normal one lies with this probability: Newton's steps from the logistic's.
double normal_quantile(double share) {
  double z = std::log(share / (1 - share)) * std::numbers::sqrt3 / std::numbers::pi;
  for (int i = 0; i < 6; ++i) {
    const double below = 0.5 * std::erfc(-z / std::numbers::sqrt2);
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
    z -= std::clamp((below - share) / density, -1.0, 1.0);
  }
  return z;
}

}  // namespace

void Scale::settle() {
  std::sort(values_.begin(), values_.end(), [](const Value& a, const Value& b) { return a.step < b.step; });
  std::vector<Value> merged;
  for (const auto& value : values_) {
    if (merged.empty() || merged.back().step != value.step) merged.push_back({value.step});
    merged.back().visits += value.visits;
  }
  all_ = 0;
  for (auto& value : merged) value.below = all_, all_ += value.visits;
  for (auto& value : merged) value.score = normal_quantile((value.below + value.visits / 2 + 0.5) / (all_ + 1));
  values_ = std::move(merged);
}

double Scale::score(int step) const {
  const auto at = std::lower_bound(values_.begin(), values_.end(), step,
                                   [](const Value& value, int wanted) { return value.step < wanted; });
  if (at != values_.end() && at->step == step) return at->score;
  return normal_quantile(((at == values_.end() ? all_ : at->below) + 0.5) / (all_ + 1));
}

double Scale::quantile(double share) const {
  const auto at = std::upper_bound(values_.begin(), values_.end(), share * all_,
                                   [](double wanted, const Value& value) { return wanted < value.below; });
  return at == values_.begin() ? 0 : learning::step_value(std::prev(at)->step);
}

}  // namespace firstfix::diagnosis
