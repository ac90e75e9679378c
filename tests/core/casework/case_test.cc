// Cases: one problem of one machine, with one owner, one clock and one story.
#include "case_fixture.h"

namespace firstfix::casework {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(CaseTest, AlwaysHasAnOwnerAndANextActionWithATime) {
  EXPECT_EQ(record.owner(), "dispatch");
  EXPECT_EQ(record.next_action(), "plan a visit");
  EXPECT_EQ(to_instant(record.next_action_at()), now + 30min);
}

TEST_F(CaseTest, KnowsWhereTheMachineStandsAndWhoseItIs) {
  EXPECT_EQ(record.site(), "sites/hall");
  EXPECT_EQ(record.customer(), "customers/mill");
  EXPECT_EQ(record.territory(), "territories/north");
}

TEST_F(CaseTest, TakesItsClockFromTheContract) {
  EXPECT_EQ(to_instant(record.respond_by()), now + 8h) << "without a contract";
  EXPECT_EQ(to_instant(record.restore_by()), now + 24h);
  customer.mutable_response_time()->set_seconds(3600);
  customer.mutable_restore_time()->set_seconds(7200);
  take(open({"cases/2", &asset, &site, &customer, "", v1::SEVERITY_MAJOR, now, "firstfix"}, now));
  EXPECT_EQ(to_instant(record.respond_by()), now + 1h);
  EXPECT_EQ(to_instant(record.restore_by()), now + 2h);
}

TEST_F(CaseTest, CountsItsFaults) {
  fault("a");
  fault("b");
  EXPECT_EQ(record.episode_count(), 2u);
  EXPECT_EQ(record.active_episode_count(), 2u);
  fault_ends();
  fault_ends();
  EXPECT_EQ(record.episode_count(), 2u);
  EXPECT_EQ(record.active_episode_count(), 0u);
  fault_ends();
  EXPECT_EQ(record.active_episode_count(), 0u) << "never below none";
}

TEST_F(CaseTest, IsAsGraveAsItsGravestFault) {
  episode.set_severity(v1::SEVERITY_HAZARD);
  take(fault_changed(record, episode, now));
  EXPECT_EQ(record.severity(), v1::SEVERITY_HAZARD);
  EXPECT_THAT(last_line(), HasSubstr("became graver"));
}

TEST_F(CaseTest, AFaultThatComesBackWhileTheRepairIsProvenOpensItAgain) {
  const auto opened_at = record.opened_at().seconds();
  fault("a");
  fault_ends();
  work_is_done();
  now = now + 10min;
  fault("a");
  EXPECT_EQ(state(), v1::CASE_STATE_OPEN);
  EXPECT_EQ(record.reopened_count(), 1u);
  EXPECT_FALSE(record.has_proving());
  EXPECT_FALSE(record.has_work_done_at());
  EXPECT_EQ(record.opened_at().seconds(), opened_at) << "its clock has not stopped";
  EXPECT_THAT(last_line(), HasSubstr("a came back"));
}

TEST_F(CaseTest, AFaultDuringTheVisitDoesNotDisturbIt) {
  Effects effects;
  enter(record, effects, v1::CASE_STATE_IN_PROGRESS, "", "engineers/li", now);
  fault("b");
  EXPECT_EQ(state(), v1::CASE_STATE_IN_PROGRESS);
  EXPECT_EQ(record.reopened_count(), 0u);
}

TEST_F(CaseTest, IsCancelledOnlyWithAReasonThatTheCustomerSees) {
  EXPECT_FALSE(cancel(record, "", "dispatch/ann", now));
  take(cancel(record, "sold the machine", "dispatch/ann", now).value());
  EXPECT_EQ(state(), v1::CASE_STATE_CLOSED);
  EXPECT_EQ(record.resolution(), v1::CASE_RESOLUTION_CANCELLED);
  EXPECT_EQ(record.cancel_reason(), "sold the machine");
  EXPECT_THAT(record.next_action(), IsEmpty());
  EXPECT_FALSE(cancel(record, "again", "dispatch/ann", now));
}

TEST_F(CaseTest, PlanningThatFailsIsTriedAgainAtGrowingDistances) {
  std::vector<Duration> waits;
  for (int i = 0; i < 9; ++i) {
    Effects effects;
    plan_due(record, effects, "nobody is on shift", now);
    waits.push_back(effects.timers.back().due - now);
    for (const auto& entry : effects.timeline) story.push_back(entry);
  }
  EXPECT_THAT(waits, ::testing::ElementsAre(1min, 2min, 4min, 8min, 16min, 32min, 60min, 60min, 60min));
  EXPECT_EQ(record.plan_attempts(), 9u);
  EXPECT_EQ(
      std::count_if(story.begin(), story.end(), [](auto& e) { return e.text() == "no visit yet: nobody is on shift"; }),
      1)
      << "the story does not repeat itself";
}

TEST_F(CaseTest, NumbersItsStoryWithoutAGap) {
  fault("a");
  fault_ends();
  work_is_done();
  works(0s);
  works(1h);
  take(customer_answers(true).value());
  ASSERT_EQ(record.timeline_count(), story.size());
  for (std::size_t i = 0; i < story.size(); ++i) {
    const auto number = std::to_string(i);
    EXPECT_EQ(story[i].name(), "cases/1/timeline/" + std::string(12 - number.size(), '0') + number);
    EXPECT_FALSE(story[i].actor().empty());
  }
}

}  // namespace
}  // namespace firstfix::casework
