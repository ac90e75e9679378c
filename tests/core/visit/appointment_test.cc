// An appointment from hold to kept, and all that may go wrong with it.
#include "visit/appointment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "casework/convert.h"
#include "support/fakes.h"

namespace firstfix::visit {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::kMorning;

const Window kTenToTwelve{kMorning + 2h, kMorning + 4h};

class AppointmentTest : public ::testing::Test {
 protected:
  AppointmentTest() { one.record.set_name("cases/1"), one.record.set_state(v1::CASE_STATE_OPEN); }

  // Takes the effects over; returns what was told.
  std::string after(const Effects& effects) {
    one.appointment = effects.appointments.back(), one.record = effects.cases.back();
    timers = effects.timers;
    return effects.timeline.empty() ? "" : effects.timeline.back().text();
  }
  std::string after(const std::optional<Effects>& effects) { return effects ? after(*effects) : "nothing"; }
  std::string after(const Result<Effects>& effects) { return effects ? after(*effects) : effects.error().message; }

  void held() {
    one.appointment.Clear(), one.appointment.set_name("appointments/1");
    after(hold(one, kTenToTwelve, {"engineers/li"}, kMorning + 5min, "contacts/ann", kMorning));
  }
  void booked() {
    held();
    after(book(one, "contacts/ann", kMorning));
    after(planned(one, kMorning + 3h, kMorning));
  }
  v1::AppointmentState state() const { return one.appointment.state(); }

  Appointed one;
  std::vector<TimerChange> timers;
};

TEST_F(AppointmentTest, IsHeldThenPromised) {
  held();
  EXPECT_EQ(state(), v1::APPOINTMENT_STATE_HELD);
  EXPECT_FALSE(promised(one.appointment)) << "a hold binds nobody to come";
  EXPECT_TRUE(one.record.appointment().empty());
  EXPECT_THAT(after(book(one, "contacts/ann", kMorning + 4min)), HasSubstr("2026-06-01 10:00 to 12:00 (UTC)"));
  EXPECT_TRUE(promised(one.appointment));
  EXPECT_EQ(one.record.appointment(), "appointments/1");
  EXPECT_EQ(timers.back().due, kTenToTwelve.to);
}

TEST_F(AppointmentTest, TimesAreSaidAsTheCustomersClocksShowThem) {
  one.zone = {"Europe/Berlin", [](Instant) { return Clocks{2h}; }};
  held();
  EXPECT_THAT(after(book(one, "contacts/ann", kMorning)), HasSubstr("2026-06-01 12:00 to 14:00 (Europe/Berlin)"));
  after(planned(one, kMorning + 3h, kMorning));
  EXPECT_THAT(
      after(expected(one, kMorning + 5h, "a jam", kMorning)),
      HasSubstr("at 2026-06-01 15:00 (Europe/Berlin), after the window promised, which ends at 2026-06-01 14:00"));
}

TEST_F(AppointmentTest, AHoldThatIsOverCannotBeBooked) {
  held();
  EXPECT_EQ(book(one, "contacts/ann", kMorning + 5min).error().code, Code::kExpired);
  after(expire(one));
  EXPECT_EQ(state(), v1::APPOINTMENT_STATE_EXPIRED);
  EXPECT_EQ(book(one, "contacts/ann", kMorning + 4min).error().code, Code::kExpired);
  EXPECT_EQ(after(expire(one)), "nothing");
}

TEST_F(AppointmentTest, OnlyWhatIsOpenIsChanged) {
  booked();
  EXPECT_EQ(book(one, "contacts/ann", kMorning).error().code, Code::kState) << "twice";
  EXPECT_EQ(after(expire(one)), "nothing") << "no longer held";
  EXPECT_EQ(cancel(one, "", "contacts/ann", kMorning).error().code, Code::kInvalid) << "somebody relies on it";
  after(cancel(one, "on holiday", "contacts/ann", kMorning));
  EXPECT_EQ(state(), v1::APPOINTMENT_STATE_CANCELLED);
  EXPECT_TRUE(one.record.appointment().empty());
  EXPECT_EQ(reschedule(one, kTenToTwelve, "contacts/ann", kMorning).error().code, Code::kState);
  EXPECT_EQ(cancel(one, "again", "contacts/ann", kMorning).error().code, Code::kState);
  EXPECT_EQ(after(window_over(one, kMorning + 9h)), "nothing");
}

TEST_F(AppointmentTest, AHoldIsGivenUpWithoutAReason) {
  held();
  EXPECT_THAT(after(cancel(one, "", "contacts/ann", kMorning)), HasSubstr("no longer held"));
}

TEST_F(AppointmentTest, ANewWindowForgetsWhatWasToldOfTheOld) {
  booked();
  EXPECT_TRUE(one.appointment.has_told_arrival_at());
  after(reschedule(one, {kMorning + 26h, kMorning + 28h}, "contacts/ann", kMorning));
  EXPECT_FALSE(one.appointment.has_told_arrival_at());
  EXPECT_EQ(one.appointment.rescheduled_count(), 1u);
  EXPECT_EQ(timers.back().due, kMorning + 28h);
}

TEST_F(AppointmentTest, OnlyNewsIsTold) {
  booked();
  EXPECT_EQ(after(expected(one, kMorning + 3h, "", kMorning)), "nothing");
  EXPECT_EQ(after(expected(one, kMorning + 3h + 10min, "jam", kMorning)), "") << "shown, but not told";
  EXPECT_EQ(one.appointment.expected_arrival_at().seconds(), to_proto(kMorning + 3h + 10min).seconds());
  EXPECT_EQ(one.appointment.delay_count(), 0u);
  EXPECT_THAT(after(expected(one, kMorning + 3h + 16min, "jam", kMorning)), HasSubstr("11:16 (UTC): jam"));
  EXPECT_EQ(after(expected(one, kMorning + 3h + 30min, "jam", kMorning)), "") << "14 minutes off what was told";
  EXPECT_EQ(one.appointment.delay_count(), 1u);
}

TEST_F(AppointmentTest, WhoWasToldALaterTimeIsToldAStillLaterOneFromTwiceThatOn) {
  booked();
  after(reschedule(one, {kMorning + 1h, kMorning + 20h}, "ann", kMorning));
  after(expected(one, kMorning + 2h, "", kMorning));
  const auto tells = [&](Instant arrives) { return !after(expected(one, arrives, "jam", kMorning)).empty(); };
  EXPECT_TRUE(tells(kMorning + 2h + 16min));
  EXPECT_FALSE(tells(kMorning + 2h + 46min));
  EXPECT_TRUE(tells(kMorning + 2h + 47min)) << "after half an hour";
  EXPECT_FALSE(tells(kMorning + 3h + 47min));
  EXPECT_TRUE(tells(kMorning + 3h + 48min)) << "after an hour";
  EXPECT_FALSE(tells(kMorning + 4h + 48min));
  EXPECT_TRUE(tells(kMorning + 4h + 49min)) << "each hour from then on";
  EXPECT_TRUE(tells(kMorning + 4h + 30min)) << "sooner by a quarter of an hour is news";
  EXPECT_TRUE(tells(kMorning + 4h + 46min)) << "and begins it anew";
}

TEST_F(AppointmentTest, LateIsToldAtOnceAndPutsItAtRisk) {
  booked();
  after(expected(one, kMorning + 3h + 50min, "jam", kMorning));
  EXPECT_THAT(after(expected(one, kTenToTwelve.to + 1us, "jam", kMorning)), HasSubstr("after the window promised"));
  EXPECT_EQ(state(), v1::APPOINTMENT_STATE_AT_RISK);
  EXPECT_EQ(after(expected(one, kTenToTwelve.to + 10min, "jam", kMorning)), "");
  EXPECT_THAT(after(expected(one, kTenToTwelve.to, "", kMorning)), HasSubstr("at 2026-06-01 12:00")) << "in time again";
  EXPECT_EQ(state(), v1::APPOINTMENT_STATE_BOOKED);
}

TEST_F(AppointmentTest, NobodyWhoCanIsToldOnceAndSomebodyAfterAllToo) {
  booked();
  EXPECT_THAT(after(nobody_can(one, "li is ill", kMorning)), HasSubstr("at risk: li is ill"));
  EXPECT_EQ(after(nobody_can(one, "li is ill", kMorning)), "nothing");
  EXPECT_EQ(after(nobody_can(one, "li and max are ill", kMorning)), "") << "the reason is kept up to date";
  EXPECT_EQ(one.appointment.reason(), "li and max are ill");
  EXPECT_FALSE(one.appointment.has_expected_arrival_at());
  EXPECT_THAT(after(planned(one, kMorning + 3h, kMorning)), HasSubstr("can be kept after all"));
  EXPECT_EQ(state(), v1::APPOINTMENT_STATE_BOOKED);
}

TEST_F(AppointmentTest, IsKeptByWhoArrivesBeforeItsEnd) {
  booked();
  EXPECT_EQ(after(arrived(one, kTenToTwelve.to, kMorning + 5h)), "") << "told by the visit";
  EXPECT_EQ(state(), v1::APPOINTMENT_STATE_KEPT);
  EXPECT_EQ(after(window_over(one, kMorning + 9h)), "nothing");
  EXPECT_EQ(after(arrived(one, kMorning + 9h, kMorning + 9h)), "nothing") << "a second visit";
}

TEST_F(AppointmentTest, IsMissedAtItsEndAndKeptAfterAllIfTheWordCameLate) {
  booked();
  EXPECT_EQ(after(window_over(one, kTenToTwelve.to - 1us)), "nothing");
  EXPECT_THAT(after(window_over(one, kTenToTwelve.to)), HasSubstr("missed"));
  EXPECT_EQ(state(), v1::APPOINTMENT_STATE_MISSED);
  const auto missed = one;
  EXPECT_EQ(after(arrived(one, kMorning + 5h, kMorning + 5h)), "") << "late it is";
  EXPECT_EQ(state(), v1::APPOINTMENT_STATE_MISSED);
  one = missed;
  EXPECT_THAT(after(arrived(one, kMorning + 3h, kMorning + 5h)), HasSubstr("kept after all")) << "from a dead spot";
  EXPECT_EQ(state(), v1::APPOINTMENT_STATE_KEPT);
}

TEST_F(AppointmentTest, WhereNobodyHasToComeAnyMoreNothingIsMissed) {
  booked();
  one.record.set_state(v1::CASE_STATE_AWAITING_CONFIRMATION);
  after(window_over(one, kTenToTwelve.to));
  EXPECT_EQ(state(), v1::APPOINTMENT_STATE_CANCELLED);
}

TEST_F(AppointmentTest, AWindowIsNeitherOverNorTooShortNorTooLongNorTooFarAhead) {
  const auto refused = [](Window window) { return !check_window(window, kMorning).has_value(); };
  EXPECT_FALSE(refused(kTenToTwelve));
  EXPECT_FALSE(refused({kMorning - 1h, kMorning + 1h})) << "from now on";
  EXPECT_TRUE(refused({kMorning + 2h, kMorning + 2h}));
  EXPECT_TRUE(refused({kMorning + 2h, kMorning + 1h}));
  EXPECT_TRUE(refused({kMorning + 2h, kMorning + 2h + 14min}));
  EXPECT_TRUE(refused({kMorning, kMorning + 25h}));
  EXPECT_TRUE(refused({kMorning - 2h, kMorning}));
  EXPECT_TRUE(refused({kMorning + 168h, kMorning + 169h}));
}

}  // namespace
}  // namespace firstfix::visit
