// A simulated region answers the same question with the same answer, and compares policies on the same bad luck.
#include <gmock/gmock.h>

#include <cmath>

#include "simulation/comparison.h"

namespace firstfix::simulation {
namespace {

using ::testing::DoubleNear;
using ::testing::HasSubstr;

Scenario small() {
  Scenario scenario;
  scenario.days = 10;
  scenario.machines = 300;
  scenario.failures_a_year = 12;
  scenario.engineers = 6;
  return scenario;
}

Outcome run(const Scenario& scenario, const std::string& policy, std::uint64_t seed) {
  return simulate(make_region(scenario, seed), seed, **make_policy(policy, seed));
}

Measured measured(const std::string& policy, int seeds) {
  Measured out{{"as it is", policy, small()}, {}, 0};
  for (int seed = 1; seed <= seeds; ++seed)
    out.outcomes.push_back(run(small(), policy, static_cast<std::uint64_t>(seed)));
  return out;
}

TEST(Simulation, TheSameSeedGivesTheSameResult) {
  for (const auto* policy : {"nearest-free", "planner", "reoptimise"}) {
    const auto a = run(small(), policy, 7), b = run(small(), policy, 7);
    for (const auto& metric : metrics()) EXPECT_EQ(metric.of(a), metric.of(b)) << policy << ": " << metric.name;
    EXPECT_NE(run(small(), policy, 8).km_a_job, a.km_a_job);
  }
}

TEST(Simulation, EveryFailureIsRestoredOrStillOpen) {
  for (const auto* policy : {"nearest-free", "planner", "reoptimise"}) {
    const auto outcome = run(small(), policy, 3);
    EXPECT_GT(outcome.restored, 50) << policy;
    EXPECT_EQ(outcome.failures, outcome.restored + outcome.open_at_end);
    EXPECT_GT(outcome.first_time_fix, 0.5);
    EXPECT_LE(outcome.first_time_fix, 1);
    EXPECT_LE(outcome.restore_p50_h, outcome.restore_p90_h);
  }
}

TEST(Simulation, AnotherNumberOfEngineersLeavesMachinesAndCausesAsTheyAre) {
  auto more = small();
  more.engineers = 9;
  const auto a = make_region(small(), 5), b = make_region(more, 5);
  ASSERT_EQ(a.machines.size(), b.machines.size());
  for (std::size_t i = 0; i < a.machines.size(); ++i)
    EXPECT_EQ(a.machines[i].position.east_km, b.machines[i].position.east_km);
  for (std::size_t i = 0; i < a.causes.size(); ++i) EXPECT_EQ(a.causes[i].parts, b.causes[i].parts);
  for (std::size_t i = 0; i < a.engineers.size(); ++i)
    EXPECT_EQ(a.engineers[i].home.east_km, b.engineers[i].home.east_km);
}

TEST(Simulation, TwiceThePeopleRestoreSooner) {
  auto scarce = small();
  scarce.engineers = 3;
  auto plenty = small();
  plenty.engineers = 12;
  EXPECT_LT(run(plenty, "nearest-free", 2).restore_mean_h, run(scarce, "nearest-free", 2).restore_mean_h);
}

// Lets another policy decide, and remembers the most visits in vain that a job has had.
class Watched final : public Policy {
 public:
  explicit Watched(Policy& policy) : policy_(policy) {}
  void decide(Board& board, Occasion occasion, int what) override {
    for (const auto& job : board.jobs) most_in_vain = std::max(most_in_vain, job.visits);
    policy_.decide(board, occasion, what);
  }
  int most_in_vain = 0;

 private:
  Policy& policy_;
};

TEST(Simulation, NobodySetsOutForAPartThatSomebodyElseHasTaken) {
  auto scarce = small();
  scarce.depot_stock = 1;
  scarce.van_stock = 0;
  scarce.resupply_days = 4;
  for (const auto* name : {"nearest-free", "planner", "reoptimise"}) {
    const auto policy = *make_policy(name, 1);
    Watched watched(*policy);
    simulate(make_region(scarce, 1), 1, watched);
    EXPECT_EQ(watched.most_in_vain, 1) << name;  // after the first visit it is known what it takes
  }
}

TEST(Simulation, ReoptimisingDrivesLessThanNearestFreeOverTheSeeds) {
  const auto nearest = measured("nearest-free", 4), planned = measured("reoptimise", 4);
  for (const auto& metric : metrics()) {
    if (std::string(metric.name) != "km_a_job") continue;
    EXPECT_LT(estimate_difference(nearest.values(metric), planned.values(metric)).mean, 0);
  }
}

TEST(Statistics, IntervalsAreStudents) {
  const double values[] = {1, 2, 3, 4, 5};
  EXPECT_THAT(estimate(values).mean, DoubleNear(3, 1e-12));
  EXPECT_THAT(estimate(values).half_width, DoubleNear(1.9632, 1e-3));  // 2.776 √(2.5 / 5)
  const double shifted[] = {2, 3, 4, 5, 6};
  EXPECT_THAT(estimate_difference(values, shifted).mean, DoubleNear(1, 1e-12));
  EXPECT_THAT(estimate_difference(values, shifted).half_width, DoubleNear(0, 1e-12));
  EXPECT_TRUE(std::isinf(estimate({values, 1}).half_width));
}

TEST(ScenarioSettings, WrongOnesAreErrorsThatTeach) {
  Scenario scenario;
  EXPECT_THAT(set(scenario, "enginers=3").error().message, HasSubstr("engineers"));
  EXPECT_THAT(set(scenario, "engineers=0").error().message, HasSubstr("must be from 1 to 5000"));
  EXPECT_THAT(set(scenario, "engineers=2.5").error().message, HasSubstr("whole number"));
  EXPECT_THAT(set(scenario, "engineers=nan").error().message, HasSubstr("must be from"));
  EXPECT_THAT(set(scenario, "engineers").error().message, HasSubstr("setting=number"));
  EXPECT_THAT(set_all(scenario, "[]").error().message, HasSubstr("JSON object"));
  EXPECT_THAT(set_all(scenario, R"({"days": "ten"})").error().message, HasSubstr("days"));
  ASSERT_TRUE(set_all(scenario, R"({"days": 7, "speed_kmh": 80.5})"));
  EXPECT_EQ(scenario.days, 7);
  EXPECT_EQ(scenario.speed_kmh, 80.5);
  scenario.machines = 1'000'000;
  scenario.failures_a_year = 365;
  scenario.days = 3650;
  EXPECT_EQ(check(scenario).error().code, Code::kTooLarge);
}

TEST(Report, SaysEveryFigureOfEveryArmAsTextJsonAndPicture) {
  const std::vector<Measured> all = {measured("nearest-free", 2), measured("planner", 2)};
  EXPECT_THAT(to_text(all), HasSubstr("as it is, planner  (compared with: as it is, nearest-free)"));
  EXPECT_THAT(to_json(all), HasSubstr("\"km_a_job\""));
  const auto picture = to_svg(all);
  EXPECT_THAT(picture, HasSubstr("<svg"));
  EXPECT_THAT(picture, HasSubstr("kilometres a job"));
}

}  // namespace
}  // namespace firstfix::simulation
