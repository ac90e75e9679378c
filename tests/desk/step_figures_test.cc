// The figures of a standard's steps follow the change log, and count nothing twice.
#include "desk/step_figures.h"

#include <gmock/gmock.h>

#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;

class StepFiguresTest : public ::testing::Test {
 protected:
  void SetUp() override {
    town.put<v1::ServiceStandard>(R"(name: 'serviceStandards/closing' kind: STANDARD_KIND_CLOSING revision: 1
      steps { id: 'clean' title { text { key: 'en' value: 'Clean' } } kind: STEP_KIND_CONFIRM mandatory: true })");
  }
  // A visit to the lathe from the call to the customer's word.
  void visit_lathe() {
    const auto made = town.as<v1::Case>("dispatch/ann", [](Command& command) {
      return create_case(command, {"assets/lathe", "it drips", v1::SEVERITY_MAJOR, {"j1939-100-1"}});
    });
    ASSERT_TRUE(made) << made.error().message;
    town.accept_and_do("new hose");
    const auto done = town.as<v1::Case>(
        "contacts/ann", [&](Command& command) { return confirm_case(command, made->name(), true, "", ""); });
    ASSERT_TRUE(done) << done.error().message;
  }
  v1::StepFigure figure(std::uint32_t revision = 0) const {
    const auto snapshot = town.store->snapshot();
    const auto figures = step_figures(View(*snapshot, kTenant), "serviceStandards/closing", revision);
    EXPECT_TRUE(figures) << figures.error().message;
    return figures && figures->size() == 1 ? figures->front() : v1::StepFigure{};
  }

  Town town;
  StepFigures follower{*town.desk};
};

TEST_F(StepFiguresTest, CountAVisitWhenItIsCompletedAndOnce) {
  ASSERT_TRUE(follower.catch_up(kTenant));
  EXPECT_EQ(figure().visits(), 0u);
  visit_lathe();
  ASSERT_TRUE(follower.catch_up(kTenant));
  ASSERT_TRUE(follower.catch_up(kTenant));
  EXPECT_EQ(figure().visits(), 1u);
  EXPECT_EQ(follower.position(kTenant), town.store->position({kTenant, 0}));
}

TEST_F(StepFiguresTest, AnAnswerThatComesAfterTheVisitIsCompletedTakesThePlaceOfWhatWasCounted) {
  visit_lathe();
  ASSERT_TRUE(follower.catch_up(kTenant));
  ASSERT_EQ(figure().deviated(), 0u);
  const auto steps = town.all<v1::ChecklistStep>();
  const auto clean =
      std::find_if(steps.begin(), steps.end(), [](const auto& s) { return s.template_().id() == "clean"; });
  ASSERT_NE(clean, steps.end());
  auto step = *clean;
  step.set_state(v1::STEP_STATE_DEVIATED);
  town.write([&](Command& command) { return command.uow.put(step); });
  ASSERT_TRUE(follower.catch_up(kTenant));
  EXPECT_EQ(figure().visits(), 1u);
  EXPECT_EQ(figure().deviated(), 1u);
  step.set_state(v1::STEP_STATE_DONE);
  town.write([&](Command& command) { return command.uow.put(step); });
  ASSERT_TRUE(follower.catch_up(kTenant));
  EXPECT_EQ(figure().visits(), 1u);
  EXPECT_EQ(figure().deviated(), 0u);
}

TEST_F(StepFiguresTest, WhatCouldNotBeWrittenIsCountedWhenItCan) {
  ASSERT_TRUE(follower.catch_up(kTenant));
  visit_lathe();
  town.store->failing_write = town.store->writes;
  EXPECT_FALSE(follower.catch_up(kTenant));
  town.store->failing_write = -1;
  ASSERT_TRUE(follower.catch_up(kTenant));
  EXPECT_EQ(figure().visits(), 1u);
}

TEST_F(StepFiguresTest, TwoFollowersCountNoMoreThanOne) {
  visit_lathe();
  StepFigures other{*town.desk};
  ASSERT_TRUE(follower.catch_up(kTenant));
  visit_lathe();
  ASSERT_TRUE(other.catch_up(kTenant));
  ASSERT_TRUE(follower.catch_up(kTenant));
  EXPECT_EQ(figure().visits(), 2u);
}

TEST_F(StepFiguresTest, OneThatWasAwayForTooLongCountsFromTheRecordsWhatItHasMissed) {
  visit_lathe();
  ASSERT_TRUE(follower.catch_up(kTenant));
  visit_lathe();
  town.clock.advance(24h * 31);
  town.put<v1::Site>("name: 'sites/yard'");
  ASSERT_TRUE(town.store->trim({kTenant, 0}, town.clock.now()));
  ASSERT_TRUE(follower.catch_up(kTenant));
  EXPECT_EQ(figure().visits(), 2u);
}

TEST_F(StepFiguresTest, ARevisionThatNeverWasIsNotFound) {
  const auto snapshot = town.store->snapshot();
  const View view(*snapshot, kTenant);
  EXPECT_EQ(step_figures(view, "serviceStandards/closing", 7).error().code, Code::kNotFound);
  EXPECT_EQ(step_figures(view, "serviceStandards/none", 0).error().code, Code::kNotFound);
}

}  // namespace
}  // namespace firstfix::desk
