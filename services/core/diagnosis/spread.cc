#include "spread.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace firstfix::diagnosis {
namespace {

constexpr double kLeastWeight = 1e-3;  // of a guess that is worth asking
constexpr double kBelieved = 0.95;     // that engineers are right if they say that a model cannot have a cause

}  // namespace

double Spread::Guess::log_no_more(const Cell& cell) const {
  return likeness * (std::log(likeness) - std::log(cell.expected + likeness));
}

double Spread::Guess::factor(const Cell& cell, bool barred) const {
  if (cell.seen > 0) return shrunk(cell, likeness);
  const double not_at_all = barred ? std::max(immune, kBelieved) : immune;
  const double possible = (1 - not_at_all) * std::exp(log_no_more(cell));
  return shrunk(cell, likeness) * possible / (not_at_all + possible);
}

double Spread::Guess::log_likelihood(const std::vector<Cell>& cells) const {
  const double constant = likeness * std::log(likeness) - std::lgamma(likeness);
  double sum = 0;
  for (const auto& cell : cells) {
    if (cell.expected <= 0) continue;
    if (cell.seen == 0)
      sum += std::log(immune + (1 - immune) * std::exp(log_no_more(cell)));
    else
      sum += std::log(1 - immune) + constant + std::lgamma(cell.seen + likeness) -
             (cell.seen + likeness) * std::log(cell.expected + likeness) + cell.seen * std::log(cell.expected);
  }
  return sum;
}

Spread Spread::of(const std::vector<Cell>& cells) {
  Spread out;
  double best = -std::numeric_limits<double>::infinity(), sum = 0;
  for (const double likeness : {0.3, 0.6, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 16.0, 64.0, 512.0})
    for (const double immune : {0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3}) {
      Guess guess{likeness, immune, 0};
      guess.weight = guess.log_likelihood(cells);
      best = std::max(best, guess.weight);
      out.guesses_.push_back(guess);
    }
  for (auto& guess : out.guesses_) guess.weight = std::exp(guess.weight - best);
  std::erase_if(out.guesses_, [](const auto& guess) { return guess.weight < kLeastWeight; });
  for (const auto& guess : out.guesses_) sum += guess.weight;
  for (auto& guess : out.guesses_) guess.weight /= sum;
  return out;
}

double Spread::factor(const Cell& cell, bool barred) const {
  double sum = 0;
  for (const auto& guess : guesses_) sum += guess.weight * guess.factor(cell, barred);
  return sum;
}

}  // namespace firstfix::diagnosis
