#include "learning/calibration.h"

#include <vector>

#include "evidence.h"

namespace firstfix::learning {
namespace {

constexpr std::size_t kRivals = kShifts.size() + kSlopes.size();

double moderate(double probability) {
  return std::clamp(probability, 0.005, 0.995);
}

double logistic(double log_odds) {
  return 1 / (1 + std::exp(-log_odds));
}

// What the rival gains on the forecast by what came: the logarithm of the likelihood ratio.
double gain(std::size_t rival, const Forecast& forecast) {
  const double p = moderate(forecast.probability), log_odds = std::log(p / (1 - p));
  const double q =
      logistic(rival < kShifts.size() ? log_odds + kShifts[rival] : log_odds * kSlopes[rival - kShifts.size()]);
  return forecast.happened ? std::log(q / p) : std::log((1 - q) / (1 - p));
}

// Where the trouble that was seen with forecast `end` most probably began: the start with the greatest gain of any
// rival.
std::size_t beginning(std::span<const Forecast> forecasts, std::size_t end) {
  double best = kLogZero;
  std::size_t start = end;
  std::array<double, kRivals> total{};
  for (std::size_t i = end + 1; i-- > 0;)
    for (std::size_t rival = 0; rival < kRivals; ++rival) {
      total[rival] += gain(rival, forecasts[i]);
      if (total[rival] > best) best = total[rival], start = i;
    }
  return start;
}

}  // namespace

std::optional<Drift> strongest_drift(std::span<const Forecast> forecasts) {
  if (forecasts.empty()) return {};
  std::array<double, kRivals> sums;  // the logarithm of the sum over the starts so far, by rival
  sums.fill(kLogZero);
  double best = kLogZero;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < forecasts.size(); ++i) {
    double mixed = kLogZero;
    for (std::size_t rival = 0; rival < kRivals; ++rival) {
      sums[rival] = log_add(sums[rival], 0) + gain(rival, forecasts[i]);
      mixed = log_add(mixed, sums[rival]);
    }
    if (mixed > best) best = mixed, seen = i;
  }
  const auto start = beginning(forecasts, seen);
  Drift out{.log_evidence = best - std::log(static_cast<double>(kRivals)),
            .seen = forecasts[seen].settled_at,
            .since = forecasts[start].settled_at,
            .count = static_cast<std::int64_t>(seen - start + 1)};
  for (std::size_t i = start; i <= seen; ++i) {
    out.predicted += forecasts[i].probability;
    out.happened += forecasts[i].happened ? 1 : 0;
  }
  out.predicted /= static_cast<double>(out.count);
  out.happened /= static_cast<double>(out.count);
  return out;
}

bool is_alarm(const Drift& drift) {
  return drift.log_evidence >= std::log(kForecastsPerFalseAlarm);
}

Reliability reliability(std::span<const Forecast> forecasts) {
  Reliability out;
  double weight = 1;
  for (auto it = forecasts.rbegin(); it != forecasts.rend(); ++it, weight *= std::exp2(-1 / kHalfLife)) {
    const double y = it->happened ? 1 : 0;
    auto& bin = out.bins[std::min(kBins - 1, static_cast<std::size_t>(it->probability * kBins))];
    bin.weight += weight;
    bin.predicted += weight * it->probability;
    bin.happened += weight * y;
    out.weight += weight;
    out.brier += weight * (it->probability - y) * (it->probability - y);
    const double p = moderate(it->probability);
    out.log_loss -= weight * std::log(it->happened ? p : 1 - p);
  }
  if (out.weight == 0) return out;
  out.brier /= out.weight;
  out.log_loss /= out.weight;
  for (auto& bin : out.bins) {
    if (bin.weight == 0) continue;
    bin.predicted /= bin.weight;
    bin.happened /= bin.weight;
    out.ece += bin.weight / out.weight * std::abs(bin.predicted - bin.happened);
  }
  return out;
}

}  // namespace firstfix::learning
