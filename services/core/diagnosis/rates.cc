#include "rates.h"

#include <algorithm>
#include <cmath>

namespace firstfix::diagnosis {
namespace {

constexpr int kRounds = 8;
constexpr double kLeastLeak = 1e-4, kMost = 0.998;
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

using Seen = std::vector<std::pair<Id, double>> Group::*;
using Links = std::vector<Link> Cause::*;

class Estimator {
 public:
  Estimator(const Catalogue& catalogue, const Tables& tables, const learning::Names& names, Seen seen, Links links)
      : tables_(tables),
        what_(seen),
        rows_(static_cast<std::size_t>(tables.causes.size()) + 1),
        signs_(static_cast<std::size_t>(names.size())),
        visits_(rows_),
        seen_(rows_ * signs_),
        linked_(rows_ * signs_),
        shown_(rows_ * signs_),
        leak_(signs_) {
    for (std::size_t i = 0; i < catalogue.causes.size(); ++i)
      for (const auto& link : catalogue.causes[i].*links) {
        const auto cause = static_cast<std::size_t>(tables.causes.find(catalogue.causes[i].name));
        beliefs_[cause * signs_ + static_cast<std::size_t>(names.find(link.name))] = {
            kCatalogueLinked, 0.5 + kCatalogueWeight * link.probability,
            0.5 + kCatalogueWeight * (1 - link.probability)};
      }
  }

  Rates run() {
    begin();
    for (int round = 0; round < kRounds; ++round) {
      expect();
      maximise();
    }
    return result();
  }

 private:
  void begin() {
    std::vector<double> all(signs_);
    double visits = 0;
    for (const auto& group : tables_.groups) {
      visits += group.visits;
      for (const auto& [sign, n] : group.*what_) all[static_cast<std::size_t>(sign)] += n;
    }
    for (std::size_t s = 0; s < signs_; ++s)
      leak_[s] = std::clamp((0.3 * all[s] + kLeakWeight * kLeakMean) / (visits + kLeakWeight), kLeastLeak, 0.5);
    for (std::size_t row = 0; row < rows_; ++row)
      for (std::size_t s = 0; s < signs_; ++s) shown_[row * signs_ + s] = std::max(0.3, leak_[s]);
  }

  // Shares out the signs of visits with several causes among them, by how probably each showed it.
  void expect() {
    std::fill(visits_.begin(), visits_.end(), 0);
    std::fill(seen_.begin(), seen_.end(), 0);
    for (const auto& group : tables_.groups) {
      if (group.causes.empty()) add(rows_ - 1, group, 1);
      for (const auto cause : group.causes) add(static_cast<std::size_t>(cause), group, group.causes.size());
    }
  }

  void add(std::size_t row, const Group& group, std::size_t causes) {
    visits_[row] += group.visits;
    for (const auto& [sign, n] : group.*what_) {
      const auto s = static_cast<std::size_t>(sign);
      double share = 1;
      if (causes > 1) {
        double unseen = 1 / std::pow(1 - leak_[s], static_cast<double>(causes) - 1);
        for (const auto other : group.causes) unseen *= 1 - shown_[static_cast<std::size_t>(other) * signs_ + s];
        share = std::min(1.0, shown_[row * signs_ + s] / (1 - unseen));
      }
      seen_[row * signs_ + s] += n * share;
    }
  }

  void maximise() {
    const double common = prior_link();
    std::vector<double> leaked(signs_, kLeakWeight * kLeakMean), chances(signs_, kLeakWeight);
    for (std::size_t row = 0; row < rows_; ++row) {
      const double n = visits_[row];
      const double log_slab_unseen = log_beta(1, n + 1);
      for (std::size_t s = 0; s < signs_; ++s) {
        const auto cell = row * signs_ + s;
        const auto belief = beliefs_.find(cell);
        const auto prior = belief == beliefs_.end() ? Belief{common} : belief->second;
        const double k = seen_[cell], l = leak_[s];
        const double spike = k * std::log(l) + (n - k) * std::log1p(-l);
        const double slab = belief == beliefs_.end()
                                ? (k == 0 ? log_slab_unseen : log_beta(k + 1, n - k + 1))
                                : log_beta(k + prior.a, n - k + prior.b) - log_beta(prior.a, prior.b);
        const double odds = std::log(prior.linked / (1 - prior.linked)) + slab - spike;
        const double linked = 1 / (1 + std::exp(-odds));
        const double rate = (k + prior.a) / (n + prior.a + prior.b);
        linked_[cell] = linked;
        shown_[cell] = std::min(kMost, (1 - linked) * l + linked * std::max(l, rate));
        leaked[s] += (1 - linked) * k;
        chances[s] += (1 - linked) * n;
      }
    }
    for (std::size_t s = 0; s < signs_; ++s) leak_[s] = std::clamp(leaked[s] / chances[s], kLeastLeak, 0.5);
  }

  // How many of the cells are links, from those that were seen to be.
  double prior_link() const {
    double sum = 1, cells = 20;
    for (const auto linked : linked_) sum += linked;
    cells += static_cast<double>(linked_.size());
    return sum / cells;
  }

  Rates result() const {
    Rates out;
    out.signs = static_cast<int>(signs_);
    out.leak = leak_;
    out.visits = visits_;
    out.link = prior_link();
    out.shown = shown_;
    out.log_unseen.resize(rows_);
    for (std::size_t s = 0; s < signs_; ++s) {
      out.log_unseen_leak += std::log1p(-leak_[s]);
      for (std::size_t row = 0; row < rows_; ++row) {
        auto& shown = out.shown[row * signs_ + s];
        shown = std::max(shown, leak_[s]);
        out.log_unseen[row] += std::log1p(-shown);
      }
    }
    return out;
  }

  const Tables& tables_;
  Seen what_;
  std::size_t rows_, signs_;
  std::vector<double> visits_, seen_, linked_, shown_, leak_;
  std::unordered_map<std::size_t, Belief> beliefs_;
};

}  // namespace

Rates estimate_sign_rates(const Catalogue& catalogue, const Tables& tables) {
  return Estimator(catalogue, tables, tables.signs, &Group::signs, &Cause::codes).run();
}

Rates estimate_part_rates(const Catalogue& catalogue, const Tables& tables) {
  return Estimator(catalogue, tables, tables.parts, &Group::parts, &Cause::parts).run();
}

}  // namespace firstfix::diagnosis
