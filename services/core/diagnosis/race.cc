#include "race.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace firstfix::diagnosis {
namespace {

using learning::kAgeSteps;

constexpr double kPriorVisits = 1;

std::vector<double> prior_shares(const Catalogue& catalogue, const Tables& tables) {
  const auto causes = static_cast<std::size_t>(tables.causes.size());
  std::vector<double> out(causes + 1, 1.0 / static_cast<double>(causes + 1));
  if (!catalogue.causes.empty()) {
    double rates = 0;
    for (const auto& cause : catalogue.causes) rates += cause.rate;
    out.assign(causes + 1, 0);
    for (const auto& cause : catalogue.causes)
      out[static_cast<std::size_t>(tables.causes.find(cause.name))] = cause.rate / rates;
  }
  out.back() = 0;
  return out;
}

}  // namespace

Race::Race(const Catalogue& catalogue, const Tables& tables, const std::vector<PastVisits>& pasts, bool new_at_first)
    : tables_(tables),
      pasts_(pasts),
      causes_(static_cast<std::size_t>(tables.causes.size())),
      models_(tables.by_model.size()),
      prior_(prior_shares(catalogue, tables)),
      share_(causes_ + 1),
      factor_(models_, std::vector<double>(causes_ + 1, 1)),
      worn_(causes_),
      first_(causes_),
      by_period_(causes_ + 1, std::vector<Cell>(tables.periods)),
      by_age_(causes_ + 1, std::vector<Cell>(learning::kMachineAges)),
      wear_(causes_),
      periods_(causes_ + 1, tables.periods),
      ages_(causes_ + 1, learning::kMachineAges),
      new_at_first_(new_at_first) {
  double visits = 0;
  for (std::size_t m = 0; m < models_; ++m) {
    visits += tables.model_visits[m];
    for (std::size_t c = 0; c <= causes_; ++c) share_[c] += tables.by_model[m][c];
  }
  seen_ = share_;
  family_factor_.assign(static_cast<std::size_t>(tables.model_families.size()), std::vector<double>(causes_ + 1, 1));
  for (std::size_t c = 0; c <= causes_; ++c)
    share_[c] = (share_[c] + kPriorVisits * prior_[c]) / (visits + kPriorVisits);
  usual_ = share_;
  count();
}

void Race::count() {
  for (std::size_t i = 0; i < pasts_.size(); ++i) {
    const auto& past = pasts_[i];
    if (blocks_.empty() || blocks_.back().model != past.model || blocks_.back().period != past.period ||
        blocks_.back().age != past.age)
      blocks_.push_back({.begin = i, .end = i, .model = past.model, .period = past.period, .age = past.age});
    auto& block = blocks_.back();
    block.end = i + 1;
    block.youngest = std::min(block.youngest, static_cast<std::size_t>(past.known));
    block.oldest = std::max(block.oldest, static_cast<std::size_t>(past.known));
    const auto take = [&](std::size_t c) {
      by_period_[c][past.period].seen += past.visits;
      if (past.age != kNoAge) by_age_[c][static_cast<std::size_t>(past.age)].seen += past.visits;
    };
    if (past.found.empty()) take(causes_);
    for (const auto c : past.found) {
      take(c);
      const auto repair =
          std::find_if(past.repaired.begin(), past.repaired.end(), [&](const auto& r) { return r.first == c; });
      auto& cell = repair == past.repaired.end() ? first_[c][static_cast<std::size_t>(past.known)]
                                                 : worn_[c][static_cast<std::size_t>(repair->second)];
      cell.seen += past.visits;
    }
  }
}

void Race::run(int rounds, std::size_t most) {
  std::vector<std::size_t> pasts(models_);
  for (const auto& block : blocks_) pasts[block.model] += block.end - block.begin;
  for (auto& block : blocks_) block.stride = 1 + (pasts[block.model] - 1) / most;
  for (int round = 0; round < rounds; ++round) {
    expose();
    fit_shares(round == 0);
    expose();
    wear_.fit(worn_, first_, new_at_first_);
    if (!trends_) continue;
    expose();
    fit_trends();
  }
  expose();
}

std::vector<std::vector<double>> Race::shares() const {
  auto out = factor_;
  out.insert(out.end(), family_factor_.begin(), family_factor_.end());
  out.emplace_back(causes_ + 1, 1);
  for (auto& row : out)
    for (std::size_t c = 0; c <= causes_; ++c) row[c] *= share_[c] * periods_.last(c);
  return out;
}

void Race::expose() {
  lay_out_wear();
  for (auto* cells : {&worn_, &first_})
    for (auto& row : *cells)
      for (auto& cell : row) cell.expected = 0;
  for (auto* cells : {&by_period_, &by_age_})
    for (auto& row : *cells)
      for (auto& cell : row) cell.expected = 0;
  expected_.assign(models_, std::vector<double>(causes_ + 1));
  log_likelihood_ = 0;
  for (const auto& block : blocks_) expose_block(block);
  for (std::size_t c = 0; c < causes_; ++c)
    for (std::size_t k = 0; k < static_cast<std::size_t>(kAgeSteps); ++k) {
      if (worn_[c][k].seen > 0) log_likelihood_ += worn_[c][k].seen * std::log(after_[c][k]);
      if (first_[c][k].seen > 0) log_likelihood_ += first_[c][k].seen * std::log(before_[c][k]);
    }
  for (std::size_t m = 0; m < models_; ++m)
    for (std::size_t c = 0; c <= causes_; ++c)
      if (const double n = tables_.by_model[m][c]; n > 0) log_likelihood_ += n * std::log(share_[c] * factor_[m][c]);
}

void Race::lay_out_wear() {
  after_.resize(causes_), before_.resize(causes_);
  for (std::size_t c = 0; c < causes_; ++c)
    for (int k = 0; k < kAgeSteps; ++k) {
      after_[c][static_cast<std::size_t>(k)] = wear_.after_repair(c, learning::step_days(k));
      before_[c][static_cast<std::size_t>(k)] = wear_.before_repair(c, learning::step_days(k));
    }
}

std::vector<double> Race::pace_of(const Block& block) const {
  std::vector<double> out(causes_ + 1);
  for (std::size_t c = 0; c <= causes_; ++c)
    out[c] = share_[c] * factor_[block.model][c] * periods_.at(c, block.period) *
             (block.age == kNoAge ? 1 : ages_.at(c, static_cast<std::size_t>(block.age)));
  return out;
}

void Race::expose_block(const Block& block) {
  const auto pace = pace_of(block);
  Steps fresh{}, all{};
  for (std::size_t k = block.youngest; k <= block.oldest; ++k) {
    fresh[k] = pace[causes_];
    for (std::size_t c = 0; c < causes_; ++c) fresh[k] += pace[c] * before_[c][k];
  }
  std::vector<double> worn(causes_);  // expected, with its wear
  std::vector<Steps> not_first(causes_);
  for (std::size_t i = block.begin; i < block.end; i += block.stride) {
    const auto& past = pasts_[i];
    const auto known = static_cast<std::size_t>(past.known);
    double sum = fresh[known];
    for (const auto& [c, step] : past.repaired)
      sum += pace[c] * (after_[c][static_cast<std::size_t>(step)] - before_[c][known]);
    sum = std::max(sum, 1e-12);
    // The last one stands for the rest of the block.
    const auto stands_for = std::min(block.stride, block.end - i) * std::max<std::size_t>(1, past.found.size());
    const double draws = past.visits * static_cast<double>(stands_for), exposure = draws / sum;
    all[known] += exposure;
    for (const auto& [c, step] : past.repaired) {
      const double expected = pace[c] * exposure;
      worn_[c][static_cast<std::size_t>(step)].expected += expected;
      worn[c] += expected * after_[c][static_cast<std::size_t>(step)];
      not_first[c][known] += exposure;
    }
    log_likelihood_ -= draws * std::log(sum);
  }
  for (std::size_t c = 0; c < causes_; ++c)
    for (std::size_t k = block.youngest; k <= block.oldest; ++k) {
      const double before = pace[c] * std::max(0.0, all[k] - not_first[c][k]);
      first_[c][k].expected += before;
      worn[c] += before * before_[c][k];
    }
  worn.push_back(pace[causes_] * std::accumulate(all.begin(), all.end(), 0.0));
  for (std::size_t c = 0; c <= causes_; ++c) {
    expected_[block.model][c] += worn[c];
    by_period_[c][block.period].expected += worn[c];
    if (block.age != kNoAge) by_age_[c][static_cast<std::size_t>(block.age)].expected += worn[c];
  }
}

void Race::fit_shares(bool spread_too) {
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
  fit_factors(spread_too);
  if (sum > 0)
    for (auto& share : share_) share /= sum;
}

// Families differ from the whole fleet, and models from their families.
void Race::fit_factors(bool spread_too) {
  const auto columns = causes_ + 1;
  std::vector<Cell> cells, families(family_factor_.size() * columns);
  for (std::size_t m = 0; m < models_; ++m)
    for (std::size_t c = 0; c < columns; ++c) {
      const Cell cell{tables_.by_model[m][c], expected_[m][c] / factor_[m][c]};
      cells.push_back(cell);
      if (const auto f = tables_.family_of[m]; f != learning::kUnknown) {
        auto& family = families[static_cast<std::size_t>(f) * columns + c];
        family.seen += cell.seen, family.expected += cell.expected;
      }
    }
  if (spread_too) family_spread_ = Spread::of(families);
  for (std::size_t i = 0; i < families.size(); ++i)
    family_factor_[i / columns][i % columns] = family_spread_.factor(families[i]);
  for (std::size_t m = 0; m < models_; ++m)
    for (std::size_t c = 0; c < columns; ++c)
      if (const auto f = tables_.family_of[m]; f != learning::kUnknown)
        cells[m * columns + c].expected *= family_factor_[static_cast<std::size_t>(f)][c];
  if (spread_too) spread_ = Spread::of(cells);
  for (std::size_t m = 0; m < models_; ++m)
    for (std::size_t c = 0; c < columns; ++c) {
      const auto f = tables_.family_of[m];
      factor_[m][c] = spread_.factor(cells[m * columns + c], tables_.barred[m][c]) *
                      (f == learning::kUnknown ? 1 : family_factor_[static_cast<std::size_t>(f)][c]);
    }
}

void Race::fit_trends() {
  const auto fit = [&](Trend& trend, std::vector<std::vector<Cell>>& cells) {
    for (std::size_t c = 0; c <= causes_; ++c)
      for (std::size_t step = 0; step < cells[c].size(); ++step) cells[c][step].expected /= trend.at(c, step);
    trend.fit(cells);
  };
  fit(periods_, by_period_);
  expose();
  fit(ages_, by_age_);
}

}  // namespace firstfix::diagnosis
