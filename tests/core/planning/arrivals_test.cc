// When an engineer gets where, as the day goes.
#include "planning/arrivals.h"

#include <gtest/gtest.h>

#include "town.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;

// An hour's work each: at the market from nine, half an hour down the street from eleven, an hour down from one.
std::vector<LiveStop> day() {
  return {{.travel_starts = at(8, 40), .starts = at(9), .ends = at(10), .position = along(0)},
          {.travel_starts = at(10, 30), .starts = at(11), .ends = at(12), .position = along(30)},
          {.travel_starts = at(12, 30), .starts = at(13), .ends = at(14), .position = along(60)}};
}

Instant arrival(const std::vector<LiveStop>& day, std::size_t stop, Instant now) {
  return arrivals(day, Street{}, now)[stop].arrives;
}

TEST(Arrivals, AreAsPlannedAsLongAsNothingIsLate) {
  EXPECT_EQ(arrival(day(), 0, at(8)), at(9));
  EXPECT_EQ(arrival(day(), 1, at(8)), at(11)) << "nobody sets out sooner than planned";
  EXPECT_EQ(arrival(day(), 2, at(8, 40)), at(13));
}

TEST(Arrivals, WhoHasNotSetOutComesLater) {
  EXPECT_EQ(arrival(day(), 0, at(8, 50)), at(9, 10));
  EXPECT_EQ(arrival(day(), 1, at(9, 10)), at(11)) << "there is half an hour in between";
  EXPECT_EQ(arrival(day(), 1, at(9, 20)), at(11, 10));
  EXPECT_EQ(arrival(day(), 2, at(9, 20)), at(13)) << "and half an hour more";
}

TEST(Arrivals, WhoDrivesIsThereAfterTheDriveOrNow) {
  auto late = day();
  late[0].set_out = at(9, 30);
  EXPECT_EQ(arrival(late, 0, at(9, 35)), at(9, 50));
  EXPECT_EQ(arrival(late, 0, at(10, 15)), at(10, 15)) << "in a traffic jam";
  EXPECT_EQ(arrival(late, 1, at(10, 15)), at(11, 45));
}

TEST(Arrivals, WorkTakesAsLongAsPlannedOrUntilNow) {
  auto working = day();
  working[0].set_out = at(8, 40);
  working[0].arrived = at(9, 5);
  EXPECT_EQ(arrivals(working, Street{}, at(9, 30))[0].leaves, at(10, 5));
  EXPECT_EQ(arrival(working, 1, at(10, 25)), at(11));
  EXPECT_EQ(arrival(working, 1, at(11, 15)), at(11, 45)) << "still there at a quarter past eleven";
  EXPECT_EQ(arrival(working, 2, at(11, 15)), at(13, 15));
}

TEST(Arrivals, WhoIsAtWorkKnowsBestHowLong) {
  auto working = day();
  working[0].arrived = at(9);
  working[0].done_by = at(11, 45);
  EXPECT_EQ(arrival(working, 1, at(9, 5)), at(12, 15)) << "known at five past nine";
  EXPECT_EQ(arrival(working, 1, at(12)), at(12, 30)) << "unless that is over, too";
  working[0].done_by = at(9, 30);
  EXPECT_EQ(arrival(working, 1, at(9, 5)), at(11)) << "sooner done, but nobody comes before the time planned";
}

// A break of half an hour from half past eleven to half past twelve.
std::vector<LiveStop> day_with_a_break() {
  auto out = day();
  take_break(out, {at(8), at(18)}, {{at(11, 30), at(12, 30)}, 30min});
  return out;
}

TEST(Arrivals, ABreakIsTakenBetweenTwoStops) {
  EXPECT_FALSE(day_with_a_break()[1].rest) << "at ten it is too soon";
  ASSERT_TRUE(day_with_a_break()[2].rest);
  EXPECT_EQ(arrival(day_with_a_break(), 2, at(8, 40)), at(13)) << "there is time for it";
  auto late = day_with_a_break();
  late[1].arrived = at(11);
  late[1].done_by = at(12, 15);
  const auto expected = arrivals(late, Street{}, at(12))[2];
  EXPECT_EQ(expected.departs, at(12, 45));
  EXPECT_EQ(expected.arrives, at(13, 15));
  late[1].done_by = at(11, 15);
  EXPECT_EQ(arrivals(late, Street{}, at(11))[2].departs, at(12)) << "not before it may begin";
}

TEST(Arrivals, ABreakThatMayBeAfterTheLastStopDelaysNobody) {
  auto early = day();
  take_break(early, {at(8), at(18)}, {{at(11, 30), at(14)}, 30min});
  for (const auto& stop : early) EXPECT_FALSE(stop.rest);
}

TEST(Arrivals, WhereTheBreakHasNoPlaceItIsNotReckonedWith) {
  auto full = day();
  full[2].travel_starts = at(12, 29);
  take_break(full, {at(8), at(18)}, {{at(11, 30), at(12, 30)}, 30min});
  for (const auto& stop : full) EXPECT_FALSE(stop.rest);
}

TEST(Arrivals, PartsFetchedOnTheWayAreADetour) {
  auto fetching = day();
  fetching[1].errands = {{along(-20), 10min}};
  EXPECT_EQ(arrival(fetching, 1, at(9, 20)), at(10, 40) + 20min + 10min + 50min);
  fetching[1].errands.push_back({along(-30), 5min});
  EXPECT_EQ(arrival(fetching, 1, at(9, 20)), at(10, 40) + 20min + 10min + 10min + 5min + 60min)
      << "one after the other";
}

TEST(Arrivals, TheMinuteAtWhichItBecomesNewsIsFound) {
  const auto too_late = [](const auto& expected) { return expected[1].arrives > at(12); };
  EXPECT_EQ(first_time(day(), Street{}, at(8), at(23), too_late), at(10, 11))
      << "sets out at ten past ten, works until half past eleven minus a minute, and is there at noon";
  auto working = day();
  working[0].arrived = at(9);
  EXPECT_EQ(first_time(working, Street{}, at(9, 1), at(23), too_late), at(11, 31));
  EXPECT_EQ(first_time(working, Street{}, at(9, 1), at(11), too_late), kNever) << "not so soon";
  EXPECT_EQ(first_time({}, Street{}, at(9), at(23), [](const auto&) { return false; }), kNever);
}

}  // namespace
}  // namespace firstfix::planning
