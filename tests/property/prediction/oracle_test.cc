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

// Mean over the cases of a fleet of twenty causes after 1,500 visits, summed over the causes.
double excess_of(double wrong_labels, std::uint64_t seed) {
  fleet::Options options{.seed = seed, .causes = 20, .codes = 50, .parts = 30, .visits = 1500, .cases = 200};
  options.wrong_labels = wrong_labels;
  fleet::Fleet world(options);
  const auto lived = world.live();
  const auto past = static_cast<std::size_t>(options.visits);
  const auto history = fleet::machines(world, lived, past), all = fleet::machines(world, lived, lived.size());
  const auto habits = learning::habits_of(history);
  learning::Counts counts;
  for (const auto& machine : history)
    learning::each_stop(machine, habits, [&](const learning::Visit& visit) { counts.learn(visit); });
  const diagnosis::Model model({}, counts);
  double sum = 0;
  for (std::size_t i = past; i < lived.size(); ++i) {
    const auto& machine = all[static_cast<std::size_t>(lived[i].asset)];
    const auto answer = diagnose(model, learning::sight_at(machine, fleet::instant(lived[i].stopped), habits));
    auto truth = world.truth(lived, i).causes;
    for (const auto& cause : answer.causes) {
      auto& known = truth[static_cast<std::size_t>(std::stoi(cause.name.substr(1)))];
      sum += excess(known, cause.probability);
      known = 0;
    }
    for (const auto unnamed : truth) sum += excess(unnamed, 0);
  }
  return sum / options.cases;
}

TEST(Oracle, IsMissedByLittleMoreThanLearningCosts) {
  // Some 180 parameters worth knowing, 1,500 visits: 180 / 3,000 = 0.06 nats.
  EXPECT_LT((excess_of(0, 7) + excess_of(0, 8)) / 2, 0.06);
}

TEST(Oracle, IsStillNearWithWrongLabels) {
  EXPECT_LT((excess_of(0.01, 7) + excess_of(0.01, 8)) / 2, 0.07);
  EXPECT_LT((excess_of(0.05, 7) + excess_of(0.05, 8)) / 2, 0.12);
}

}  // namespace
}  // namespace firstfix
