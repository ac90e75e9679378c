#include "learning/readings.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace firstfix::learning {
namespace {

constexpr double kFineStepsPerOctave = 256, kLeastOctave = -40, kMostOctave = 60;  // what is nearer to zero is zero

}  // namespace

std::vector<Reading> settled(std::vector<Reading> readings) {
  std::erase_if(readings, [](const Reading& one) { return !std::isfinite(one.value); });
  const auto key = [](const Reading& one) { return std::tie(one.sign, one.what); };
  std::stable_sort(readings.begin(), readings.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  std::vector<Reading> out;
  for (auto& one : readings) {
    if (!out.empty() && key(out.back()) == key(one))
      out.back().value = one.value;
    else if (out.size() < kMostReadings)
      out.push_back(std::move(one));
    else
      break;
  }
  return out;
}

int reading_step(double value) {
  if (value == 0) return 0;
  const double octave = std::min(std::log2(std::abs(value)), kMostOctave);
  const auto step = static_cast<int>(std::lround(std::max(0.0, (octave - kLeastOctave) * kFineStepsPerOctave)));
  return value < 0 ? -step : step;
}

double step_value(int step) {
  if (step == 0) return 0;
  const double size = std::exp2(std::abs(step) / kFineStepsPerOctave + kLeastOctave);
  return step < 0 ? -size : size;
}

}  // namespace firstfix::learning
