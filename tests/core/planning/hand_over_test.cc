// A part that no depot has comes out of a colleague's van, where the colleague works, while the colleague is there.
#include <gtest/gtest.h>

#include "planning/explain.h"
#include "planning/insert.h"
#include "planning/json.h"
#include "world.h"

namespace firstfix::planning {
namespace {

constexpr int kAnn = 0, kBob = 1;
constexpr int kAnns = 0, kPump = 1;  // jobs

// Ann's van has the part and works at place 40 all day, but knows nothing of pumps. Bob does, at place 60.
Problem short_of_a_part() {
  auto p = world(100, {engineer(1, 30), engineer(2, 10)}, {job(1, 40, hm(2)), job(2, 60)});
  p.part_count = 1;
  p.engineers[kAnn].van_stock = {1};
  p.jobs[kPump].parts = {1};
  p.jobs[kPump].skills = {{0, 0}};
  p.engineers[kBob].skills = {{.skill = 0}};
  p.jobs[kAnns].fixed_engineer = kAnn;
  p.hand_over = hm(0, 5);
  return p;
}

std::vector<Stop> hand_overs(const Plan& plan) {
  std::vector<Stop> out;
  for (const auto& route : plan.routes)
    for (const auto& stop : route.stops)
      if (stop.kind == Stop::Kind::kHandOver) out.push_back(stop);
  return out;
}

void expect_sound(const Problem& p, const Plan& plan, const Plan* current = nullptr) {
  const auto verdict = check(p, plan, current);
  EXPECT_TRUE(verdict.violations.empty()) << violations(verdict);
}

bool breaks_a_rule(const Problem& p, const Plan& plan) {
  return !check(p, plan).violations.empty();
}

TEST(HandOver, APartComesOutOfAColleaguesVanWhereTheColleagueWorks) {
  const auto p = short_of_a_part();
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_TRUE(plan.unassigned.empty());
  ASSERT_EQ(hand_overs(plan).size(), 1u);
  const auto stop = hand_overs(plan)[0];
  EXPECT_EQ(stop.colleague, kAnn);
  EXPECT_EQ(stop.what, kAnns);
  EXPECT_EQ(stop.parts, std::vector<int>{1});
  EXPECT_EQ(stop.start, hm(8, 30));  // Ann is there from 8:10; Bob comes from place 10
  EXPECT_EQ(who_does(plan, kPump), kBob);
}

TEST(HandOver, WhatTheColleagueLacksTooComesFromADepot) {
  auto p = short_of_a_part();
  p.part_count = 2;
  p.jobs[kPump].parts = {1, 1};
  p.depots = {{.id = 7, .place = 20, .stock = {0, 1}, .pickup = hm(0, 5)}};
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(who_does(plan, kPump), kBob);
  ASSERT_EQ(hand_overs(plan).size(), 1u);
  EXPECT_EQ(hand_overs(plan)[0].parts, (std::vector<int>{1, 0}));
}

TEST(HandOver, WhatNoOneColleagueHasAllOfComesFromSeveral) {
  auto p = short_of_a_part();
  p.part_count = 2;
  p.jobs[kPump].parts = {1, 1};
  p.engineers.push_back(engineer(3, 70));
  p.engineers.back().van_stock = {0, 1};
  p.jobs.push_back(job(3, 75, hm(3)));
  p.jobs.back().fixed_engineer = 2;
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(who_does(plan, kPump), kBob);
  const auto stops = hand_overs(plan);
  ASSERT_EQ(stops.size(), 2u);
  EXPECT_NE(stops[0].colleague, stops[1].colleague);
}

TEST(HandOver, WhatAColleagueHasIsNotHandedOverTwice) {
  auto p = short_of_a_part();
  p.jobs[kPump].parts = {2};
  p.jobs.push_back(job(3, 45, hm(2)));
  p.jobs.back().fixed_engineer = kAnn;
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(who_does(plan, kPump), kNone);
}

TEST(HandOver, IsNotDoneUnlessTheProblemAllowsIt) {
  auto p = short_of_a_part();
  p.hand_over = kNone;
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(who_does(plan, kPump), kNone);
}

TEST(HandOver, WaitsForAColleagueWhoIsNotThereYet) {
  auto p = short_of_a_part();
  p.jobs[kAnns].windows = {{hm(12), hm(12)}};
  const auto plan = solved(p);
  expect_sound(p, plan);
  ASSERT_EQ(hand_overs(plan).size(), 1u);
  EXPECT_EQ(hand_overs(plan)[0].start, hm(12));
}

TEST(HandOver, AColleagueKeepsWhatTheOwnJobsTake) {
  auto p = short_of_a_part();
  p.jobs[kAnns].parts = {1};
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(who_does(plan, kAnns), kAnn);
  EXPECT_EQ(who_does(plan, kPump), kNone);
}

TEST(HandOver, TwoAreNotGivenTheSamePart) {
  auto p = short_of_a_part();
  p.jobs.push_back(p.jobs[kPump]);
  p.jobs.back().id = 3;
  p.jobs.back().priority = 80;
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(who_does(plan, 2), kBob);
  ASSERT_EQ(plan.unassigned.size(), 1u);
  EXPECT_EQ(plan.unassigned[0].job, kPump);
}

TEST(HandOver, ADepotThatHasThePartIsAskedFirst) {
  auto p = short_of_a_part();
  p.depots = {{.id = 7, .place = 50, .stock = {1}, .pickup = hm(0, 5)}};
  EXPECT_TRUE(hand_overs(solved(p)).empty());
}

TEST(HandOver, AJobTooShortToMeetAtIsPassedOver) {
  auto p = short_of_a_part();
  p.jobs[kAnns].service = hm(0, 4);
  EXPECT_EQ(who_does(solved(p), kPump), kNone);
}

TEST(HandOver, StaysInAPlanThatIsBeingDriven) {
  auto p = short_of_a_part();
  const auto before = solved(p);
  p.now = hm(8, 15);
  auto current = before;
  for (auto& route : current.routes)
    for (auto& stop : route.stops)
      if (stop.start <= hm(8, 15)) stop.state = StopState::kOnSite;
  const auto plan = solved(p, 500, &current);
  expect_sound(p, plan, &current);
  ASSERT_EQ(hand_overs(plan).size(), 1u);
  EXPECT_EQ(who_does(plan, kPump), kBob);
}

TEST(HandOver, OnceDoneItIsNotTakenBack) {
  auto p = short_of_a_part();
  auto current = solved(p);
  p.now = hm(8, 40);
  for (auto& route : current.routes)
    for (auto& stop : route.stops)
      if (stop.start <= p.now) stop.state = StopState::kDone;
  const auto plan = solved(p, 500, &current);
  expect_sound(p, plan, &current);
  ASSERT_EQ(hand_overs(plan).size(), 1u);
  EXPECT_EQ(hand_overs(plan)[0].state, StopState::kDone);
}

TEST(HandOver, IsJudgedByTheColleaguesOwnDay) {
  const auto p = short_of_a_part();
  const auto plan = solved(p);
  const auto with = [&](auto change) {
    auto other = plan;
    for (auto& route : other.routes)
      for (auto& stop : route.stops)
        if (stop.kind == Stop::Kind::kHandOver) change(stop);
    return other;
  };
  ASSERT_FALSE(breaks_a_rule(p, plan));
  EXPECT_TRUE(breaks_a_rule(p, with([](Stop& stop) { stop.start = hm(8, 5); })));  // Ann is not there yet
  EXPECT_TRUE(breaks_a_rule(p, with([](Stop& stop) { stop.parts = {2}; })));       // more than there is
  EXPECT_TRUE(breaks_a_rule(p, with([](Stop& stop) { stop.colleague = kBob; })));  // oneself
  EXPECT_TRUE(breaks_a_rule(p, with([](Stop& stop) { stop.what = kPump; })));      // Ann is not there
  EXPECT_TRUE(breaks_a_rule(p, with([](Stop& stop) { stop.parts = {0}; })));       // the job lacks its part
  auto forbidden = p;
  forbidden.hand_over = kNone;
  EXPECT_TRUE(breaks_a_rule(forbidden, plan));
}

TEST(HandOver, IsWrittenAndReadAgain) {
  const auto p = short_of_a_part();
  const auto plan = solved(p);
  const auto text = write_plan(p, plan);
  EXPECT_NE(text.find(R"("pickup":{"colleague":1,"job":1,"parts":[1]})"), std::string::npos) << text;
  const auto again = read_plan(text, p);
  ASSERT_TRUE(again) << again.error().message;
  expect_sound(p, *again);
  EXPECT_EQ(hand_overs(*again).size(), 1u);
  auto forbidden = p;
  forbidden.hand_over = kNone;
  const auto refused = read_plan(text, forbidden);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("hand_over_seconds"), std::string::npos);
}

TEST(HandOver, IsExplainedLikeEveryOtherStop) {
  const auto p = short_of_a_part();
  const auto plan = solved(p);
  const auto why = explain_assignments(p, plan);
  ASSERT_TRUE(why) << why.error().message;
  EXPECT_FALSE(why->empty());
  EXPECT_FALSE(LivePlan::open(p, plan));
}

TEST(Depot, IsFetchedAtWhileItIsOpen) {
  auto p = short_of_a_part();
  p.hand_over = kNone;
  p.depots = {{.id = 7, .place = 50, .stock = {1}, .pickup = hm(0, 5), .open = {hm(10), hm(11)}}};
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(who_does(plan, kPump), kBob);
  p.depots[0].open = {hm(6), hm(7)};
  EXPECT_TRUE(breaks_a_rule(p, plan));
  EXPECT_EQ(who_does(solved(p), kPump), kNone);
}

}  // namespace
}  // namespace firstfix::planning
