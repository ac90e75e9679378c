#include "diagnosis/readings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "tables.h"

namespace firstfix::diagnosis {
namespace {

constexpr double kLeastValues = 8;         // with fewer a sign has no scale of its own
constexpr double kClearly_nats = 3;        // a name, and all together, must be worth more than this
constexpr double kMostOfOne_nats = 3;      // a number's say about a cause
constexpr std::size_t kMostJudged = 4000;  // frames by which the weight is judged

constexpr std::array kMeans = {0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0};
constexpr std::array kVariances = {2.0, 4.0, 16.0};
constexpr std::array kWeights = {1.0, 0.7, 0.5, 0.35, 0.25};

// The prior's scale by which a score of a cause not known varies as all scores do: by one.
double prior_scale(double means, double variances) {
  return (variances - 1) * means / (1 + means);
}

double log_evidence(const Sums& seen, double means, double variances) {
  const double n = seen.visits, k = means + n, a = variances + n / 2, b0 = prior_scale(means, variances);
  const double b = b0 + (seen.squares - seen.sum * seen.sum / k) / 2;
  return std::lgamma(a) - std::lgamma(variances) + variances * std::log(b0) - a * std::log(b) +
         std::log(means / k) / 2 - n / 2 * std::log(2 * std::numbers::pi);
}

double log_evidence_of_nothing(const Sums& seen) {
  return -(seen.squares + seen.visits * std::log(2 * std::numbers::pi)) / 2;
}

Predicted predicted(const Sums& seen, double means, double variances) {
  const double k = means + seen.visits, a = variances + seen.visits / 2;
  const double b = prior_scale(means, variances) + (seen.squares - seen.sum * seen.sum / k) / 2;
  Predicted out{seen.sum / k, std::sqrt(b * (k + 1) / (a * k)), 2 * a, 0};
  out.log_height =
      std::lgamma(a + 0.5) - std::lgamma(a) - std::log(out.freedom * std::numbers::pi) / 2 - std::log(out.width);
  return out;
}

}  // namespace

double Predicted::log_density(double score) const {
  const double off = (score - middle) / width;
  return log_height - (freedom + 1) / 2 * std::log1p(off * off / freedom);
}

const Scale& Readings::Name::scale(std::string_view sign) const {
  const auto own = by_sign.find(sign);
  return own == by_sign.end() ? usual : own->second;
}

class Readings::Scores {
 public:
  void add(const Name& name, double score) {
    auto at = std::find_if(all_.begin(), all_.end(), [&](const One& one) { return one.name == &name; });
    if (at == all_.end()) at = all_.insert(at, {&name});
    at->sum += score, ++at->n;
  }
  bool empty() const { return all_.empty(); }
  template <class Take>
  void each(const Take& take) const {
    for (const auto& one : all_) take(*one.name, one.sum / one.n);
  }

 private:
  struct One {
    const Name* name = nullptr;
    double sum = 0, n = 0;
  };
  std::vector<One> all_;
};

Readings::Readings(const Tables& tables) : causes_(static_cast<std::size_t>(tables.causes.size())) {
  if (tables.frames.empty()) return;
  lay_out(tables);
  std::erase_if(names_, [](const auto& one) { return one.second.means == 0; });
  if (!names_.empty()) weigh_together(tables);
  if (weight_ == 0) names_.clear();
}

Readings::Scores Readings::scores_of(const std::vector<learning::Reading>& settled) const {
  Scores out;
  for (const auto& reading : settled)
    if (const auto name = names_.find(reading.what); name != names_.end())
      out.add(name->second, name->second.scale(reading.sign).score(learning::reading_step(reading.value)));
  return out;
}

void Readings::lay_out(const Tables& tables) {
  std::vector<Name*> name_of;  // by reading
  std::vector<Scale*> scale_of;
  for (const auto& reading : tables.readings) {
    auto& name = *name_of.emplace_back(&names_[reading.what]);
    name.rows.resize(causes_ + 1);
    scale_of.push_back(&name.by_sign[reading.sign]);
  }
  for (const auto& frame : tables.frames)
    for (const auto& [reading, step] : frame.readings) {
      const auto r = static_cast<std::size_t>(reading);
      name_of[r]->rows[frame.cause].values.add(step, frame.visits);
      name_of[r]->usual.add(step, frame.visits);
      scale_of[r]->add(step, frame.visits);
    }
  for (auto& [what, name] : names_) {
    name.usual.settle();
    for (auto& row : name.rows) row.values.settle();
  }
  for (std::size_t r = 0; r < scale_of.size(); ++r) {
    scale_of[r]->settle();
    if (scale_of[r]->visits() < kLeastValues) scale_of[r] = &name_of[r]->usual;
  }
  for (const auto& frame : tables.frames) {
    Scores scores;
    for (const auto& [reading, step] : frame.readings) {
      const auto r = static_cast<std::size_t>(reading);
      scores.add(*name_of[r], scale_of[r]->score(step));
    }
    scores.each([&](const Name& name, double score) {
      const auto own = std::find(name_of.begin(), name_of.end(), &name);
      auto& sums = (*own)->rows[frame.cause].sums;
      sums.visits += frame.visits, sums.sum += frame.visits * score, sums.squares += frame.visits * score * score;
    });
  }
  for (auto& [what, name] : names_) {
    std::erase_if(name.by_sign, [](const auto& one) { return one.second.visits() < kLeastValues; });
    learn_strengths(name);
  }
}

void Readings::learn_strengths(Name& name) const {
  double best = kClearly_nats;
  for (const auto& row : name.rows) best += log_evidence_of_nothing(row.sums);
  for (const double means : kMeans)
    for (const double variances : kVariances) {
      double log = 0;
      for (const auto& row : name.rows)
        if (row.sums.visits > 0) log += log_evidence(row.sums, means, variances);
      if (log > best) best = log, name.means = means, name.variances = variances;
    }
  if (name.means == 0) return;
  name.unseen = predicted({}, name.means, name.variances);
  for (auto& row : name.rows) row.predicted = predicted(row.sums, name.means, name.variances);
}

// `without`: as if this score had not been learnt of the cause.
double Readings::word(const Name& name, double score, std::size_t cause, bool without) const {
  const auto& row = name.rows[cause];
  if (row.sums.visits == 0) return 0;
  double log = -name.unseen.log_density(score);
  if (without) {
    const auto& [visits, sum, squares] = row.sums;
    const Sums rest = visits > 1.5 ? Sums{visits - 1, sum - score, squares - score * score} : Sums{};
    log += predicted(rest, name.means, name.variances).log_density(score);
  } else {
    log += row.predicted.log_density(score);
  }
  return std::clamp(log, -kMostOfOne_nats, kMostOfOne_nats);
}

// The weight with which each visit's cause is told best from those that show the same signs.
void Readings::weigh_together(const Tables& tables) {
  std::vector<std::vector<std::pair<std::size_t, double>>> shown(static_cast<std::size_t>(tables.signs.size()));
  for (const auto& group : tables.groups) {
    if (group.causes.size() > 1) continue;
    const auto cause = group.causes.empty() ? causes_ : static_cast<std::size_t>(group.causes.front());
    for (const auto& [sign, n] : group.signs) shown[static_cast<std::size_t>(sign)].emplace_back(cause, n);
  }
  std::array<double, kWeights.size()> gains{};
  const std::size_t stride = 1 + tables.frames.size() / kMostJudged;
  for (std::size_t f = 0; f < tables.frames.size(); f += stride) {
    const auto& frame = tables.frames[f];
    std::vector<learning::Reading> readings;
    std::vector<double> rivals(causes_ + 1);
    for (const auto& [reading, step] : frame.readings) {
      const auto& one = tables.readings[static_cast<std::size_t>(reading)];
      if (readings.empty() || readings.back().sign != one.sign)
        if (const auto sign = tables.signs.find(one.sign); sign != learning::kUnknown)
          for (const auto& [cause, n] : shown[static_cast<std::size_t>(sign)]) rivals[cause] += n;
      readings.push_back({one.sign, one.what, learning::step_value(step)});
    }
    const auto scores = scores_of(readings);
    if (scores.empty() || rivals[frame.cause] == 0) continue;
    std::array<double, kWeights.size()> own{}, all{};
    double visits = 0;
    for (std::size_t cause = 0; cause <= causes_; ++cause) {
      if (rivals[cause] == 0) continue;
      double log = 0;
      scores.each([&](const Name& name, double score) { log += word(name, score, cause, cause == frame.cause); });
      visits += rivals[cause];
      for (std::size_t w = 0; w < kWeights.size(); ++w) {
        const double said = std::clamp(kWeights[w] * log, -kMost_nats, kMost_nats);
        all[w] += rivals[cause] * std::exp(said);
        if (cause == frame.cause) own[w] = said;
      }
    }
    for (std::size_t w = 0; w < kWeights.size(); ++w) gains[w] += frame.visits * (own[w] - std::log(all[w] / visits));
  }
  const auto best = std::max_element(gains.begin(), gains.end());
  if (*best * static_cast<double>(stride) > kClearly_nats)
    weight_ = kWeights[static_cast<std::size_t>(best - gains.begin())];
}

std::vector<double> Readings::say(const learning::Sight& sight) const {
  if (names_.empty() || sight.readings.empty()) return {};
  const auto scores = scores_of(learning::settled(sight.readings));
  if (scores.empty()) return {};
  std::vector<double> out(causes_ + 1);
  for (std::size_t cause = 0; cause < out.size(); ++cause) {
    scores.each([&](const Name& name, double score) { out[cause] += word(name, score, cause, false); });
    out[cause] = std::clamp(weight_ * out[cause], -kMost_nats, kMost_nats);
  }
  return out;
}

std::vector<Telling> Readings::tell(const learning::Sight& sight, std::size_t cause) const {
  std::vector<Telling> out;
  if (names_.empty()) return out;
  const auto readings = learning::settled(sight.readings);
  scores_of(readings).each([&](const Name& name, double score) {
    const auto one = std::find_if(readings.begin(), readings.end(), [&](const auto& reading) {
      const auto own = names_.find(reading.what);
      return own != names_.end() && &own->second == &name;
    });
    const auto& values = name.rows[cause].values;
    const auto& usual = name.scale(one->sign);
    out.push_back({one->what, one->value, weight_ * word(name, score, cause, false), values.quantile(0.25),
                   values.quantile(0.75), usual.quantile(0.25), usual.quantile(0.75)});
  });
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return std::abs(a.log) > std::abs(b.log); });
  return out;
}

}  // namespace firstfix::diagnosis
