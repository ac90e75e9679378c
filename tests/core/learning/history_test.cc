// From records to what they teach.
#include "learning/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace firstfix::learning {
namespace {

using std::chrono::hours;

constexpr Instant kStart{1'700'000'000'000'000};

// A machine that is repaired every `days`, with a code some hours before, and served in between where `served` says.
Machine machine(int repairs, int days, int hours_before) {
  Machine out{"m", {}, {}};
  for (int i = 1; i <= repairs; ++i) {
    const auto done = kStart + hours(24 * days * i);
    out.faults.push_back({done - hours(hours_before), "E1"});
    out.works.push_back({done, true, {"K1"}, {"P1"}});
  }
  return out;
}

TEST(History, LearnsHowFarBackAFaultBelongsToARepair) {
  std::vector<Machine> fleet;
  for (int before = 0; before < 36; ++before)
    for (int i = 0; i < 4; ++i) fleet.push_back(machine(3, 20, before));
  EXPECT_EQ(habits_of(fleet).reach, hours(36));
}

TEST(History, FindsTheServiceRhythm) {
  EXPECT_EQ(habits_of(std::vector<Machine>(20, machine(5, 15, 3))).rhythm, hours(15 * 24));
  std::vector<Machine> irregular;
  for (int i = 0; i < 40; ++i) irregular.push_back(machine(3, 10 + i, 3));
  EXPECT_EQ(habits_of(irregular).rhythm, Duration::zero());
}

TEST(History, SeesAMachineAsItWas) {
  const auto past = machine(3, 15, 3);
  const Habits habits{kStart, kStart + hours(2000), hours(24), hours(15 * 24)};
  const auto sight = sight_at(past, kStart + hours(24 * 30 - 1), habits);
  EXPECT_EQ(sight.signs, (std::vector<std::string>{"E1", kDueSign}));
  ASSERT_EQ(sight.repaired.size(), 1u);
  EXPECT_NEAR(sight.repaired[0].days_ago, 15 - 1 / 24.0, 1e-9) << "the first repair only; the second was still to come";
  EXPECT_NEAR(sight.days_known, 30 - 1 / 24.0, 1e-9);
}

TEST(History, TakesNoFaultThatARepairPutRight) {
  const Machine past{"m",
                     {{kStart, "E1"}, {kStart + hours(10), "E2"}},
                     {{kStart + hours(5), true, {"K1"}, {}}, {kStart + hours(11), false, {}, {"P1"}}}};
  const Habits habits{kStart, kStart + hours(2000), hours(24), Duration::zero()};
  EXPECT_EQ(sight_at(past, kStart + hours(12), habits).signs, std::vector<std::string>{"E2"});
  EXPECT_EQ(sight_at(past, kStart + hours(5), habits).signs, std::vector<std::string>{"E1"})
      << "its own repair's faults";
}

TEST(History, NotesWhichCodeCameFirstAndWhichCameAgain) {
  const Machine past{
      "m", {{kStart, "E1"}, {kStart + hours(1), "E2"}, {kStart + hours(2), "E2"}, {kStart + hours(2), "E3"}}, {}, 7};
  const Habits habits{kStart, kStart + hours(2000), hours(24), Duration::zero()};
  const auto sight = sight_at(past, kStart + hours(3), habits);
  std::vector<std::string> told;
  for (const auto& mark : sight.marks) told.push_back(mark.sign + " " + mark.what + " " + mark.than);
  EXPECT_EQ(told, (std::vector<std::string>{"E1 first E2", "E1 first E3", "E2 again "}));
  EXPECT_EQ(sight.age_years, 7);
  const Machine at_once{"m", {{kStart, "E1"}, {kStart, "E2"}}, {}};
  EXPECT_TRUE(sight_at(at_once, kStart + hours(3), habits).marks.empty()) << "nobody knows which was first";
}

TEST(History, SeesWhatHadGoneAwayByItselfByThen) {
  const auto went_away = [](Instant cleared_at, Instant asked_at) {
    const Machine machine{"m", {{kStart, "E1", cleared_at}, {kStart + hours(1), "E2"}}, {}};
    const Habits habits{kStart, kStart + hours(2000), hours(24), Duration::zero()};
    const auto marks = sight_at(machine, asked_at, habits).marks;
    return std::any_of(marks.begin(), marks.end(), [](const Mark& m) { return m.what == kCleared && m.sign == "E1"; });
  };
  EXPECT_TRUE(went_away(kStart + hours(2), kStart + hours(3)));
  EXPECT_FALSE(went_away(kStart + hours(4), kStart + hours(3))) << "not yet";
  EXPECT_FALSE(went_away(kNever, kStart + hours(3)));
}

TEST(History, DoesNotLearnThatACodeWentAwayByItselfWhichTheRepairPutRight) {
  const auto learnt = [](Instant cleared_at) {
    const Machine machine{
        "m", {{kStart, "E1", cleared_at}, {kStart + hours(1), "E2"}}, {{kStart + hours(10), true, {"K1"}, {}}}};
    const Habits habits{kStart, kStart + hours(2000), hours(24), Duration::zero()};
    bool out = false;
    each_stop(machine, habits, [&](const Visit& visit) {
      for (const auto& mark : visit.seen.marks) out = out || mark.what == kCleared;
    });
    return out;
  };
  EXPECT_TRUE(learnt(kStart + hours(1)));
  EXPECT_TRUE(learnt(kStart + hours(5)));
  EXPECT_FALSE(learnt(kStart + hours(9))) << "somebody was at work";
  EXPECT_FALSE(learnt(kStart + hours(11)));
}

TEST(History, KeepsTheLastOfSeveralNumbersUnderOneNameWithACode) {
  const Machine machine{
      "m", {{kStart, "E1", kNever, {{"bar", 3}}}, {kStart + hours(1), "E1", kNever, {{"bar", 1}}}}, {}};
  const Habits habits{kStart, kStart + hours(2000), hours(24), Duration::zero()};
  const auto readings = sight_at(machine, kStart + hours(2), habits).readings;
  ASSERT_EQ(readings.size(), 1u);
  EXPECT_EQ(readings[0].value, 1);
}

TEST(History, ReadsValuesOfAnySizeInFineSteps) {
  for (const double value : {0.0, 1e-9, -0.3, 12.7, 373.15, -4e8, 1e15})
    EXPECT_NEAR(step_value(reading_step(value)), value, std::abs(value) * 0.0014 + 1e-12);
  EXPECT_EQ(reading_step(1e300), reading_step(1e200));
}

TEST(History, TeachesWarningsThatCameToNothing) {
  auto past = machine(1, 15, 3);
  past.faults.insert(past.faults.begin(), {kStart, "E9"});
  const Habits habits{kStart, kStart + hours(2000), hours(24), Duration::zero()};
  std::vector<Visit> warnings;
  each_warning(past, habits, [&](const Visit& visit) { warnings.push_back(visit); });
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_TRUE(warnings[0].causes.empty());
  EXPECT_EQ(warnings[1].causes, std::vector<std::string>{"K1"});
}

}  // namespace
}  // namespace firstfix::learning
