// What was promised is kept, or told before it breaks.
#include "appointments_town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class PromisesTest : public AppointmentsTest {};

TEST_F(PromisesTest, WhoDeclinesIsReplacedWithinTheWindow) {
  town.put<v1::Engineer>(R"(name: "engineers/max" territory: "territories/north" van: "stockLocations/van-max"
      skills { skill: "skills/hydraulics" level: 2 } home { latitude_deg: 53 longitude_deg: 10.9 })");
  const auto lathe = unplanned_case("assets/lathe");
  const auto name = booked(lathe, 26, 28);
  const auto visit = visit_of(lathe);
  ASSERT_EQ(visit.engineer(), "engineers/li");
  ASSERT_TRUE(says("engineers/li",
                   [&](Command& command) { return decline_offer(command, visit.offer(), "ill").map([](auto&&) {}); }));
  EXPECT_EQ(visit_of(lathe).engineer(), "engineers/max");
  EXPECT_EQ(to_instant(visit_of(lathe).starts_at()), at(26));
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_BOOKED);
}

TEST_F(PromisesTest, WhatNobodyCanKeepIsToldAndMissedAtItsEndAndSomebodyComesLater) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto name = booked(lathe, 26, 28);
  ASSERT_TRUE(says("engineers/li", [&](Command& command) {
    return decline_offer(command, visit_of(lathe).offer(), "ill").map([](auto&&) {});
  }));
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_AT_RISK);
  EXPECT_THAT(appointment(name).reason(), HasSubstr("has declined"));
  EXPECT_THAT(timeline(lathe), Contains(HasSubstr("is at risk")));
  town.advance(20h);
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_AT_RISK);
  town.put<v1::Engineer>(R"(name: "engineers/max" territory: "territories/north" van: "stockLocations/van-max"
      skills { skill: "skills/hydraulics" level: 2 } home { latitude_deg: 53 longitude_deg: 10.9 })");
  town.advance(2h);
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_BOOKED)
      << "somebody was found after all; " << appointment(name).reason();
  EXPECT_THAT(timeline(lathe), Contains(HasSubstr("can be kept after all")));
}

TEST_F(PromisesTest, AMissedWindowBindsNobodyAnyMore) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto name = booked(lathe, 2, 4);
  ASSERT_TRUE(says("engineers/li", [&](Command& command) {
    return decline_offer(command, visit_of(lathe).offer(), "ill").map([](auto&&) {});
  }));
  town.put<v1::Engineer>(R"(name: "engineers/max" territory: "territories/north" van: "stockLocations/van-max"
      skills { skill: "skills/hydraulics" level: 2 } home { latitude_deg: 53 longitude_deg: 10.9 })");
  town.write([](Command& command) {  // but Max is busy until noon
    internal::v1::RosterStop stop;
    stop.set_visit("visits/other");
    stop.set_travel_starts_us(kMorning.micros);
    stop.set_starts_us(kMorning.micros);
    stop.set_ends_us((kMorning + 4h).micros);
    stop.set_latitude_deg(53);
    stop.set_longitude_deg(10.9);
    return book(command.uow, "engineers/max", stop);
  });
  town.put<v1::Visit>(R"(name: "visits/other" case_name: "cases/other" state: VISIT_STATE_ON_SITE)");
  town.advance(4h);
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_MISSED);
  EXPECT_THAT(timeline(lathe), Contains(HasSubstr("the appointment was missed")));
  EXPECT_EQ(visit_of(lathe).engineer(), "engineers/max");
  EXPECT_GT(to_instant(visit_of(lathe).starts_at()), at(4)) << "late, but as soon as anybody can";
}

TEST_F(PromisesTest, WhoIsOnTheWayIsNotMovedAny) {
  const auto lathe = open_case("assets/lathe");
  const auto held = hold(lathe, 26, 28);
  accepts(lathe);
  arrives(lathe);
  EXPECT_EQ(book_it(held->name()).error().code, Code::kState);
  EXPECT_EQ(hold(lathe, 26, 28).error().code, Code::kState);
  EXPECT_EQ(search({.case_name = lathe}).error().code, Code::kState);
}

TEST_F(PromisesTest, AnAppointmentIsKeptByArriving) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto name = booked(lathe, 2, 4);
  accepts(lathe);
  town.advance(3h);
  arrives(lathe);
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_KEPT);
  town.advance(2h);
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_KEPT);
}

TEST_F(PromisesTest, ADelayIsToldBeforeItHappensAndOnce) {
  const auto saw = open_case("assets/saw");
  accepts(saw);
  arrives(saw);  // an hour's work from eight
  const auto lathe = unplanned_case("assets/lathe");
  const auto name = booked(lathe, 1.5, 2.5);
  ASSERT_EQ(to_instant(visit_of(lathe).starts_at()), at(1.5));
  accepts(lathe);
  town.advance(1h + 44min);
  EXPECT_EQ(appointment(name).delay_count(), 0u) << "the work before takes a quarter of an hour too long: no news";
  town.advance(6min);
  const auto told = appointment(name);
  EXPECT_EQ(told.delay_count(), 1u);
  EXPECT_EQ(told.state(), v1::APPOINTMENT_STATE_BOOKED) << "still within the window";
  EXPECT_THAT(timeline(lathe),
              Contains(AllOf(HasSubstr("is now expected"), HasSubstr("the work before takes longer"))));
  town.advance(41min);
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_MISSED) << "she is still there when the window ends";
  EXPECT_LE(appointment(name).delay_count(), 3u);
  completes(saw);
  town.advance(1h);
  EXPECT_LE(appointment(name).delay_count(), 3u) << "nothing is promised any more";
}

TEST_F(PromisesTest, WhatTheEngineerSaysIsToldAtOnceAndNothingIsPlannedBefore) {
  const auto saw = open_case("assets/saw");
  accepts(saw);
  arrives(saw);
  const auto lathe = unplanned_case("assets/lathe");
  const auto name = booked(lathe, 1.5, 2.5);
  accepts(lathe);
  const auto says_done_at = [&](double hours) {
    return town.as<v1::Visit>("engineers/li", [&](Command& command) {
      return estimate_completion(command, visit_of(saw).name(), at(hours));
    });
  };
  ASSERT_TRUE(says_done_at(3));
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_AT_RISK);
  EXPECT_EQ(to_instant(appointment(name).told_arrival_at()), at(3));
  EXPECT_THAT(timeline(lathe), Contains(HasSubstr("the work before takes longer")));
  EXPECT_EQ(stops()[0].ends_us(), at(3).micros);
  ASSERT_TRUE(says_done_at(1.25)) << "it went better than she thought";
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_BOOKED);
  EXPECT_EQ(to_instant(appointment(name).told_arrival_at()), at(1.5));
  EXPECT_EQ(stops()[0].ends_us(), at(1.25).micros);
}

TEST_F(PromisesTest, WhatTakesLongerPushesWhatComesAfterAndNothingLiesOverAnother) {
  const auto saw = open_case("assets/saw"), lathe = open_case("assets/lathe"), press = open_case("assets/press");
  for (const auto& one : {saw, lathe, press}) accepts(one);
  arrives(saw);
  const auto says_done_at = [&](double hours) {
    const auto said = town.as<v1::Visit>("engineers/li", [&](Command& command) {
      return estimate_completion(command, visit_of(saw).name(), at(hours));
    });
    ASSERT_TRUE(said) << said.error().message;
  };
  const auto planned = stops();
  ASSERT_THAT(planned, SizeIs(3));
  says_done_at(4);
  const auto pushed = stops();
  ASSERT_THAT(pushed, SizeIs(3));
  for (int i = 1; i < 3; ++i) {
    const auto& before = pushed[static_cast<std::size_t>(i - 1)];
    const auto& stop = pushed[static_cast<std::size_t>(i)];
    EXPECT_GE(stop.travel_starts_us(), before.ends_us());
    EXPECT_EQ(stop.ends_us() - stop.starts_us(), 3'600'000'000);
    EXPECT_EQ(to_instant(town.get<v1::Visit>(stop.visit()).starts_at()).micros, stop.starts_us());
    EXPECT_EQ(town.get<v1::Visit>(stop.visit()).state(), v1::VISIT_STATE_ACCEPTED) << "she goes on, only later";
  }
  EXPECT_THAT(timeline(lathe), Contains(HasSubstr("the work before takes longer")));
  says_done_at(0.5);
  const auto back = stops();
  for (std::size_t i = 1; i < 3; ++i) EXPECT_EQ(back[i].starts_us(), planned[i].starts_us()) << "it went better";
}

TEST_F(PromisesTest, WhoIsLateHasABreakAllTheSame) {
  const auto seconds = [](double hours) { return "{ seconds: " + std::to_string(at(hours).micros / 1'000'000) + " }"; };
  town.put<v1::Shift>("name: 'shifts/li-0' engineer: 'engineers/li' starts_at " + seconds(-2) + " ends_at " +
                      seconds(14) + " meal_break { earliest_at " + seconds(1) + " latest_at " + seconds(1.5) +
                      " takes { seconds: 1800 } }");
  const auto saw = open_case("assets/saw"), lathe = open_case("assets/lathe");
  for (const auto& one : {saw, lathe}) accepts(one);
  arrives(saw);
  const auto planned = stops();
  ASSERT_THAT(planned, SizeIs(2));
  EXPECT_EQ(planned[1].starts_us() - planned[0].ends_us(), 1'800'000'000) << "in the same hall";
  ASSERT_TRUE(town.as<v1::Visit>(
      "engineers/li", [&](Command& command) { return estimate_completion(command, visit_of(saw).name(), at(1.4)); }));
  EXPECT_EQ(to_instant(visit_of(lathe).starts_at()), at(1.9));
  EXPECT_EQ(to_instant(visit_of(lathe).travel_starts_at()), at(1.9));
}

TEST_F(PromisesTest, WhatNoLongerFitsIntoTheShiftIsGivenToSomebodyElse) {
  town.put<v1::Engineer>(R"(name: "engineers/max" territory: "territories/north" van: "stockLocations/van-max"
      skills { skill: "skills/hydraulics" level: 2 } home { latitude_deg: 53 longitude_deg: 10.9 })");
  const auto saw = open_case("assets/saw"), lathe = open_case("assets/lathe");
  for (const auto& one : {saw, lathe}) accepts(one);
  ASSERT_EQ(visit_of(lathe).engineer(), "engineers/li");
  arrives(saw);
  const auto said = town.as<v1::Visit>("engineers/li", [&](Command& command) {
    return estimate_completion(command, visit_of(saw).name(), at(13.5));  // the shift ends at fourteen
  });
  ASSERT_TRUE(said) << said.error().message;
  EXPECT_THAT(visit_of(lathe).taken_back_reason(), HasSubstr("engineers/li has no time for it any more"));
  EXPECT_THAT(stops(), SizeIs(1));
  town.advance(0s);
  EXPECT_EQ(visit_of(lathe).engineer(), "engineers/max") << "at once";
}

TEST_F(PromisesTest, WhoHasNotSetOutInTimeIsMissedBeforeTheCustomerMissesThem) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto name = booked(lathe, 2, 4);
  accepts(lathe);
  town.advance(2h + 10min);
  EXPECT_EQ(appointment(name).delay_count(), 0u);
  town.advance(1h + 40min);
  const auto now = town.clock.now();
  EXPECT_GE(appointment(name).delay_count(), 2u);
  EXPECT_LE(appointment(name).delay_count(), 4u)
      << "after a quarter of an hour, half an hour and an hour, and once late";
  EXPECT_GE(to_instant(appointment(name).told_arrival_at()) + 16min, now);
  EXPECT_THAT(timeline(lathe), Contains(HasSubstr("has not set out yet")));
}

TEST_F(PromisesTest, WhoIsTooLateIsReplacedByWhoIsNot) {
  town.put<v1::Site>(R"(name: "sites/mill" customer: "customers/mill" territory: "territories/north"
                        position { latitude_deg: 53.0 longitude_deg: 10.3 })");
  town.put<v1::Asset>(R"(name: "assets/mill" site: "sites/mill")");
  const auto saw = open_case("assets/saw");
  accepts(saw);
  arrives(saw);
  const auto mill = unplanned_case("assets/mill");
  const auto name = booked(mill, 2, 4);
  accepts(mill);
  ASSERT_EQ(visit_of(mill).engineer(), "engineers/li");
  town.put<v1::Engineer>(R"(name: "engineers/max" territory: "territories/north" van: "stockLocations/van-max"
      skills { skill: "skills/hydraulics" level: 2 } home { latitude_deg: 53 longitude_deg: 10.31 })");
  town.advance(3h + 25min);
  EXPECT_EQ(visit_of(mill).engineer(), "engineers/li") << "late, but within the window";
  town.advance(10min);  // Li is still half an hour away
  EXPECT_EQ(visit_of(mill).engineer(), "engineers/max");
  EXPECT_EQ(visit_of(mill).state(), v1::VISIT_STATE_OFFERED);
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_BOOKED);
  EXPECT_THAT(timeline(mill), Contains(HasSubstr("engineers/li would come too late for the appointment")));
  EXPECT_THAT(stops(), SizeIs(1)) << "Li's day has the saw alone";
}

}  // namespace
}  // namespace firstfix::desk
