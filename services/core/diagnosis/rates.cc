#include "rates.h"

#include <algorithm>
#include <cmath>

#include "bundles.h"
#include "entries.h"
#include "lean.h"

namespace firstfix::diagnosis {
namespace {

constexpr int kRounds = 8;
constexpr double kLeakMean = 0.01, kLeakWeight = 1;  // of a sign, before anything was seen
constexpr double kCatalogueWeight = 10;              // visits that an engineer's rough probability is worth
constexpr double kCatalogueLinked = 0.95;            // that a link of the catalogue is one
constexpr double kLeastUses = 20;                    // of a part, before it says how many orders name a wrong cause
constexpr std::size_t kLeastShares = 5;              // parts that do
constexpr double kLeastWrong = 0.002, kMostWrong = 0.3, kMostWrongOfOne = 0.8;
constexpr double kWrongWeight = 3;  // stray parts that are worth as much as what is expected
constexpr double kKinWeight = 5;    // cells of families that must be seen before they are believed to be alike

// What is believed of a cell (cause, sign) beforehand: it is a link with some probability, and then its rate is Beta.
struct Belief {
  double linked = 0;
  double a = 1, b = 1;
};

class Estimator {
 public:
  Estimator(const Tables& tables, std::size_t signs, std::vector<std::vector<Id>> bundles,
            const std::vector<std::vector<Id>>& kin)
      : tables_(tables), rows_(static_cast<std::size_t>(tables.causes.size()) + 1), kin_(kin) {
    out_.bundles = std::move(bundles);
    out_.bundle_of.assign(signs, -1);
    for (std::size_t s = 0; s < signs; ++s) out_.alone.push_back(out_.columns++);
    out_.after = out_.alone;
    for (std::size_t b = 0; b < out_.bundles.size(); ++b)
      for (std::size_t i = 0; i < out_.bundles[b].size(); ++i) {
        const auto sign = static_cast<std::size_t>(out_.bundles[b][i]);
        out_.bundle_of[sign] = static_cast<int>(b);
        if (i > 0) out_.after[sign] = out_.columns++;
      }
    out_.exact.resize(out_.bundles.size());
    conditional_.resize(out_.columns);
    for (std::size_t s = 0; s < signs; ++s)
      if (out_.after[s] != out_.alone[s]) conditional_[out_.alone[s]] = conditional_[out_.after[s]] = true;
    const auto cells = rows_ * out_.columns;
    chances_.resize(cells), seen_.resize(cells), linked_.resize(cells);
    out_.shown.resize(cells), out_.leak.resize(out_.columns), out_.visits.resize(rows_);
    unexplained_.resize(out_.columns);
  }

  // What engineers know of the cell.
  void believe(Id cause, Id sign, double probability) {
    const Belief belief{kCatalogueLinked, 0.5 + kCatalogueWeight * probability,
                        0.5 + kCatalogueWeight * (1 - probability)};
    beliefs_[static_cast<std::size_t>(cause) * out_.columns + out_.alone[static_cast<std::size_t>(sign)]] = belief;
    beliefs_[static_cast<std::size_t>(cause) * out_.columns + out_.after[static_cast<std::size_t>(sign)]] = belief;
  }

  Rates run(std::vector<std::pair<Id, double>> Group::*seen) {
    entries_ = entries_of(tables_, out_, seen);
    begin();
    for (int round = 0; round < kRounds; ++round) {
      expect();
      maximise();
    }
    const RateCells cells{chances_, seen_, [this](std::size_t cell) { return beliefs_.contains(cell); }};
    for (std::size_t b = 0; b < out_.bundles.size(); ++b) lean_on_cascade(tables_, cells, b, out_);
    if (seen == &Group::parts) forgive_wrong_names();
    finish();
    return std::move(out_);
  }

 private:
  // How often columns are seen at all, over all visits.
  std::vector<double> usually_seen() const {
    std::vector<double> out(out_.columns);
    double visits = 0;
    for (std::size_t g = 0; g < entries_.size(); ++g) {
      visits += tables_.groups[g].visits;
      for (const auto& entry : entries_[g]) out[entry.column] += entry.seen;
    }
    for (auto& share : out) share /= std::max(visits, 1.0);
    return out;
  }

  // A visit whose order names some cause or other has used what visits usually use. That share of the visits is the
  // same for all parts, where what is used besides differs: so it is the median, over the parts, of what unlinked
  // causes use compared with what all use. Without wrong names it is nought.
  double share_of_wrong_names(const std::vector<double>& usual, double visits) const {
    std::vector<double> shares;
    for (std::size_t k = 0; k < out_.columns; ++k)
      if (usual[k] * visits >= kLeastUses) shares.push_back(unexplained_[k] / usual[k]);
    if (shares.size() < kLeastShares) return 0;
    const auto middle = shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2);
    std::nth_element(shares.begin(), middle, shares.end());
    return *middle < kLeastWrong ? 0 : std::min(*middle, kMostWrong);
  }

  // Of the visits that name a cause, how many do so wrongly: what parts say that it is not linked to, drawn towards
  // what is to be expected if each cause is named wrongly as often as any other, so that of a rare one most are.
  double wrong_of(std::size_t row, const std::vector<double>& usual, double expected) const {
    double stray = 0, strays = 0;  // parts that were used, and would have been if all were named wrongly
    for (std::size_t k = 0; k < out_.columns; ++k) {
      const auto cell = row * out_.columns + k;
      stray += (1 - linked_[cell]) * seen_[cell];
      strays += (1 - linked_[cell]) * chances_[cell] * usual[k];
    }
    return std::min(kMostWrongOfOne,
                    (stray + kWrongWeight * std::min(kMostWrongOfOne, expected)) / (strays + kWrongWeight));
  }

  // Takes out of the rates what visits have used whose orders name the cause wrongly.
  void forgive_wrong_names() {
    const auto usual = usually_seen();
    double visits = 0, all = 0;
    for (const auto& group : tables_.groups) visits += group.visits;
    const double wrong = share_of_wrong_names(usual, visits);
    if (wrong == 0) return;
    for (std::size_t row = 0; row + 1 < rows_; ++row) {
      const double evenly = wrong * visits / static_cast<double>(rows_ - 1);
      out_.wrong.push_back(wrong_of(row, usual, evenly / std::max(1.0, out_.visits[row])));
      all += out_.wrong[row] * out_.visits[row] / visits;
    }
    for (std::size_t k = 0; k < out_.columns; ++k) {
      const double leak = std::max(kLeastLeak, out_.leak[k] - all * usual[k]);
      for (std::size_t row = 0; row + 1 < rows_; ++row) {
        const double linked = linked_[row * out_.columns + k];
        const double right = (shown(row, k) - out_.wrong[row] * usual[k]) / (1 - out_.wrong[row]);
        shown(row, k) = linked * std::clamp(right, leak, kMost) + (1 - linked) * leak;
      }
      out_.leak[k] = leak;
    }
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
    for (std::size_t s = 0; s < out_.alone.size(); ++s)
      if (out_.after[s] == out_.alone[s]) chances[out_.alone[s]] = visits;
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
    estimate_links();
    std::vector<double> leaked(out_.columns, kLeakWeight * kLeakMean), chances(out_.columns, kLeakWeight);
    for (std::size_t row = 0; row < rows_; ++row) {
      const auto kin = linked_to_kin(row);
      for (std::size_t k = 0; k < out_.columns; ++k) {
        const auto cell = row * out_.columns + k;
        const auto known = beliefs_.find(cell);
        const auto prior = known != beliefs_.end() ? known->second
                           : kin.empty()           ? Belief{out_.link}
                                                   : Belief{out_.link + kin[k] * (out_.kin_link - out_.link)};
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
    }
    for (std::size_t k = 0; k < out_.columns; ++k) {
      out_.leak[k] = std::clamp(leaked[k] / chances[k], kLeastLeak, kMostLeak);
      unexplained_[k] = (leaked[k] - kLeakWeight * kLeakMean) / chances[k];
    }
  }

  // How many of the cells are links, from those that were seen to be; apart of those whose row is linked to another
  // column of the same family.
  void estimate_links() {
    double links = 1, cells = 20, kin_links = 0, kin_cells = 0;
    for (std::size_t row = 0; row < rows_; ++row) {
      const auto kin = linked_to_kin(row);
      for (std::size_t k = 0; k < out_.columns; ++k) {
        const double linked = linked_[row * out_.columns + k], related = kin.empty() ? 0 : kin[k];
        links += (1 - related) * linked, cells += 1 - related;
        kin_links += related * linked, kin_cells += related;
      }
    }
    out_.link = links / cells;
    out_.kin_link = (kin_links + kKinWeight * out_.link) / (kin_cells + kKinWeight);
  }

  // By column: the probability that the row is linked to another of its family; empty if there are no families.
  std::vector<double> linked_to_kin(std::size_t row) const {
    if (kin_.empty()) return {};
    std::vector<double> out(out_.columns);
    for (const auto& family : kin_)
      for (const auto sign : family) {
        double none = 1;
        for (const auto other : family)
          if (other != sign) none *= 1 - linked_[row * out_.columns + out_.alone[static_cast<std::size_t>(other)]];
        out[out_.alone[static_cast<std::size_t>(sign)]] = out[out_.after[static_cast<std::size_t>(sign)]] = 1 - none;
      }
    return out;
  }

  void finish() {
    estimate_links();
    out_.linked = linked_;
    out_.log_unseen.resize(rows_);
    for (std::size_t row = 0; row < rows_; ++row)
      for (std::size_t k = 0; k < out_.columns; ++k) shown(row, k) = std::max(shown(row, k), out_.leak[k]);
    // A new cause is like one of those that are known, and perhaps like none of them.
    out_.unmet.resize(out_.columns);
    for (std::size_t k = 0; k < out_.columns; ++k) {
      double sum = out_.leak[k] + (1 - out_.leak[k]) * out_.link / 2;
      for (std::size_t row = 0; row + 1 < rows_; ++row) sum += shown(row, k);
      out_.unmet[k] = sum / static_cast<double>(rows_);
    }
    for (const auto k : out_.alone) {
      out_.log_unseen_unmet += std::log1p(-out_.unmet[k]);
      out_.log_unseen_leak += std::log1p(-out_.leak[k]);
      for (std::size_t row = 0; row < rows_; ++row) out_.log_unseen[row] += std::log1p(-shown(row, k));
    }
  }

  double& shown(std::size_t row, std::size_t column) { return out_.shown[row * out_.columns + column]; }

  const Tables& tables_;
  std::size_t rows_;
  const std::vector<std::vector<Id>>& kin_;
  Rates out_;
  std::vector<std::vector<RateEntry>> entries_;  // by group
  std::vector<double> chances_, seen_, linked_;
  std::vector<double> unexplained_;  // by column: how often causes show it that are not linked to it, as it was counted
  std::unordered_map<std::size_t, Belief> beliefs_;
  std::vector<bool> conditional_;  // by column: of a sign that comes with another
};

}  // namespace

Rates estimate_sign_rates(const Catalogue& catalogue, const Tables& tables) {
  Estimator estimator(tables, static_cast<std::size_t>(tables.signs.size()), bundles_of(tables), tables.sign_kin);
  for (const auto& cause : catalogue.causes)
    for (const auto& link : cause.codes)
      estimator.believe(tables.causes.find(cause.name), tables.signs.find(link.name), link.probability);
  return estimator.run(&Group::signs);
}

Rates estimate_part_rates(const Catalogue& catalogue, const Tables& tables) {
  const auto parts = static_cast<std::size_t>(tables.parts.size());
  Estimator estimator(tables, parts, {}, tables.part_kin);
  for (const auto& cause : catalogue.causes)
    for (const auto& link : cause.parts)
      estimator.believe(tables.causes.find(cause.name), tables.parts.find(link.name), link.probability);
  return estimator.run(&Group::parts);
}

}  // namespace firstfix::diagnosis
