// What is placed leaves time for the break of a shift, and to be where the day ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "town.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// Half an hour that begins between twelve and one.
const ShiftBreak kLunch{{at(12), at(13)}, 30min};

// Knows gas, and has a break; booked at home in the hours given.
Candidate hungry(const std::vector<Interval>& booked = {}) {
  auto li = candidate(person("li", {{"gas", 2}}));
  li.breaks = {kLunch};
  for (const auto& span : booked) li.route.push_back({span.from, span.to, along(0)});
  return li;
}

Job at_home(Duration service) {
  return {.position = along(0), .service = service, .skills = {{"gas", 2}}};
}

std::string begins(const Job& what, const Candidate& who) {
  const auto found = placed(what, {who});
  return found ? to_iso8601(found->choice.starts).substr(11, 5) : found.error().message;
}

TEST(Breaks, WorkIsOverBeforeTheBreakHasToBeginOrComesAfterIt) {
  auto hour = at_home(1h);
  hour.not_before = at(11, 45);
  EXPECT_EQ(begins(hour, hungry()), "11:45") << "and the break begins at a quarter to one";
  hour.not_before = at(12, 15);
  EXPECT_EQ(begins(hour, hungry()), "12:30") << "or else there would be none before a quarter past one";
  hour.position = along(30);
  EXPECT_EQ(begins(hour, hungry()), "13:00") << "she sets out after it";
}

TEST(Breaks, TheOnlyGapKeepsTimeForIt) {
  const auto li = hungry({{at(8), at(12)}, {at(13), at(18)}});
  EXPECT_EQ(begins(at_home(30min), li), "12:00");
  EXPECT_THAT(begins(at_home(31min), li), HasSubstr("no time for it"));
  auto after = at_home(30min);
  after.not_before = at(12, 30);
  EXPECT_EQ(begins(after, li), "12:30");
  after.not_before = at(12, 15);
  EXPECT_EQ(begins(after, li), "12:30") << "not in the middle, with a quarter of an hour on each side";
}

TEST(Breaks, AGapIsFreeWhereAnotherHoldsTheBreak) {
  const auto li = hungry({{at(8), at(12)}, {at(12, 30), at(13)}, {at(13, 30), at(18)}});
  EXPECT_EQ(begins(at_home(30min), li), "12:00") << "the break is at one then";
  auto away = hungry({{at(8), at(12)}, {at(12, 30), at(13)}, {at(13, 30), at(18)}});
  away.route[1].position = along(1);
  EXPECT_THAT(begins(at_home(30min), away), HasSubstr("no time for it")) << "no gap holds the way and the break";
}

TEST(Breaks, OneThatIsOverOrHasNoPlaceAnyMoreBindsNothing) {
  EXPECT_EQ(begins(at_home(1h), hungry({{at(8), at(13, 15)}})), "13:15");
  auto early = hungry();
  early.breaks = {{{at(6), at(7)}, 30min}};
  EXPECT_EQ(begins(at_home(1h), early), "08:00");
}

TEST(Breaks, WhoHelpsFromAfarHasOneToo) {
  auto expert = candidate(person("xia", {{"plc", 3}}));
  expert.on_site = false;
  expert.breaks = {kLunch};
  auto hour = job({{"gas", 2}, {"plc", 3, true}});
  hour.not_before = at(12, 15);
  const auto found = placed(hour, {candidate(person("li", {{"gas", 2}})), expert});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->choice.starts, at(12, 30));
}

TEST(EndOfTheDay, TheWayGoesToWhereTheDayEnds) {
  auto li = candidate(person("li", {{"gas", 2}}));
  li.end = along(60);
  auto late = job({{"gas", 2}});
  EXPECT_DOUBLE_EQ(placed(late, {li})->choice.cost, 0.5 * Weights{}.wait_per_hour) << "it lies on the way there";
  late.not_before = at(16, 30);
  EXPECT_EQ(begins(late, li), "16:30");
  li.end = along(90);
  EXPECT_THAT(begins(late, li), HasSubstr("no time for it"));
}

TEST(EndOfTheDay, TheNightBeginsThere) {
  auto li = candidate(person("li", {{"gas", 2}}));
  li.shifts = {{at(8), at(22)}, {at(32), at(42)}};
  li.min_rest = 11h;
  li.route = {{at(20), at(21), along(0)}};
  auto tomorrow = at_home(1h);
  tomorrow.not_before = at(24);
  EXPECT_EQ(begins(tomorrow, li), "08:00");
  li.end = along(60);
  EXPECT_EQ(begins(tomorrow, li), "09:00");
}

}  // namespace
}  // namespace firstfix::planning
