// Parts out of a colleague's van: the two meet where the colleague works, and what becomes of it when that changes.
#include <gmock/gmock.h>

#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/qualifications.h"
#include "desk/replanning.h"
#include "meetings_town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class MeetingsTest : public MeetingsTown {};

TEST_F(MeetingsTest, ThePartThatOnlyAColleagueHasIsTakenOverWhereTheColleagueWorks) {
  meeting();
  const auto there = visit(mill), coming = visit(press);
  const auto& pickup = coming.pickups(0);
  EXPECT_EQ(pickup.location(), "stockLocations/van-max");
  EXPECT_THAT(pickup.parts(), ElementsAre("parts/hose"));
  EXPECT_EQ(pickup.colleague(), "engineers/max");
  EXPECT_EQ(pickup.site(), "sites/middle");
  EXPECT_GE(to_instant(pickup.at()), to_instant(there.starts_at()));
  EXPECT_LE(to_instant(pickup.at()) + 10min, to_instant(there.ends_at()));
  EXPECT_LT(to_instant(pickup.at()), to_instant(coming.starts_at()));
  ASSERT_THAT(there.hand_overs(), SizeIs(1));
  EXPECT_EQ(there.hand_overs(0).visit(), coming.name());
  EXPECT_EQ(there.hand_overs(0).engineer(), "engineers/li");
  EXPECT_THAT(there.hand_overs(0).parts(), ElementsAre("parts/hose"));
  EXPECT_EQ(to_instant(there.hand_overs(0).at()), to_instant(pickup.at()));
  EXPECT_EQ(reserved(), 2u) << "one for each";
  EXPECT_THAT(told(mill), Contains(HasSubstr("engineers/li comes at")));
  EXPECT_THAT(told(press), Contains(HasSubstr("out of the van of engineers/max")));
}

TEST_F(MeetingsTest, WhatTwoPlacesHaveIsFetchedAtBothInOrder) {
  meeting_and_depot();
  const auto coming = visit(press);
  EXPECT_EQ(coming.pickups(0).location(), "stockLocations/depot");
  EXPECT_THAT(coming.pickups(0).parts(), ElementsAre("parts/belt"));
  EXPECT_EQ(coming.pickups(0).at_visit(), "");
  EXPECT_EQ(coming.pickups(1).at_visit(), visit(mill).name());
  EXPECT_THAT(coming.pickups(1).parts(), ElementsAre("parts/hose"));
  EXPECT_EQ(reserved(), 2u);
  EXPECT_EQ(belts_reserved(), 1u);
  const auto stop = stop_of(press);
  ASSERT_THAT(stop.meets(), SizeIs(2));
  EXPECT_EQ(stop.meets(1).starts_us(), to_instant(coming.pickups(1).at()).micros);
  EXPECT_LT(stop.travel_starts_us(), stop.meets(0).starts_us());
  EXPECT_LT(stop.meets(0).ends_us(), stop.meets(1).starts_us());
  EXPECT_LT(stop.meets(1).ends_us(), stop.starts_us());
  EXPECT_THAT(told(press), Contains(HasSubstr("out of the van of engineers/max")));
  town.write([&](Command& command) -> Status {
    for (const auto& point : stop.meets()) {
      internal::v1::RosterStop other;
      other.set_visit("visits/other");
      other.set_travel_starts_us(point.starts_us());
      other.set_starts_us(point.starts_us());
      other.set_ends_us(point.ends_us());
      EXPECT_EQ(book(command.uow, "engineers/li", other).error().code, Code::kConflict);
    }
    return {};
  });
}

TEST_F(MeetingsTest, WhatTwoPlacesHaveIsGivenBackAtBoth) {
  meeting_and_depot();
  accept(press);
  ASSERT_TRUE(town.as<v1::Case>("dispatch/ann", [&](Command& command) { return cancel_case(command, press, "sold"); }));
  EXPECT_EQ(reserved(), 1u) << "the one for the mill";
  EXPECT_EQ(belts_reserved(), 0u);
  EXPECT_THAT(visit(mill).hand_overs(), IsEmpty());
}

TEST_F(MeetingsTest, WhoHasSetOutForTwoPlacesAndCannotMeetGoesOnToTheDepot) {
  meeting_and_depot();
  accept(press);
  town.advance(to_instant(visit(press).travel_starts_at()) - town.clock.now());
  li_sets_out();
  here("max", false);
  town.advance(0s);
  const auto left = visit(press);
  EXPECT_EQ(left.engineer(), "engineers/li");
  ASSERT_THAT(left.pickups(), SizeIs(1));
  EXPECT_EQ(left.pickups(0).location(), "stockLocations/depot");
  EXPECT_THAT(stop_of(press).meets(), SizeIs(1));
  EXPECT_EQ(reserved(), 0u);
  EXPECT_EQ(belts_reserved(), 1u);
}

TEST_F(MeetingsTest, TwoPlacesMoveWithTheVisitThatTheyAreFor) {
  meeting_and_depot();
  const auto before = stop_of(press);
  const auto was = to_instant(visit(press).pickups(1).at());
  town.write([&](Command& command) -> Status {
    auto later = before;
    later.set_travel_starts_us(before.travel_starts_us() + Duration{20min}.count());
    later.set_starts_us(before.starts_us() + Duration{20min}.count());
    later.set_ends_us(before.ends_us() + Duration{20min}.count());
    FIRSTFIX_CHECK(unbook(command.uow, "engineers/li", before.visit()));
    FIRSTFIX_CHECK(book(command.uow, "engineers/li", later));
    FIRSTFIX_TRY(job, job_of(command.uow, before.visit()));
    FIRSTFIX_TRY(effects, visit::postpone(job, Instant{later.travel_starts_us()}, Instant{later.starts_us()}, "a test",
                                          command.now()));
    return command.uow.apply(std::move(effects));
  });
  town.advance(0s);
  EXPECT_EQ(to_instant(visit(press).pickups(1).at()), was + 20min);
  EXPECT_EQ(to_instant(visit(mill).hand_overs(0).at()), was + 20min);
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(stop_of(press).meets(i).starts_us(), before.meets(i).starts_us() + Duration{20min}.count());
}

TEST_F(MeetingsTest, TwoDepotsArePushedBackWithTheirVisitByTheWorkBefore) {
  hand_over(0);  // nobody is met
  town.put<v1::StockLocation>(R"(name: "stockLocations/east" kind: STOCK_LOCATION_KIND_DEPOT
      territory: "territories/north" position { latitude_deg: 53.0 longitude_deg: 10.1 })");
  stock("east", 1);
  const auto lathe = town.as<v1::Case>("dispatch/ann", [&](Command& command) {
    return create_case(command, {.asset = "assets/lathe", .summary = "it squeaks"});
  });
  ASSERT_TRUE(lathe) << lathe.error().message;
  accept(lathe->name());
  const auto first = visit(lathe->name());
  ASSERT_EQ(first.engineer(), "engineers/li");
  town.advance(to_instant(first.starts_at()) - town.clock.now());
  ASSERT_TRUE(town.as<v1::Visit>("engineers/li",
                                 [&](Command& command) { return arrive(command, first.name(), command.now()); }));
  meeting_and_depot();
  const auto before = stop_of(press);
  ASSERT_THAT(before.meets(), SizeIs(2));
  const auto planned = visit(press);
  for (const auto& pickup : planned.pickups()) EXPECT_EQ(pickup.at_visit(), "");
  ASSERT_TRUE(town.as<v1::Visit>("engineers/li", [&](Command& command) {
    return estimate_completion(command, first.name(), to_instant(first.ends_at()) + 2h);
  }));
  town.advance(0s);
  const auto after = stop_of(press);
  const auto by = after.starts_us() - before.starts_us();
  EXPECT_GT(by, Duration{100min}.count());
  for (int i = 0; i < 2; ++i) EXPECT_EQ(after.meets(i).starts_us(), before.meets(i).starts_us() + by);
  EXPECT_LE(to_instant(first.ends_at()) + 2h, Instant{after.travel_starts_us()});
  EXPECT_LT(after.travel_starts_us(), after.meets(0).starts_us());
}

TEST_F(MeetingsTest, ABetterDayMovesNoneThatFetchesAtTwoPlaces) {
  meeting_and_depot();
  expect_no_better_day();
}

TEST_F(MeetingsTest, WhatAHoldWouldFetchAtTwoPlacesIsHeldAtBoth) {
  meeting_and_depot();
  const auto held = town.as<v1::Appointment>("dispatch/ann", [&](Command& command) -> Result<v1::Appointment> {
    FIRSTFIX_TRY(job, job_of(command.uow, visit(press).name()));
    FIRSTFIX_CHECK(release_visit(command.uow, job.visit));
    return hold_slot(command, press, {command.now(), command.now() + 4h});
  });
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_EQ(reserved(), 2u);
  EXPECT_EQ(belts_reserved(), 1u);
  town.advance(5min);
  EXPECT_EQ(reserved(), 1u);
  EXPECT_EQ(belts_reserved(), 0u);
}

TEST_F(MeetingsTest, WhereTheTerritoryDoesNotSayHowLongNobodyIsMet) {
  hand_over(0);
  press = broken("assets/press");
  expect_no_meeting();
}

TEST_F(MeetingsTest, WhoHasNotAgreedYetIsNotCountedOn) {
  town.write([&](Command& command) -> Status {
    auto offered = visit(mill);
    offered.set_state(v1::VISIT_STATE_OFFERED);
    return command.uow.put(offered);
  });
  press = broken("assets/press");
  expect_no_meeting();
}

TEST_F(MeetingsTest, NoPartIsHandedOverTwice) {
  meeting();
  const auto lathe = broken("assets/lathe");
  const auto other = visit(lathe);
  for (const auto& pickup : other.pickups()) EXPECT_EQ(pickup.at_visit(), "");
  EXPECT_THAT(visit(mill).hand_overs(), SizeIs(1));
  EXPECT_EQ(reserved(), 2u);
}

TEST_F(MeetingsTest, WhatIsNotNeededAnyMoreIsFreeAndTheColleagueIsTold) {
  meeting();
  accept(press);
  stock("depot", 5);
  const auto name = visit(press).name();
  const auto done = town.as<v1::Visit>(
      "dispatch/ann", [&](Command& command) { return cancel_visit(command, name, "the customer has gone home"); });
  ASSERT_TRUE(done) << done.error().message;
  expect_no_meeting();
  EXPECT_EQ(reserved(), 1u);
  EXPECT_THAT(told(mill), Contains(HasSubstr("nobody comes for parts")));
}

TEST_F(MeetingsTest, IfTheColleagueIsIllItIsPlannedAnewAndListedUntilThen) {
  meeting();
  accept(press);
  here("max", false);
  ASSERT_TRUE(town.desk->fire_timers(kTenant, town.clock.now()));
  EXPECT_EQ(visit(press).taken_back_reason(),
            "engineers/max cannot hand over its parts at " + visit(mill).name() + " any more");
  const auto snapshot = town.store->snapshot();
  const View view(*snapshot, kTenant);
  const auto knowledge = town.desk->minds().knowledge(view);
  const auto unfit = unfit_bookings(view, **knowledge, town.clock.now());
  ASSERT_TRUE(unfit);
  EXPECT_TRUE(std::any_of(unfit->begin(), unfit->end(),
                          [&](const auto& one) { return one.visit.name() == visit(press).name(); }));
  town.advance(0s);
  EXPECT_NE(visit(press).engineer(), "");
  expect_no_meeting();
}

TEST_F(MeetingsTest, WhoHasSetOutWhenTheColleagueFallsIllGoesOnWithoutThePartAndTheCaseSaysSoOnce) {
  meeting();
  accept(press);
  const auto name = visit(press).name();
  town.advance(to_instant(visit(press).travel_starts_at()) - town.clock.now());
  const auto done =
      town.as<v1::Visit>("engineers/li", [&](Command& command) { return start_travel(command, name, command.now()); });
  ASSERT_TRUE(done) << done.error().message;
  here("max", false);
  town.advance(0s);
  town.advance(10min);
  EXPECT_EQ(visit(press).engineer(), "engineers/li");
  EXPECT_EQ(visit(press).state(), v1::VISIT_STATE_TRAVELLING);
  expect_no_meeting();
  EXPECT_THAT(visit(press).pickups(), IsEmpty());
  EXPECT_EQ(reserved(), 0u) << "what nobody fetches is free for others";
  const auto lines = told(press);
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const auto& line) { return line.find("comes without them") != std::string::npos; }),
            1);
}

TEST_F(MeetingsTest, WhoHasTheirPartsAlreadyIsNotToldThatThereAreNone) {
  meeting();
  accept(press);
  const auto name = visit(press).name();
  const auto done =
      town.as<v1::Visit>("engineers/li", [&](Command& command) { return start_travel(command, name, command.now()); });
  ASSERT_TRUE(done) << done.error().message;
  town.advance(to_instant(visit(press).starts_at()) - town.clock.now());
  here("max", false);
  town.advance(0s);
  EXPECT_THAT(visit(press).pickups(), SizeIs(1));
  for (const auto& line : told(press)) EXPECT_THAT(line, Not(HasSubstr("comes without them")));
}

TEST_F(MeetingsTest, IfTheColleaguesVisitIsCancelledItIsPlannedAnew) {
  meeting();
  const auto name = visit(mill).name();
  ASSERT_TRUE(
      town.as<v1::Visit>("dispatch/ann", [&](Command& command) { return cancel_visit(command, name, "not today"); }));
  town.advance(0s);
  EXPECT_THAT(town.get<v1::Visit>(name).hand_overs(), IsEmpty());
  const auto now = visit(press);
  for (const auto& pickup : now.pickups()) EXPECT_NE(pickup.at_visit(), name);
}

TEST_F(MeetingsTest, IfTheColleagueIsDoneSoonerItIsPlannedAnewAndIfLaterTheyStillMeet) {
  meeting();
  accept(press);
  const auto at = to_instant(visit(press).pickups(0).at());
  town.advance(to_instant(visit(mill).starts_at()) - town.clock.now());
  const auto name = visit(mill).name();
  const auto expects = [&](Instant done) {
    const auto said = town.as<v1::Visit>("engineers/max", [&](Command& command) -> Result<v1::Visit> {
      if (!visit(mill).has_arrived_at()) FIRSTFIX_CHECK(arrive(command, name, command.now()).map([](auto&&) {}));
      return estimate_completion(command, name, done);
    });
    ASSERT_TRUE(said) << said.error().message;
    town.advance(0s);
  };
  expects(at + 3h);
  EXPECT_THAT(visit(mill).hand_overs(), SizeIs(1));
  expects(at + 5min);
  EXPECT_THAT(visit(mill).hand_overs(), IsEmpty());
  EXPECT_THAT(told(press), Contains(HasSubstr("cannot hand over its parts")));
}

TEST_F(MeetingsTest, TheMeetingMovesWithTheVisitThatItIsFor) {
  meeting();
  const auto before = visit(press);
  town.write([&](Command& command) -> Status {
    FIRSTFIX_TRY(roster, roster_of(command.uow, "engineers/li"));
    auto stop = roster.stops(0);
    stop.set_travel_starts_us(stop.travel_starts_us() + Duration{20min}.count());
    stop.set_starts_us(stop.starts_us() + Duration{20min}.count());
    stop.set_ends_us(stop.ends_us() + Duration{20min}.count());
    FIRSTFIX_CHECK(unbook(command.uow, "engineers/li", before.name()));
    FIRSTFIX_CHECK(book(command.uow, "engineers/li", stop));
    FIRSTFIX_TRY(job, job_of(command.uow, before.name()));
    FIRSTFIX_TRY(effects, visit::postpone(job, to_instant(before.travel_starts_at()) + 20min,
                                          to_instant(before.starts_at()) + 20min, "a test", command.now()));
    return command.uow.apply(std::move(effects));
  });
  town.advance(0s);
  const auto after = visit(press);
  ASSERT_EQ(after.engineer(), "engineers/li");
  EXPECT_EQ(to_instant(after.pickups(0).at()), to_instant(before.pickups(0).at()) + 20min);
  EXPECT_EQ(to_instant(visit(mill).hand_overs(0).at()), to_instant(after.pickups(0).at()));
}

TEST_F(MeetingsTest, NothingIsBookedOverTheMeeting) {
  meeting();
  const auto at = to_instant(visit(press).pickups(0).at());
  town.write([&](Command& command) -> Status {
    internal::v1::RosterStop stop;
    stop.set_visit("visits/other");
    stop.set_travel_starts_us((at - 5min).micros);
    stop.set_starts_us((at - 5min).micros);
    stop.set_ends_us((at + 5min).micros);
    EXPECT_EQ(book(command.uow, "engineers/li", stop).error().code, Code::kConflict);
    return {};
  });
}

TEST_F(MeetingsTest, ABetterDayMovesNeitherOfTheTwo) {
  meeting();
  expect_no_better_day();
}

TEST_F(MeetingsTest, WhatIsUsedLeavesTheColleaguesVan) {
  meeting();
  accept(press);
  const auto name = visit(press).name();
  const auto done = town.as<v1::Visit>("engineers/li", [&](Command& command) -> Result<v1::Visit> {
    FIRSTFIX_CHECK(arrive(command, name, command.now()).map([](auto&&) {}));
    FIRSTFIX_TRY(steps, steps_of(command.uow, name));
    for (const auto& step : steps)
      FIRSTFIX_CHECK(
          complete_step(command, step.name(), from_text<v1::Evidence>("confirmed: true")).map([](auto&&) {}));
    internal::v1::UsedParts used;
    used.add_lines()->set_part("parts/hose");
    used.set_at_us(command.now().micros);
    FIRSTFIX_CHECK(record_parts(command, name, used).map([](auto&&) {}));
    return complete_visit(command, name, {{"causes/hose"}, "new hose", true, command.now()});
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(town.get<v1::StockLine>("stockLocations/van-max/lines/hose").on_hand(), 1u);
  EXPECT_EQ(reserved(), 1u) << "the one for the mill";
}

}  // namespace
}  // namespace firstfix::desk
