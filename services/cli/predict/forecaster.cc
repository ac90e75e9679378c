#include "predict/forecaster.h"

#include <algorithm>

#include "parts/scenarios.h"

namespace firstfix::predict {
namespace {

constexpr double kUsualCarryCost = 5, kUsualSecondVisitCost = 400;  // where parts.csv does not say
constexpr double kLeastNeed = 0.002;                                // below it a part is not thought about
constexpr std::size_t kMostNeeds = 40;

}  // namespace

Forecaster::Forecaster(const History& history) : costs_(history.costs) {
  std::vector<learning::Machine> machines;
  for (const auto& [asset, machine] : history.machines) machines.push_back(machine);
  habits_ = learning::habits_of(machines);
  learning::Counts stops, warnings;
  for (const auto& machine : machines) {
    learning::each_stop(machine, habits_, [&](const auto& visit) { stops.learn(visit); });
    learning::each_warning(machine, habits_, [&](const auto& visit) { warnings.learn(visit); });
  }
  visits_ = stops.visits();
  warnings_ = warnings.visits();
  const diagnosis::Catalogue catalogue{.causes = {}, .families = history.families};
  stopped_.emplace(catalogue, stops);
  warned_.emplace(catalogue, warnings);
  for (const auto& [part, cost] : costs_) second_visit_cost_ = std::max(second_visit_cost_, cost.miss);
  if (costs_.empty()) second_visit_cost_ = kUsualSecondVisitCost;
}

Prediction Forecaster::answer(const Case& question) const {
  auto sight = learning::sight_at(question.machine, question.as_of, habits_);
  if (!question.warning) std::erase(sight.signs, learning::kDueSign);
  Prediction out{question.id, diagnosis::diagnose(question.warning ? *warned_ : *stopped_, sight), {}};
  out.kit = kit(out.answer);
  return out;
}

std::vector<std::string> Forecaster::kit(const diagnosis::Answer& answer) const {
  std::vector<parts::Need> needs;
  for (const auto& part : answer.parts) {
    if (part.probability < kLeastNeed || needs.size() == kMostNeeds) break;
    const auto cost = costs_.find(part.name);
    if (!costs_.empty() && cost == costs_.end()) continue;
    needs.push_back({part.name, part.probability, 1, cost == costs_.end() ? kUsualCarryCost : cost->second.carry});
  }
  std::vector<std::string> out;
  for (const auto& line : parts::choose_kit(needs, parts::scenarios_of(answer, needs), second_visit_cost_).lines)
    if (line.chosen) out.push_back(line.need.part);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace firstfix::predict
