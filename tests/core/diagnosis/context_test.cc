// What a diagnosis makes of the circumstances: time, age, the parts' clocks, how codes came, and who is alike.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "diagnosis/diagnose.h"
#include "diagnosis/model.h"

namespace firstfix::diagnosis {
namespace {

using learning::Counts;
using learning::Sight;
using learning::Visit;
using std::chrono::hours;

double probability(const Model& model, const Sight& sight, const std::string& cause) {
  for (const auto& one : diagnose(model, sight).causes)
    if (one.name == cause) return one.probability;
  return 0;
}

Visit visit(std::vector<std::string> signs, const std::string& cause, const std::string& model = "m") {
  return {{.model = model, .signs = std::move(signs)}, {cause}, {}};
}

TEST(Context, FollowsWhatChanges) {
  // Both causes show the same; one fades out over half a year, and causes that nothing changes stand beside them.
  Counts changing, steady;
  for (int week = 0; week < 24; ++week)
    for (int i = 0; i < 24; ++i) {
      auto now = visit({"a"}, i >= week ? "fades" : "comes");
      auto always = visit({"a"}, i % 2 == 0 ? "fades" : "comes");
      now.at = always.at = Instant{} + hours(24 * 7 * week + i);
      changing.learn(now);
      steady.learn(always);
    }
  const Sight asked{.model = "m", .signs = {"a"}};
  EXPECT_LT(probability(Model({}, changing), asked, "fades"), 0.15);
  EXPECT_NEAR(probability(Model({}, steady), asked, "fades"), 0.5, 0.02);
}

TEST(Context, KnowsWhatOldMachinesHave) {
  Counts counts;
  for (int i = 0; i < 200; ++i) {
    const bool old = i % 2 == 0;
    auto one = visit({"a"}, (old ? i % 10 != 0 : i % 20 == 1) ? "rust" : "fuse");
    one.seen.age_years = old ? 18 : 3;
    counts.learn(one);
  }
  const Model model({}, counts);
  EXPECT_GT(probability(model, {.model = "m", .signs = {"a"}, .age_years = 19}, "rust"), 0.7);
  EXPECT_LT(probability(model, {.model = "m", .signs = {"a"}, .age_years = 2.5}, "rust"), 0.2);
}

TEST(Context, LetsANewPartStartTheWearAnew) {
  // The bearing fails half a year after it was new, and most are changed in time, at a service.
  Counts counts;
  for (int i = 0; i < 400; ++i) {
    const bool worn = i % 2 == 0;
    auto one = visit({"a"}, worn ? "worn bearing" : "fuse");
    one.parts = {worn ? "bearing" : "fuse"};
    one.seen.repaired = {{"worn bearing", 400.0 + i % 50}};
    one.seen.replaced = {{"bearing", worn ? 150.0 + i % 100 : 5.0 + i % 60}};
    counts.learn(one);
  }
  const Model model({}, counts);
  Sight asked{.model = "m", .signs = {"a"}, .repaired = {{"worn bearing", 420}}, .replaced = {{"bearing", 10}}};
  EXPECT_LT(probability(model, asked, "worn bearing"), 0.2);
  asked.replaced[0].days_ago = 200;
  EXPECT_GT(probability(model, asked, "worn bearing"), 0.8);
}

const learning::Mark kAFirst{"a", learning::kFirst, "b"}, kBFirst{"b", learning::kFirst, "a"};

TEST(Context, HearsWhichCodeCameFirst) {
  Counts counts;
  for (int i = 0; i < 100; ++i) {
    auto one = visit({"a", "b"}, i % 2 == 0 ? "x" : "y");
    one.seen.marks = {i % 2 == 0 ? kAFirst : kBFirst};
    counts.learn(one);
  }
  const Model model({}, counts);
  EXPECT_GT(probability(model, {.model = "m", .signs = {"a", "b"}, .marks = {kAFirst}}, "x"), 0.9);
  EXPECT_GT(probability(model, {.model = "m", .signs = {"a", "b"}, .marks = {kBFirst}}, "y"), 0.9);
}

TEST(Context, HearsNothingInAnOrderThatTellsNothing) {
  Counts counts;
  for (int i = 0; i < 200; ++i) {
    auto one = visit({"a", "b"}, i % 2 == 0 ? "x" : "y");
    one.seen.marks = {i % 4 < 2 ? kAFirst : kBFirst};
    counts.learn(one);
  }
  const Sight asked{.model = "m", .signs = {"a", "b"}, .marks = {kAFirst}};
  EXPECT_NEAR(probability(Model({}, counts), asked, "x"), 0.5, 1e-3);
}

// Of two causes that show the same code alike often, the pump has a low oil pressure and the sensor a usual one.
Visit with_pressure(int i) {
  const bool pump = i % 2 == 0;
  auto one = visit({"a"}, pump ? "pump" : "sensor");
  one.seen.readings = {{"a", "oil_bar", (pump ? 1.0 : 3.0) + i % 7 * 0.1}, {"a", "hours", 100.0 * (i * 37 % 101)}};
  return one;
}

Sight at_pressure(double bar) {
  return {.model = "m", .signs = {"a"}, .readings = {{"a", "oil_bar", bar}}};
}

TEST(Context, ReadsTheNumbersThatCameWithACode) {
  Counts counts;
  for (int i = 0; i < 40; ++i) counts.learn(with_pressure(i));
  const Model model({}, counts);
  EXPECT_GT(probability(model, at_pressure(1.2), "pump"), 0.9);
  EXPECT_GT(probability(model, at_pressure(3.3), "sensor"), 0.9);
  EXPECT_NEAR(probability(model, {.model = "m", .signs = {"a"}}, "pump"), 0.5, 0.02) << "it did not come this time";
  EXPECT_NEAR(probability(model, {.model = "m", .signs = {"a"}, .readings = {{"a", "never met", 1.2}}}, "pump"), 0.5,
              0.02);
  const auto answer = diagnose(model, at_pressure(1.2));
  EXPECT_THAT(answer.evidence,
              testing::Contains(testing::StartsWith("  for it: oil_bar 1.2 (half of its cases: 1.1 to 1.5, usually")));
}

TEST(Context, DoesNotBelieveOneNumberAgainstEverything) {
  // The other code speaks for the sensor with a factor of hundreds; a pressure of nothing may be a broken wire.
  Counts counts;
  for (int i = 0; i < 400; ++i) {
    auto one = with_pressure(i);
    if (i % 2 == 1) one.seen.signs.emplace_back("no-signal");
    counts.learn(one);
  }
  auto asked = at_pressure(-1e30);
  asked.signs.emplace_back("no-signal");
  EXPECT_GT(probability(Model({}, counts), asked, "sensor"), 0.5);
}

TEST(Context, HearsNothingInNumbersThatTellNothing) {
  Counts with, without;
  for (int i = 0; i < 200; ++i) {
    auto one = visit({"a"}, i % 4 < 2 ? "x" : "y");
    without.learn(one);
    one.seen.readings = {{"a", "oil_bar", 1.0 + i * 73 % 199 * 0.01}, {"a", "hours", 10.0 * (i * 91 % 193)}};
    with.learn(one);
  }
  EXPECT_EQ(probability(Model({}, with), at_pressure(2), "x"), probability(Model({}, without), at_pressure(2), "x"));
}

TEST(Context, TakesNumbersThatGoTogetherForOneWitness) {
  // Ten numbers that are the same one: to be told ten times that it is the pump is to be told once.
  Counts one, ten;
  Sight asked{.model = "m", .signs = {"a"}, .readings = {{"a", "n0", 2.8}}};
  auto asked_ten = asked;
  for (int n = 1; n < 10; ++n) asked_ten.readings.push_back({"a", "n" + std::to_string(n), 2.8});
  for (int i = 0; i < 300; ++i) {
    auto told = visit({"a"}, i % 2 == 0 ? "pump" : "sensor");
    const double value = (i % 2 == 0 ? 1.0 : 1.6) + 0.02 * (i * 61 % 100);
    told.seen.readings = {{"a", "n0", value}};
    one.learn(told);
    for (int n = 1; n < 10; ++n) told.seen.readings.push_back({"a", "n" + std::to_string(n), value});
    ten.learn(told);
  }
  const double once = probability(Model({}, one), asked, "sensor"),
               often = probability(Model({}, ten), asked_ten, "sensor");
  EXPECT_GT(once, 0.5);
  EXPECT_LT(often, 1 - (1 - once) / 8) << "ten independent witnesses would make it all but sure";
}

TEST(Context, LearnsThatCodesGoAwayByThemselvesWhichNoCauseHasBrought) {
  // Each of twelve causes shows its own code, which stays; another's comes by itself now and then, and goes away.
  Counts counts;
  std::mt19937 random(5);
  for (int i = 0; i < 1200; ++i) {
    auto one = visit({"code " + std::to_string(i % 12)}, "cause " + std::to_string(i % 12));
    const auto stray = "code " + std::to_string(random() % 12);
    if (random() % 3 == 0 && stray != one.seen.signs[0]) {
      one.seen.signs.push_back(stray);
      if (random() % 3 != 0) one.seen.marks.push_back({stray, learning::kCleared, {}});
    }
    counts.learn(one);
  }
  const Model model({}, counts);
  Sight asked{.model = "m", .signs = {"code 3", "code 6"}};
  EXPECT_NEAR(probability(model, asked, "cause 6"), probability(model, asked, "cause 3"), 0.3);
  asked.marks = {{"code 6", learning::kCleared, {}}};
  EXPECT_GT(probability(model, asked, "cause 3"), 0.8) << "what went away speaks less for its cause";
}

// Two families of three models each, that fail quite differently.
Counts two_families() {
  Counts counts;
  for (int i = 0; i < 600; ++i) {
    const bool loader = i % 2 == 0;
    const auto model = (loader ? "loader " : "crane ") + std::to_string(i % 3);
    counts.learn(visit({"a"}, (i % 10 < 8) == loader ? "x" : "y", model));
  }
  return counts;
}

TEST(Context, LetsANewModelBorrowFromItsFamily) {
  Catalogue catalogue;
  catalogue.families.add(Families::Kind::kModel, "loader*", "loaders");
  catalogue.families.add(Families::Kind::kModel, "crane*", "cranes");
  const auto counts = two_families();
  const Sight asked{.model = "loader 9", .signs = {"a"}};
  EXPECT_NEAR(probability(Model({}, counts), asked, "x"), 0.5, 0.1) << "of the whole fleet";
  EXPECT_GT(probability(Model(catalogue, counts), asked, "x"), 0.7);
}

TEST(Context, LetsANewCodeBorrowFromItsFamily) {
  Catalogue catalogue;
  catalogue.families.follow_standards();
  Counts counts;
  for (int i = 0; i < 50; ++i) {
    for (const auto* code : {"j1939-100-1", "j1939-100-3", "j1939-100-4"}) counts.learn(visit({code}, "oil pump"));
    for (const auto* code : {"j1939-110-0", "j1939-110-3", "j1939-110-4"}) counts.learn(visit({code}, "thermostat"));
  }
  const Sight asked{.model = "m", .signs = {"j1939-100-18"}};
  EXPECT_LT(probability(Model({}, counts), asked, "oil pump"), 0.55);
  EXPECT_GT(probability(Model(catalogue, counts), asked, "oil pump"), 0.7);
  EXPECT_GT(probability(Model(catalogue, counts), {.model = "new", .signs = {"j1939-100-18"}}, "oil pump"), 0.8);
}

TEST(Context, BelievesEngineersWhoSayWhatAModelCannotHave) {
  const Catalogue catalogue{.causes = {{.name = "turbo", .codes = {{"a", 0.9}}, .parts = {}, .models = {"diesel"}},
                                       {.name = "plug", .codes = {{"a", 0.9}}, .parts = {}, .models = {"petrol"}}},
                            .families = {}};
  EXPECT_GT(probability(Model(catalogue, {}), {.model = "diesel", .signs = {"a"}}, "turbo"), 0.8);
  EXPECT_GT(probability(Model(catalogue, {}), {.model = "petrol", .signs = {"a"}}, "plug"), 0.8);
  Counts counts;
  for (int i = 0; i < 20; ++i) counts.learn(visit({"a"}, "turbo", "petrol"));
  EXPECT_GT(probability(Model(catalogue, counts), {.model = "petrol", .signs = {"a"}}, "turbo"), 0.8)
      << "until they are seen to be wrong";
}

}  // namespace
}  // namespace firstfix::diagnosis
