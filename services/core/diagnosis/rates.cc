#include "rates.h"

#include <algorithm>
#include <cmath>

#include "bundles.h"

namespace firstfix::diagnosis {
namespace {

constexpr int kRounds = 8;
constexpr double kLeastLeak = 1e-4, kMostLeak = 0.95, kMost = 0.998;
constexpr double kLeakMean = 0.01, kLeakWeight = 1;  // of a sign, before anything was seen
constexpr double kCatalogueWeight = 10;              // visits that an engineer's rough probability is worth
constexpr double kCatalogueLinked = 0.95;            // that a link of the catalogue is one

// What is believed of a cell (cause, sign) beforehand: it is a link with some probability, and then its rate is Beta.
struct Belief {
  double linked = 0;
  double a = 1, b = 1;
};

double log_beta(double a, double b) {
  return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
}

// What one group of visits says of one column: seen on so many of those on which it could be.
struct Entry {
  std::size_t column = 0;
  double seen = 0, chances = 0;
};

class Estimator {
 public:
  Estimator(const Tables& tables, std::size_t signs, const std::vector<Id>& parent)
      : tables_(tables), rows_(static_cast<std::size_t>(tables.causes.size()) + 1) {
    out_.parent = parent;
    out_.children.resize(signs);
    for (std::size_t s = 0; s < signs; ++s) {
      out_.without.push_back(out_.columns++);
      out_.with.push_back(parent[s] == learning::kUnknown ? out_.without[s] : out_.columns++);
      if (parent[s] != learning::kUnknown)
        out_.children[static_cast<std::size_t>(parent[s])].push_back(static_cast<Id>(s));
    }
    conditional_.resize(out_.columns);
    for (std::size_t s = 0; s < signs; ++s)
      if (parent[s] != learning::kUnknown) conditional_[out_.without[s]] = conditional_[out_.with[s]] = true;
    const auto cells = rows_ * out_.columns;
    chances_.resize(cells), seen_.resize(cells), linked_.resize(cells);
    out_.shown.resize(cells), out_.leak.resize(out_.columns), out_.visits.resize(rows_);
  }

  // What engineers know of the cell.
  void believe(Id cause, Id sign, double probability) {
    const Belief belief{kCatalogueLinked, 0.5 + kCatalogueWeight * probability,
                        0.5 + kCatalogueWeight * (1 - probability)};
    beliefs_[static_cast<std::size_t>(cause) * out_.columns + out_.without[static_cast<std::size_t>(sign)]] = belief;
    beliefs_[static_cast<std::size_t>(cause) * out_.columns + out_.with[static_cast<std::size_t>(sign)]] = belief;
  }

  Rates run(std::vector<std::pair<Id, double>> Group::*seen) {
    for (const auto& group : tables_.groups) entries_.push_back(entries(group, group.*seen));
    begin();
    for (int round = 0; round < kRounds; ++round) {
      expect();
      maximise();
    }
    finish();
    return std::move(out_);
  }

 private:
  std::vector<Entry> entries(const Group& group, const std::vector<std::pair<Id, double>>& seen) const {
    std::vector<double> all(out_.without.size());
    for (const auto& [sign, n] : seen) all[static_cast<std::size_t>(sign)] = n;
    std::vector<Entry> out;
    for (std::size_t s = 0; s < all.size(); ++s) {
      const auto parent = out_.parent[s];
      if (parent == learning::kUnknown) {
        if (all[s] > 0) out.push_back({out_.without[s], all[s], group.visits});
        continue;
      }
      const double chances = all[static_cast<std::size_t>(parent)];
      const auto both = group.together.find(std::minmax(static_cast<Id>(s), parent));
      const double n = both == group.together.end() ? 0 : both->second;
      if (chances > 0) out.push_back({out_.with[s], n, chances});
      out.push_back({out_.without[s], all[s] - n, group.visits - chances});
    }
    return out;
  }

  void begin() {
    std::vector<double> seen(out_.columns), chances(out_.columns);
    double visits = 0;
    for (std::size_t g = 0; g < entries_.size(); ++g) {
      visits += tables_.groups[g].visits;
      for (const auto& entry : entries_[g]) {
        seen[entry.column] += entry.seen;
        chances[entry.column] += entry.chances;
      }
    }
    for (std::size_t s = 0; s < out_.without.size(); ++s)
      if (out_.parent[s] == learning::kUnknown) chances[out_.without[s]] = visits;
    for (std::size_t k = 0; k < out_.columns; ++k)
      out_.leak[k] =
          std::clamp((0.3 * seen[k] + kLeakWeight * kLeakMean) / (chances[k] + kLeakWeight), kLeastLeak, kMostLeak);
    for (std::size_t row = 0; row < rows_; ++row)
      for (std::size_t k = 0; k < out_.columns; ++k) shown(row, k) = std::max(0.3, out_.leak[k]);
  }

  // Shares out the signs of visits with several causes among them, by how probably each showed it.
  void expect() {
    std::fill(seen_.begin(), seen_.end(), 0);
    std::fill(out_.visits.begin(), out_.visits.end(), 0);
    for (std::size_t g = 0; g < entries_.size(); ++g) {
      const auto& group = tables_.groups[g];
      if (group.causes.empty()) out_.visits[rows_ - 1] += group.visits;
      for (const auto cause : group.causes) out_.visits[static_cast<std::size_t>(cause)] += group.visits;
    }
    for (std::size_t row = 0; row < rows_; ++row)
      for (std::size_t k = 0; k < out_.columns; ++k)
        chances_[row * out_.columns + k] = conditional_[k] ? 0 : out_.visits[row];
    for (std::size_t g = 0; g < entries_.size(); ++g) {
      const auto& group = tables_.groups[g];
      if (group.causes.empty()) add(rows_ - 1, g);
      for (const auto cause : group.causes) add(static_cast<std::size_t>(cause), g);
    }
  }

  void add(std::size_t row, std::size_t g) {
    const auto& group = tables_.groups[g];
    for (const auto& entry : entries_[g]) {
      const auto k = entry.column;
      double share = 1;
      if (group.causes.size() > 1) {
        double unseen = 1 / std::pow(1 - out_.leak[k], static_cast<double>(group.causes.size()) - 1);
        for (const auto other : group.causes) unseen *= 1 - shown(static_cast<std::size_t>(other), k);
        share = std::min(1.0, shown(row, k) / (1 - unseen));
      }
      seen_[row * out_.columns + k] += entry.seen * share;
      if (conditional_[k]) chances_[row * out_.columns + k] += entry.chances;
    }
  }

  void maximise() {
    const double common = prior_link();
    std::vector<double> leaked(out_.columns, kLeakWeight * kLeakMean), chances(out_.columns, kLeakWeight);
    for (std::size_t row = 0; row < rows_; ++row)
      for (std::size_t k = 0; k < out_.columns; ++k) {
        const auto cell = row * out_.columns + k;
        const auto known = beliefs_.find(cell);
        const auto prior = known == beliefs_.end() ? Belief{common} : known->second;
        const double n = std::max(0.0, chances_[cell]), seen = std::min(n, seen_[cell]), l = out_.leak[k];
        const double spike = seen * std::log(l) + (n - seen) * std::log1p(-l);
        const double slab = known == beliefs_.end() && seen == 0
                                ? -std::log(n + 1)
                                : log_beta(seen + prior.a, n - seen + prior.b) - log_beta(prior.a, prior.b);
        const double linked = 1 / (1 + std::exp(spike - slab - std::log(prior.linked / (1 - prior.linked))));
        const double rate = (seen + prior.a) / (n + prior.a + prior.b);
        linked_[cell] = linked;
        out_.shown[cell] = std::min(kMost, (1 - linked) * l + linked * std::max(l, rate));
        leaked[k] += (1 - linked) * seen;
        chances[k] += (1 - linked) * n;
      }
    for (std::size_t k = 0; k < out_.columns; ++k)
      out_.leak[k] = std::clamp(leaked[k] / chances[k], kLeastLeak, kMostLeak);
  }

  // How many of the cells are links, from those that were seen to be.
  double prior_link() const {
    double sum = 1;
    for (const auto linked : linked_) sum += linked;
    return sum / (20 + static_cast<double>(linked_.size()));
  }

  void finish() {
    out_.link = prior_link();
    out_.log_unseen.resize(rows_);
    for (std::size_t row = 0; row < rows_; ++row)
      for (std::size_t k = 0; k < out_.columns; ++k) shown(row, k) = std::max(shown(row, k), out_.leak[k]);
    for (const auto k : out_.without) {
      out_.log_unseen_leak += std::log1p(-out_.leak[k]);
      for (std::size_t row = 0; row < rows_; ++row) out_.log_unseen[row] += std::log1p(-shown(row, k));
    }
  }

  double& shown(std::size_t row, std::size_t column) { return out_.shown[row * out_.columns + column]; }

  const Tables& tables_;
  std::size_t rows_;
  Rates out_;
  std::vector<std::vector<Entry>> entries_;  // by group
  std::vector<double> chances_, seen_, linked_;
  std::unordered_map<std::size_t, Belief> beliefs_;
  std::vector<bool> conditional_;  // by column: of a sign that comes with another
};

}  // namespace

Rates estimate_sign_rates(const Catalogue& catalogue, const Tables& tables) {
  Estimator estimator(tables, static_cast<std::size_t>(tables.signs.size()), bundle(tables));
  for (const auto& cause : catalogue.causes)
    for (const auto& link : cause.codes)
      estimator.believe(tables.causes.find(cause.name), tables.signs.find(link.name), link.probability);
  return estimator.run(&Group::signs);
}

Rates estimate_part_rates(const Catalogue& catalogue, const Tables& tables) {
  const auto parts = static_cast<std::size_t>(tables.parts.size());
  Estimator estimator(tables, parts, std::vector<Id>(parts, learning::kUnknown));
  for (const auto& cause : catalogue.causes)
    for (const auto& link : cause.parts)
      estimator.believe(tables.causes.find(cause.name), tables.parts.find(link.name), link.probability);
  return estimator.run(&Group::parts);
}

}  // namespace firstfix::diagnosis
