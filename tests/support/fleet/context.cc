// What comes with the codes: numbers, and that codes go away by themselves.
#include <algorithm>
#include <cmath>

#include "fleet/fleet.h"

namespace firstfix::fleet {
namespace {

constexpr double kGoesAway = 0.05, kLeakGoesAway = 0.5;

}  // namespace

// The probability that a code which is there was brought by one of the causes.
double Fleet::brought(int code, const std::vector<int>& causes) const {
  double silent = 1;
  for (const auto cause : causes)
    for (const auto& [linked, p] : causes_[static_cast<std::size_t>(cause)].codes)
      if (linked == code) silent *= 1 - p;
  const double leak = leaks_[static_cast<std::size_t>(code)];
  return (1 - silent) / (1 - silent * (1 - leak));
}

void Fleet::add_context(Visit& visit) {
  visit.cleared.resize(visit.codes.size());
  for (std::size_t i = 0; options_.clearing && i < visit.codes.size(); ++i) {
    const bool by_cause = uniform() < brought(visit.codes[i], visit.causes);
    visit.cleared[i] = uniform() < (by_cause ? kGoesAway : kLeakGoesAway);
  }
  if (options_.readings == 0) return;
  const double common = std::sqrt(options_.alike) * normal(), own = std::sqrt(1 - options_.alike);
  for (const double mean : causes_[static_cast<std::size_t>(visit.causes.front())].means)
    visit.readings.push_back(mean + common + own * normal());
}

// Of two causes each is as often the first, of which the numbers tell.
double Fleet::log_context(const Visit& visit, const std::vector<int>& causes) const {
  double log = 0;
  for (std::size_t i = 0; options_.clearing && i < visit.codes.size(); ++i) {
    const double by_cause = brought(visit.codes[i], causes);
    const double cleared = by_cause * kGoesAway + (1 - by_cause) * kLeakGoesAway;
    log += std::log(visit.cleared[i] ? cleared : 1 - cleared);
  }
  if (visit.readings.empty() || visit.codes.empty()) return log;
  double either = 0;
  const auto n = static_cast<double>(visit.readings.size());
  for (const auto cause : causes) {
    double sum = 0, squares = 0;
    for (std::size_t r = 0; r < visit.readings.size(); ++r) {
      const double off = visit.readings[r] - causes_[static_cast<std::size_t>(cause)].means[r];
      sum += off, squares += off * off;
    }
    const double within = squares - options_.alike / (1 + (n - 1) * options_.alike) * sum * sum;
    either += std::exp(-within / (1 - options_.alike) / 2);
  }
  return log + std::log(std::max(either, 1e-300) / static_cast<double>(causes.size()));
}

}  // namespace firstfix::fleet
