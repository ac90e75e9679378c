// Local moves, one by one, on a line of places a minute apart.
#include "moves.h"

#include <gtest/gtest.h>

#include "descent.h"
#include "ejection.h"
#include "world.h"

namespace firstfix::planning {
namespace {

constexpr Units kMinute = 60 * 400;  // of travel, at 40 an hour

struct Town {
  Town(Problem problem, const Plan& plan)
      : p(std::move(problem)), m(Model::compile(p, nullptr)), state(state_of(m, plan)) {}

  Problem p;
  Model m;
  State state;
  Days days{m, state};

  std::vector<int> jobs_of(int e) const {
    std::vector<int> out;
    for (const auto& node : days.day(e).nodes)
      if (node.task != kNone) out.push_back(node.task);
    return out;
  }
};

Plan plan_of(const std::vector<std::vector<int>>& lists) {
  Plan plan;
  for (std::size_t e = 0; e < lists.size(); ++e) {
    plan.routes.push_back({static_cast<int>(e), {}});
    for (const int job : lists[e]) plan.routes.back().stops.push_back(visit(job, 0));
  }
  return plan;
}

using Jobs = std::vector<int>;

TEST(Moves, AJobGoesToWhoeverPassesBy) {
  Town town(world(100, {engineer(1, 0), engineer(2, 50)}, {job(1, 40), job(2, 60)}), plan_of({{0, 1}, {}}));
  const Relocate move{1, 1, 0};
  EXPECT_TRUE(move.valid(town.days));
  EXPECT_EQ(move.gain(town.days), 20 * kMinute);  // 120 there and back before; 80 and 20
  move.apply(town.days);
  EXPECT_EQ(town.jobs_of(0), Jobs{0});
  EXPECT_EQ(town.jobs_of(1), Jobs{1});
}

TEST(Moves, TwoJobsChangePlaces) {
  Town town(world(100, {engineer(1, 0), engineer(2, 90)}, {job(1, 10), job(2, 80)}), plan_of({{1}, {0}}));
  const Exchange move{0, 1};
  EXPECT_TRUE(move.valid(town.days));
  EXPECT_EQ(move.gain(town.days), 280 * kMinute);
  move.apply(town.days);
  EXPECT_EQ(town.jobs_of(0), Jobs{0});
  EXPECT_EQ(town.jobs_of(1), Jobs{1});
}

TEST(Moves, TwoDaysExchangeWhatComesLater) {
  Town town(world(100, {engineer(1, 0), engineer(2, 0)}, {job(1, 10), job(2, 12), job(3, 50), job(4, 52)}),
            plan_of({{0, 3}, {2, 1}}));
  const TailSwap move{0, 1, 1, 1};
  EXPECT_TRUE(move.valid(town.days));
  EXPECT_EQ(move.gain(town.days), 76 * kMinute);
  move.apply(town.days);
  EXPECT_EQ(town.jobs_of(0), (Jobs{0, 1}));
  EXPECT_EQ(town.jobs_of(1), (Jobs{2, 3}));
}

TEST(Moves, NeighboursMoveTogetherWithinTheDay) {
  Town town(world(100, {engineer(1, 0)}, {job(1, 30), job(2, 10), job(3, 12)}), plan_of({{0, 1, 2}}));
  const Shift move{0, 2, 2, 0};
  EXPECT_TRUE(move.valid(town.days));
  EXPECT_EQ(move.gain(town.days), 4 * kMinute);
  move.apply(town.days);
  EXPECT_EQ(town.jobs_of(0), (Jobs{1, 2, 0}));
}

TEST(Moves, AnAbsentJobTakesThePlaceOfOneOfLessWorth) {
  Town town(world(10, {engineer(1, 0, {hm(8), hm(9)})}, {job(1, 1, hm(0, 40), 20), job(2, 1, hm(0, 40), 70)}),
            plan_of({{0}}));
  const Replace move{1, 0};
  EXPECT_GT(move.worth(town.days), 0);
  EXPECT_TRUE(move.valid(town.days));
  move.apply(town.days);
  EXPECT_EQ(town.jobs_of(0), Jobs{1});
  EXPECT_EQ(town.state.absent, Jobs{0});
  EXPECT_EQ(town.state.score, score_of(town.m, town.state));
}

TEST(Moves, WhoLacksTheSkillTheTimeOrThePartIsSentNowhere) {
  auto p = world(50, {engineer(1, 0, {hm(8), hm(16)}, {{.skill = 0}}), engineer(2, 0, {hm(8), hm(9)})},
                 {job(1, 5), job(2, 5), job(3, 5, hm(2))});
  p.jobs[0].skills = {{.skill = 0}};
  for (auto& e : p.engineers) e.van_stock = {e.id == 1 ? 1 : 0};
  p.jobs[1].parts = {1};
  p.part_count = 1;
  Town town(p, plan_of({{0, 1, 2}, {}}));
  for (const int job : {0, 1, 2}) EXPECT_FALSE((Relocate{job, 1, 0}.valid(town.days))) << job;
  EXPECT_EQ((Relocate{0, 1, 0}.gain(town.days)), -kImpossible);
}

TEST(Moves, WhatIsDoneStays) {
  auto p = world(50, {engineer(1, 0), engineer(2, 0)}, {job(1, 5), job(2, 6)});
  p.now = hm(8, 10);
  auto plan = plan_of({{0, 1}, {}});
  plan.routes[0].stops[0] = {.what = 0, .start = hm(8, 5), .state = StopState::kOnSite};
  const auto m = Model::compile(p, &plan);
  auto state = first_state(m, true);
  Days days(m, state);
  EXPECT_FALSE((Relocate{0, 1, 0}.valid(days)));
  EXPECT_TRUE((Relocate{1, 1, 0}.valid(days)));
}

TEST(Descent, GoesOnUntilNoMoveGains) {
  Town town(world(100, {engineer(1, 0), engineer(2, 90)}, {job(1, 10), job(2, 80), job(3, 12), job(4, 85)}),
            plan_of({{0, 1}, {3, 2}}));
  Descent(town.m).improve(town.state, [] { return false; });
  EXPECT_EQ(town.state.score.cost, (24 + 20) * kMinute);
  EXPECT_EQ(town.state.score, score_of(town.m, town.state));
}

// Room is made for no job that nobody could do with an empty day.
TEST(Ejection, LeavesAJobAloneThatLiesTooFarOff) {
  Town town(world(500, {engineer(1, 0, {hm(8), hm(12)})}, {job(1, 1, hm(0, 30), 20), job(2, 499, hm(0, 30), 70)}),
            plan_of({{0}}));
  EXPECT_TRUE(town.m.is_reachable[0]);
  EXPECT_FALSE(town.m.is_reachable[1]);
  EXPECT_EQ(town.m.unreachable, 1);
  EXPECT_FALSE(Ejection(town.m, 1).improve(town.state, 50, 1e6));
  EXPECT_EQ(town.state.absent, Jobs{1});
}

// Only Ada can do the long job, and her day is full of what others could do.
TEST(Ejection, FreesHalfADayForAJobThatOneAloneCanDo) {
  auto p = world(20, {engineer(1, 0, {hm(8), hm(12)}, {{.skill = 0}}), engineer(2, 0, {hm(8), hm(12)})},
                 {job(1, 1, hm(1)), job(2, 2, hm(1)), job(3, 3, hm(1)), job(4, 4, hm(3))});
  p.jobs[3].skills = {{.skill = 0}};
  Town town(p, plan_of({{0, 1, 2}, {}}));
  ASSERT_EQ(town.state.absent, Jobs{3});
  Ejection ejection(town.m, 1);
  EXPECT_TRUE(ejection.improve(town.state, 50, 1e6));
  EXPECT_TRUE(town.state.absent.empty());
  EXPECT_EQ(town.state.engineer_of[3], 0);
  EXPECT_EQ(town.state.score, score_of(town.m, town.state));
}

TEST(Ejection, LeavesThePlanAsItIsIfNothingMoreCanBeServed) {
  Town town(world(20, {engineer(1, 0, {hm(8), hm(9)})}, {job(1, 1, hm(0, 40), 70), job(2, 2, hm(0, 40), 20)}),
            plan_of({{0}}));
  const auto score = town.state.score;
  Ejection ejection(town.m, 1);
  EXPECT_FALSE(ejection.improve(town.state, 50, 1e6));
  EXPECT_EQ(town.state.score, score);
  EXPECT_EQ(town.jobs_of(0), Jobs{0});
}

}  // namespace
}  // namespace firstfix::planning
