#include "priors.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace firstfix::diagnosis {
namespace {

// How models differ in a cause: some cannot have it at all, the others by a Gamma(likeness, likeness) factor.
struct Spread {
  double likeness = 1, immune = 0;

  double log_no_more(const Cell& cell) const {
    return likeness * (std::log(likeness) - std::log(cell.expected + likeness));
  }
  // The factor expected after what was seen.
  double factor(const Cell& cell) const {
    if (cell.seen > 0) return shrunk(cell, likeness);
    const double possible = (1 - immune) * std::exp(log_no_more(cell));
    return shrunk(cell, likeness) * possible / (immune + possible);
  }
  double log_likelihood(const std::vector<Cell>& cells) const {
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
};

// The spread that makes the counts most probable.
Spread spread_of(const std::vector<Cell>& cells) {
  Spread best;
  double best_log = -std::numeric_limits<double>::infinity();
  for (const double likeness : {0.3, 0.6, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 16.0, 64.0, 512.0})
    for (const double immune : {0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3}) {
      const Spread spread{likeness, immune};
      if (const double log = spread.log_likelihood(cells); log > best_log) best_log = log, best = spread;
    }
  return best;
}

using learning::kAgeSteps;

constexpr double kPriorVisits = 1;
constexpr int kTrialRounds = 3, kRoughRounds = 4, kFinalRounds = 3;
constexpr std::size_t kSample = 4000;  // pasts of each model that are enough to come near

// Fits how often each cause comes, by model and by age, all together: which cause stops a machine is a race between
// all, each as fast as its model and its age make it (a conditional logit model). Its logarithm of sums is minorised by
// a straight line, which makes each round a Poisson fit with exposures 1 / (sum of all speeds) (Hunter, MM algorithms
// for generalized Bradley–Terry models, Annals of Statistics 32, 2004).
class Race {
 public:
  Race(const Catalogue& catalogue, const Tables& tables, bool new_at_first)
      : tables_(tables),
        causes_(static_cast<std::size_t>(tables.causes.size())),
        models_(tables.by_model.size()),
        prior_(causes_ + 1, 1.0 / static_cast<double>(causes_ + 1)),
        worn_(causes_),
        first_(causes_),
        wear_(causes_),
        new_at_first_(new_at_first) {
    if (!catalogue.causes.empty()) {
      double rates = 0;
      for (const auto& cause : catalogue.causes) rates += cause.rate;
      prior_.assign(causes_ + 1, 0);
      for (const auto& cause : catalogue.causes)
        prior_[static_cast<std::size_t>(tables.causes.find(cause.name))] = cause.rate / rates;
    }
    prior_.back() = 0;
    share_.assign(causes_ + 1, 0);
    double visits = 0;
    for (std::size_t m = 0; m < models_; ++m) {
      visits += tables.model_visits[m];
      for (std::size_t c = 0; c <= causes_; ++c) share_[c] += tables.by_model[m][c];
    }
    seen_ = share_;
    for (std::size_t c = 0; c <= causes_; ++c)
      share_[c] = (share_[c] + kPriorVisits * prior_[c]) / (visits + kPriorVisits);
    factor_.assign(models_, std::vector<double>(causes_ + 1, 1));
    for (const auto& past : tables.pasts)
      for (const auto c : past.found) {
        const auto repair =
            std::find_if(past.repaired.begin(), past.repaired.end(), [&](const auto& r) { return r.first == c; });
        auto& cell = repair == past.repaired.end() ? first_[c][static_cast<std::size_t>(past.known)]
                                                   : worn_[c][static_cast<std::size_t>(repair->second)];
        cell.seen += past.visits;
      }
  }

  // `most`: so many pasts of each model are looked at, evenly spread.
  void run(int rounds, std::size_t most) {
    most_ = most;
    for (int round = 0; round < rounds; ++round) {
      expose();
      fit_shares(round == 0);
      expose();
      wear_.fit(worn_, first_, new_at_first_);
    }
    expose();
  }

  void take_over_rests() { wear_.take_over_rests(worn_, first_); }
  double log_evidence() const { return log_likelihood_ + wear_.log_prior(); }
  const Wear& wear() const { return wear_; }
  std::vector<std::vector<double>> shares() const {
    std::vector<std::vector<double>> out;
    for (const auto& factor : factor_) {
      auto& own = out.emplace_back(share_);
      for (std::size_t c = 0; c <= causes_; ++c) own[c] *= factor[c];
    }
    out.push_back(share_);
    return out;
  }

 private:
  using Steps = std::array<double, kAgeSteps>;

  // How often each cause would be seen, by age without its wear, and by model with it.
  void expose() {
    lay_out_wear();
    for (auto* cells : {&worn_, &first_})
      for (auto& row : *cells)
        for (auto& cell : row) cell.expected = 0;
    expected_.assign(models_, std::vector<double>(causes_ + 1));
    log_likelihood_ = 0;
    for (std::size_t begin = 0; begin < tables_.pasts.size();) {
      std::size_t end = begin;
      while (end < tables_.pasts.size() && tables_.pasts[end].model == tables_.pasts[begin].model) ++end;
      expose_model(tables_.pasts[begin].model, begin, end);
      begin = end;
    }
    for (std::size_t c = 0; c < causes_; ++c)
      for (std::size_t k = 0; k < static_cast<std::size_t>(kAgeSteps); ++k) {
        if (worn_[c][k].seen > 0) log_likelihood_ += worn_[c][k].seen * std::log(after_[c][k]);
        if (first_[c][k].seen > 0) log_likelihood_ += first_[c][k].seen * std::log(before_[c][k]);
      }
  }

  void lay_out_wear() {
    after_.resize(causes_), before_.resize(causes_);
    for (std::size_t c = 0; c < causes_; ++c)
      for (int k = 0; k < kAgeSteps; ++k) {
        after_[c][static_cast<std::size_t>(k)] = wear_.after_repair(c, learning::step_days(k));
        before_[c][static_cast<std::size_t>(k)] = wear_.before_repair(c, learning::step_days(k));
      }
  }

  void expose_model(std::size_t m, std::size_t begin, std::size_t end) {
    std::vector<double> speed(causes_ + 1);
    for (std::size_t c = 0; c <= causes_; ++c) speed[c] = share_[c] * factor_[m][c];
    Steps fresh{}, all{};
    for (std::size_t k = 0; k < fresh.size(); ++k) {
      fresh[k] = speed[causes_];
      for (std::size_t c = 0; c < causes_; ++c) fresh[k] += speed[c] * before_[c][k];
    }
    std::vector<Steps> worn(causes_), not_first(causes_);
    const std::size_t stride = 1 + (end - begin - 1) / most_;
    for (std::size_t i = begin; i < end; i += stride) {
      const auto& past = tables_.pasts[i];
      const auto known = static_cast<std::size_t>(past.known);
      double sum = fresh[known];
      for (const auto& [c, step] : past.repaired)
        sum += speed[c] * (after_[c][static_cast<std::size_t>(step)] - before_[c][known]);
      sum = std::max(sum, 1e-12);
      const double draws = past.visits * static_cast<double>(stride * std::max<std::size_t>(1, past.found.size()));
      const double exposure = draws / sum;
      all[known] += exposure;
      for (const auto& [c, step] : past.repaired) {
        worn[c][static_cast<std::size_t>(step)] += exposure;
        not_first[c][known] += exposure;
      }
      log_likelihood_ -= draws * std::log(sum);
    }
    for (std::size_t c = 0; c < causes_; ++c) {
      for (std::size_t k = 0; k < all.size(); ++k) {
        const double after = speed[c] * worn[c][k], before = speed[c] * std::max(0.0, all[k] - not_first[c][k]);
        worn_[c][k].expected += after;
        first_[c][k].expected += before;
        expected_[m][c] += after * after_[c][k] + before * before_[c][k];
      }
    }
    for (const auto exposure : all) expected_[m][causes_] += speed[causes_] * exposure;
    for (std::size_t c = 0; c <= causes_; ++c)
      if (tables_.by_model[m][c] > 0) log_likelihood_ += tables_.by_model[m][c] * std::log(speed[c]);
  }

  void fit_shares(bool spread_too) {
    std::vector<Cell> cells;
    double sum = 0;
    for (std::size_t c = 0; c <= causes_; ++c) {
      if (share_[c] <= 0) continue;  // nothing was ever wrong with a machine that had stopped
      double exposure = 0;
      for (std::size_t m = 0; m < models_; ++m) exposure += expected_[m][c];
      exposure /= share_[c];
      const double share = (seen_[c] + kPriorVisits * prior_[c]) / (exposure + kPriorVisits);
      for (std::size_t m = 0; m < models_; ++m) expected_[m][c] *= share / share_[c];
      sum += share_[c] = share;
    }
    for (std::size_t m = 0; m < models_; ++m)
      for (std::size_t c = 0; c <= causes_; ++c)
        cells.push_back({tables_.by_model[m][c], expected_[m][c] / factor_[m][c]});
    if (spread_too) spread_ = spread_of(cells);
    for (std::size_t m = 0; m < models_; ++m)
      for (std::size_t c = 0; c <= causes_; ++c) factor_[m][c] = spread_.factor(cells[m * (causes_ + 1) + c]);
    if (sum > 0)
      for (auto& share : share_) share /= sum;
  }

  const Tables& tables_;
  std::size_t causes_, models_;
  std::vector<double> prior_, share_, seen_;            // by cause, last nothing
  std::vector<std::vector<double>> factor_, expected_;  // by model, then cause
  std::vector<Cells> worn_, first_;
  std::vector<Steps> after_, before_;
  Wear wear_;
  Spread spread_;
  bool new_at_first_;
  std::size_t most_ = SIZE_MAX;
  double log_likelihood_ = 0;
};

}  // namespace

Priors estimate_priors(const Catalogue& catalogue, const Tables& tables) {
  Priors out;
  double singles = 0, pairs = 0, nothing = 0, once = 0;
  for (const auto& group : tables.groups)
    (group.causes.empty() ? nothing : group.causes.size() == 1 ? singles : pairs) += group.visits;
  out.pair = (pairs + 0.5) / (singles + pairs + 10);
  out.single = 1 - out.pair;

  const auto causes = static_cast<std::size_t>(tables.causes.size());
  for (std::size_t c = 0; c < causes; ++c) {
    double met = 0;
    for (const auto& by_cause : tables.by_model) met += by_cause[c];
    once += met == 1;
  }
  out.visits = singles + pairs + nothing;
  // Good and Turing: what was met once only tells how often something new comes.
  out.unmet = (once + 1) / (out.visits + 20);
  Race one(catalogue, tables, true), two(catalogue, tables, false);
  one.run(kTrialRounds, kSample);
  two.run(kTrialRounds, kSample);
  auto& better = one.log_evidence() >= two.log_evidence() ? one : two;
  better.run(kRoughRounds, kSample);
  better.run(kFinalRounds, SIZE_MAX);
  better.take_over_rests();
  out.share = better.shares();
  out.wear = better.wear();
  return out;
}

}  // namespace firstfix::diagnosis
