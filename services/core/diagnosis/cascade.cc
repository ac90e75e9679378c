#include "cascade.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

namespace firstfix::diagnosis {
namespace {

constexpr int kRounds = 8;
constexpr double kLeastLeak = 1e-4, kMost = 0.998;
constexpr double kLeakMean = 0.01, kLeakWeight = 1;

double log_beta(double a, double b) {
  return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
}

bool there(unsigned pattern, std::size_t member) {
  return (pattern >> member & 1U) != 0;
}

}  // namespace

Cascade::Cascade(const Tables& tables, const std::vector<Id>& bundle, double link)
    : size_(bundle.size()), rows_(static_cast<std::size_t>(tables.causes.size()) + 1), visits_(rows_) {
  count(tables, bundle);
  begin();
  for (int round = 0; round < kRounds; ++round) {
    expect();
    maximise(link);
  }
}

void Cascade::count(const Tables& tables, const std::vector<Id>& bundle) {
  const auto row_of = [&](const Group& group) {
    return group.causes.empty() ? rows_ - 1 : static_cast<std::size_t>(group.causes.front());
  };
  for (const auto& group : tables.groups)
    if (group.causes.size() <= 1) visits_[row_of(group)] += group.visits;
  std::map<std::pair<std::size_t, unsigned>, double> counts;
  for (const auto& sighting : tables.sightings) {
    unsigned pattern = 0;
    for (std::size_t i = 0; i < size_; ++i)
      if (std::binary_search(sighting.signs.begin(), sighting.signs.end(), bundle[i])) pattern |= 1U << i;
    if (pattern == 0) continue;
    for (const auto& [place, n] : sighting.groups)
      if (tables.groups[place].causes.size() <= 1) counts[{row_of(tables.groups[place]), pattern}] += n;
  }
  for (const auto& [key, n] : counts) cells_.push_back({key.first, key.second, n});
}

void Cascade::begin() {
  triggers_.assign((rows_ + 1) * size_, kLeakMean);
  for (std::size_t i = 0; i < size_; ++i) {
    double all = 0, visits = 1;
    for (std::size_t row = 0; row < rows_; ++row) visits += visits_[row];
    for (const auto& cell : cells_)
      if (there(cell.pattern, i)) {
        all += cell.visits;
        triggers(cell.row, i) += 0.5 * cell.visits / (visits_[cell.row] + 1);
      }
    triggers(rows_, i) = std::max(kLeastLeak, 0.3 * all / visits);
  }
}

// Which of the members that are there were triggered, and which were brought.
void Cascade::expect() {
  by_links_.assign(rows_ * size_, 0);
  brought_ = chances_ = 0;
  for (const auto& cell : cells_) {
    double sum = 0, brought = 0, chances = 0;
    std::vector<double> triggered(size_);
    for (unsigned some = cell.pattern; some > 0; some = (some - 1) & cell.pattern) {
      double weight = 1;
      for (std::size_t i = 0; i < size_; ++i)
        if (there(cell.pattern, i))
          weight *= there(some, i) ? triggers(cell.row, i) : (1 - triggers(cell.row, i)) * brings_;
      sum += weight;
      for (std::size_t i = 0; i < size_; ++i)
        if (there(some, i)) triggered[i] += weight;
      brought += weight * std::popcount(cell.pattern ^ some);
      chances += weight * (static_cast<double>(size_) - std::popcount(some));
    }
    const double n = cell.visits / std::max(sum, 1e-300);
    for (std::size_t i = 0; i < size_; ++i) by_links_[cell.row * size_ + i] += n * triggered[i];
    brought_ += n * brought, chances_ += n * chances;
  }
}

void Cascade::maximise(double link) {
  brings_ = std::clamp((brought_ + 1) / (chances_ + 2), 1e-3, kMost);
  for (std::size_t i = 0; i < size_; ++i) {
    double leaked = kLeakWeight * kLeakMean, chances = kLeakWeight;
    const double leak = triggers(rows_, i);
    for (std::size_t row = 0; row < rows_; ++row) {
      const double n = visits_[row], seen = std::min(n, by_links_[row * size_ + i]);
      const double spike = seen * std::log(leak) + (n - seen) * std::log1p(-leak);
      const double slab = log_beta(seen + 1, n - seen + 1);
      const double linked = 1 / (1 + std::exp(spike - slab - std::log(link / (1 - link))));
      const double rate = std::max(leak, (seen + 1) / (n + 2));
      triggers(row, i) = std::min(kMost, (1 - linked) * leak + linked * rate);
      leaked += (1 - linked) * seen, chances += (1 - linked) * n;
    }
    triggers(rows_, i) = std::clamp(leaked / chances, kLeastLeak, kMost);
  }
}

std::vector<double> Cascade::patterns(std::size_t row) const {
  const auto* p = &triggers_[row * size_];
  std::vector<double> out;
  for (unsigned pattern = 0; pattern < 1U << size_; ++pattern) {
    double likelihood = pattern == 0 ? 1 : 0;
    for (unsigned hit = pattern; hit > 0; hit = (hit - 1) & pattern) {
      double weight = 1;
      for (std::size_t i = 0; i < size_; ++i)
        if (there(pattern, i)) weight *= there(hit, i) ? p[i] : (1 - p[i]) * brings_;
      likelihood += weight;
    }
    for (std::size_t i = 0; i < size_; ++i)
      if (!there(pattern, i)) likelihood *= (1 - p[i]) * (pattern == 0 ? 1 : 1 - brings_);
    out.push_back(likelihood);
  }
  return out;
}

std::vector<Cascade::Chain> Cascade::chain(std::size_t row) const {
  struct Sums {
    double before = 0, both = 0;
  };
  std::vector<Sums> none(size_), some(size_);
  const auto probable = patterns(row);
  for (unsigned pattern = 0; pattern < probable.size(); ++pattern)
    for (std::size_t i = 0; i < size_; ++i) {
      auto& sums = (pattern & ((1U << i) - 1)) == 0 ? none[i] : some[i];
      sums.before += probable[pattern];
      if (there(pattern, i)) sums.both += probable[pattern];
    }
  std::vector<Chain> out;
  for (std::size_t i = 0; i < size_; ++i)
    out.push_back({none[i].both / std::max(none[i].before, 1e-300), some[i].both / std::max(some[i].before, 1e-300)});
  return out;
}

}  // namespace firstfix::diagnosis
