#include "lean.h"

#include <array>

#include "cascade.h"
#include "rates.h"

namespace firstfix::diagnosis {
namespace {

constexpr std::array<double, 6> kCascadeWeights = {10,  30,   100,
                                                   300, 1000, 3000};  // visits that a cascade's word may be worth
constexpr std::size_t kLargestExact = 6;  // signs of a bundle whose patterns are all looked at

// How probable the counts of a cell are if it is a link or a leak, or if they are spread around `mean`, that being
// worth `weight` visits.
double log_evidence(const RateCells& cells, std::size_t cell, double leak, double link) {
  const double n = cells.visits(cell), seen = cells.shown(cell);
  const double spike = seen * std::log(leak) + (n - seen) * std::log1p(-leak), slab = log_beta(seen + 1, n - seen + 1);
  const double top = std::max(spike, slab);
  return top + std::log((1 - link) * std::exp(spike - top) + link * std::exp(slab - top));
}
double log_evidence_around(const RateCells& cells, std::size_t cell, double mean, double weight) {
  const double n = cells.visits(cell), seen = cells.shown(cell);
  const double a = weight * mean, b = weight * (1 - mean);
  return log_beta(seen + a, n - seen + b) - log_beta(a, b);
}

// What the columns, read in order, miss of the cascade's patterns, compared with what they miss of the leaks'. Kept
// if it makes what was seen more probable.
void make_exact(const Cascade& cascade, std::size_t number, Rates& rates) {
  const auto rows = rates.visits.size();
  const auto& bundle = rates.bundles[number];
  const auto patterns = std::size_t{1} << bundle.size();
  auto& exact = rates.exact[number];
  exact.resize(patterns * rows);
  std::vector<double> leaks(patterns);
  for (std::size_t row = rows + 1; row-- > 0;) {
    const auto truth = cascade.patterns(row);
    for (unsigned pattern = 0; pattern < patterns; ++pattern) {
      double read = 1;
      for (std::size_t i = 0; i < bundle.size(); ++i) {
        const auto sign = static_cast<std::size_t>(bundle[i]);
        const auto column = (pattern & ((1U << i) - 1)) == 0 ? rates.alone[sign] : rates.after[sign];
        const double p = row == rows ? rates.leak[column] : std::max(rates.leak[column], rates.at(row, column));
        read *= (pattern >> i & 1U) != 0 ? p : 1 - p;
      }
      const double missed = std::log(std::max(truth[pattern], 1e-300) / read);
      if (row == rows)
        leaks[pattern] = missed;
      else
        exact[pattern * rows + row] = missed - leaks[pattern];
    }
  }
  double gain = 0;
  for (const auto& cell : cascade.seen())
    gain += cell.visits * (exact[cell.pattern * rows + cell.row] + leaks[cell.pattern]);
  if (gain <= 0) exact.clear();
}

}  // namespace

void lean_on_cascade(const Tables& tables, const RateCells& cells, std::size_t number, Rates& rates) {
  const auto rows = rates.visits.size();
  const auto& bundle = rates.bundles[number];
  const Cascade cascade(tables, bundle, rates.link);
  std::vector<std::pair<std::size_t, double>> implied;  // cell, probability
  double best = 0, weight = 0;
  const auto each = [&](std::size_t row, const auto& take) {
    const auto chain = cascade.chain(row);
    for (std::size_t i = 0; i < bundle.size(); ++i) {
      const auto sign = static_cast<std::size_t>(bundle[i]);
      take(rates.alone[sign], std::clamp(chain[i].alone, kLeastLeak, kMost));
      if (i > 0) take(rates.after[sign], std::clamp(chain[i].after, kLeastLeak, kMost));
    }
  };
  for (std::size_t row = 0; row < rows; ++row)
    each(row, [&](std::size_t column, double p) {
      const auto cell = row * rates.columns + column;
      if (cells.told(cell)) return;
      implied.emplace_back(cell, p);
      best += log_evidence(cells, cell, rates.leak[column], rates.link);
    });
  for (const double trial : kCascadeWeights) {
    double sum = 0;
    for (const auto& [cell, p] : implied) sum += log_evidence_around(cells, cell, p, trial);
    if (sum > best) best = sum, weight = trial;
  }
  if (weight == 0) return;
  each(rows, [&](std::size_t column, double p) { rates.leak[column] = std::min(p, kMostLeak); });
  for (const auto& [cell, p] : implied) {
    rates.shown[cell] = std::min(kMost, (cells.shown(cell) + weight * p) / (cells.visits(cell) + weight));
  }
  if (bundle.size() <= kLargestExact) make_exact(cascade, number, rates);
}

}  // namespace firstfix::diagnosis
