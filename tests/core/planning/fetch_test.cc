// What one job has from several places.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "planning/place.h"
#include "town.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

const SkillNeed kGas{"gas", 2};

Candidate li() {
  return candidate(person("li", {{"gas", 2}}), 0);
}

// Somebody at work along the street until noon, with these parts in the van.
Meeting with(const std::string& who, double where, std::vector<std::string> parts) {
  return {who, "van-" + who, "visits/of-" + who, along(where), {at(8), at(12)}, 10min, std::move(parts)};
}

// A hose and a belt, each in a depot of its own; half an hour down the street is the job.
Job job_for_two_parts(double hose_at, double belt_at) {
  auto out = job({kGas});
  out.parts = {"hose", "belt"};
  out.without = {{"hose", 400}, {"belt", 400}};
  out.depots = {{"hoses", along(hose_at), {"hose"}}, {"belts", along(belt_at), {"belt"}}};
  return out;
}

TEST(Fetch, WhereNoOnePlaceHasAllTwoAreDrivenToInTheShorterOrder) {
  EXPECT_THAT(fetching(placed(job_for_two_parts(10, 20), {li()})), ElementsAre("hoses: hose", "belts: belt"));
  const auto placement = placed(job_for_two_parts(20, 10), {li()});
  ASSERT_THAT(fetching(placement), ElementsAre("belts: belt", "hoses: hose"));
  const auto& choice = placement->choice;
  EXPECT_EQ(choice.travel, 30min) << "both lie on the way";
  EXPECT_EQ(choice.starts, at(8, 50)) << "ten minutes at each";
  EXPECT_EQ(choice.pickups[0].when.from, at(8, 10));
  EXPECT_EQ(choice.pickups[0].when.to, at(8, 20));
  EXPECT_EQ(choice.pickups[1].when.from, at(8, 30));
  EXPECT_EQ(choice.pickups[1].when.to, at(8, 40));
  EXPECT_THAT(placement->reason, HasSubstr("fetches 1 part(s) at belts, fetches 1 part(s) at hoses"));
}

TEST(Fetch, TheSecondPlaceHasToBeWorthItsWay) {
  auto work = job_for_two_parts(10, -200);
  EXPECT_THAT(fetching(placed(work, {li()})), ElementsAre("belts: belt", "hoses: hose"))
      << "nearly seven hours of driving cost less";
  work.without["belt"] = 100;
  EXPECT_THAT(fetching(placed(work, {li()})), ElementsAre("hoses: hose"));
}

TEST(Fetch, OnePlaceThatHasAllIsPreferredAndWhatTheVanHasIsNotFetched) {
  auto work = job_for_two_parts(10, 20);
  auto she = li();
  work.depots.push_back({"both", along(50), {"hose", "belt"}});
  EXPECT_THAT(fetching(placed(work, {li()})), ElementsAre("both: hose belt"));
  she.van_parts = {"belt"};
  EXPECT_THAT(fetching(placed(work, {she})), ElementsAre("hoses: hose"));
}

TEST(Fetch, ADepotAndAColleagueAreVisitedWhileTheColleagueIsAtWork) {
  auto work = job_for_two_parts(20, 0);
  work.depots.pop_back();
  work.meetings = {{"omar", "van-omar", "visits/his", along(10), {at(8), at(12)}, 10min, {"hose", "belt"}}};
  work.meetings.front().parts = {"belt"};
  EXPECT_THAT(fetching(placed(work, {li()})), ElementsAre("van-omar: belt", "hoses: hose"));
  work.meetings.front().open = {at(8, 35), at(12)};
  const auto later = placed(work, {li()});
  EXPECT_THAT(fetching(later), ElementsAre("van-omar: belt", "hoses: hose")) << "she sets out later";
  EXPECT_EQ(later->choice.travel_starts, at(8, 25));
  EXPECT_EQ(later->choice.pickups[0].when.from, at(8, 35));
  work.meetings.front().open = {at(8), at(8, 19)};
  EXPECT_THAT(fetching(placed(work, {li()})), ElementsAre("hoses: hose")) << "he has left before it is handed over";
}

// A hose, a belt and a seal, each in a depot of its own on the way to the job.
Job job_for_three_parts() {
  auto out = job_for_two_parts(20, 10);
  out.parts.push_back("seal");
  out.without["seal"] = 400;
  out.depots.push_back({"seals", along(25), {"seal"}});
  return out;
}

TEST(Fetch, WhereTwoPlacesDoNotHaveAllThreeAreDrivenToInTheShortestOrder) {
  const auto placement = placed(job_for_three_parts(), {li()});
  ASSERT_THAT(fetching(placement), ElementsAre("belts: belt", "hoses: hose", "seals: seal"));
  EXPECT_EQ(placement->choice.travel, 30min) << "all of them lie on the way";
  EXPECT_EQ(placement->choice.starts, at(9)) << "ten minutes at each";
  EXPECT_EQ(placement->choice.pickups[2].when.to, at(8, 55));
}

TEST(Fetch, ThreePlacesAreNotDrivenToWhereTwoHaveAll) {
  auto work = job_for_three_parts();
  work.depots.push_back({"most", along(90), {"hose", "belt"}});
  EXPECT_THAT(fetching(placed(work, {li()})), ElementsAre("seals: seal", "most: hose belt"))
      << "though the three lie on the way, and this one an hour beyond the job";
}

TEST(Fetch, EachFurtherPlaceHasToBeWorthItsWay) {
  auto work = job_for_three_parts();
  work.depots.back().position = along(-200);
  EXPECT_EQ(placed(work, {li()})->choice.pickups.size(), 3u) << "nearly seven hours of driving cost less";
  work.without["seal"] = 100;
  EXPECT_THAT(fetching(placed(work, {li()})), ElementsAre("belts: belt", "hoses: hose"));
  work.depots.back().position = along(25);
  work.without["seal"] = 0;
  EXPECT_THAT(fetching(placed(work, {li()})), ElementsAre("belts: belt", "hoses: hose")) << "not even on the way";
}

TEST(Fetch, SeveralColleaguesAreMetOnOneWayEachWhileAtWork) {
  auto work = job_for_three_parts();
  work.depots.resize(1);
  work.meetings = {with("omar", 10, {"belt"}), with("zoe", 25, {"seal"})};
  EXPECT_THAT(fetching(placed(work, {li()})), ElementsAre("van-omar: belt", "hoses: hose", "van-zoe: seal"));
  work.meetings[1].open.to = at(8, 35);
  const auto sooner = placed(work, {li()});
  ASSERT_THAT(fetching(sooner), UnorderedElementsAre("van-zoe: seal", "hoses: hose", "van-omar: belt"));
  EXPECT_EQ(sooner->choice.pickups[0].colleague, "zoe") << "who has left when she comes from any other place";
  work.meetings[0].open.to = at(8, 35);
  EXPECT_THAT(fetching(placed(work, {li()})), ElementsAre("van-omar: belt", "hoses: hose"))
      << "one of them has left before she could be there";
}

TEST(Fetch, NoColleagueIsMetTwice) {
  auto work = job_for_two_parts(0, 0);
  work.depots.clear();
  work.meetings = {with("omar", 10, {"hose"}), with("omar", 20, {"belt"})};
  work.meetings[1].visit = "visits/his-other";
  EXPECT_EQ(placed(work, {li()})->choice.pickups.size(), 1u);
}

TEST(Fetch, AColleagueWhoHasAllButHasLeftKeepsNobodyFromDrivingToTwoPlaces) {
  auto work = job_for_two_parts(10, 20);
  work.meetings = {with("omar", 15, {"hose", "belt"})};
  EXPECT_THAT(fetching(placed(work, {li()})), ElementsAre("van-omar: hose belt"));
  work.meetings[0].open.to = at(8, 20);
  EXPECT_THAT(fetching(placed(work, {li()})), ElementsAre("hoses: hose", "belts: belt"));
}

TEST(Fetch, ThereAreAsManyPlacesAsThereAreParts) {
  auto work = job({kGas});
  for (int i = 0; i < 10; ++i) {
    const auto part = "part " + std::to_string(i);
    work.parts.push_back(part);
    work.without[part] = 400;
    work.depots.push_back({"depot " + std::to_string(i), along(7 * i % 10 * 3), {part}});
  }
  const auto placement = placed(work, {li()});
  ASSERT_EQ(placement->choice.pickups.size(), 10u);
  EXPECT_EQ(placement->choice.travel, 30min) << "one after the other along the street";
}

}  // namespace
}  // namespace firstfix::planning
