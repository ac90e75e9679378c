// Appointments: what is held is nobody else's, and what is promised is planned within.
#include "appointments_town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(AppointmentsTest, TheFewCheapestWindowsAreOfferedAndNothingIsKeptFree) {
  const auto name = open_case("assets/lathe");
  const auto before = town.everything();
  const auto slots = search({.case_name = name});
  ASSERT_TRUE(slots) << slots.error().message;
  ASSERT_THAT(*slots, SizeIs(5));
  int best = 0;
  for (std::size_t i = 0; i < slots->size(); ++i) {
    best += (*slots)[i].best() ? 1 : 0;
    EXPECT_TRUE(i == 0 || to_instant((*slots)[i - 1].starts_at()) < to_instant((*slots)[i].starts_at()));
  }
  EXPECT_EQ(best, 1);
  EXPECT_TRUE(before == town.everything());
}

TEST_F(AppointmentsTest, WindowsBeginAtFullHoursOfTheTerritorysClocks) {
  const auto name = open_case("assets/lathe");
  const auto hours_of = [&](const std::string& zone) {
    town.put<v1::Territory>("name: 'territories/north' automation: AUTOMATION_LEVEL_AUTOMATIC time_zone: '" + zone +
                            "'");
    const auto slots = search({.case_name = name, .earliest = at(2.25), .latest = at(9)});
    EXPECT_TRUE(slots) << slots.error().message;
    return slots ? to_instant(slots->front().starts_at()) : Instant{};
  };
  EXPECT_EQ(hours_of(""), at(4)) << "noon in UTC";
  EXPECT_EQ(hours_of("Europe/London"), at(3)) << "noon in summer";
  EXPECT_EQ(hours_of("Asia/Kolkata"), at(2.5)) << "four in the afternoon";
  EXPECT_EQ(hours_of("America/New_York"), at(4)) << "eight in the morning";
}

TEST_F(AppointmentsTest, TimesAreSaidAsTheTerritorysClocksShowThem) {
  const auto lathe = open_case("assets/lathe");
  town.put<v1::Territory>(
      R"(name: "territories/north" automation: AUTOMATION_LEVEL_AUTOMATIC time_zone: "Asia/Kolkata")");
  booked(lathe, 26, 28);
  EXPECT_THAT(timeline(lathe), Contains(HasSubstr("2026-06-02 15:30 to 17:30 (Asia/Kolkata)")));
  EXPECT_THAT(hold(lathe, 16, 18).error().message,
              AllOf(HasSubstr("nobody can arrive 2026-06-02 05:30 to 07:30 (Asia/Kolkata)"),
                    HasSubstr("no time for it within 2026-06-02 05:30 to 07:30 (Asia/Kolkata)")));
}

TEST_F(AppointmentsTest, WhatIsAskedForHasToMakeSense) {
  const auto name = open_case("assets/lathe");
  const auto code = [&](SlotSearch wanted) {
    wanted.case_name = name;
    const auto found = search(wanted);
    return found ? Code::kInternal : found.error().code;
  };
  EXPECT_EQ(code({.window = 29min}), Code::kInvalid);
  EXPECT_EQ(code({.window = 13h}), Code::kInvalid);
  EXPECT_EQ(code({.latest = kMorning + 169h}), Code::kInvalid);
  EXPECT_EQ(code({.earliest = at(5), .latest = at(4)}), Code::kInvalid);
  EXPECT_EQ(code({.latest = at(-4)}), Code::kInvalid);
  EXPECT_EQ(code({.most = -1}), Code::kInvalid);
  EXPECT_EQ(code({.earliest = at(15), .latest = at(20)}), Code::kUnavailable) << "at night nobody works";
  EXPECT_EQ(search({.case_name = "cases/none"}).error().code, Code::kNotFound);
  EXPECT_THAT(search({.case_name = name, .window = 30min, .most = 1000}).value(), SizeIs(20));
}

TEST_F(AppointmentsTest, WhatIsHeldIsNobodyElses) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto held = hold(lathe, 2, 2.25);
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_THAT(held->engineers(), ElementsAre("engineers/li"));
  EXPECT_EQ(to_instant(held->hold_expires_at()), kMorning + 5min);
  EXPECT_EQ(hold(unplanned_case("assets/saw"), 2, 2.25).error().code, Code::kState);
  Machine press{town, "press-1"};
  press.say({press.fault("j1939-100-1")});
  EXPECT_TRUE(held->engineers().size() == 1u);
  const auto visit = town.get<v1::Visit>(town.open_offer().visit());
  const auto slot = stops()[1];
  EXPECT_EQ(slot.visit(), held->name());
  EXPECT_LE(to_instant(visit.ends_at()).micros, slot.starts_us()) << "the fault is planned around it";
}

TEST_F(AppointmentsTest, AHoldThatIsNotBookedIsGivenBackExactly) {
  open_case("assets/saw");
  const auto before = stops();
  const auto held = hold(unplanned_case("assets/lathe"), 5, 7);
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_THAT(stops(), SizeIs(before.size() + 1));
  town.advance(5min);
  EXPECT_EQ(appointment(held->name()).state(), v1::APPOINTMENT_STATE_EXPIRED);
  ASSERT_THAT(stops(), SizeIs(before.size()));
  for (std::size_t i = 0; i < before.size(); ++i)
    EXPECT_EQ(before[i].SerializeAsString(), stops()[i].SerializeAsString());
  EXPECT_EQ(book_it(held->name()).error().code, Code::kExpired);
}

TEST_F(AppointmentsTest, WhatIsHeldHasItsPartsAndNobodyElseTakesThem) {
  const auto lathe = burst_case("assets/lathe"), saw = burst_case("assets/saw");
  const auto held = hold(lathe, 26, 28);
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_EQ(hoses().reserved(), 1u);
  booked(saw, 4, 6);
  EXPECT_EQ(hose_of(saw), "nowhere") << "it is held for another";
  ASSERT_TRUE(book_it(held->name()));
  EXPECT_EQ(hose_of(lathe), "stockLocations/van-li");
  EXPECT_EQ(hoses().reserved(), 1u) << "of the visit, and no more of the hold";
}

TEST_F(AppointmentsTest, PartsThatWereHeldAreFreeWhenTheHoldIsOver) {
  const auto lathe = burst_case("assets/lathe"), saw = burst_case("assets/saw");
  ASSERT_TRUE(hold(lathe, 26, 28));
  town.advance(5min);
  EXPECT_EQ(hoses().reserved(), 0u) << "expired";
  const auto second = hold(lathe, 26, 28);
  ASSERT_TRUE(cancel(second->name()));
  EXPECT_EQ(hoses().reserved(), 0u) << "called off";
  ASSERT_TRUE(hold(lathe, 26, 28));
  ASSERT_TRUE(hold(lathe, 50, 52));
  EXPECT_EQ(hoses().reserved(), 1u) << "another is held in its place";
  ASSERT_TRUE(town.as<v1::Case>("dispatch/ann", [&](Command& command) { return cancel_case(command, lathe, "sold"); }));
  EXPECT_EQ(hoses().reserved(), 0u) << "the case is over";
  booked(saw, 4, 6);
  EXPECT_EQ(hose_of(saw), "stockLocations/van-li");
}

TEST_F(AppointmentsTest, OfTwoWhoWantTheLastPartAtTheSameTimeOneHasIt) {
  const auto lathe = burst_case("assets/lathe"), saw = burst_case("assets/saw");
  const auto [one, other] = at_the_same_time([&] { return hold(lathe, 26, 28); }, [&] { return hold(saw, 4, 6); });
  ASSERT_TRUE(one && other);
  EXPECT_EQ(hoses().reserved(), 1u);
  ASSERT_TRUE(book_it(one->name()));
  EXPECT_EQ(hose_of(lathe), "nowhere");
  ASSERT_TRUE(book_it(other->name()));
  EXPECT_EQ(hose_of(saw), "stockLocations/van-li");
}

TEST_F(AppointmentsTest, WhatTheVisitHasAlreadyIsNotHeldBesides) {
  const auto lathe = burst_case("assets/lathe");
  booked(lathe, 26, 28);
  ASSERT_EQ(hose_of(lathe), "stockLocations/van-li");
  const auto held = hold(lathe, 50, 52);
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_EQ(hoses().reserved(), 1u);
  ASSERT_TRUE(book_it(held->name()));
  EXPECT_EQ(hose_of(lathe), "stockLocations/van-li");
  EXPECT_EQ(hoses().reserved(), 1u);
}

TEST_F(AppointmentsTest, ACaseHoldsOneWindow) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto first = hold(lathe, 2, 4), second = hold(lathe, 2, 4);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(appointment(first->name()).state(), v1::APPOINTMENT_STATE_CANCELLED);
  ASSERT_THAT(stops(), SizeIs(1));
  EXPECT_EQ(stops()[0].visit(), second->name());
}

TEST_F(AppointmentsTest, OfTwoWhoWantTheSameTimeOneIsTold) {
  const auto lathe = unplanned_case("assets/lathe"), saw = unplanned_case("assets/saw");
  const auto [one, other] = at_the_same_time([&] { return hold(lathe, 2, 2.25); }, [&] { return hold(saw, 2, 2.25); });
  EXPECT_TRUE(other) << other.error().message;
  ASSERT_FALSE(one);
  EXPECT_EQ(one.error().code, Code::kState);
  EXPECT_THAT(stops(), SizeIs(1));
}

TEST_F(AppointmentsTest, ThePlanIsMadeWithinWhatWasPromised) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto name = booked(lathe, 26, 28);
  const auto visit = visit_of(lathe);
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_BOOKED);
  EXPECT_EQ(town.get<v1::Case>(lathe).appointment(), name);
  EXPECT_EQ(to_instant(visit.starts_at()), at(26));
  EXPECT_EQ(to_instant(appointment(name).expected_arrival_at()), at(26));
  ASSERT_THAT(stops(), SizeIs(1)) << "the visit in place of the hold";
  EXPECT_EQ(stops()[0].visit(), visit.name());
}

TEST_F(AppointmentsTest, AVisitThatIsPlannedAlreadyMovesToTheWindowPromised) {
  const auto lathe = open_case("assets/lathe");
  accepts(lathe);
  const auto before = visit_of(lathe);
  booked(lathe, 26, 28);
  EXPECT_EQ(visit_of(lathe).name(), before.name());
  EXPECT_EQ(to_instant(visit_of(lathe).starts_at()), at(26));
  EXPECT_EQ(town.get<v1::Offer>(before.offer()).state(), v1::OFFER_STATE_WITHDRAWN) << "the engineer is asked again";
  EXPECT_THAT(stops(), SizeIs(1));
}

TEST_F(AppointmentsTest, AVisitThatLiesWithinTheWindowStaysAsItIs) {
  const auto lathe = open_case("assets/lathe");
  accepts(lathe);
  const auto before = visit_of(lathe);
  const auto name = booked(lathe, 0, 2);
  EXPECT_EQ(visit_of(lathe).state(), v1::VISIT_STATE_ACCEPTED);
  EXPECT_EQ(before.SerializeAsString(), visit_of(lathe).SerializeAsString());
  EXPECT_EQ(to_instant(appointment(name).told_arrival_at()), to_instant(before.starts_at()));
}

TEST_F(AppointmentsTest, AnotherWindowIsPromisedOrAllIsAsBefore) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto name = booked(lathe, 26, 28);
  const auto moved = reschedule(name, 50, 52);
  ASSERT_TRUE(moved) << moved.error().message;
  EXPECT_EQ(to_instant(visit_of(lathe).starts_at()), at(50));
  EXPECT_EQ(moved->rescheduled_count(), 1u);
  EXPECT_EQ(moved->delay_count(), 0u);
  const auto before = town.everything();
  EXPECT_EQ(reschedule(name, 16, 18).error().code, Code::kState) << "at night";
  EXPECT_EQ(reschedule(name, 5, 4).error().code, Code::kInvalid);
  EXPECT_TRUE(before == town.everything());
}

TEST_F(AppointmentsTest, AnotherThatIsBookedTakesTheFormersPlace) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto first = booked(lathe, 26, 28), second = booked(lathe, 50, 52);
  EXPECT_EQ(appointment(first).state(), v1::APPOINTMENT_STATE_CANCELLED);
  EXPECT_EQ(town.get<v1::Case>(lathe).appointment(), second);
  EXPECT_EQ(to_instant(visit_of(lathe).starts_at()), at(50));
}

TEST_F(AppointmentsTest, CalledOffTheVisitStaysAndIsFreeToMove) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto name = booked(lathe, 26, 28);
  EXPECT_EQ(cancel(name).error().code, Code::kInvalid) << "why?";
  ASSERT_TRUE(cancel(name, "on holiday"));
  EXPECT_EQ(visit_of(lathe).state(), v1::VISIT_STATE_OFFERED);
  EXPECT_TRUE(town.get<v1::Case>(lathe).appointment().empty());
  ASSERT_TRUE(town.as<v1::Visit>(
      "dispatch/ann", [&](Command& command) { return cancel_visit(command, visit_of(lathe).name(), "come at once"); }));
  EXPECT_LT(to_instant(visit_of(lathe).starts_at()), at(1));
}

TEST_F(AppointmentsTest, ACancelledCaseGivesBackWhatItHeld) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto name = booked(lathe, 26, 28);
  const auto held = hold(lathe, 50, 52);
  ASSERT_TRUE(town.as<v1::Case>("dispatch/ann", [&](Command& command) { return cancel_case(command, lathe, "sold"); }));
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_CANCELLED);
  EXPECT_EQ(appointment(held->name()).state(), v1::APPOINTMENT_STATE_CANCELLED);
  EXPECT_THAT(stops(), IsEmpty());
}

TEST_F(AppointmentsTest, TheLevelThatOnlyObservesPlansWhatWasPromised) {
  const auto lathe = unplanned_case("assets/lathe");
  town.put<v1::Territory>(R"(name: "territories/north" automation: AUTOMATION_LEVEL_OBSERVE)");
  booked(lathe, 26, 28);
  EXPECT_EQ(visit_of(lathe).state(), v1::VISIT_STATE_PROPOSED) << "planned, and waits for a dispatcher";
}

TEST_F(AppointmentsTest, TheSecondTimeIsTheFirstTimesAnswer) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto ask = [&] {
    return town.as<v1::Appointment>(
        "contacts/ann",
        [&](Command& command) {
          return hold_slot(command, lathe, {at(2), at(4)});
        },
        "r1");
  };
  const auto first = ask(), second = ask();
  EXPECT_EQ(first->name(), second->name());
  EXPECT_THAT(stops(), SizeIs(1));
}

TEST_F(AppointmentsTest, WhoSawAnOlderStateIsTold) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto held = hold(lathe, 2, 4);
  const auto old = town.as<v1::Appointment>(
      "contacts/ann", [&](Command& command) { return book_appointment(command, held->name(), "77"); });
  EXPECT_EQ(old.error().code, Code::kConflict);
  EXPECT_TRUE(town.as<v1::Appointment>(
      "contacts/ann", [&](Command& command) { return book_appointment(command, held->name(), held->etag()); }));
}

}  // namespace
}  // namespace firstfix::desk
