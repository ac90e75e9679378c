// What is due is in the checklist: what, and since when.
#include "visit/due_work.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "visit/standard.h"

namespace firstfix::visit {
namespace {

v1::ServiceStandard due_in(const std::string& lines) {
  v1::PartsPlan kit;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(lines, &kit));
  return due_work(kit, [](std::string_view part) { return "the " + std::string(part.substr(6)); });
}

TEST(DueWork, IsAStepForEachPartThatIsDueAndWillBeThere) {
  const auto due = due_in(R"(
    lines { part: "parts/P17" quantity: 1 chosen: true due: true due_since { seconds: 1772323200 } }
    lines { part: "parts/hose" quantity: 1 chosen: true }
    lines { part: "parts/Seal 3" quantity: 2 chosen: true due: true }
    lines { part: "parts/belt" quantity: 1 due: true })");
  ASSERT_EQ(due.steps_size(), 2);
  EXPECT_EQ(due.steps(0).title().text().at("en"), "Replace the P17");
  EXPECT_THAT(due.steps(0).detail().text().at("en"), testing::StartsWith("Due on 2026-03-01,"));
  EXPECT_EQ(due.steps(1).title().text().at("en"), "Replace 2 × the Seal 3");
  EXPECT_EQ(due.steps(1).id(), "replace-seal-3");
  EXPECT_TRUE(validate(due)) << validate(due).error().message;
}

TEST(DueWork, OfTwoPartsWithNearlyOneIdIsTwoSteps) {
  const auto due = due_in(R"(
    lines { part: "parts/seal.3" quantity: 1 chosen: true due: true }
    lines { part: "parts/seal-3" quantity: 1 chosen: true due: true })");
  ASSERT_EQ(due.steps_size(), 2);
  EXPECT_EQ(due.steps(0).id(), "replace-seal-3");
  EXPECT_EQ(due.steps(1).id(), "replace-seal-3-2");
  EXPECT_TRUE(validate(due)) << validate(due).error().message;
}

TEST(DueWork, IsNoStepIfNothingIsDue) {
  EXPECT_EQ(due_in(R"(lines { part: "parts/hose" quantity: 1 chosen: true })").steps_size(), 0);
}

}  // namespace
}  // namespace firstfix::visit
