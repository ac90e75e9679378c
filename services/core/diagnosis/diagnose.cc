#include "diagnosis/diagnose.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "diagnosis/model.h"
#include "words.h"

namespace firstfix::diagnosis {
namespace {

constexpr double kLeastPart = 1e-6, kLeastWayPart = 2e-3;
constexpr std::size_t kMostWays = 60;

std::vector<Scored> by_probability(const learning::Names& names, const std::vector<double>& probability, double least) {
  std::vector<Scored> out;
  for (Id id = 0; id < names.size(); ++id)
    if (const double p = probability[static_cast<std::size_t>(id)]; p >= least)
      out.push_back({names.name(id), std::min(1.0, p)});
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.probability != b.probability ? a.probability > b.probability : a.name < b.name;
  });
  return out;
}

// How the repair of these causes goes; nothing is wrong: no parts.
std::vector<double> parts_of(const Rates& rates, const IdSet& causes) {
  std::vector<double> needed(rates.columns);
  if (causes.empty()) return needed;
  for (std::size_t p = 0; p < needed.size(); ++p) {
    double spared = 1;
    for (const auto cause : causes) spared *= 1 - rates.at(static_cast<std::size_t>(cause), p);
    if (causes.size() > 1)
      spared /=
          causes.size() == 2 ? 1 - rates.leak[p] : std::pow(1 - rates.leak[p], static_cast<double>(causes.size()) - 1);
    needed[p] = 1 - spared;
  }
  return needed;
}

void add_parts(Answer& answer, const Model& model, const Posterior& posterior) {
  std::vector<double> sum(model.part_rates().columns);
  for (const auto& hypothesis : posterior.hypotheses) {
    const auto needed = parts_of(model.part_rates(), hypothesis.causes);
    for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += hypothesis.probability * needed[p];
    if (answer.ways.size() < kMostWays)
      answer.ways.push_back({hypothesis.probability, by_probability(model.parts(), needed, kLeastWayPart)});
  }
  const auto& unmet = model.part_rates().unmet;
  for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += posterior.unknown * unmet[p];
  const auto less = [](const Way& way, double probability) { return way.probability >= probability; };
  answer.ways.insert(std::lower_bound(answer.ways.begin(), answer.ways.end(), posterior.unknown, less),
                     {posterior.unknown, by_probability(model.parts(), unmet, kLeastWayPart)});
  answer.parts = by_probability(model.parts(), sum, kLeastPart);
}

}  // namespace

Answer diagnose(const Model& model, const learning::Sight& sight) {
  Answer answer;
  for (const auto& sign : sight.signs)
    if (model.signs().find(sign) == learning::kUnknown) answer.unknown_codes.push_back(sign);
  answer.speechless =
      std::none_of(sight.signs.begin(), sight.signs.end(), [&](const auto& sign) { return model.speaks(sign); });
  const auto posterior = model.infer(sight);
  answer.unknown_probability = posterior.unknown;
  answer.visits = std::llround(model.priors().visits);
  std::vector<double> marginal(static_cast<std::size_t>(model.causes().size()));
  for (const auto& hypothesis : posterior.hypotheses) {
    if (hypothesis.causes.empty()) answer.none_probability += hypothesis.probability;
    for (const auto cause : hypothesis.causes) marginal[static_cast<std::size_t>(cause)] += hypothesis.probability;
  }
  answer.causes = by_probability(model.causes(), marginal, 0);
  answer.evidence = evidence_of(model, sight, answer.causes);
  add_parts(answer, model, posterior);
  return answer;
}

}  // namespace firstfix::diagnosis
