// Random numbers by name, not by turn: the same (seed, machine, failure, purpose) draws the same number under every
// policy, so that two policies are compared on the same bad luck (common random numbers). Header only.
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <numbers>

namespace firstfix::simulation {

// SplitMix64 (Steele, Lea and Flood, 2014), seeded with a hash of the name.
class Random {
 public:
  Random(std::uint64_t seed, std::initializer_list<std::uint64_t> name) : state_(mixed(seed)) {
    for (const auto part : name) state_ = mixed(state_ ^ mixed(part + 0x9E3779B97F4A7C15ULL));
  }

  std::uint64_t next() { return mixed(state_ += 0x9E3779B97F4A7C15ULL); }
  // In [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  double uniform(double from, double to) { return from + (to - from) * uniform(); }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(uniform() * static_cast<double>(n)); }
  bool chance(double probability) { return uniform() < probability; }
  double exponential(double mean) { return -mean * std::log1p(-uniform()); }
  // Box and Muller (1958).
  double normal() { return std::sqrt(-2 * std::log1p(-uniform())) * std::cos(2 * std::numbers::pi * uniform()); }
  // Its median, and the standard deviation of its logarithm.
  double lognormal(double median, double sigma) { return median * std::exp(sigma * normal()); }

 private:
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace firstfix::simulation
