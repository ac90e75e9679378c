// What a diagnosis makes of the circumstances: time, age, the parts' clocks, how codes came, and who is alike.
#include <gtest/gtest.h>

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
