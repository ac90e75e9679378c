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

const SkillNeed kGas{"gas", 2};

std::vector<Instant> starts(const Result<std::vector<WindowOffer>>& offers) {
  std::vector<Instant> out;
  if (offers)
    for (const auto& offer : *offers) out.push_back(offer.window.from);
  return out;
}

Result<std::vector<WindowOffer>> cheapest(const Job& what, const std::vector<Candidate>& who, std::size_t most,
                                          Instant from = at(8), Instant to = at(18)) {
  return cheapest_windows(what, who, Street{}, Weights{}, kEight, windows_within(from, to, 2h), most);
}

TEST(Windows, BeginAtMultiplesOfTheirLength) {
  const auto windows = windows_within(at(8, 1), at(14, 59), 2h);
  ASSERT_EQ(windows.size(), 2u);
  EXPECT_EQ(windows[0].from, at(10));
  EXPECT_EQ(windows[1].to, at(14));
  EXPECT_TRUE(windows_within(at(8), at(9), 2h).empty());
  EXPECT_EQ(windows_within(Instant{0}, kNever, 1h).size(), kMostWindows);
  EXPECT_EQ(windows_within(Instant{-1}, Instant{7'200'000'000}, 2h).front().from, Instant{0});
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

TEST(Windows, ItIsSaidWhyThereIsNone) {
  const auto none = cheapest(job({kGas}), {candidate(person("li", {{"gas", 1}}))}, 5);
  EXPECT_EQ(none.error().code, Code::kUnavailable);
  EXPECT_THAT(none.error().message, HasSubstr("nobody has gas at level 2"));
  const auto busy = placed(within(job({kGas}), {at(19), at(21)}), {candidate(person("li", {{"gas", 2}}))});
  EXPECT_THAT(busy.error().message, HasSubstr("2026-03-02T19:00:00Z to 2026-03-02T21:00:00Z"));
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
