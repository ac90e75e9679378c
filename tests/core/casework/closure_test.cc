// The end of a case: the work is done, the machine proves it, the customer confirms it.
#include "case_fixture.h"

namespace firstfix::casework {
namespace {

using ::testing::HasSubstr;

class ClosureTest : public CaseTest {
 protected:
  void SetUp() override {
    CaseTest::SetUp();
    fault("a");
    fault_ends();
  }
  void reminder() {
    ASSERT_TRUE(timers.count(internal::v1::TIMER_KIND_ASK_CUSTOMER));
    now = timers[internal::v1::TIMER_KIND_ASK_CUSTOMER];
    take(reminder_due(record, now));
  }
};

TEST_F(ClosureTest, WorkDoneIsNotCaseClosed) {
  device.set_working(true);
  work_is_done();
  EXPECT_EQ(state(), v1::CASE_STATE_PROVING);
  EXPECT_EQ(to_duration(record.proving().required()), 1h);
  EXPECT_FALSE(record.has_closed_at());
}

TEST_F(ClosureTest, TheMachineProvesItThenTheCustomerConfirmsIt) {
  work_is_done();
  works(0s);
  works(59min);
  EXPECT_EQ(state(), v1::CASE_STATE_PROVING);
  works(1min);
  EXPECT_EQ(state(), v1::CASE_STATE_AWAITING_CONFIRMATION);
  EXPECT_EQ(record.confirmation().state(), v1::CONFIRMATION_STATE_ASKED);
  take(customer_answers(true).value());
  EXPECT_EQ(state(), v1::CASE_STATE_CLOSED);
  EXPECT_EQ(record.resolution(), v1::CASE_RESOLUTION_CONFIRMED);
  EXPECT_EQ(timers[internal::v1::TIMER_KIND_ASK_CUSTOMER], kNever) << "nobody is asked any more";
}

TEST_F(ClosureTest, TheCustomerMaySayItBeforeTheMachineHasShownIt) {
  device.set_working(true);
  work_is_done();
  take(customer_answers(true).value());
  EXPECT_EQ(state(), v1::CASE_STATE_PROVING) << "a content customer does not make a machine healthy";
  works(0s);
  works(1h);
  EXPECT_EQ(state(), v1::CASE_STATE_CLOSED);
  EXPECT_EQ(record.resolution(), v1::CASE_RESOLUTION_CONFIRMED);
}

TEST_F(ClosureTest, SilenceIsNotHealth) {
  work_is_done();
  EXPECT_EQ(state(), v1::CASE_STATE_WAITING_FOR_OPERATION) << "it does not work yet";
  now = now + 24h * 40;
  take(machine_reported(record, device, now, now));
  EXPECT_EQ(state(), v1::CASE_STATE_WAITING_FOR_OPERATION) << "forty days of standing still prove nothing";
  EXPECT_EQ(to_duration(record.proving().worked()), 0s);
}

TEST_F(ClosureTest, AMachineThatVanishesProvesNothingMeanwhile) {
  work_is_done();
  works(0s);
  works(30min);
  device.set_connected(false);
  device.set_working(false);
  take(machine_reported(record, device, now, now));
  EXPECT_EQ(state(), v1::CASE_STATE_WAITING_FOR_OPERATION);
  EXPECT_THAT(last_line(), HasSubstr("silent"));
  // It comes back an hour later with an hour more on its count: nobody saw whether the fault was there.
  device.set_connected(true);
  works(1h);
  EXPECT_EQ(state(), v1::CASE_STATE_PROVING);
  EXPECT_EQ(to_duration(record.proving().worked()), 30min) << "but what it had shown before counts";
  works(30min);
  EXPECT_EQ(state(), v1::CASE_STATE_AWAITING_CONFIRMATION);
}

TEST_F(ClosureTest, WhileAFaultOfTheCaseIsActiveNothingIsProven) {
  fault("b");  // it is there when the engineer says that the work is done
  work_is_done();
  works(0s);
  works(2h);
  EXPECT_EQ(to_duration(record.proving().worked()), 0s);
  fault_ends();
  works(1min);
  works(59min);
  EXPECT_EQ(to_duration(record.proving().worked()), 59min) << "counted from the first report without the fault";
  EXPECT_EQ(state(), v1::CASE_STATE_PROVING);
}

TEST_F(ClosureTest, AManualClearIsNoRecovery) {
  work_is_done();
  episode.set_cleared_by_tool(true);
  fault_ends();
  EXPECT_THAT(last_line(), HasSubstr("no recovery"));
  EXPECT_EQ(state(), v1::CASE_STATE_WAITING_FOR_OPERATION);
  EXPECT_EQ(to_duration(record.proving().worked()), 0s);
}

TEST_F(ClosureTest, AReportFromBeforeTheWorkWasDoneProvesNothing) {
  const Instant before = now;
  now = now + 2h;
  work_is_done();
  device.set_working(true);
  for (const double worked : {100.0, 7200.0}) {
    device.set_operating_s(worked);
    take(machine_reported(record, device, before, now));
  }
  EXPECT_EQ(to_duration(record.proving().worked()), 0s);
}

TEST_F(ClosureTest, ANewEpochOfTheDeviceCountsFromItsOwnBeginning) {
  work_is_done();
  works(0s);
  works(30min);
  device.set_epoch(2);
  device.set_operating_s(1'000'000);
  take(machine_reported(record, device, now, now));
  EXPECT_EQ(to_duration(record.proving().worked()), 30min);
  works(30min);
  EXPECT_EQ(state(), v1::CASE_STATE_AWAITING_CONFIRMATION);
}

TEST_F(ClosureTest, AMachineWithoutTelemetryClosesByTheCustomersWord) {
  work_is_done(false);
  EXPECT_EQ(state(), v1::CASE_STATE_AWAITING_CONFIRMATION);
  EXPECT_TRUE(record.proving().without_telemetry());
  take(customer_answers(true).value());
  EXPECT_EQ(record.resolution(), v1::CASE_RESOLUTION_CONFIRMED);
}

TEST_F(ClosureTest, ACustomerWhoSaysNoOpensItAgainEvenAfterTheEnd) {
  work_is_done(false);
  take(customer_answers(true).value());
  ASSERT_EQ(state(), v1::CASE_STATE_CLOSED);
  take(customer_answers(false).value());
  EXPECT_EQ(state(), v1::CASE_STATE_OPEN);
  EXPECT_EQ(record.resolution(), v1::CASE_RESOLUTION_UNSPECIFIED);
  EXPECT_EQ(record.reopened_count(), 1u);
  EXPECT_FALSE(record.has_closed_at());
}

TEST_F(ClosureTest, NobodyConfirmsWorkThatWasNotDone) {
  const auto too_early = customer_answers(true);
  ASSERT_FALSE(too_early);
  EXPECT_EQ(too_early.error().code, Code::kState);
  EXPECT_THAT(too_early.error().message, HasSubstr("no work has been done"));
}

TEST_F(ClosureTest, TheUnansweredRuleClosesAsUnconfirmedAfterThreeQuestionsAndSevenDays) {
  work_is_done(false);
  const Instant proven_at = now;
  int asked = 1;
  while (state() == v1::CASE_STATE_AWAITING_CONFIRMATION) {
    reminder();
    if (state() == v1::CASE_STATE_AWAITING_CONFIRMATION) ++asked;
    ASSERT_LT(asked, 20);
  }
  EXPECT_EQ(record.resolution(), v1::CASE_RESOLUTION_UNCONFIRMED);
  EXPECT_EQ(now - proven_at, kUnansweredAfter);
  EXPECT_EQ(static_cast<std::uint32_t>(asked), record.confirmation().asked_count());
  EXPECT_GE(record.confirmation().asked_count(), kAskedAtLeast);
}

TEST_F(ClosureTest, ALateAnswerToAnUnconfirmedCaseStillCounts) {
  work_is_done(false);
  while (state() == v1::CASE_STATE_AWAITING_CONFIRMATION) reminder();
  take(customer_answers(false).value());
  EXPECT_EQ(state(), v1::CASE_STATE_OPEN);
}

TEST_F(ClosureTest, AReminderForACaseThatMovedOnDoesNothing) {
  EXPECT_FALSE(reminder_due(record, now));
}

TEST_F(ClosureTest, ReportsBeforeTheWorkIsDoneDoNotTouchTheCase) {
  device.set_working(true);
  EXPECT_FALSE(machine_reported(record, device, now, now));
}

}  // namespace
}  // namespace firstfix::casework
