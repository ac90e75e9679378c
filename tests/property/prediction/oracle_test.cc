// How near predictions come to the best possible, on fleets of which everything is known.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "diagnosis/diagnose.h"
#include "diagnosis/model.h"
#include "fleet/fleet.h"

namespace firstfix {
namespace {

// What believing p costs more than believing the truth, in nats.
double excess(double truth, double p) {
  const double q = std::clamp(truth, 1e-4, 1 - 1e-4), r = std::clamp(p, 1e-4, 1 - 1e-4);
  return truth * std::log(q / r) + (1 - truth) * std::log((1 - q) / (1 - r));
}

constexpr fleet::Options kSmall{.causes = 20, .codes = 50, .parts = 30, .visits = 1500, .cases = 200};

// As it is seen by who takes no notice of numbers and of what goes away.
learning::Sight of_codes_alone(learning::Sight seen) {
  seen.readings.clear();
  std::erase_if(seen.marks, [](const auto& mark) { return mark.what == learning::kCleared; });
  return seen;
}

// Mean over the cases, summed over the causes; of a new model, over its own cases.
double excess_of(const fleet::Options& options, const diagnosis::Catalogue& catalogue = {}, bool codes_alone = false) {
  fleet::Fleet world(options);
  const auto lived = world.live();
  const auto past = static_cast<std::size_t>(options.visits);
  const auto history = fleet::machines(world, lived, past), all = fleet::machines(world, lived, lived.size());
  const auto habits = learning::habits_of(history);
  learning::Counts counts;
  for (const auto& machine : history)
    learning::each_stop(machine, habits, [&](learning::Visit visit) {
      if (codes_alone) visit.seen = of_codes_alone(std::move(visit.seen));
      counts.learn(visit);
    });
  const diagnosis::Model model(catalogue, counts);
  double sum = 0, cases = 0;
  for (std::size_t i = past; i < lived.size(); ++i) {
    const auto asset = static_cast<std::size_t>(lived[i].asset);
    if (options.new_model && world.models()[asset] != options.models - 1) continue;
    ++cases;
    const auto& machine = all[asset];
    auto seen = learning::sight_at(machine, fleet::instant(lived[i].stopped), habits);
    if (codes_alone) seen = of_codes_alone(std::move(seen));
    const auto answer = diagnose(model, seen);
    auto truth = world.truth(lived, i).causes;
    for (const auto& cause : answer.causes) {
      auto& known = truth[static_cast<std::size_t>(std::stoi(cause.name.substr(1)))];
      sum += excess(known, cause.probability);
      known = 0;
    }
    for (const auto unnamed : truth) sum += excess(unnamed, 0);
  }
  return sum / cases;
}

// Of two fleets after 1,500 visits.
double excess_of(double wrong_labels) {
  auto options = kSmall;
  options.wrong_labels = wrong_labels;
  double sum = 0;
  for (options.seed = 7; options.seed < 9; ++options.seed) sum += excess_of(options);
  return sum / 2;
}

TEST(Oracle, IsMissedByLittleMoreThanLearningCosts) {
  // Some 180 parameters worth knowing, 1,500 visits: 180 / 3,000 = 0.06 nats.
  EXPECT_LT(excess_of(0), 0.06);
}

TEST(Oracle, IsStillNearWithWrongLabels) {
  EXPECT_LT(excess_of(0.01), 0.07);
  EXPECT_LT(excess_of(0.05), 0.12);
}

TEST(Oracle, IsNearWhereCodesBringOthers) {
  auto options = kSmall;
  options.cascade = 0.6;
  double sum = 0;
  for (options.seed = 7; options.seed < 9; ++options.seed) sum += excess_of(options);
  EXPECT_LT(sum / 2, 0.14);
}

TEST(Oracle, IsNearAfterASuddenChange) {
  auto options = kSmall;
  options.drift = 1, options.sudden = true;
  double sum = 0;
  for (options.seed = 7; options.seed < 9; ++options.seed) sum += excess_of(options);
  EXPECT_LT(sum / 2, 0.09);
}

TEST(Oracle, IsNearerWithTheNumbersThatCameWithCodes) {
  auto options = kSmall;
  options.readings = 4, options.telling = 0.7;
  double with = 0, without = 0;
  for (options.seed = 7; options.seed < 9; ++options.seed)
    with += excess_of(options), without += excess_of(options, {}, true);
  EXPECT_LT(with / 2, 0.15);
  EXPECT_LT(with, without / 2);
}

TEST(Oracle, IsNoFartherWhereTheNumbersTellNothing) {
  auto options = kSmall;
  options.readings = 8, options.alike = 0.5;
  for (options.seed = 7; options.seed < 9; ++options.seed)
    EXPECT_LT(excess_of(options), excess_of(options, {}, true) + 0.003);
}

TEST(Oracle, IsNearerWhereCodesGoAwayThatNoCauseHasBrought) {
  auto options = kSmall;
  options.clearing = true, options.leak = 0.03;
  double with = 0, without = 0;
  for (options.seed = 7; options.seed < 9; ++options.seed)
    with += excess_of(options), without += excess_of(options, {}, true);
  EXPECT_LT(with, without / 1.2);
}

TEST(Oracle, IsNearerForANewModelWhoseFamilyIsStated) {
  auto options = kSmall;
  options.models = 8, options.families = 2, options.new_model = true;
  diagnosis::Catalogue catalogue;
  for (int model = 0; model < options.models; ++model)
    catalogue.families.add(diagnosis::Families::Kind::kModel, fleet::model_name(model),
                           fleet::family_name(model, options));
  double alone = 0, with_family = 0;
  for (options.seed = 7; options.seed < 9; ++options.seed)
    alone += excess_of(options), with_family += excess_of(options, catalogue);
  EXPECT_LT(with_family, alone / 1.5);
}

}  // namespace
}  // namespace firstfix
