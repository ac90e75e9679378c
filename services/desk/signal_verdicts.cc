#include "desk/signal_verdicts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <set>

#include "casework/convert.h"
#include "firstfix/v1/fleet.pb.h"
#include "learning/calibration.h"
#include "learning/defects.h"
#include "learning/lots.h"

namespace firstfix::desk {
namespace {

using learning::Day;

constexpr int kMostAssets = 50;
constexpr std::size_t kMostForecasts = 2000;  // the latest; older ones have had their say
constexpr double kGreatestEvidence = 1e300;
constexpr double kLeastPredicted = 0.005;  // as the test takes it, so that the ratio stays finite

template <class... Args>
std::string format(const char* pattern, Args... args) {
  char text[400];
  std::snprintf(text, sizeof text, pattern, args...);
  return text;
}

std::string date(Instant t) {
  return to_iso8601(t).substr(0, 10);
}

void set_evidence(v1::DefectSignal& out, double log_evidence, double threshold) {
  out.set_e_value(std::min(kGreatestEvidence, std::exp(log_evidence)));
  out.set_threshold(threshold);
}

void set_assets(v1::DefectSignal& out, const std::set<std::string>& assets) {
  out.clear_assets();
  for (const auto& asset : assets)
    if (out.assets_size() < kMostAssets) out.add_assets(asset);
  out.set_asset_count(assets.size());
}

std::string rate_explanation(const v1::DefectSignal& s) {
  const std::string machines = s.model() + (s.age_band().empty() ? "" : ", machines " + s.age_band());
  return s.subject() + " on " + machines +
         format(": %llu cases in %.0f machine-days since ", static_cast<unsigned long long>(s.observed()),
                s.exposure()) +
         date(to_instant(s.since())) +
         format(
             ", where its past, %llu in %.0f, makes %.1f expected: %.1f times as often (95 %%: %.1f to %.1f). "
             "One false signal is to be expected in %.0f counted cases.",
             static_cast<unsigned long long>(s.past_observed()), s.past_exposure(), s.expected(), s.ratio(),
             s.ratio_low(), s.ratio_high(), s.threshold());
}

std::string lot_explanation(const v1::DefectSignal& s) {
  return "lot " + s.lot() + " of " + s.subject() +
         format(
             ": %llu of %.0f failed, where %.1f would have, were it like the other lots, of which %llu failed at "
             "the same ages and times: %.1f times as often (95 %%: %.1f to %.1f). One false signal is to be "
             "expected in %.0f lots.",
             static_cast<unsigned long long>(s.observed()), s.exposure(), s.expected(),
             static_cast<unsigned long long>(s.past_observed()), s.ratio(), s.ratio_low(), s.ratio_high(),
             s.threshold());
}

std::string calibration_explanation(const v1::DefectSignal& s) {
  return "the calibration of " + s.model() + " is off since " + date(to_instant(s.since())) +
         format(": predicted %.2f, happened %.2f (n = %llu). One false alarm is to be expected in %.0f closed cases.",
                s.predicted(), s.happened(), static_cast<unsigned long long>(s.observed()), s.threshold());
}

v1::DefectSignalKind kind_of(const StreamId& stream) {
  if (stream.kind == signal_kind::kCode) return v1::DEFECT_SIGNAL_KIND_CODE;
  return stream.kind == signal_kind::kCause ? v1::DEFECT_SIGNAL_KIND_CAUSE : v1::DEFECT_SIGNAL_KIND_PART;
}

struct TimedFact {
  FactKey key;
  const internal::v1::SignalFact* fact;
};

Result<std::vector<TimedFact>> in_order(const Evidence& evidence) {
  std::vector<TimedFact> out;
  for (const auto& [key, fact] : evidence.facts) {
    FIRSTFIX_TRY(parsed, parse_fact_key(key));
    if (learning::day_of(parsed.at) >= evidence.from_day) out.push_back({std::move(parsed), &fact});
  }
  return out;  // keys sort by time
}

Result<std::optional<v1::DefectSignal>> judge_rate(const StreamId& id, const Evidence& evidence) {
  FIRSTFIX_TRY(facts, in_order(evidence));
  learning::Stream stream;
  for (const auto& one : facts) stream.count(learning::day_of(one.key.at));
  const bool any_age = id.band == "0";
  const auto& band =
      any_age ? learning::kAnyAge : learning::kAgeBands.at(static_cast<std::size_t>(id.band.at(0) - '1'));
  const auto exposure =
      evidence.fleet.exposure(id.model, any_age, std::max(evidence.from_day, evidence.observed_since));
  const auto found = learning::strongest_increase(learning::lay_out(stream, exposure, band), evidence.looks_from);
  if (!found || !learning::is_signal(*found)) return std::optional<v1::DefectSignal>{};
  v1::DefectSignal out;
  out.set_kind(kind_of(id));
  out.set_subject(id.subject);
  out.set_model(id.model);
  if (!any_age) out.set_age_band(std::string(band.name));
  *out.mutable_since() = to_proto(learning::start_of(found->since));
  out.set_observed(static_cast<std::uint64_t>(found->observed));
  out.set_expected(found->expected);
  out.set_exposure(found->exposure);
  out.set_past_observed(static_cast<std::uint64_t>(found->past_observed));
  out.set_past_exposure(found->past_exposure);
  out.set_ratio(found->ratio);
  out.set_ratio_low(found->ratio_low);
  out.set_ratio_high(found->ratio_high);
  set_evidence(out, found->log_evidence, learning::kEventsPerFalseSignal);
  std::set<std::string> assets;
  for (const auto& one : facts)
    if (learning::day_of(one.key.at) >= found->since) assets.insert(one.fact->asset());
  set_assets(out, assets);
  out.set_explanation(rate_explanation(out));
  return std::optional{std::move(out)};
}

Result<std::optional<v1::DefectSignal>> judge_calibration(const StreamId& id, const Evidence& evidence) {
  FIRSTFIX_TRY(facts, in_order(evidence));
  std::vector<learning::Forecast> forecasts;
  for (std::size_t i = facts.size() > kMostForecasts ? facts.size() - kMostForecasts : 0; i < facts.size(); ++i)
    forecasts.push_back({facts[i].key.at, facts[i].fact->probability(), facts[i].fact->happened()});
  const auto found = learning::strongest_drift(forecasts);
  if (!found || !learning::is_alarm(*found)) return std::optional<v1::DefectSignal>{};
  v1::DefectSignal out;
  out.set_kind(v1::DEFECT_SIGNAL_KIND_CALIBRATION);
  out.set_subject(id.subject);
  out.set_model(id.subject);
  *out.mutable_since() = to_proto(found->since);
  out.set_observed(static_cast<std::uint64_t>(found->count));
  out.set_predicted(found->predicted);
  out.set_happened(found->happened);
  out.set_expected(found->predicted * static_cast<double>(found->count));
  out.set_ratio(found->happened / std::max(found->predicted, kLeastPredicted));
  set_evidence(out, found->log_evidence, learning::kForecastsPerFalseAlarm);
  out.set_explanation(calibration_explanation(out));
  return std::optional{std::move(out)};
}

}  // namespace

Result<std::shared_ptr<const Fleet>> Fleet::read(const View& view) {
  auto out = std::make_shared<Fleet>();
  FIRSTFIX_CHECK(view.each<v1::Asset>("", "", [&](v1::Asset& asset) {
    auto& born = out->models_[asset.model()];
    if (asset.has_commissioned_at()) {
      born.known.push_back(learning::day_of(to_instant(asset.commissioned_at())));
    } else {
      ++born.unknown;
    }
    return true;
  }));
  return std::shared_ptr<const Fleet>(std::move(out));
}

learning::Exposure Fleet::exposure(const std::string& model, bool with_unknown_age, Day from) const {
  const auto found = models_.find(model);
  if (found == models_.end()) return {{}, from};
  auto born = found->second.known;
  if (with_unknown_age) born.insert(born.end(), found->second.unknown, from);
  return {std::move(born), from};
}

Result<std::optional<v1::DefectSignal>> judge(const StreamId& stream, const Evidence& evidence) {
  return stream.kind == signal_kind::kCalibration ? judge_calibration(stream, evidence) : judge_rate(stream, evidence);
}

Result<std::vector<v1::DefectSignal>> judge_lots(const StreamId& part, const Facts& facts) {
  // What was put in last on a machine is what the next visit that takes the same part takes out.
  std::map<std::string, std::size_t> in;  // by asset
  std::vector<learning::Installation> all;
  for (const auto& [key, fact] : facts) {
    FIRSTFIX_TRY(parsed, parse_fact_key(key));
    const auto day = learning::day_of(parsed.at);
    if (const auto before = in.find(fact.asset()); before != in.end()) all[before->second].removed = day;
    in[fact.asset()] = all.size();
    all.push_back({fact.lot(), day});
  }
  std::vector<v1::DefectSignal> out;
  for (const auto& found : learning::compare_lots(all)) {
    if (!learning::is_signal(found)) continue;
    auto& signal = out.emplace_back();
    signal.set_kind(v1::DEFECT_SIGNAL_KIND_LOT);
    signal.set_subject(part.subject);
    signal.set_lot(found.lot);
    *signal.mutable_since() = to_proto(learning::start_of(found.since));
    signal.set_observed(static_cast<std::uint64_t>(found.observed));
    signal.set_expected(found.expected);
    signal.set_exposure(static_cast<double>(found.installed));
    signal.set_past_observed(static_cast<std::uint64_t>(found.others));
    signal.set_ratio(found.ratio);
    signal.set_ratio_low(found.ratio_low);
    signal.set_ratio_high(found.ratio_high);
    set_evidence(signal, found.log_evidence, learning::kLotsPerFalseSignal);
    std::set<std::string> assets;
    for (const auto& [asset, last] : in)
      if (all[last].lot == found.lot) assets.insert(asset);
    set_assets(signal, assets);
    signal.set_explanation(lot_explanation(signal));
  }
  return out;
}

}  // namespace firstfix::desk
