// A visit whose parts are at several places, more than one of them with a colleague: each meeting is booked, moves and
// ends by itself.
#include <gmock/gmock.h>

#include "casework/convert.h"
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

// Zoe is at work at the bend, between the hall and the mill, and has the only seal in her van. The press in the hall
// needs it, a hose out of Max's and a belt of the depot's.
class SeveralPlacesTest : public MeetingsTown {
 protected:
  SeveralPlacesTest() {
    town.put<v1::Site>(R"(name: "sites/bend" customer: "customers/mill" territory: "territories/north"
                          position { latitude_deg: 53.0 longitude_deg: 10.2 })");
    town.put<v1::Asset>(R"(name: "assets/saw" site: "sites/bend" model: "assetModels/mp")");
    put_zoe();
    here("li", false);
    saw = broken("assets/saw");
    here("li", true);
    EXPECT_EQ(visit(saw).engineer(), "engineers/zoe");
    accept(saw);
    needs_three_parts();
    press = broken("assets/press");
    EXPECT_EQ(visit(press).engineer(), "engineers/li");
    EXPECT_THAT(visit(press).pickups(), SizeIs(3)) << visit(press).assignment().reason();
  }

  void put_zoe() {
    town.put<v1::StockLocation>(R"(name: "stockLocations/van-zoe" kind: STOCK_LOCATION_KIND_VAN
                                   territory: "territories/north")");
    town.put<v1::Engineer>(R"(name: "engineers/zoe" territory: "territories/north" van: "stockLocations/van-zoe"
                              skills { skill: "skills/hydraulics" level: 2 }
                              home { latitude_deg: 53.0 longitude_deg: 10.22 })");
    auto shift = town.get<v1::Shift>("shifts/max-0");
    shift.set_name("shifts/zoe-0");
    shift.set_engineer("engineers/zoe");
    town.write([&](Command& command) { return command.uow.put(shift); });
    stock("van-zoe", 1);
  }
  void needs_three_parts() {
    town.put<v1::Part>(R"(name: "parts/belt")");
    town.put<v1::Part>(R"(name: "parts/seal")");
    town.put<v1::Cause>(R"(name: "causes/hose" display_name: "burst hose"
                        codes { code: "faultCodes/j1939-100-1" probability: 0.9 }
                        parts { part: "parts/hose" probability: 0.9 quantity: 1 }
                        parts { part: "parts/belt" probability: 0.9 quantity: 1 }
                        parts { part: "parts/seal" probability: 0.9 quantity: 1 }
                        skills { skill: "skills/hydraulics" level: 2 } repair_time { seconds: 3600 })");
    stock("depot", 1, "belt");
    stock("van-zoe", 1, "seal");
  }
  // Of the three parts, those that are reserved where they are to be fetched.
  std::vector<std::string> kept() {
    std::vector<std::string> out;
    if (reserved() == 2) out.emplace_back("hose");  // the other is the one for the mill
    if (belts_reserved() == 1) out.emplace_back("belt");
    if (line("van-zoe", "seal").reserved() == 1) out.emplace_back("seal");
    return out;
  }
  // Where the press's visit is to fetch parts at that other visit; a failure if it is not.
  v1::Pickup at(const std::string& case_name) {
    const auto there = visit(case_name).name();
    const auto coming = visit(press);
    for (const auto& pickup : coming.pickups())
      if (pickup.at_visit() == there) return pickup;
    ADD_FAILURE() << "nobody comes to " << there;
    return {};
  }
  Instant told_at(const std::string& case_name) {
    const auto there = visit(case_name);
    return there.hand_overs_size() == 1 ? to_instant(there.hand_overs(0).at()) : Instant{};
  }

  std::string saw;
};

TEST_F(SeveralPlacesTest, AllOfThemAreBookedAtOnce) {
  const auto coming = visit(press);
  EXPECT_THAT(kept(), ElementsAre("hose", "belt", "seal"));
  EXPECT_EQ(at(mill).colleague(), "engineers/max");
  EXPECT_THAT(at(mill).parts(), ElementsAre("parts/hose"));
  EXPECT_EQ(at(saw).colleague(), "engineers/zoe");
  EXPECT_THAT(at(saw).parts(), ElementsAre("parts/seal"));
  for (const auto& case_name : {mill, saw}) {
    EXPECT_EQ(told_at(case_name), to_instant(at(case_name).at()));
    EXPECT_GE(told_at(case_name), to_instant(visit(case_name).starts_at()));
    EXPECT_LE(told_at(case_name) + 10min, to_instant(visit(case_name).ends_at()));
    EXPECT_THAT(told(case_name), Contains(HasSubstr("engineers/li comes at")));
  }
  const auto stop = stop_of(press);
  ASSERT_THAT(stop.meets(), SizeIs(3));
  auto free = stop.travel_starts_us();
  for (int i = 0; i < 3; ++i) {
    EXPECT_LT(free, stop.meets(i).starts_us());
    if (coming.pickups(i).has_at()) {
      EXPECT_EQ(stop.meets(i).starts_us(), to_instant(coming.pickups(i).at()).micros);
    }
    free = stop.meets(i).ends_us();
  }
  EXPECT_LT(free, stop.starts_us());
}

TEST_F(SeveralPlacesTest, IfTheVisitIsCancelledAllIsGivenBackAndEachColleagueIsTold) {
  accept(press);
  ASSERT_TRUE(town.as<v1::Case>("dispatch/ann", [&](Command& command) { return cancel_case(command, press, "sold"); }));
  EXPECT_THAT(kept(), IsEmpty());
  for (const auto& case_name : {mill, saw}) {
    EXPECT_THAT(visit(case_name).hand_overs(), IsEmpty());
    EXPECT_THAT(told(case_name), Contains(HasSubstr("nobody comes for parts")));
  }
}

TEST_F(SeveralPlacesTest, TheMeetingsMoveWithTheVisitThatTheyAreFor) {
  const auto before = stop_of(press);
  const auto was_max = told_at(mill), was_zoe = told_at(saw);
  town.write([&](Command& command) -> Status {
    FIRSTFIX_TRY(job, job_of(command.uow, before.visit()));
    FIRSTFIX_TRY(effects, visit::postpone(job, Instant{before.travel_starts_us()} + 5min,
                                          Instant{before.starts_us()} + 5min, "a test", command.now()));
    auto later = before;
    later.set_travel_starts_us(before.travel_starts_us() + Duration{5min}.count());
    later.set_starts_us(before.starts_us() + Duration{5min}.count());
    later.set_ends_us(before.ends_us() + Duration{5min}.count());
    FIRSTFIX_CHECK(unbook(command.uow, "engineers/li", before.visit()));
    FIRSTFIX_CHECK(book(command.uow, "engineers/li", later));
    return command.uow.apply(std::move(effects));
  });
  town.advance(0s);
  EXPECT_EQ(told_at(mill), was_max + 5min);
  EXPECT_EQ(told_at(saw), was_zoe + 5min);
  EXPECT_EQ(to_instant(at(mill).at()), was_max + 5min);
  EXPECT_EQ(to_instant(at(saw).at()), was_zoe + 5min);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(stop_of(press).meets(i).starts_us(), before.meets(i).starts_us() + Duration{5min}.count());
}

TEST_F(SeveralPlacesTest, WhoHasSetOutAndCannotMeetOneColleagueStillMeetsTheOther) {
  accept(press);
  const auto name = visit(press).name();
  const auto was = told_at(mill);
  town.advance(to_instant(visit(press).travel_starts_at()) - town.clock.now());
  li_sets_out();
  here("zoe", false);
  town.advance(0s);
  ASSERT_EQ(visit(press).name(), name);
  EXPECT_EQ(visit(press).engineer(), "engineers/li");
  EXPECT_THAT(visit(press).pickups(), SizeIs(2));
  EXPECT_THAT(stop_of(press).meets(), SizeIs(2));
  EXPECT_THAT(kept(), ElementsAre("hose", "belt"));
  EXPECT_THAT(visit(saw).hand_overs(), IsEmpty());
  EXPECT_EQ(told_at(mill), was);
  EXPECT_EQ(to_instant(at(mill).at()), was);
  EXPECT_THAT(told(press), Contains(HasSubstr("engineers/zoe cannot hand over its parts")));
  here("max", false);
  town.advance(0s);
  ASSERT_THAT(visit(press).pickups(), SizeIs(1));
  EXPECT_EQ(visit(press).pickups(0).location(), "stockLocations/depot");
  EXPECT_THAT(visit(mill).hand_overs(), IsEmpty());
}

TEST_F(SeveralPlacesTest, IfOneColleagueCannotBeMetItIsPlannedAnewWithTheOthers) {
  accept(press);
  here("zoe", false);
  ASSERT_TRUE(town.desk->fire_timers(kTenant, town.clock.now()));
  EXPECT_EQ(visit(press).taken_back_reason(),
            "engineers/zoe cannot hand over its parts at " + visit(saw).name() + " any more");
  EXPECT_THAT(kept(), IsEmpty());
  EXPECT_THAT(visit(mill).hand_overs(), IsEmpty());
  EXPECT_THAT(visit(saw).hand_overs(), IsEmpty());
  town.advance(0s);
  EXPECT_EQ(visit(press).engineer(), "engineers/li");
  EXPECT_THAT(visit(press).pickups(), SizeIs(2));
  EXPECT_THAT(kept(), ElementsAre("hose", "belt"));
  EXPECT_EQ(told_at(mill), to_instant(at(mill).at()));
}

TEST_F(SeveralPlacesTest, WhatMovesOneColleaguesVisitWithinItsTimeChangesNothing) {
  const auto before = visit(press);
  town.advance(to_instant(visit(saw).starts_at()) - town.clock.now());
  const auto name = visit(saw).name();
  ASSERT_TRUE(town.as<v1::Visit>("engineers/zoe", [&](Command& command) -> Result<v1::Visit> {
    FIRSTFIX_CHECK(arrive(command, name, command.now()).map([](auto&&) {}));
    return estimate_completion(command, name, command.now() + 3h);
  }));
  town.advance(0s);
  EXPECT_EQ(visit(press).SerializeAsString(), before.SerializeAsString());
  EXPECT_THAT(visit(mill).hand_overs(), SizeIs(1));
  EXPECT_THAT(visit(saw).hand_overs(), SizeIs(1));
}

TEST_F(SeveralPlacesTest, WhatIsUsedLeavesTheVanThatItCameOutOf) {
  accept(press);
  const auto name = visit(press).name();
  const auto done = town.as<v1::Visit>("engineers/li", [&](Command& command) -> Result<v1::Visit> {
    FIRSTFIX_CHECK(arrive(command, name, command.now()).map([](auto&&) {}));
    FIRSTFIX_TRY(steps, steps_of(command.uow, name));
    for (const auto& step : steps)
      FIRSTFIX_CHECK(
          complete_step(command, step.name(), from_text<v1::Evidence>("confirmed: true")).map([](auto&&) {}));
    internal::v1::UsedParts used;
    for (const auto* part : {"parts/hose", "parts/seal"}) used.add_lines()->set_part(part);
    used.set_at_us(command.now().micros);
    FIRSTFIX_CHECK(record_parts(command, name, used).map([](auto&&) {}));
    return complete_visit(command, name, {{"causes/hose"}, "new hose and seal", true, command.now()});
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(line("van-max", "hose").on_hand(), 1u);
  EXPECT_EQ(line("van-zoe", "seal").on_hand(), 0u);
  EXPECT_EQ(line("depot", "belt").on_hand(), 1u) << "which was not needed";
  EXPECT_THAT(kept(), IsEmpty());
}

TEST_F(SeveralPlacesTest, WhatAHoldWouldFetchIsHeldAtAllOfThem) {
  const auto held = town.as<v1::Appointment>("dispatch/ann", [&](Command& command) -> Result<v1::Appointment> {
    FIRSTFIX_TRY(job, job_of(command.uow, visit(press).name()));
    FIRSTFIX_CHECK(release_visit(command.uow, job.visit));
    return hold_slot(command, press, {command.now(), command.now() + 4h});
  });
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_THAT(kept(), ElementsAre("hose", "belt", "seal"));
  town.advance(5min);
  EXPECT_THAT(kept(), IsEmpty());
}

TEST_F(SeveralPlacesTest, ABetterDayMovesNoneOfTheVisits) {
  expect_no_better_day();
}

}  // namespace
}  // namespace firstfix::desk
