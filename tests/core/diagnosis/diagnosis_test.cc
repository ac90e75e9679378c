// What a diagnosis promises, on a small workshop: a pump, a sensor and a belt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diagnosis/diagnose.h"
#include "diagnosis/model.h"

namespace firstfix::diagnosis {
namespace {

using learning::Counts;
using learning::Sight;
using learning::Visit;
using testing::Contains;
using testing::HasSubstr;

const Catalogue kWorkshop{{
    {.name = "pump", .codes = {{"low-flow", 0.9}, {"hot", 0.4}}, .parts = {{"pump-kit", 1}}},
    {.name = "sensor", .codes = {{"low-flow", 0.8}, {"no-signal", 0.7}}, .parts = {{"probe", 0.9}}},
    {.name = "belt", .codes = {{"squeal", 0.9}}, .parts = {{"belt", 1}}},
}};

Visit visit(std::vector<std::string> signs, std::vector<std::string> causes, const std::string& model = "m") {
  return {{.model = model, .signs = std::move(signs)}, std::move(causes), {}};
}

Counts learnt(const std::vector<std::pair<int, Visit>>& visits) {
  Counts counts;
  for (const auto& [times, one] : visits)
    for (int i = 0; i < times; ++i) counts.learn(one);
  return counts;
}

double probability(const std::vector<Scored>& scored, const std::string& name) {
  for (const auto& one : scored)
    if (one.name == name) return one.probability;
  return 0;
}

Answer ask(const Model& model, std::vector<std::string> signs, const std::string& of = "m") {
  return diagnose(model, {.model = of, .signs = std::move(signs)});
}

TEST(Diagnosis, AnswersFromTheCatalogueOnTheFirstDay) {
  const auto answer = ask(Model(kWorkshop, {}), {"low-flow", "hot"});
  EXPECT_EQ(answer.causes.at(0).name, "pump");
  EXPECT_GT(answer.causes[0].probability, 0.5);
  EXPECT_EQ(answer.parts.at(0).name, "pump-kit");
}

TEST(Diagnosis, LetsHistoryTakeOverFromTheCatalogue) {
  const auto counts = learnt({{60, visit({"low-flow", "hot"}, {"sensor"})}});
  const auto answer = ask(Model(kWorkshop, counts), {"low-flow", "hot"});
  EXPECT_EQ(answer.causes.at(0).name, "sensor") << "engineers thought otherwise; sixty visits know better";
}

TEST(Diagnosis, NeedsNoCatalogue) {
  const auto counts = learnt({{20, visit({"a"}, {"x"})}, {20, visit({"b"}, {"y"})}});
  EXPECT_EQ(ask(Model({}, counts), {"b"}).causes.at(0).name, "y");
}

TEST(Diagnosis, SaysWhichCodesItDoesNotKnow) {
  const auto answer = ask(Model(kWorkshop, {}), {"squeal", "martian"});
  EXPECT_THAT(answer.unknown_codes, testing::ElementsAre("martian"));
  EXPECT_EQ(answer.evidence.at(0), "not known, neither from the catalogue nor from past visits: martian");
  EXPECT_GT(answer.unknown_probability, ask(Model(kWorkshop, {}), {"squeal"}).unknown_probability);
}

TEST(Diagnosis, FindsTwoCausesAtOnce) {
  const auto counts = learnt({{40, visit({"a"}, {"x"})},
                              {40, visit({"b"}, {"y"})},
                              {40, visit({"c"}, {"z"})},
                              {6, visit({"a", "b"}, {"x", "y"})}});
  const auto answer = ask(Model({}, counts), {"a", "b"});
  EXPECT_GT(probability(answer.causes, "x"), 0.8);
  EXPECT_GT(probability(answer.causes, "y"), 0.8);
  EXPECT_LT(probability(answer.causes, "z"), 0.1);
}

TEST(Diagnosis, KnowsWhatAModelNeverHas) {
  const auto counts =
      learnt({{100, visit({"a"}, {"x"}, "old")}, {100, visit({"a"}, {"y"}, "old")}, {200, visit({"a"}, {"y"}, "new")}});
  const Model model({}, counts);
  EXPECT_NEAR(probability(ask(model, {"a"}, "old").causes, "x"), 0.5, 0.05);
  EXPECT_LT(probability(ask(model, {"a"}, "new").causes, "x"), 0.02);
  const double elsewhere = probability(ask(model, {"a"}, "never met").causes, "x");
  EXPECT_TRUE(elsewhere > 0.1 && elsewhere < 0.5) << "a new model borrows from the whole fleet";
}

TEST(Diagnosis, SeesWear) {
  Counts counts;
  for (int i = 0; i < 300; ++i) {
    // What wears comes half a year after its last repair; what does not, at any time.
    auto worn = visit({"a"}, {i % 2 == 0 ? "bearing" : "fuse"});
    worn.seen.repaired = {{"bearing", i % 2 == 0 ? 150.0 + i : 5.0 + i % 90}, {"fuse", 1.0 + i}};
    counts.learn(worn);
  }
  const Model model({}, counts);
  const Sight fresh{.model = "m", .signs = {"a"}, .repaired = {{"bearing", 10}, {"fuse", 100}}};
  const Sight old{.model = "m", .signs = {"a"}, .repaired = {{"bearing", 300}, {"fuse", 100}}};
  EXPECT_LT(probability(diagnose(model, fresh).causes, "bearing"), 0.2);
  EXPECT_GT(probability(diagnose(model, old).causes, "bearing"), 0.8);
}

TEST(Diagnosis, TakesABundleOfCodesForOneWitness) {
  // The bus brings b and c whenever it brings a; a alone is what the cause shows.
  const auto counts = learnt({{60, visit({"a", "b", "c"}, {"x"})},
                              {20, visit({"a", "b", "c"}, {"y"})},
                              {40, visit({}, {"x"})},
                              {80, visit({}, {"y"})}});
  const double x = probability(ask(Model({}, counts), {"a", "b", "c"}).causes, "x");
  EXPECT_NEAR(x, 0.75, 0.06) << "sixty against twenty, not that to the third power";
}

TEST(Diagnosis, RemembersSignsThatMeanSomethingElseTogether) {
  // Either code alone is x, both at once are always y: no network of single signs can know that.
  const auto counts = learnt({{60, visit({"a"}, {"x"})},
                              {60, visit({"b"}, {"x"})},
                              {20, visit({"a", "b"}, {"y"})},
                              {20, visit({"a"}, {"y"})},
                              {20, visit({"b"}, {"y"})}});
  const Model model({}, counts);
  EXPECT_GT(probability(ask(model, {"a", "b"}).causes, "y"), 0.9);
  EXPECT_NEAR(probability(ask(model, {"a"}).causes, "y"), 0.25, 0.05);
}

TEST(Diagnosis, ExpectsTheUsualPartsOfACauseThatNobodyHasMet) {
  Counts counts;
  for (int i = 0; i < 20; ++i) {
    auto one = visit({"code " + std::to_string(i)}, {"cause " + std::to_string(i)});
    one.parts = {"seal", "part " + std::to_string(i)};
    counts.learn(one);
  }
  const auto answer = ask(Model({}, counts), {"martian", "venusian"});
  EXPECT_GT(answer.unknown_probability, 0.5) << "each of twenty visits found something new";
  EXPECT_GT(probability(answer.parts, "seal"), 0.5);
  EXPECT_LT(probability(answer.parts, "part 7"), 0.2);
  EXPECT_TRUE(std::is_sorted(answer.ways.begin(), answer.ways.end(), [](const auto& a, const auto& b) {
    return a.probability > b.probability;
  })) << "the unknown one is a way like the others, the most probable first";
}

TEST(Diagnosis, TellsAWarningFromAFailure) {
  const auto counts = learnt({{30, visit({"a"}, {})}, {10, visit({"a"}, {"x"})}, {20, visit({"a", "b"}, {"x"})}});
  const Model model({}, counts);
  EXPECT_NEAR(ask(model, {"a"}).none_probability, 0.75, 0.1);
  EXPECT_LT(ask(model, {"a", "b"}).none_probability, 0.1);
}

TEST(Diagnosis, ForgetsWhatIsUnlearnt) {
  auto counts = learnt({{30, visit({"a"}, {"x"})}});
  counts.learn(visit({"odd"}, {"slip of the pen"}));
  counts.unlearn(visit({"odd"}, {"slip of the pen"}));
  const auto answer = ask(Model({}, counts), {"a"});
  EXPECT_EQ(probability(answer.causes, "slip of the pen"), 0);
  EXPECT_EQ(answer.causes.size(), 1u);
}

TEST(Diagnosis, ExplainsItself) {
  const auto counts = learnt({{30, visit({"a", "b"}, {"x"})}, {30, visit({"a", "c"}, {"y"})}});
  const auto answer = ask(Model({}, counts), {"a"});
  EXPECT_THAT(answer.evidence, Contains(HasSubstr("found on 30 of 60 past visits")));
  EXPECT_THAT(answer.evidence, Contains(HasSubstr("against it: b is missing")));
  EXPECT_THAT(answer.evidence.back(), HasSubstr("to tell x from y, check"));
}

TEST(Diagnosis, SharesOutAllProbability) {
  const auto counts = learnt({{30, visit({"a"}, {"x"})}, {5, visit({"a"}, {})}, {9, visit({"b"}, {"y"})}});
  const auto posterior = Model({}, counts).infer({.model = "m", .signs = {"a", "b"}});
  double sum = posterior.unknown;
  for (const auto& hypothesis : posterior.hypotheses) sum += hypothesis.probability;
  EXPECT_NEAR(sum, 1, 1e-5);
}

TEST(Diagnosis, DoesNotTakeAPartForAnothersBecauseSomeOrdersNameAWrongCause) {
  // Ten causes take a part each. One order in ten names a cause that has nothing to do with what was used.
  const auto belief = [](int wrong_every) {
    Counts counts;
    for (int i = 0; i < 1000; ++i) {
      const auto number = std::to_string(i % 10);
      const bool wrong = wrong_every > 0 && i / 10 % wrong_every == 0;
      auto one = visit({"code " + number}, {"cause " + (wrong ? std::to_string((i + 1 + i / 100) % 10) : number)});
      one.parts = {"part " + number};
      counts.learn(one);
    }
    const Model model({}, counts);
    const auto cause = static_cast<std::size_t>(model.causes().find("cause 3"));
    const auto at = [&](const char* part) {
      return model.part_rates().at(cause, static_cast<std::size_t>(model.parts().find(part)));
    };
    return std::pair(at("part 3"), at("part 7"));
  };
  const auto [right, stray] = belief(10);
  EXPECT_GT(right, 0.95) << "counted on nine in ten of its visits";
  EXPECT_LT(stray, 0.005) << "counted on one in a hundred";
  EXPECT_GT(belief(0).first, 0.98);
}

}  // namespace
}  // namespace firstfix::diagnosis
