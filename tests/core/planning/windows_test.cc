// Which windows are offered to a customer.
#include "planning/windows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "town.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const SkillNeed kGas{"gas", 2};

std::vector<Instant> starts(const Result<std::vector<WindowOffer>>& offers) {
  std::vector<Instant> out;
  if (offers)
    for (const auto& offer : *offers) out.push_back(offer.window.from);
  return out;
}

Result<std::vector<WindowOffer>> cheapest(const Job& what, const std::vector<Candidate>& who, std::size_t most,
                                          Instant from = at(8), Instant to = at(18)) {
  return cheapest_windows(what, who, Street{}, Weights{}, kEight, windows_within(from, to, 2h, Zone{}), most);
}

TEST(Windows, BeginAtMultiplesOfTheirLength) {
  const auto windows = windows_within(at(8, 1), at(14, 59), 2h, Zone{});
  ASSERT_EQ(windows.size(), 2u);
  EXPECT_EQ(windows[0].from, at(10));
  EXPECT_EQ(windows[1].to, at(14));
  EXPECT_TRUE(windows_within(at(8), at(9), 2h, Zone{}).empty());
  EXPECT_EQ(windows_within(Instant{0}, kNever, 1h, Zone{}).size(), kMostWindows);
  EXPECT_EQ(windows_within(Instant{-1}, Instant{7'200'000'000}, 2h, Zone{}).front().from, Instant{0});
}

// The windows as the clocks show them: "09:00 to 11:00" without the zone.
std::vector<std::string> shown(std::string_view from, std::string_view to, Duration length, const Zone& zone) {
  std::vector<std::string> out;
  for (const auto& window : windows_within(parse_iso8601(from).value(), parse_iso8601(to).value(), length, zone)) {
    const auto text = in_words(window.from, window.to, zone);
    out.push_back(text.substr(11, text.find(" (") - 11));
  }
  return out;
}

Zone always(Duration ahead) {
  return {"here", [=](Instant) { return Clocks{ahead}; }};
}

// As in Berlin: an hour more from the last Sunday of March to that of October, at one o'clock UTC.
Zone with_summer_time() {
  const auto spring = parse_iso8601("2026-03-29T01:00:00Z").value();
  const auto autumn = parse_iso8601("2026-10-25T01:00:00Z").value();
  return {"here", [=](Instant t) {
            return t < spring ? Clocks{1h, spring} : t < autumn ? Clocks{2h, autumn} : Clocks{1h};
          }};
}

TEST(Windows, BeginAtFullHoursOfThePlacesClocks) {
  EXPECT_THAT(shown("2026-03-02T06:30:00Z", "2026-03-02T11:30:00Z", 2h, always(1h)),
              ElementsAre("08:00 to 10:00", "10:00 to 12:00"));
  EXPECT_THAT(shown("2026-03-02T06:00:00Z", "2026-03-02T11:00:00Z", 2h, always(330min)),
              ElementsAre("12:00 to 14:00", "14:00 to 16:00"));
  EXPECT_THAT(shown("2026-03-02T00:00:00Z", "2026-03-02T06:00:00Z", 2h, always(-5h)),
              ElementsAre("20:00 to 22:00", "22:00 to 2026-03-02 00:00"));
}

TEST(Windows, BeginAnewEachDay) {
  EXPECT_THAT(shown("2026-03-01T23:00:00Z", "2026-03-03T11:00:00Z", 7h, always(1h)),
              ElementsAre("00:00 to 07:00", "07:00 to 14:00", "14:00 to 21:00", "00:00 to 07:00"));
}

TEST(Windows, OnTheDayOf23HoursTheHourThatThereIsNotIsInNone) {
  EXPECT_THAT(shown("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 2h, with_summer_time()),
              ElementsAre("00:00 to 03:00", "04:00 to 06:00", "06:00 to 08:00", "08:00 to 10:00", "10:00 to 12:00",
                          "12:00 to 14:00", "14:00 to 16:00", "16:00 to 18:00", "18:00 to 20:00", "20:00 to 22:00",
                          "22:00 to 2026-03-30 00:00"))
      << "the first ends at two, which is three";
  EXPECT_THAT(shown("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 12h, with_summer_time()),
              ElementsAre("12:00 to 2026-03-30 00:00"))
      << "twelve hours from midnight would end at one";
}

TEST(Windows, OnTheDayOf25HoursTheHourThatComesTwiceIsNotTakenForOne) {
  EXPECT_THAT(shown("2026-10-24T22:00:00Z", "2026-10-25T05:00:00Z", 2h, with_summer_time()),
              ElementsAre("00:00 to 02:00", "02:00 to 04:00", "04:00 to 06:00"));
  EXPECT_THAT(windows_within(parse_iso8601("2026-10-25T00:00:00Z").value(),
                             parse_iso8601("2026-10-25T03:00:00Z").value(), 2h, with_summer_time()),
              SizeIs(1))
      << "from two to four by the new clock, not the old";
  EXPECT_THAT(shown("2026-10-24T23:00:00Z", "2026-10-25T02:00:00Z", 1h, with_summer_time()),
              ElementsAre("01:00 to 02:00", "02:00 to 02:00", "02:00 to 03:00"));
}

TEST(Windows, TheOnesNextToOtherWorkThereAreCheapestHoweverLate) {
  auto li = candidate(person("li", {{"gas", 2}}));
  li.route = {{at(11), at(12), along(0)}, {at(15), at(16), along(30)}};  // at home, and at the neighbour's
  EXPECT_THAT(starts(cheapest(job({kGas}), {li}, 3)), ElementsAre(at(12), at(14), at(16)));
  const auto all = cheapest(job({kGas}), {li}, 9);
  EXPECT_THAT(starts(all), ElementsAre(at(8), at(12), at(14), at(16)));
  EXPECT_NEAR(all->front().extra_cost, Weights{}.travel_per_hour, 1e-9) << "there and back in the morning";
  EXPECT_EQ((*all)[1].extra_cost, 0) << "on the way to the neighbour";
  EXPECT_EQ((*all)[2].extra_cost, 0);
  EXPECT_EQ((*all)[3].placement.choice.starts, at(16)) << "when he is there anyway";
  EXPECT_EQ((*all)[3].extra_cost, 0);
}

TEST(Windows, OfEquallyCheapOnesTheSoonerAreOffered) {
  EXPECT_THAT(starts(cheapest(job({kGas}), {candidate(person("li", {{"gas", 2}}))}, 2)), ElementsAre(at(8), at(10)));
}

TEST(Windows, WhatTheContractDoesNotAllowCostsMore) {
  auto urgent = job({kGas});
  urgent.respond_by = at(11);
  const auto offers = cheapest(urgent, {candidate(person("li", {{"gas", 2}}))}, 5);
  ASSERT_EQ(offers->size(), 5u);
  EXPECT_EQ((*offers)[1].extra_cost, 0) << "from ten, in time";
  EXPECT_NEAR((*offers)[2].extra_cost, urgent.late_cost_per_hour, 1e-9) << "from twelve, an hour late";
}

TEST(Windows, TheWorkBeginsWithinItNotBeforeNorAfter) {
  auto li = candidate(person("li", {{"gas", 2}}));
  li.route = {{at(9), at(11, 30), along(30)}};
  const auto offers = cheapest(job({kGas}), {li}, 9);
  ASSERT_TRUE(offers) << offers.error().message;
  for (const auto& offer : *offers) {
    EXPECT_GE(offer.placement.choice.starts, offer.window.from);
    EXPECT_LE(offer.placement.choice.starts, offer.window.to);
  }
  EXPECT_THAT(starts(cheapest(job({kGas}), {li}, 9, at(8), at(12))), ElementsAre(at(10)))
      << "before nine there is no hour left; at half past eleven he is there";
}

TEST(Windows, OneThatEndsAsTheGateOpensOrBeginsAsItClosesIsNone) {
  auto gated = job({kGas});
  gated.access = {{at(10), at(12)}, {at(16), at(16, 30)}};
  EXPECT_THAT(starts(cheapest(gated, {candidate(person("li", {{"gas", 2}}))}, 9)), ElementsAre(at(10), at(16)));
  auto waits_for_parts = job({kGas});
  waits_for_parts.not_before = at(14);
  EXPECT_THAT(starts(cheapest(waits_for_parts, {candidate(person("li", {{"gas", 2}}))}, 9)),
              ElementsAre(at(14), at(16)));
}

TEST(Windows, ItIsSaidWhyThereIsNone) {
  const auto none = cheapest(job({kGas}), {candidate(person("li", {{"gas", 1}}))}, 5);
  EXPECT_EQ(none.error().code, Code::kUnavailable);
  EXPECT_THAT(none.error().message, HasSubstr("nobody has gas at level 2"));
  const auto busy = placed(within(job({kGas}), {at(19), at(21)}), {candidate(person("li", {{"gas", 2}}))});
  EXPECT_THAT(busy.error().message, HasSubstr("2026-03-02 19:00 to 21:00 (UTC)"));
}

TEST(Windows, ACrewMeetsWithinTheWindow) {
  auto li = candidate(person("li", {{"gas", 2}})), omar = candidate(person("omar", {{"power", 2}}));
  li.route = {{at(8, 30), at(13), along(30)}};
  const auto placement = placed(within(job({kGas, {"power", 2}}), {at(14), at(16)}), {li, omar});
  ASSERT_TRUE(placement) << placement.error().message;
  EXPECT_EQ(placement->choice.crew.size(), 2u);
  EXPECT_EQ(placement->choice.starts, at(14));
}

}  // namespace
}  // namespace firstfix::planning
