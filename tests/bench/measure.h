// What a bench prints: one JSON object a line, the figure beside its floor of the same run.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace firstfix::bench {

using Steady = std::chrono::steady_clock;

inline double micros(Steady::duration d) {
  return std::chrono::duration<double, std::micro>(d).count();
}

// The smallest sample that is not below the share `p` of them; samples are not empty.
inline double percentile(std::vector<double> samples, double p) {
  const auto rank = static_cast<std::size_t>(std::lround(p * static_cast<double>(samples.size() - 1)));
  std::nth_element(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(rank), samples.end());
  return samples[rank];
}

inline void print_line(const std::string& bench, const std::string& metric, double value, const char* unit,
                       std::optional<double> floor) {
  std::printf(R"({"bench":"%s","metric":"%s","value":%.6g,"unit":"%s",)", bench.c_str(), metric.c_str(), value, unit);
  if (floor)
    std::printf(R"("floor":%.6g,"ratio":%.4g})", *floor, value / *floor);
  else
    std::printf(R"("floor":null,"ratio":null})");
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace firstfix::bench
