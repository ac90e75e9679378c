#include "diagnosis/model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "memory.h"
#include "priors.h"
#include "rates.h"
#include "tables.h"

namespace firstfix::diagnosis {
namespace {

constexpr double kLeast = 1e-6, kTiny = 1e-300;
constexpr double kStrangeLeak = 0.01;  // that a code which was never seen comes by itself, before there is a history

constexpr double kBarredButPossible = 0.05;  // that engineers are wrong who say that a model cannot have a cause
constexpr double kNovelWeight = 10;  // visits that a cause's known codes are worth against its showing an unknown one

constexpr std::size_t kGone = SIZE_MAX;

// The columns in which the signs that are there stand, and the columns that are not as they are when nothing is there:
// each with the column to be looked at in its place, or kGone.
struct Columns {
  std::vector<std::size_t> present;
  std::vector<std::pair<std::size_t, std::size_t>> swapped;
  std::vector<std::pair<std::size_t, unsigned>> patterns;  // of bundles: the members that are there, a bit each
};

Columns columns_of(const Rates& rates, const std::vector<Id>& seen) {
  Columns out;
  std::vector<int> read;
  for (const auto sign : seen) {
    const int bundle = rates.bundle_of[static_cast<std::size_t>(sign)];
    if (bundle < 0) {
      const auto column = rates.alone[static_cast<std::size_t>(sign)];
      out.present.push_back(column);
      out.swapped.emplace_back(column, kGone);
      continue;
    }
    if (std::find(read.begin(), read.end(), bundle) != read.end()) continue;
    read.push_back(bundle);
    bool any = false;
    unsigned pattern = 0, bit = 1;
    for (const auto member : rates.bundles[static_cast<std::size_t>(bundle)]) {
      const auto alone = rates.alone[static_cast<std::size_t>(member)];
      const auto column = any ? rates.after[static_cast<std::size_t>(member)] : alone;
      if (std::binary_search(seen.begin(), seen.end(), member)) {
        out.present.push_back(column);
        out.swapped.emplace_back(alone, kGone);
        any = true;
        pattern |= bit;
      } else if (any) {
        out.swapped.emplace_back(alone, column);
      }
      bit <<= 1;
    }
    out.patterns.emplace_back(bundle, pattern);
  }
  return out;
}

}  // namespace

Model::Model(const Catalogue& catalogue, const learning::Counts& counts) : families_(catalogue.families) {
  Tables tables(catalogue, counts);
  for (const auto& cause : catalogue.causes)
    if (!cause.models.empty())
      bound_.emplace_back(static_cast<std::size_t>(tables.causes.find(cause.name)), cause.models);
  rates_ = estimate_sign_rates(catalogue, tables);
  part_rates_ = estimate_part_rates(catalogue, tables);
  priors_ = estimate_priors(catalogue, tables, part_rates_);
  marks_ = Marks(tables, rates_);
  readings_ = Readings(tables);
  causes_ = std::move(tables.causes);
  signs_ = std::move(tables.signs);
  parts_ = std::move(tables.parts);
  models_ = std::move(tables.models);
  model_families_ = std::move(tables.model_families);
  for (Id sign = 0; sign < signs_.size(); ++sign)
    if (auto family = families_.of(Families::Kind::kCode, signs_.name(sign)); !family.empty())
      kin_[std::move(family)].push_back(rates_.alone[static_cast<std::size_t>(sign)]);
  memory_ = memorise(tables, [usual = usual_prior(), this](const IdSet& seen) { return weigh(usual, seen, {}, {}); });
}

const std::vector<double>& Model::shares_of(const std::string& model) const {
  if (const auto known = models_.find(model); known != learning::kUnknown)
    return priors_.share[static_cast<std::size_t>(known)];
  const auto family = model_families_.find(families_.of(Families::Kind::kModel, model));
  return family == learning::kUnknown
             ? priors_.share.back()
             : priors_.share[static_cast<std::size_t>(models_.size()) + static_cast<std::size_t>(family)];
}

Model::Prior Model::prior_of(const learning::Sight& sight) const {
  const auto& shares = shares_of(sight.model);
  Prior out;
  out.share.assign(shares.begin(), shares.end() - 1);
  if (models_.find(sight.model) == learning::kUnknown)
    for (const auto& [cause, models] : bound_)
      if (std::find(models.begin(), models.end(), sight.model) == models.end()) out.share[cause] *= kBarredButPossible;
  std::vector<double> factor(out.share.size());
  for (std::size_t c = 0; c < factor.size(); ++c) factor[c] = priors_.wear.before_repair(c, sight.days_known);
  for (const auto& [c, days] : clocks_of(sight)) factor[c] = priors_.wear.after_repair(c, days);
  double sum = 0;
  const int age = learning::machine_age(sight.age_years);
  for (std::size_t c = 0; c < factor.size(); ++c) {
    if (age >= 0) factor[c] *= priors_.ages.at(c, static_cast<std::size_t>(age));
    sum += out.share[c] *= factor[c];
  }
  for (auto& share : out.share) share /= std::max(sum, kTiny);
  out.nothing = shares.back() / (shares.back() + std::max(sum, kTiny));
  return out;
}

std::map<std::size_t, double> Model::clocks_of(const learning::Sight& sight) const {
  std::map<std::size_t, double> out;
  for (const auto& repair : sight.repaired)
    if (const auto c = causes_.find(repair.what); c != learning::kUnknown)
      out.emplace(static_cast<std::size_t>(c), repair.days_ago);
  if (priors_.clock.empty()) return out;
  for (const auto& replacement : sight.replaced) {
    const auto part = parts_.find(replacement.what);
    if (part == learning::kUnknown) continue;
    for (std::size_t c = 0; c < priors_.clock.size(); ++c) {
      if (priors_.clock[c] != part) continue;
      auto& days = out.emplace(c, replacement.days_ago).first->second;
      days = std::min(days, replacement.days_ago);
    }
  }
  return out;
}

Model::Prior Model::usual_prior() const {
  const auto& shares = priors_.usual;
  Prior out{{shares.begin(), shares.end() - 1}, shares.back()};
  const double sum = std::accumulate(out.share.begin(), out.share.end(), 0.0);
  for (auto& share : out.share) share /= std::max(sum, kTiny);
  return out;
}

Posterior Model::infer(const learning::Sight& sight) const {
  std::vector<Id> seen;
  std::set<std::string_view> strange;
  for (const auto& name : sight.signs) {
    if (const auto id = signs_.find(name); id != learning::kUnknown)
      seen.push_back(id);
    else
      strange.insert(name);
  }
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  std::vector<std::vector<double>> says;
  const bool model_known = models_.find(sight.model) != learning::kUnknown;
  for (const auto sign : strange) says.push_back(say_of_strange(sign, model_known));
  if (auto say = marks_.say(sight); !say.empty()) says.push_back(std::move(say));
  auto out = weigh(prior_of(sight), seen, says, readings_.say(sight));
  if (strange.empty()) recall(memory_, seen, out);
  return out;
}

bool Model::speaks(std::string_view sign) const {
  return signs_.find(sign) != learning::kUnknown || kin_.contains(families_.of(Families::Kind::kCode, sign));
}

std::vector<double> Model::say_of_strange(std::string_view sign, bool model_known) const {
  const double leak = kStrangeLeak / (priors_.visits + 1);
  const auto kin = kin_.find(families_.of(Families::Kind::kCode, sign));
  std::vector<double> out;
  for (std::size_t c = 0; c < rates_.visits.size(); ++c) {
    double none = 1;
    if (kin != kin_.end())
      for (const auto column : kin->second) none *= 1 - rates_.linked[c * rates_.columns + column];
    const double link = rates_.link + (1 - none) * (std::max(rates_.link, rates_.kin_link) - rates_.link);
    // On a model that is new a code may be new, however often the cause was seen on others.
    const double visits = kin != kin_.end() && !model_known ? 0 : rates_.visits[c];
    out.push_back(std::log(1 + link / (visits + kNovelWeight) / leak));
  }
  out.push_back(std::log(1 + rates_.link / 2 / leak));
  return out;
}

Posterior Model::weigh(const Prior& prior, const IdSet& seen, const std::vector<std::vector<double>>& says,
                       const std::vector<double>& told) const {
  const auto causes = static_cast<std::size_t>(causes_.size());
  const auto [columns, swapped, patterns] = columns_of(rates_, seen);

  // What is true of every hypothesis cancels out: all is relative to the leaks alone.
  const auto k = columns.size();
  std::vector<double> present(k), kept(k);
  for (std::size_t i = 0; i < k; ++i) {
    present[i] = rates_.leak[columns[i]];
    kept[i] = 1 / (1 - present[i]);
  }
  std::vector<Hypothesis> out;
  std::vector<double> logs, absent(causes + 1), unseen((causes + 1) * k);
  for (std::size_t c = 0; c <= causes; ++c) {
    double log = 0;
    absent[c] = rates_.log_unseen[c] - rates_.log_unseen_leak;
    for (const auto& [from, to] : swapped) {
      absent[c] -= std::log((1 - rates_.at(c, from)) / (1 - rates_.leak[from]));
      if (to != kGone) absent[c] += std::log((1 - rates_.at(c, to)) / (1 - rates_.leak[to]));
    }
    for (std::size_t i = 0; i < k; ++i) {
      const double shown = rates_.at(c, columns[i]);
      unseen[c * k + i] = 1 - shown;
      log += std::log(shown / present[i]);
    }
    for (const auto& [bundle, pattern] : patterns)
      if (const auto& exact = rates_.exact[bundle]; !exact.empty()) absent[c] += exact[pattern * (causes + 1) + c];
    for (const auto& say : says) absent[c] += say[c];
    const double share = c == causes ? prior.nothing : (1 - prior.nothing) * priors_.single * prior.share[c];
    if (share <= 0) continue;
    out.push_back({c == causes ? IdSet{} : IdSet{static_cast<Id>(c)}, 0});
    logs.push_back(std::log(share) + absent[c] + log + (told.empty() ? 0 : told[c]));
  }
  double log_unmet = std::log(priors_.unmet) + rates_.log_unseen_unmet - rates_.log_unseen_leak;
  for (const auto& say : says)
    if (say.size() > causes + 1) log_unmet += say.back();
  for (const auto& [from, to] : swapped) {
    log_unmet -= std::log((1 - rates_.unmet[from]) / (1 - rates_.leak[from]));
    if (to != kGone) log_unmet += std::log((1 - rates_.unmet[to]) / (1 - rates_.leak[to]));
  }
  for (std::size_t i = 0; i < k; ++i) log_unmet += std::log(rates_.unmet[columns[i]] / present[i]);

  double squares = 0, top = log_unmet;
  for (const auto log : logs) top = std::max(top, log);
  for (const auto share : prior.share) squares += share * share;
  const double pairs = (1 - prior.nothing) * priors_.pair * 2 / std::max(1e-9, 1 - squares);
  // Pairs without a logarithm each: what one cause brings to a pair is a factor, and so is each code that both show.
  double most = -std::numeric_limits<double>::infinity(), odds = pairs;
  for (std::size_t c = 0; c < causes; ++c) most = std::max(most, absent[c]);
  for (std::size_t i = 0; i < k; ++i) odds /= present[i];
  std::vector<double> brings(causes);
  for (std::size_t c = 0; c < causes; ++c) brings[c] = prior.share[c] * std::exp(absent[c] - most);
  std::vector<double> tells;  // how many times more probable each cause makes what tells of one of them
  for (const auto log : told) tells.push_back(std::exp(log));
  const double least = std::exp(top + std::log(kLeast) - 2 * most) / odds;
  for (std::size_t c = 0; c < causes; ++c)
    for (std::size_t d = c + 1; d < causes; ++d) {
      double likelihood = brings[c] * brings[d];
      if (!tells.empty()) likelihood *= (tells[c] + tells[d]) / 2;
      for (std::size_t i = 0; i < k && likelihood > least; ++i)
        likelihood *= 1 - unseen[c * k + i] * unseen[d * k + i] * kept[i];
      if (likelihood <= least) continue;
      out.push_back({{static_cast<Id>(c), static_cast<Id>(d)}, 0});
      logs.push_back(std::log(likelihood * odds) + 2 * most);
    }
  for (const auto log : logs) top = std::max(top, log);
  Posterior posterior;
  double total = posterior.unknown = std::exp(log_unmet - top);
  for (std::size_t i = 0; i < out.size(); ++i) total += out[i].probability = std::exp(logs[i] - top);
  for (auto& hypothesis : out) hypothesis.probability /= total;
  posterior.unknown /= total;
  std::erase_if(out, [](const auto& h) { return h.probability < kLeast; });
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.probability > b.probability; });
  posterior.hypotheses = std::move(out);
  return posterior;
}

}  // namespace firstfix::diagnosis
