// One more job into a plan that is being driven.
#include "planning/insert.h"

#include <gtest/gtest.h>

#include "world.h"

namespace firstfix::planning {
namespace {

// Two engineers at the ends of a line with a stop each; the third job is the one that comes in.
Problem day() {
  return world(100, {engineer(1, 0), engineer(2, 99)}, {job(1, 10), job(2, 90), job(3, 20)});
}

Plan driven() {
  return {.routes = {{0, {visit(0, hm(8, 10))}}, {1, {visit(1, hm(8, 9))}}}};
}

TEST(Insert, TakesTheCheapestPlaceAndNamesTheOthers) {
  const auto p = day();
  auto live = LivePlan::open(p, driven());
  ASSERT_TRUE(live) << live.error().message;
  const auto insertion = live->insert(2);
  ASSERT_TRUE(insertion) << insertion.error().message;
  EXPECT_EQ(insertion->engineer, 0);
  EXPECT_TRUE(insertion->displaced.empty());
  ASSERT_EQ(insertion->runners_up.size(), 1u);
  EXPECT_GT(insertion->runners_up[0].extra_cost, 0);
  ASSERT_TRUE(live->commit(*insertion));
  const auto plan = live->plan();
  EXPECT_EQ(who_does(plan, 2), 0);
  EXPECT_TRUE(check(p, plan).violations.empty());
  EXPECT_EQ(live->insert(2).error().code, Code::kState);
}

TEST(Insert, DisplacesALowerJobAndFindsItAnotherPlace) {
  auto p = day();
  p.jobs[0].service = hm(7);
  p.jobs[2].priority = 95;
  p.jobs[2].skills = {{.skill = 0}};
  p.engineers[0].skills = {{.skill = 0}};
  p.jobs[2].service = hm(2);
  p.jobs[0].windows = {{hm(8), hm(12)}};
  p.jobs[1].service = hm(0, 10);
  p.engineers[1].shift = {hm(6), hm(20)};
  auto live = LivePlan::open(p, driven());
  ASSERT_TRUE(live) << live.error().message;
  const auto insertion = live->insert(2);
  ASSERT_TRUE(insertion) << insertion.error().message;
  EXPECT_EQ(insertion->engineer, 0);
  ASSERT_EQ(insertion->displaced.size(), 1u);
  EXPECT_EQ(insertion->displaced[0].job, 0);
  EXPECT_EQ(insertion->displaced[0].engineer, 1);
  ASSERT_TRUE(live->commit(*insertion));
  const auto plan = live->plan();
  EXPECT_TRUE(plan.unassigned.empty());
  EXPECT_TRUE(check(p, plan).violations.empty());
}

TEST(Insert, DisplacesNothingOfEqualWorthOrFrozen) {
  auto p = day();
  p.engineers.pop_back();
  p.jobs[0].service = hm(7);
  p.jobs[2].service = hm(2);
  Plan plan{.routes = {{0, {visit(0, hm(8, 10))}}}};
  const auto equal = LivePlan::open(p, plan);
  ASSERT_TRUE(equal);
  EXPECT_EQ(equal->insert(2).error().code, Code::kUnavailable);
  p.jobs[2].priority = 95;
  plan.routes[0].stops[0].state = StopState::kLocked;
  const auto frozen = LivePlan::open(p, plan);
  ASSERT_TRUE(frozen);
  EXPECT_EQ(frozen->insert(2).error().code, Code::kUnavailable);
}

// Without the last job the second would be home soonest long after an early start of the first, which is too much work.
TEST(Insert, OpensADayOfLimitedWorkThatIsPossibleOnlyAsAWhole) {
  auto p = world(2, {engineer(1, 0)}, {job(1, 1), job(2, 1), job(3, 1)});
  p.engineers[0].max_work = hm(3);
  p.jobs[0].windows = {{hm(8), hm(8, 10)}, {hm(13), hm(14)}};
  p.jobs[1].windows = {{hm(11, 30), hm(14, 30)}};
  p.jobs[2].windows = {{hm(15), hm(15)}};
  const Plan plan{{{0, {visit(0, hm(14)), visit(1, hm(14, 30)), visit(2, hm(15))}}}, {}};
  const auto live = LivePlan::open(p, plan);
  ASSERT_TRUE(live.has_value()) << live.error().message;
  EXPECT_EQ(starts_of(live->plan(), 0), starts_of(plan, 0));
}

TEST(Insert, RefusesAPlanThatBreaksARule) {
  const auto p = day();
  EXPECT_FALSE(LivePlan::open(p, {.routes = {{0, {visit(1, hm(8))}}}}));
}

}  // namespace
}  // namespace firstfix::planning
