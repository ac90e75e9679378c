// Appointments: what is held is nobody else's, what is promised is kept or told.
#include <gmock/gmock.h>

#include "casework/convert.h"
#include "desk/bookings.h"
#include "town/town.h"
#include "visit/appointment.h"

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

class AppointmentsTest : public ::testing::Test {
 protected:
  AppointmentsTest() {
    town.put<v1::Engineer>("name: 'engineers/max' inactive: true");  // Li alone, unless Max is called
    town.put<v1::Asset>(R"(name: "assets/saw" site: "sites/hall")");
  }

  // Hours after eight on Monday morning.
  static Instant at(double hours) { return kMorning + Duration{static_cast<std::int64_t>(hours * 3600e6)}; }

  std::string open_case(const std::string& asset) {
    const auto made = town.as<v1::Case>("contacts/ann", [&](Command& command) {
      return create_case(command, {.asset = asset, .summary = "it squeaks"});
    });
    EXPECT_TRUE(made) << made.error().message;
    return made ? made->name() : "";
  }
  // A machine for which nobody is planned yet: whoever was, was taken off by hand.
  std::string unplanned_case(const std::string& asset) {
    town.put<v1::Territory>(R"(name: "territories/north" automation: AUTOMATION_LEVEL_OBSERVE)");
    auto name = open_case(asset);
    town.put<v1::Territory>(R"(name: "territories/north" automation: AUTOMATION_LEVEL_AUTOMATIC
                            offer_timeout { seconds: 36000 })");
    return name;
  }
  // A machine with a burst hose; there is one hose, in Li's van.
  std::string burst_case(const std::string& asset) {
    town.put<v1::StockLine>(R"(name: "stockLocations/depot/lines/hose" location: "stockLocations/depot"
                               part: "parts/hose" on_hand: 0)");
    town.put<v1::Territory>(R"(name: "territories/north" automation: AUTOMATION_LEVEL_OBSERVE)");
    const auto made = town.as<v1::Case>("contacts/ann", [&](Command& command) {
      return create_case(command, {.asset = asset, .summary = "a puddle", .codes = {"j1939-100-1"}});
    });
    EXPECT_TRUE(made) << made.error().message;
    town.put<v1::Territory>(R"(name: "territories/north" automation: AUTOMATION_LEVEL_AUTOMATIC
                            offer_timeout { seconds: 36000 })");
    return made ? made->name() : "";
  }
  v1::StockLine hoses() { return town.get<v1::StockLine>("stockLocations/van-li/lines/hose"); }
  // Where the hose that the case's visit will have is.
  std::string hose_of(const std::string& case_name) {
    const auto plan = town.get<v1::PartsPlan>(town.get<v1::Case>(case_name).parts_plan());
    for (const auto& line : plan.lines())
      if (line.part() == "parts/hose" && line.chosen()) return line.location();
    return "nowhere";
  }
  Result<std::vector<v1::Slot>> search(const SlotSearch& wanted) {
    return town.desk->what_if<std::vector<v1::Slot>>({kTenant, "contacts/ann", {}, {}},
                                                     [&](Command& command) { return search_slots(command, wanted); });
  }
  Result<v1::Appointment> hold(const std::string& case_name, double from, double to) {
    return town.as<v1::Appointment>("contacts/ann", [&](Command& command) {
      return hold_slot(command, case_name, {at(from), at(to)});
    });
  }
  Result<v1::Appointment> book_it(const std::string& name) {
    return town.as<v1::Appointment>("contacts/ann",
                                    [&](Command& command) { return book_appointment(command, name, ""); });
  }
  Result<v1::Appointment> reschedule(const std::string& name, double from, double to) {
    return town.as<v1::Appointment>("contacts/ann", [&](Command& command) {
      return reschedule_appointment(command, name, {at(from), at(to)}, "");
    });
  }
  Result<v1::Appointment> cancel(const std::string& name, const std::string& reason = "") {
    return town.as<v1::Appointment>("contacts/ann",
                                    [&](Command& command) { return cancel_appointment(command, name, reason, ""); });
  }
  // Holds and books; returns its name.
  std::string booked(const std::string& case_name, double from, double to) {
    const auto held = hold(case_name, from, to);
    EXPECT_TRUE(held) << held.error().message;
    if (!held) return "";
    const auto done = book_it(held->name());
    EXPECT_TRUE(done) << done.error().message;
    return held->name();
  }
  v1::Appointment appointment(const std::string& name) { return town.get<v1::Appointment>(name); }
  v1::Visit visit_of(const std::string& case_name) {
    return town.get<v1::Visit>(town.get<v1::Case>(case_name).visit());
  }
  // Who is booked when, and for what.
  std::vector<internal::v1::RosterStop> stops(const std::string& engineer = "engineers/li") {
    const auto snapshot = town.store->snapshot();
    const auto roster = roster_of(View(*snapshot, kTenant), engineer);
    return {roster->stops().begin(), roster->stops().end()};
  }
  std::vector<std::string> timeline(const std::string& case_name) {
    std::vector<std::string> out;
    for (const auto& entry : town.all<v1::TimelineEntry>(case_name + "/")) out.push_back(entry.text());
    return out;
  }
  Status says(const std::string& engineer, const std::function<Status(Command&)>& what) {
    return town
        .as<v1::Case>(engineer,
                      [&](Command& command) -> Result<v1::Case> {
                        FIRSTFIX_CHECK(what(command));
                        return v1::Case{};
                      })
        .map([](auto&&) {});
  }
  void accepts(const std::string& case_name) {
    const auto visit = visit_of(case_name);
    ASSERT_TRUE(says(visit.engineer(),
                     [&](Command& command) { return accept_offer(command, visit.offer()).map([](auto&&) {}); }));
  }
  void arrives(const std::string& case_name) {
    const auto visit = visit_of(case_name);
    ASSERT_TRUE(says(visit.engineer(), [&](Command& command) {
      return arrive(command, visit.name(), command.now()).map([](auto&&) {});
    }));
  }
  void completes(const std::string& case_name) {
    const auto visit = visit_of(case_name);
    const auto done = says(visit.engineer(), [&](Command& command) -> Status {
      FIRSTFIX_TRY(steps, steps_of(command.uow, visit.name()));
      for (const auto& step : steps)
        FIRSTFIX_CHECK(
            complete_step(command, step.name(), from_text<v1::Evidence>("confirmed: true")).map([](auto&&) {}));
      return complete_visit(command, visit.name(), {{"causes/hose"}, "", true, command.now()}).map([](auto&&) {});
    });
    ASSERT_TRUE(done) << done.error().message;
  }

  Town town;
};

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
  Result<v1::Appointment> other = fail(Code::kInternal, "not asked");
  bool asked = false;
  town.store->before_transaction = [&] {
    if (!std::exchange(asked, true)) other = hold(saw, 4, 6);
  };
  const auto one = hold(lathe, 26, 28);
  town.store->before_transaction = {};
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
  Result<v1::Appointment> other = fail(Code::kInternal, "not asked");
  bool asked = false;
  town.store->before_transaction = [&] {
    if (!std::exchange(asked, true)) other = hold(saw, 2, 2.25);
  };
  const auto one = hold(lathe, 2, 2.25);
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

TEST_F(AppointmentsTest, WhoDeclinesIsReplacedWithinTheWindow) {
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

TEST_F(AppointmentsTest, WhatNobodyCanKeepIsToldAndMissedAtItsEndAndSomebodyComesLater) {
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

TEST_F(AppointmentsTest, AMissedWindowBindsNobodyAnyMore) {
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

TEST_F(AppointmentsTest, WhoIsOnTheWayIsNotMovedAny) {
  const auto lathe = open_case("assets/lathe");
  const auto held = hold(lathe, 26, 28);
  accepts(lathe);
  arrives(lathe);
  EXPECT_EQ(book_it(held->name()).error().code, Code::kState);
  EXPECT_EQ(hold(lathe, 26, 28).error().code, Code::kState);
  EXPECT_EQ(search({.case_name = lathe}).error().code, Code::kState);
}

TEST_F(AppointmentsTest, AnAppointmentIsKeptByArriving) {
  const auto lathe = unplanned_case("assets/lathe");
  const auto name = booked(lathe, 2, 4);
  accepts(lathe);
  town.advance(3h);
  arrives(lathe);
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_KEPT);
  town.advance(2h);
  EXPECT_EQ(appointment(name).state(), v1::APPOINTMENT_STATE_KEPT);
}

TEST_F(AppointmentsTest, ADelayIsToldBeforeItHappensAndOnce) {
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

TEST_F(AppointmentsTest, WhatTheEngineerSaysIsToldAtOnceAndNothingIsPlannedBefore) {
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

TEST_F(AppointmentsTest, WhatTakesLongerPushesWhatComesAfterAndNothingLiesOverAnother) {
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

TEST_F(AppointmentsTest, WhatNoLongerFitsIntoTheShiftIsGivenToSomebodyElse) {
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

TEST_F(AppointmentsTest, WhoHasNotSetOutInTimeIsMissedBeforeTheCustomerMissesThem) {
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

TEST_F(AppointmentsTest, WhoIsTooLateIsReplacedByWhoIsNot) {
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
