// The days of a territory looked at as a whole: what may move moves if it is worth it, and nothing else does.
//
// One road from west to east, a minute from each milestone to the next. Li lives at 0, max at 100. It is eight o'clock,
// and both work until six in the evening.
#include "planning/replan.h"

#include <gmock/gmock.h>

#include <cmath>

#include "replan_walk.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Instant kEight{1'780'300'800'000'000};

Position milestone(double minutes) {
  return {0, minutes / 100};
}

// A minute a milestone.
class Road final : public Travel {
 public:
  Duration time(const Position& from, const Position& to, Instant) const override {
    return Duration{std::llround(std::abs(from.longitude_deg - to.longitude_deg) * 100 * 60e6)};
  }
};

class ReplanTest : public ::testing::Test {
 protected:
  ReplanTest() {
    engineer("li", 0);
    engineer("max", 100);
  }

  DayEngineer& engineer(const std::string& id, double home) {
    DayEngineer who{.person = {.id = id, .skills = {{"diesel", {2}}}}, .home = milestone(home)};
    for (int d = 0; d < 3; ++d) who.shifts.push_back({kEight + d * 24h, kEight + d * 24h + 10h});
    day.engineers.push_back(std::move(who));
    return day.engineers.back();
  }
  // An hour of work that may move.
  DayStop& visit(const std::string& id, const std::string& engineer, double where, Duration starts) {
    day.stops.push_back({.id = id,
                         .engineer = engineer,
                         .starts = kEight + starts,
                         .ends = kEight + starts + 1h,
                         .position = milestone(where),
                         .stays = false,
                         .skills = {{"diesel", 2}}});
    return day.stops.back();
  }
  // Each is planned with who lives at the other end of the road.
  void cross() {
    visit("east", "li", 95, 95min);
    visit("west", "max", 5, 95min);
  }
  BetterDay better(Instant now = kEight) {
    auto found = better_day(day, Road(), now, options);
    EXPECT_TRUE(found) << found.error().message;
    return found ? *found : BetterDay{};
  }

  TerritoryDay day;
  ReplanOptions options;
};

auto moves_to(const std::string& id, const std::string& to) {
  return AllOf(Field(&DayMove::id, id), Field(&DayMove::to, to));
}

TEST_F(ReplanTest, TwoWhoDrivePastEachOtherSwap) {
  cross();
  const auto found = better();
  ASSERT_THAT(found.moves, SizeIs(2)) << found.reason;
  EXPECT_THAT(found.moves, Contains(moves_to("east", "max")));
  EXPECT_THAT(found.moves, Contains(moves_to("west", "li")));
  EXPECT_EQ(found.travel_saved, 360min);
  EXPECT_DOUBLE_EQ(found.disturbance, 20);
  // Six hours of driving, and each customer waits an hour and a half less.
  EXPECT_NEAR(found.saves, 6 * 40 + 2 * 1.5 * 10 - 20, 0.01);
  EXPECT_THAT(found.reason, HasSubstr("360 min of travel less"));
  EXPECT_THAT(found.moves.front().reason, HasSubstr("li instead of max, 90 min sooner, 5 min of travel"));
}

TEST_F(ReplanTest, ASmallGainIsNotWorthTheDisturbance) {
  visit("middle", "li", 52, 52min);
  const auto found = better();
  EXPECT_THAT(found.moves, IsEmpty()) << "eight minutes of driving are less than a changed engineer costs";
  options.weights.moved = options.weights.worth_per_move = 0;
  EXPECT_THAT(better().moves, SizeIs(1)) << "which is what has held it back";
}

TEST_F(ReplanTest, OfMoreThanMayMoveTheBestMoves) {
  // Three roads with two engineers each, planned crosswise; on the first it is worst.
  cross();
  for (const auto& [name, from] : {std::pair("north", 1000), std::pair("south", 2000)}) {
    const auto a = name + std::string("-a"), b = name + std::string("-b");
    engineer(a, from);
    engineer(b, from + 100);
    visit(a + "-far", a, from + 60, 1h);
    visit(b + "-far", b, from + 40, 1h);
  }
  EXPECT_THAT(better().moves, SizeIs(6));
  options.most_moves = 2;
  EXPECT_THAT(better().moves, ::testing::UnorderedElementsAre(moves_to("east", "max"), moves_to("west", "li")));
}

TEST_F(ReplanTest, WhatStaysIsNotMovedHoweverFarItIs) {
  cross();
  day.stops[0].stays = true;
  const auto found = better();
  for (const auto& move : found.moves) EXPECT_NE(move.id, "east");
  day.stops[1].stays = true;
  EXPECT_THAT(better().moves, IsEmpty());
}

TEST_F(ReplanTest, WhoIsUnderWayGoesOnFromWhereThatEnds) {
  auto& now = visit("now", "li", 90, 0min);
  now.begun = now.stays = true;
  visit("far", "max", 20, 80min);
  const auto found = better();
  ASSERT_THAT(found.moves, SizeIs(1)) << found.reason;
  EXPECT_THAT(found.moves, Contains(moves_to("far", "li"))) << "it lies on her way home";
  EXPECT_EQ(found.moves[0].travel_starts, kEight + 1h) << "not before that is done";
  EXPECT_EQ(found.moves[0].starts, kEight + 1h + 70min) << "from 90, where she is";
}

TEST_F(ReplanTest, APromiseIsKept) {
  cross();
  day.stops[0].not_before = kEight + 95min;
  day.stops[0].not_after = kEight + 100min;
  const auto found = better();
  ASSERT_THAT(found.moves, Contains(moves_to("east", "max"))) << found.reason;
  for (const auto& move : found.moves)
    if (move.id == "east") {
      EXPECT_GE(move.starts, kEight + 95min);
      EXPECT_LE(move.starts, kEight + 101min);
    }
}

TEST_F(ReplanTest, WhatIsInTimeStaysInTime) {
  cross();
  visit("long", "max", 99, 1min).ends = kEight + 5h;
  day.stops.back().stays = true;
  day.stops[1].starts = kEight + 7h;  // max goes west after that
  day.stops[1].ends = kEight + 8h;
  day.stops[0].respond_by = kEight + 2h;
  const auto found = better();
  for (const auto& move : found.moves) EXPECT_NE(move.id, "east") << "max could be there only after five hours";
}

TEST_F(ReplanTest, WhoLacksTheSkillOrHasDeclinedDoesNotGetIt) {
  cross();
  day.engineers[1].person.skills["diesel"].level = 1;
  EXPECT_THAT(better().moves, ::testing::Not(Contains(moves_to("east", "max"))));
  day.engineers[1].person.skills["diesel"].level = 2;
  day.stops[0].excluded = {"max"};
  EXPECT_THAT(better().moves, ::testing::Not(Contains(moves_to("east", "max"))));
}

TEST_F(ReplanTest, ACertificateThatEndsTooSoonCountsForNothing) {
  cross();
  day.engineers[1].person.skills["diesel"].certified = {{kEight - 24h, kEight + 30min}};
  EXPECT_THAT(better().moves, ::testing::Not(Contains(moves_to("east", "max"))));
}

TEST_F(ReplanTest, PartsComeAlongOrAreFetchedOnTheWay) {
  cross();
  for (auto& stop : day.stops) stop.parts = {{"hose", 1}};
  for (auto& who : day.engineers) who.parts = {{"hose", 1}};
  EXPECT_THAT(better().moves, SizeIs(2)) << "both vans have one";
  day.engineers[1].parts.clear();
  day.engineers[0].parts["hose"] = 1;
  day.stops[1].depot = "depot";
  day.depots = {{"depot", milestone(98), {{"hose", 2}}}};
  const auto fetched = better();
  ASSERT_THAT(fetched.moves, Contains(moves_to("east", "max"))) << fetched.reason;
  for (const auto& move : fetched.moves) EXPECT_EQ(move.depot, move.id == "east" ? "depot" : "");
  day.depots[0].parts["hose"] = 1;
  day.stops[0].parts["hose"] = 2;
  day.engineers[0].parts["hose"] = 2;
  EXPECT_THAT(better().moves, ::testing::Not(Contains(moves_to("east", "max")))) << "max has nowhere to get two";
}

TEST_F(ReplanTest, AfterAnOverrunTheLaterWorkGoesToWhoIsFree) {
  auto& now = visit("now", "li", 5, 0min);
  now.begun = now.stays = true;
  now.ends = kEight + 9h;
  auto& next = visit("next", "li", 40, 2h);
  next.respond_by = kEight + 4h;
  const auto found = better();
  ASSERT_THAT(found.moves, SizeIs(1)) << found.reason;
  EXPECT_EQ(found.moves[0].to, "max");
  EXPECT_LE(found.moves[0].starts, kEight + 4h);
}

TEST_F(ReplanTest, WhatIsAgreedToIsDearerToMove) {
  visit("east", "li", 70, 70min);
  day.stops[0].agreed = true;
  options.weights.agreed = 0;
  EXPECT_THAT(better().moves, SizeIs(1)) << "80 minutes of driving are worth it";
  options.weights.agreed = 60;
  EXPECT_THAT(better().moves, IsEmpty());
}

TEST_F(ReplanTest, NobodyIsRobbedOfTheNight) {
  for (auto& who : day.engineers) {
    who.min_rest = 11h;
    who.shifts = {{kEight, kEight + 14h}, {kEight + 22h, kEight + 34h}};
  }
  visit("late", "li", 99, 12h);  // home at half past ten
  visit("early", "max", 95, 22h + 10min).stays = true;
  const auto found = better();
  ASSERT_THAT(found.moves, SizeIs(1)) << found.reason;
  EXPECT_LE(found.moves[0].ends + 1min, kEight + 11h + 5min) << "max, home by seven in the evening";
  for (auto& who : day.engineers) who.min_rest = 0min;
  EXPECT_THAT(better().moves, SizeIs(1));
  day.stops[0].not_before = kEight + 12h;
  EXPECT_THAT(better().moves, SizeIs(1)) << "without the rule";
  for (auto& who : day.engineers) who.min_rest = 11h;
  for (const auto& move : better().moves) EXPECT_GE(move.starts, kEight + 22h) << "with it not that evening";
}

TEST_F(ReplanTest, WhatCanBePlacedNowhereStaysAndTheRestMoves) {
  cross();
  auto& late = visit("late", "li", 30, 9h + 45min);  // home long after six
  late.parts = {{"hose", 1}};
  day.engineers[0].parts = {{"hose", 1}};
  late.not_before = kEight + 9h + 45min;
  const auto found = better();
  EXPECT_THAT(found.moves, SizeIs(2)) << found.reason;
  EXPECT_THAT(found.unplaced, ::testing::ElementsAre("late"));
  EXPECT_THAT(found.reason, HasSubstr("1 visit(s) stay that no plan has a better place for"));
}

TEST_F(ReplanTest, NobodyTakesThePartOfWhatStaysSo) {
  cross();
  auto& late = visit("late", "li", 30, 9h + 45min);
  late.parts = {{"hose", 1}};
  late.not_before = kEight + 9h + 45min;
  day.stops[1].parts = {{"hose", 1}};
  day.engineers[1].parts = {{"hose", 1}};
  day.engineers[0].parts = {{"hose", 1}};
  EXPECT_THAT(better().moves, ::testing::Not(Contains(moves_to("west", "li")))) << "her one hose is for the late one";
  day.engineers[0].parts = {{"hose", 2}};
  EXPECT_THAT(better().moves, Contains(moves_to("west", "li")));
}

TEST_F(ReplanTest, WhatOnlyTheNextDayHasAPlaceForStaysToo) {
  cross();
  visit("late", "li", 30, 9h + 45min).not_before = kEight + 9h + 45min;
  const auto found = better();
  EXPECT_THAT(found.moves, SizeIs(2)) << found.reason;
  EXPECT_THAT(found.unplaced, ::testing::ElementsAre("late")) << "a night's waiting is dearer than its overtime";
}

TEST_F(ReplanTest, WhereNothingElseMovesItIsSaidToo) {
  auto& late = visit("late", "li", 30, 9h + 45min);
  late.not_before = late.not_after = kEight + 9h + 45min;
  const auto found = better();
  EXPECT_THAT(found.moves, IsEmpty());
  EXPECT_THAT(found.unplaced, ::testing::ElementsAre("late"));
}

TEST_F(ReplanTest, WhoKeepsAVisitIsNotDrawnSoonerForLessThanThatCosts) {
  cross();
  visit("solo", "li", 5, 8h);
  day.stops.back().not_before = kEight + 8h - 20min;
  const auto found = better();
  EXPECT_THAT(found.moves, SizeIs(2)) << "twenty minutes of waiting are less than another time costs";
  EXPECT_DOUBLE_EQ(found.disturbance, 20);
  day.stops.back().not_before = kEight + 6h;
  EXPECT_THAT(better().moves, SizeIs(3)) << "two hours are more";
}

TEST_F(ReplanTest, WhatLiesBeyondTheHorizonIsLeftAsItIs) {
  cross();
  for (auto& stop : day.stops) stop.starts = stop.starts + 48h, stop.ends = stop.ends + 48h;
  EXPECT_THAT(better().moves, IsEmpty());
  EXPECT_THAT(better(kEight + 24h).moves, SizeIs(2)) << "a day later it is near enough";
}

TEST_F(ReplanTest, TheSameSituationHasTheSameAnswer) {
  cross();
  visit("more", "li", 60, 4h);
  const auto once = better(), again = better();
  ASSERT_EQ(once.moves.size(), again.moves.size());
  for (std::size_t i = 0; i < once.moves.size(); ++i) {
    EXPECT_EQ(once.moves[i].to, again.moves[i].to);
    EXPECT_EQ(once.moves[i].starts, again.moves[i].starts);
  }
}

TEST_F(ReplanTest, WhoIsNotWantedAtASiteIsNotSentThere) {
  cross();
  day.stops[0].excluded = {"max"};
  EXPECT_THAT(better().moves, ::testing::Not(Contains(moves_to("east", "max"))));
}

TEST_F(ReplanTest, WhoIsPreferredKeepsAVisitOrGetsItIfThatCostsLittle) {
  visit("middle", "li", 60, 60min).preferred = {"li"};
  EXPECT_THAT(better().moves, SizeIs(1)) << "twenty minutes of way there and back cost more";
  options.weights.continuity = 40;
  EXPECT_THAT(better().moves, IsEmpty());
  day.stops[0].preferred = {"max"};
  EXPECT_THAT(better().moves, SizeIs(1));
  options.weights.continuity = 0;
  const auto indifferent = better().saves;
  options.weights.continuity = 40;
  EXPECT_NEAR(better().saves, indifferent + 40, 0.01);
}

TEST_F(ReplanTest, WorkIsSharedEvenlyWhereThatHasAPrice) {
  const auto two_hours = [&](const std::string& id, Duration starts) {
    auto& stop = visit(id, "li", 50, starts);
    stop.ends = stop.starts + 2h;
  };
  for (int i = 0; i < 4; ++i) two_hours("middle-" + std::to_string(i), 50min + i * 2h);
  options.weights.wait_per_hour = 1;
  EXPECT_THAT(better().moves, IsEmpty()) << "all four are on one way, and fill the day";
  options.weights.fairness = 60;
  const auto shared = better();
  EXPECT_THAT(shared.moves, SizeIs(2)) << shared.reason;
  // Of ten hours: 9.67 of one, and nothing of the other, against 5.67 of each; a way of 100 minutes more; two customers
  // who wait four hours less.
  EXPECT_NEAR(shared.saves, 60 * (9.6667 * 9.6667 - 2 * 5.6667 * 5.6667) / 10 - 40 * 100 / 60.0 + 2 * 4 - 20, 0.01);
}

TEST_F(ReplanTest, WhatMovesLeavesTimeForTheBreak) {
  visit("east", "li", 95, 95min).respond_by = kEight + 3h;
  visit("noon", "max", 100, 230min).stays = true;  // ten to twelve, for an hour
  auto& rest = day.engineers[1].breaks[0];
  rest = {{kEight + 2h, kEight + 4h}, 40min};
  EXPECT_THAT(better().moves, Contains(moves_to("east", "max"))) << "from five past eight; the break is at ten";
  rest = {{kEight, kEight + 30min}, 3h};
  EXPECT_THAT(better().moves, IsEmpty()) << "between the break and noon there is no hour";
  day.engineers[1].breaks.clear();
  EXPECT_THAT(better().moves, SizeIs(1));
}

TEST_F(ReplanTest, ABreakThatIsImpossibleAlreadyBindsNothing) {
  cross();
  visit("all day", "max", 100, 0min).stays = true;
  day.stops.back().ends = kEight + 2h;
  day.engineers[1].breaks[0] = {{kEight, kEight + 1h}, 30min};
  EXPECT_THAT(better().moves, Contains(moves_to("west", "li")));
}

TEST_F(ReplanTest, TheDayEndsWhereItIsSaidTo) {
  options.weights.wait_per_hour = 0;
  visit("middle", "li", 50, 50min).stays = true;
  visit("east", "li", 95, 155min);
  EXPECT_THAT(better().moves, Contains(moves_to("east", "max")));
  day.engineers[0].end = milestone(100);
  EXPECT_THAT(better().moves, IsEmpty()) << "li's day ends there, so that it is on her way";
}

TEST_F(ReplanTest, WhatMovesBeginsWithinTheHoursOfAccess) {
  cross();
  day.stops[0].access = {{kEight + 1h, kEight + 90min}, {kEight + 3h, kEight + 4h}};
  const auto found = better();
  ASSERT_THAT(found.moves, SizeIs(2)) << found.reason;
  EXPECT_THAT(found.moves, Contains(AllOf(moves_to("east", "max"), Field(&DayMove::starts, kEight + 1h))))
      << "max could be there at five past eight";
  day.stops[0].access = {{kEight + 3h, kEight + 4h}};
  EXPECT_THAT(better().moves, Contains(AllOf(moves_to("east", "max"), Field(&DayMove::starts, kEight + 3h))))
      << "as planned it would begin when nobody is let in";
}

TEST_F(ReplanTest, WhatCouldBeginAtNoTimeAllowedStaysWhereItIs) {
  cross();
  day.stops[0].access = {{kEight - 2h, kEight - 1h}};
  const auto found = better();
  EXPECT_THAT(found.moves, ::testing::Not(Contains(Field(&DayMove::id, "east"))));
  EXPECT_THAT(found.unplaced, ::testing::ElementsAre("east"));
}

// A night on call between the first and the second day, in which li is called out from two to three; eleven hours of
// rest are due.
class OnCallReplanTest : public ReplanTest {
 protected:
  OnCallReplanTest() {
    for (auto& who : day.engineers) {
      who.shifts = {{kEight, kEight + 10h}, {kEight + 10h, kEight + 24h}, {kEight + 24h, kEight + 34h}};
      who.on_call = {1};
      who.min_rest = 11h;
    }
    visit("called out", "li", 5, 18h).stays = true;
  }
};

TEST_F(OnCallReplanTest, NothingComesIntoTheHoursOnCallAndWhatIsInThemStays) {
  cross();
  const auto found = better();
  ASSERT_THAT(found.moves, SizeIs(2)) << found.reason;
  for (const auto& move : found.moves) {
    EXPECT_NE(move.id, "called out");
    EXPECT_LE(move.ends, kEight + 10h);
  }
}

TEST_F(OnCallReplanTest, ACallOutNeedsNoRestBeforeIt) {
  visit("evening", "max", 5, 8h + 40min).not_before = kEight + 8h + 40min;
  EXPECT_THAT(better().moves, Contains(moves_to("evening", "li"))) << "home eight hours before she is called out";
}

TEST_F(OnCallReplanTest, TheNextShiftIsRestedForAfterACallOut) {
  visit("tomorrow", "max", 5, 24h + 95min).not_before = kEight + 24h;
  const auto rested = kEight + 19h + 5min + 11h;
  const auto found = better();
  ASSERT_THAT(found.moves, Contains(moves_to("tomorrow", "li"))) << "driving there and back costs more than waiting";
  EXPECT_GE(found.moves.front().travel_starts, rested);

  // The same judged by itself: an hour sooner is too soon.
  const auto as_is = walk(day, as_it_is(day, kEight, options), Road(), kEight, options);
  const auto judged = [&](Instant starts) {
    Arrangement arranged(2);
    arranged[0] = {{0, kEight + 18h, ""}, {1, starts, ""}};
    return broken(day, as_is, walk(day, arranged, Road(), kEight, options), options);
  };
  EXPECT_EQ(judged(rested + 5min), "");
  EXPECT_THAT(judged(rested + 5min - 1h), HasSubstr("li would have too little rest"));
  day.stops[1].access = {{kEight + 24h, kEight + 25h}};
  EXPECT_THAT(judged(rested + 5min), HasSubstr("no access"));
}

TEST_F(ReplanTest, ASituationThatContradictsItselfIsRefused) {
  visit("back", "li", 5, 1h).ends = kEight;
  EXPECT_EQ(better_day(day, Road(), kEight).error().code, Code::kInvalid);
  day.stops.clear();
  day.engineers[0].shifts[1].from = kEight + 1h;
  EXPECT_THAT(better_day(day, Road(), kEight).error().message, HasSubstr("overlap"));
}

}  // namespace
}  // namespace firstfix::planning
