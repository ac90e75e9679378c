#include "diagnosis/diagnose.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace firstfix::diagnosis {
namespace {

constexpr double kLeastPart = 1e-6;
constexpr std::size_t kMostWays = 100;

std::string percent(double p) {
  char text[16];
  std::snprintf(text, sizeof text, "%.0f %%", p * 100);
  return text;
}

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
std::vector<double> parts_of(const Model& model, const IdSet& causes) {
  const auto& rates = model.part_rates();
  std::vector<double> needed(rates.columns);
  if (causes.empty()) return needed;
  for (std::size_t p = 0; p < needed.size(); ++p) {
    double spared = 1 / std::pow(1 - rates.leak[p], static_cast<double>(causes.size()) - 1);
    for (const auto cause : causes) spared *= 1 - rates.at(static_cast<std::size_t>(cause), p);
    needed[p] = 1 - spared;
  }
  return needed;
}

void add_parts(Answer& answer, const Model& model, const Posterior& posterior) {
  std::vector<double> sum(model.part_rates().columns);
  for (const auto& hypothesis : posterior.hypotheses) {
    const auto needed = parts_of(model, hypothesis.causes);
    for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += hypothesis.probability * needed[p];
    if (answer.ways.size() < kMostWays)
      answer.ways.push_back({hypothesis.probability, by_probability(model.parts(), needed, kLeastPart)});
  }
  answer.parts = by_probability(model.parts(), sum, kLeastPart);
}

// "E17 is there (shown by 80 %, by others 2 %)", for what speaks loudest.
void add_evidence(Answer& answer, const Model& model, const learning::Sight& sight) {
  const auto& rates = model.rates();
  for (std::size_t i = 0; i < std::min<std::size_t>(2, answer.causes.size()); ++i) {
    const auto& best = answer.causes[i];
    const auto cause = model.causes().find(best.name);
    char visits[64];
    std::snprintf(visits, sizeof visits, ", found on %.0f of %.0f past visits",
                  rates.visits[static_cast<std::size_t>(cause)], model.priors().visits);
    answer.evidence.push_back(best.name + ": " + percent(best.probability) + visits);
    for (Id sign = 0; sign < model.signs().size(); ++sign) {
      const auto column = rates.column(sign, false);
      const double shown = rates.at(static_cast<std::size_t>(cause), column), leak = rates.leak[column];
      const bool there =
          std::find(sight.signs.begin(), sight.signs.end(), model.signs().name(sign)) != sight.signs.end();
      if (there && shown > 2 * leak)
        answer.evidence.push_back("  for it: " + model.signs().name(sign) + " is there (shown by " + percent(shown) +
                                  ")");
      else if (!there && shown > 0.3)
        answer.evidence.push_back("  against it: " + model.signs().name(sign) + " is missing (shown by " +
                                  percent(shown) + ")");
    }
  }
  if (answer.evidence.size() > 20) answer.evidence.resize(20);
}

}  // namespace

Answer diagnose(const Model& model, const learning::Sight& sight) {
  Answer answer;
  for (const auto& sign : sight.signs)
    if (model.signs().find(sign) == learning::kUnknown) answer.unknown_codes.push_back(sign);
  const auto posterior = model.infer(sight);
  answer.unknown_probability = posterior.unknown;
  answer.visits = std::llround(model.priors().visits);
  std::vector<double> marginal(static_cast<std::size_t>(model.causes().size()));
  for (const auto& hypothesis : posterior.hypotheses) {
    if (hypothesis.causes.empty()) answer.none_probability += hypothesis.probability;
    for (const auto cause : hypothesis.causes) marginal[static_cast<std::size_t>(cause)] += hypothesis.probability;
  }
  answer.causes = by_probability(model.causes(), marginal, 0);
  add_evidence(answer, model, sight);
  add_parts(answer, model, posterior);
  return answer;
}

}  // namespace firstfix::diagnosis
