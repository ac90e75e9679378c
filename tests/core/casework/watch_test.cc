// A machine that warns but still does its work: when that is asked, how long it is watched, and how watching ends.
#include "casework/watch.h"

#include "case_fixture.h"

namespace firstfix::casework {
namespace {

using ::testing::HasSubstr;

class WatchTest : public CaseTest {
 protected:
  void SetUp() override {
    CaseTest::SetUp();
    record.set_visit_wanted(false);  // the machine spoke, not a person
    device.set_working(true);
    fault("j1939-100-1");
  }

  bool asked() const { return warns(record, &device); }
  void advised(v1::WarningAction action) {
    v1::WarningAdvice advice;
    advice.set_action(action);
    advice.set_reason("for a reason");
    take(watch(record, advice, now));
  }
  Instant looked_at_again() { return timers[internal::v1::TIMER_KIND_WATCH_DUE]; }
};

TEST_F(WatchTest, IsAskedOfAMachineThatDoesItsWork) {
  EXPECT_TRUE(asked());
  device.set_working(false);
  EXPECT_FALSE(asked()) << "it stands still: why?";
  device.set_working(true);
  device.set_connected(false);
  EXPECT_FALSE(asked()) << "silence is not health";
  EXPECT_FALSE(warns(record, nullptr)) << "it cannot say that it works";
}

TEST_F(WatchTest, IsNotAskedWhereItHasStoppedOrSomebodyWantsAVisit) {
  auto graver = record;
  graver.set_severity(v1::SEVERITY_CRITICAL);
  EXPECT_FALSE(warns(graver, &device));
  auto again = record;
  again.set_reopened_count(1);
  EXPECT_FALSE(warns(again, &device)) << "it went away and came back";
  auto wanted = record;
  wanted.set_visit_wanted(true);
  EXPECT_FALSE(warns(wanted, &device));
}

TEST_F(WatchTest, AWatchedMachineIsAskedAboutThoughItIsParked) {
  advised(v1::WARNING_ACTION_WATCH);
  device.set_working(false);
  device.set_connected(false);
  EXPECT_TRUE(asked());
}

TEST_F(WatchTest, HasANextActionWithATime) {
  advised(v1::WARNING_ACTION_WATCH);
  EXPECT_EQ(record.state(), v1::CASE_STATE_WATCHED);
  EXPECT_EQ(looked_at_again(), now + kWatchFor);
  EXPECT_EQ(to_instant(record.next_action_at()), now + kWatchFor);
  EXPECT_THAT(story.back().text(), HasSubstr("for a reason"));
  EXPECT_TRUE(plannable(record)) << "a visit may still be planned";
}

TEST_F(WatchTest, TheSameAnswerAgainTellsNothingNewAndWatchesOn) {
  advised(v1::WARNING_ACTION_WATCH);
  const auto told = story.size();
  now = now + kWatchFor;
  advised(v1::WARNING_ACTION_WATCH);
  EXPECT_EQ(story.size(), told);
  EXPECT_EQ(looked_at_again(), now + kWatchFor);
  EXPECT_EQ(to_instant(record.watched_since()), now - kWatchFor);
}

TEST_F(WatchTest, ALookFromAfarIsDueSoonAndAskedForOnce) {
  advised(v1::WARNING_ACTION_REMOTE_CHECK);
  const auto due = looked_at_again();
  EXPECT_EQ(due, now + kLookWithin);
  now = now + 1h;
  advised(v1::WARNING_ACTION_REMOTE_CHECK);
  EXPECT_EQ(looked_at_again(), due) << "a further code does not put it off";
  EXPECT_FALSE(record.visit_wanted());
  now = due;
  take(watched_long_enough(record, now));
  EXPECT_TRUE(record.visit_wanted()) << "nobody has looked";
  EXPECT_EQ(looked_at_again(), kNever);
}

TEST_F(WatchTest, WhoLooksFromAfarDecides) {
  advised(v1::WARNING_ACTION_REMOTE_CHECK);
  EXPECT_EQ(looked_at(record, true, "", "dispatch/ann", now).error().code, Code::kInvalid);
  take(*looked_at(record, false, "the pressure is steady", "dispatch/ann", now));
  EXPECT_EQ(looked_at_again(), now + kWatchFor);
  EXPECT_FALSE(watched_long_enough(record, now + kWatchFor)) << "somebody has looked";
  take(*looked_at(record, true, "the pressure falls", "dispatch/ann", now));
  EXPECT_TRUE(record.visit_wanted());
  EXPECT_THAT(story.back().text(), HasSubstr("the pressure falls"));
}

TEST_F(WatchTest, OnlyAWatchedCaseIsLookedAt) {
  EXPECT_EQ(looked_at(record, true, "smoke", "dispatch/ann", now).error().code, Code::kState);
}

TEST_F(WatchTest, AFaultThatLastsIsNotWatchedForEver) {
  advised(v1::WARNING_ACTION_WATCH);
  EXPECT_FALSE(watched_long_enough(record, now + kWatchAtMost - 1s));
  now = now + kWatchAtMost;
  take(watched_long_enough(record, now));
  EXPECT_TRUE(record.visit_wanted());
}

TEST_F(WatchTest, AFaultThatGoesAwayHasToProveIt) {
  advised(v1::WARNING_ACTION_WATCH);
  fault_ends();
  take(went_away(record, &model, &device, now));
  EXPECT_EQ(record.state(), v1::CASE_STATE_PROVING);
  works(1s);
  works(1h);
  EXPECT_EQ(record.state(), v1::CASE_STATE_AWAITING_CONFIRMATION);
}

TEST_F(WatchTest, AFaultThatComesBackMeanwhileIsNoWarningAnyMore) {
  advised(v1::WARNING_ACTION_WATCH);
  fault_ends();
  take(went_away(record, &model, &device, now));
  fault("j1939-100-1");
  EXPECT_EQ(record.state(), v1::CASE_STATE_OPEN);
  EXPECT_FALSE(asked());
}

}  // namespace
}  // namespace firstfix::casework
