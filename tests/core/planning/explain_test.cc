// Every decision says why: what stops a job, what would have to give, and what the others would have cost.
#include "planning/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.h"

namespace firstfix::planning {
namespace {

using testing::HasSubstr;

TEST(Explain, SaysWhichSkillNobodyHolds) {
  auto p = world(2, {engineer(1, 0), engineer(2, 0)}, {job(1, 1)});
  p.skill_names = {"gas", "lift", "", ""};
  p.jobs[0].skills = {{.skill = 1}};
  const auto plan = solved(p);
  ASSERT_EQ(plan.unassigned.size(), 1u);
  EXPECT_EQ(plan.unassigned[0].reason, "no engineer may do it: 2 × lacks lift");
  EXPECT_EQ(plan.unassigned[0].cheapest_relaxation, "if engineer 1 did not lack lift");
}

TEST(Explain, SaysHowMuchOvertimeWouldDo) {
  const auto p = world(11, {engineer(7, 0)}, {job(1, 10, hm(8))});
  const auto plan = solved(p);
  ASSERT_EQ(plan.unassigned.size(), 1u);
  EXPECT_THAT(plan.unassigned[0].reason, HasSubstr("within the shift"));
  EXPECT_EQ(plan.unassigned[0].cheapest_relaxation, "with engineer 7 until 16:20: 20 minutes overtime");
}

TEST(Explain, SaysHowLateItCouldBe) {
  auto p = world(11, {engineer(7, 0)}, {job(1, 10)});
  p.jobs[0].windows = {{hm(7), hm(8)}};
  const auto plan = solved(p);
  ASSERT_EQ(plan.unassigned.size(), 1u);
  EXPECT_EQ(plan.unassigned[0].cheapest_relaxation, "with engineer 7 at 08:10: 10 minutes after its window");
}

TEST(Explain, SaysThatTheDayIsFull) {
  auto p = world(2, {engineer(7, 0)}, {job(1, 1, hm(5), 60), job(2, 1, hm(5), 50)});
  const auto plan = solved(p);
  ASSERT_EQ(plan.unassigned.size(), 1u);
  EXPECT_THAT(plan.unassigned[0].reason, HasSubstr("has time left"));
}

TEST(Explain, SaysWhichPartsAreMissing) {
  auto p = world(2, {engineer(7, 0)}, {job(1, 1)});
  p.jobs[0].parts = {0, 2};
  p.part_count = 2;
  EXPECT_THAT(solved(p).unassigned.at(0).reason, HasSubstr("2 of part 1"));
}

TEST(Explain, PricesTheRunnersUp) {
  auto p = world(100, {engineer(1, 10), engineer(2, 40), engineer(3, 0)}, {job(1, 10)});
  p.jobs[0].excluded = {2};
  const auto assignments = explain_assignments(p, solved(p));
  ASSERT_TRUE(assignments) << assignments.error().message;
  const auto& one = assignments->at(0);
  EXPECT_EQ(one.engineer, 0);
  ASSERT_EQ(one.runners_up.size(), 1u);
  EXPECT_EQ(one.runners_up[0].engineer, 1);
  EXPECT_DOUBLE_EQ(one.runners_up[0].extra_cost, p.weights.travel);  // half an hour there and back
  EXPECT_THAT(one.excluded, testing::ElementsAre("1 × is excluded"));
}

TEST(Explain, RefusesAPlanThatBreaksARule) {
  const auto p = world(100, {engineer(1, 0)}, {job(1, 99)});
  EXPECT_FALSE(explain_assignments(p, {.routes = {{0, {visit(0, hm(8))}}}}));
}

TEST(Explain, SaysWhoHasNoTime) {
  auto p = world(50, {engineer(1, 10), engineer(2, 10, {hm(8), hm(8, 30)})}, {job(1, 10, hm(1))});
  const auto assignments = explain_assignments(p, solved(p));
  ASSERT_TRUE(assignments);
  EXPECT_TRUE(assignments->at(0).runners_up.empty());
  EXPECT_EQ(assignments->at(0).excluded, std::vector<std::string>{"1 × has no time for it, or not the parts"});
}

TEST(Explain, SaysOfAReplanWhatMovingCosts) {
  auto p = world(50, {engineer(1, 10), engineer(2, 10)}, {job(1, 10), job(2, 10)});
  Plan current{.routes = {{0, {visit(0, hm(9))}}, {1, {visit(1, hm(9))}}}};
  current.routes[1].stops[0].state = StopState::kLocked;
  p.now = hm(8, 30);
  const auto assignments = explain_assignments(p, solved(p, 500, &current), {.current = &current});
  ASSERT_TRUE(assignments) << assignments.error().message;
  ASSERT_EQ(assignments->size(), 1u);  // a stop that is locked is nobody else's
  EXPECT_EQ(assignments->at(0).job, 0);
  EXPECT_DOUBLE_EQ(assignments->at(0).runners_up.at(0).extra_cost, p.weights.moved_stops);
}

TEST(Explain, StopsWhenItIsEnough) {
  const auto p = world(50, {engineer(1, 10), engineer(2, 20)}, {job(1, 10), job(2, 20), job(3, 30)});
  int asked = 0;
  const auto assignments = explain_assignments(p, solved(p), {.enough = [&] { return ++asked > 2; }});
  ASSERT_TRUE(assignments);
  EXPECT_EQ(assignments->size(), 2u);
}

}  // namespace
}  // namespace firstfix::planning
