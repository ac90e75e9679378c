// Who gives way to a hazard, or to a machine that stands, and who does not.
#include "planning/make_room.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "town.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const SkillNeed kNeedsGas{"gas", 2}, kNeedsPower{"power", 2};

// What is booked, and a hazard half an hour down the street that has just become known at eight.
class MakeRoomTest : public ::testing::Test {
 protected:
  MakeRoomTest() {
    hazard.urgent = hazard.hazard = true;
    hazard.respond_by = at(8);
  }

  // An hour's visit of somebody's, where the hazard is.
  Yielding& book(Candidate& who, const std::string& id, Instant starts, Duration takes = 1h) {
    const Booked stop{starts, starts + takes, along(30)};
    who.route.push_back(stop);
    auto work = job({kNeedsGas});
    work.service = takes;
    jobs[id] = work;
    return visits.emplace_back(Yielding{.id = id, .engineer = who.person.id, .stop = stop, .priority = 60});
  }

  Result<Placement> as_is() { return place(hazard, people, Street{}, Weights{}, kEight); }

  std::optional<Room> room() {
    const Ask ask = [&](const Yielding& one) -> Result<Question> {
      ++asked;
      Question out{jobs[one.id], people};
      for (auto& who : out.candidates)
        if (who.person.id == one.engineer)
          std::erase_if(who.route, [&](const Booked& stop) { return stop.starts == one.stop.starts; });
      return out;
    };
    const auto placed = as_is();
    if (!wants_room(hazard, placed)) return std::nullopt;
    auto found = make_room({hazard, people}, 100, placed, visits, ask, Street{}, {}, kEight);
    EXPECT_TRUE(found) << found.error().message;
    return found ? *found : std::nullopt;
  }
  std::vector<std::string> gives_way() {
    const auto found = room();
    return found ? found->gives_way : std::vector<std::string>{};
  }

  Job hazard = job({kNeedsGas});
  std::vector<Candidate> people;
  std::vector<Yielding> visits;
  std::map<std::string, Job> jobs;
  int asked = 0;
};

TEST_F(MakeRoomTest, WhoWouldComeFirstGoesToTheHazardAndTheVisitFollows) {
  auto li = candidate(person("li", {{"gas", 2}}));
  book(li, "a", at(8, 30));
  people = {li};
  EXPECT_EQ(as_is()->choice.starts, at(9, 30));
  const auto found = room();
  ASSERT_TRUE(found);
  EXPECT_THAT(found->gives_way, ElementsAre("a"));
  EXPECT_EQ(found->placement.choice.starts, at(8, 30));
  EXPECT_THAT(found->placement.reason, HasSubstr("a gives way to it: 60 min sooner"));
}

TEST_F(MakeRoomTest, WhatIsThereInTimeByContractDisturbsNobody) {
  auto li = candidate(person("li", {{"gas", 2}}));
  book(li, "a", at(8, 30));
  people = {li};
  hazard.hazard = false;
  hazard.respond_by = at(9, 30);
  EXPECT_THAT(gives_way(), IsEmpty());
  EXPECT_EQ(asked, 0);
  hazard.respond_by = at(9, 29);
  EXPECT_THAT(gives_way(), IsEmpty()) << "a minute late is not worth it either";
  hazard.respond_by = at(8, 30);
  EXPECT_THAT(gives_way(), ElementsAre("a")) << "an hour is";
}

TEST_F(MakeRoomTest, NothingGivesWayToWhatCanWait) {
  auto li = candidate(person("li", {{"gas", 2}}));
  book(li, "a", at(8, 30));
  people = {li};
  hazard.urgent = hazard.hazard = false;
  EXPECT_THAT(gives_way(), IsEmpty());
}

TEST_F(MakeRoomTest, OnlyWhatIsOfLessWorthGivesWay) {
  auto li = candidate(person("li", {{"gas", 2}}));
  book(li, "a", at(8, 30)).priority = 100;
  book(li, "b", at(9, 30)).priority = 90;
  people = {li};
  const auto found = room();
  ASSERT_TRUE(found);
  EXPECT_THAT(found->gives_way, ElementsAre("b"));
  EXPECT_EQ(found->placement.choice.starts, at(9, 30)) << "after the other hazard";
}

TEST_F(MakeRoomTest, WhatHasBegunStays) {
  auto li = candidate(person("li", {{"gas", 2}}));
  book(li, "a", at(8, 30));
  li.route.front().begun = true;
  people = {li};
  EXPECT_THAT(gives_way(), IsEmpty());
}

TEST_F(MakeRoomTest, TheVisitOfLeastTroubleGoes) {
  auto li = candidate(person("li", {{"gas", 2}})), omar = candidate(person("omar", {{"gas", 2}}));
  book(li, "agreed", at(8, 30)).agreed = true;
  book(omar, "open", at(8, 30));
  people = {li, omar};
  EXPECT_THAT(gives_way(), ElementsAre("open"));
}

TEST_F(MakeRoomTest, TwoThatFollowEachOtherGoWhereOneIsNotEnough) {
  auto li = candidate(person("li", {{"gas", 2}}));
  book(li, "a", at(8, 30));
  book(li, "b", at(9, 30));
  people = {li};
  hazard.service = 2h;
  const auto found = room();
  ASSERT_TRUE(found);
  EXPECT_THAT(found->gives_way, ElementsAre("a", "b"));
  EXPECT_EQ(found->placement.choice.starts, at(8, 30));
}

TEST_F(MakeRoomTest, WhatNobodyHasTimeForInsteadStaysIfTheHazardCanBeDoneLater) {
  auto li = candidate(person("li", {{"gas", 2}}));
  book(li, "a", at(8, 30), 8h);
  jobs["a"].service += 15min;
  people = {li};
  EXPECT_EQ(as_is()->choice.starts, at(16, 30));
  EXPECT_THAT(gives_way(), IsEmpty()) << "a quarter of an hour too much for the rest of the day";
  auto zoe = candidate(person("zoe", {{"gas", 3}}), 30);
  zoe.shifts = {{at(9), at(18)}};
  people.push_back(zoe);
  hazard.not_wanted = {"zoe"};
  EXPECT_THAT(gives_way(), ElementsAre("a")) << "zoe has time for it";
}

TEST_F(MakeRoomTest, OfADayThatIsFullTheLeastIsLostSoThatTheHazardIsDoneAtAll) {
  auto li = candidate(person("li", {{"gas", 2}}));
  for (int hour = 8; hour < 17; ++hour) book(li, "v" + std::to_string(hour), at(hour, 30));
  visits[3].priority = 20;
  people = {li};
  ASSERT_FALSE(as_is());
  const auto found = room();
  ASSERT_TRUE(found);
  EXPECT_THAT(found->gives_way, ElementsAre("v11"));
  EXPECT_EQ(found->placement.choice.starts, at(11, 30));
  EXPECT_THAT(found->placement.reason, HasSubstr("nobody has time for it otherwise"));
  for (auto& visit : visits) visit.promised = true;
  EXPECT_THAT(gives_way(), IsEmpty()) << "what was promised is not lost";
}

TEST_F(MakeRoomTest, APromiseIsKeptWithinItsWindow) {
  auto li = candidate(person("li", {{"gas", 2}}));
  book(li, "a", at(8, 30)).promised = true;
  people = {li};
  jobs["a"].not_after = at(9);
  EXPECT_THAT(gives_way(), IsEmpty());
  jobs["a"].not_after = at(10);
  EXPECT_THAT(gives_way(), ElementsAre("a"));
}

TEST_F(MakeRoomTest, WhatWouldCostTheOtherAsMuchIsNotWorthIt) {
  auto li = candidate(person("li", {{"gas", 2}}));
  book(li, "a", at(8, 30));
  people = {li};
  jobs["a"].respond_by = at(8, 30);
  EXPECT_THAT(gives_way(), IsEmpty()) << "the other would be late instead";
}

TEST_F(MakeRoomTest, ACrewFindsRoomToo) {
  auto li = candidate(person("li", {{"gas", 2}})), omar = candidate(person("omar", {{"power", 2}}));
  book(li, "a", at(8, 30), 3h);
  people = {li, omar};
  hazard.skills = {kNeedsGas, kNeedsPower};
  const auto found = room();
  ASSERT_TRUE(found);
  EXPECT_THAT(found->gives_way, ElementsAre("a"));
  EXPECT_EQ(found->placement.choice.starts, at(8, 30));
  EXPECT_EQ(found->placement.choice.crew.size(), 2u);
}

TEST_F(MakeRoomTest, WhoCouldDoNothingForItIsLeftAlone) {
  auto li = candidate(person("li", {{"gas", 2}})), tim = candidate(person("tim", {{"power", 2}}));
  book(li, "a", at(8, 30)).priority = 100;
  book(tim, "b", at(8, 30));
  people = {li, tim};
  EXPECT_THAT(gives_way(), IsEmpty());
  EXPECT_EQ(asked, 0);
}

TEST_F(MakeRoomTest, WhatCannotBeAskedAboutIsAnError) {
  auto li = candidate(person("li", {{"gas", 2}}));
  book(li, "a", at(8, 30));
  people = {li};
  const Ask ask = [](const Yielding&) -> Result<Question> { return fail(Code::kCorrupt, "it does not parse"); };
  const auto found = make_room({hazard, people}, 100, as_is(), visits, ask, Street{}, {}, kEight);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::kCorrupt);
}

}  // namespace
}  // namespace firstfix::planning
