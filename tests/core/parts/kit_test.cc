// What a kit promises: it is chosen as a set, for the job to be completed.
#include "parts/kit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace firstfix::parts {
namespace {

using testing::HasSubstr;

std::vector<std::string> chosen(const Kit& kit) {
  std::vector<std::string> out;
  for (const auto& line : kit.lines)
    if (line.chosen) out.push_back(line.need.part);
  return out;
}

TEST(Kit, TakesWhatSavesMoreThanItCosts) {
  const std::vector<Need> needs{{.part = "pump", .probability = 0.6, .carry_cost = 50},
                                {.part = "turbine", .probability = 0.05, .carry_cost = 900}};
  const auto kit = choose_kit(needs, {{1, {0.6, 0.05}}}, 400);
  EXPECT_THAT(chosen(kit), testing::ElementsAre("pump"));
  EXPECT_NEAR(kit.complete_probability, 0.95, 1e-6);
  EXPECT_NEAR(kit.expected_cost, 0.4 * 50 + 0.05 * 400, 1e-3);
}

// Neither the pump alone nor the seals alone finish the repair: only both together are worth their cost.
TEST(Kit, TakesPartsThatBelongTogether) {
  const std::vector<Need> needs{{.part = "pump", .probability = 0.3, .carry_cost = 60},
                                {.part = "seals", .probability = 0.3, .carry_cost = 60}};
  EXPECT_THAT(chosen(choose_kit(needs, {{0.3, {1, 1}}}, 400)), testing::ElementsAre("pump", "seals"));
  EXPECT_THAT(chosen(choose_kit(needs, {{0.3, {1, 1}}}, 200)), testing::IsEmpty());
}

TEST(Kit, DoesNotCarryForAJobThatCannotBeCompleted) {
  const std::vector<Need> needs{{.part = "pump", .probability = 0.9, .carry_cost = 10, .obtainable = false},
                                {.part = "seals", .probability = 0.9, .carry_cost = 10}};
  const auto kit = choose_kit(needs, {{0.9, {1, 1}}}, 60);
  EXPECT_THAT(chosen(kit), testing::IsEmpty()) << "without the pump the seals are of no use";
  EXPECT_NEAR(kit.complete_probability, 0.1, 1e-6);
}

TEST(Kit, SendsWhatIsCheaperToSendThanToCarry) {
  Need pump{.part = "pump", .probability = 0.3, .carry_cost = 200};
  const std::vector<Scenario> scenarios{{1, {0.3}}};
  EXPECT_THAT(chosen(choose_kit({pump}, scenarios, 400)), testing::IsEmpty());
  pump.shipping = {.cost = 30, .in_time = 1};
  pump.carry_cost = 20;
  EXPECT_EQ(choose_kit({pump}, scenarios, 400).lines[0].supply, Supply::kCarried) << "it is on the van";
  pump.obtainable = false;
  const auto kit = choose_kit({pump}, scenarios, 400);
  EXPECT_EQ(kit.lines[0].supply, Supply::kShipped);
  EXPECT_TRUE(kit.lines[0].chosen);
  EXPECT_NEAR(kit.expected_cost, 30 + 0.7 * 20, 1e-3);
  EXPECT_EQ(kit.lines[0].reason, "pump sent for 30.00, in time with 100 %: +30.0 points first-time fix for 44.00");
}

TEST(Kit, DoesNotSendWhatWillHardlyComeInTime) {
  Need pump{.part = "pump", .probability = 0.5, .carry_cost = 5, .obtainable = false};
  pump.shipping = {.cost = 30, .in_time = 0.1};
  const auto kit = choose_kit({pump}, {{1, {0.5}}}, 400);
  EXPECT_THAT(chosen(kit), testing::IsEmpty());
  EXPECT_THAT(kit.lines[0].reason, HasSubstr("left out: would save 20.00 and cost 32.50"));
  pump.shipping->in_time = 0.9;
  const auto sent = choose_kit({pump}, {{1, {0.5}}}, 400);
  EXPECT_NEAR(sent.complete_probability, 0.95, 1e-6) << "half of the repairs need it, a tenth of them in vain";
}

TEST(Kit, ReplacesWhatIsDueOnTheSameVisit) {
  Need filter{.part = "filter", .probability = 0.05, .carry_cost = 40};
  const std::vector<Scenario> scenarios{{1, {0.05}}};
  EXPECT_THAT(chosen(choose_kit({filter}, scenarios, 400)), testing::IsEmpty());
  filter.due_saving = 80;
  const auto kit = choose_kit({filter}, scenarios, 400);
  EXPECT_THAT(chosen(kit), testing::ElementsAre("filter"));
  EXPECT_NEAR(kit.expected_cost, -80, 1e-3) << "it is used in any case";
  EXPECT_EQ(kit.lines[0].reason, "with filter: due anyway, saves a visit worth 80.00; +5.0 points first-time fix");
}

TEST(Kit, ExplainsEachLine) {
  const std::vector<Need> needs{{.part = "P17", .probability = 0.5, .carry_cost = 24},
                                {.part = "gold", .probability = 0.01, .carry_cost = 5000}};
  const auto kit = choose_kit(needs, {{1, {0.5, 0.01}}}, 400);
  EXPECT_THAT(kit.lines.at(0).reason, HasSubstr("with P17: +49.5 points first-time fix for 12.00"));
  EXPECT_THAT(kit.lines.at(1).reason, HasSubstr("left out"));
}

}  // namespace
}  // namespace firstfix::parts
