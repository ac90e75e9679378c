// What the planner promises, rule by rule. Every plan is checked by check(), which shares nothing with the solver.
#include "planning/solve.h"

#include <gtest/gtest.h>

#include <atomic>

#include "state.h"
#include "to_plan.h"
#include "world.h"

namespace firstfix::planning {
namespace {

void expect_sound(const Problem& p, const Plan& plan, const Plan* current = nullptr) {
  const auto verdict = check(p, plan, current);
  EXPECT_TRUE(verdict.violations.empty()) << violations(verdict);
  EXPECT_EQ(static_cast<std::size_t>(verdict.assigned) + plan.unassigned.size(), p.jobs.size());
}

TEST(Solve, SendsTheNearest) {
  const auto p = world(100, {engineer(1, 0), engineer(2, 99)}, {job(1, 10), job(2, 90), job(3, 20)});
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(who_does(plan, 0), 0);
  EXPECT_EQ(who_does(plan, 1), 1);
  EXPECT_EQ(who_does(plan, 2), 0);
}

TEST(Solve, ServesTheHigherPriorityIfNotAllFit) {
  auto p = world(2, {engineer(1, 0, {hm(8), hm(10)})}, {job(1, 1, hm(1, 30), 20), job(2, 1, hm(1, 30), 60)});
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(who_does(plan, 1), 0);
  ASSERT_EQ(plan.unassigned.size(), 1u);
  EXPECT_EQ(plan.unassigned[0].job, 0);
}

TEST(Solve, ServesAHazardBeforeAnythingElse) {
  auto p = world(2, {engineer(1, 0, {hm(8), hm(10)})}, {job(1, 1, hm(1, 30), 100), job(2, 1, hm(1, 30), 1)});
  p.jobs[1].hazard = true;
  EXPECT_EQ(who_does(solved(p), 1), 0);
}

TEST(Solve, KeepsSkillsLevelsAndCertificates) {
  auto p = world(10,
                 {engineer(1, 0, {hm(8), hm(16)}, {{.skill = 0, .level = 1}}),
                  engineer(2, 9, {hm(8), hm(16)}, {{.skill = 0, .level = 3, .certified_until = hm(12)}})},
                 {job(1, 1), job(2, 1)});
  p.jobs[0].skills = {{.skill = 0, .level = 2}};
  p.jobs[1].skills = {{.skill = 0, .level = 2}};
  p.jobs[1].windows = {{hm(12), hm(14)}};
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(who_does(plan, 0), 1);
  EXPECT_EQ(who_does(plan, 1), kNone);
}

TEST(Solve, UsesTheSecondWindowOfTheDay) {
  auto p = world(2, {engineer(1, 0)}, {job(1, 1, hm(2), 50), job(2, 1, hm(1), 50)});
  p.jobs[0].windows = {{hm(8, 30), hm(8, 30)}};
  p.jobs[1].windows = {{hm(8), hm(9)}, {hm(14), hm(15)}};
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_TRUE(plan.unassigned.empty());
}

TEST(Solve, TakesBreaksWhereTheyFit) {
  auto p = world(5, {engineer(1, 0)}, {job(1, 1, hm(3)), job(2, 2, hm(3))});
  p.engineers[0].breaks = {{hm(11), hm(13), hm(0, 45)}};
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_TRUE(plan.unassigned.empty());
}

TEST(Solve, LeavesHomeLateRatherThanWorkTooLong) {
  auto p = world(5, {engineer(1, 0)}, {job(1, 1, hm(1))});
  p.jobs[0].windows = {{hm(14), hm(14, 30)}};
  p.engineers[0].max_work = hm(1, 2);
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_TRUE(plan.unassigned.empty());
}

TEST(Solve, WorksOvertimeForAJobThatWouldBeLeftOut) {
  auto p = world(2, {engineer(1, 0)}, {job(1, 1, hm(8))});
  EXPECT_EQ(solved(p).unassigned.size(), 1u);
  p.engineers[0].overtime = Overtime{hm(18), 60};
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_TRUE(plan.unassigned.empty());
}

TEST(Solve, GoesFirstWhereLatenessCostsMost) {
  auto p = world(200, {engineer(1, 100)}, {job(1, 0, hm(0, 20)), job(2, 199, hm(0, 20))});
  for (auto& j : p.jobs) j.due = hm(9);
  p.jobs[1].late_cost_per_hour = 500;
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(plan.routes[0].stops[0].what, 1);
}

TEST(Solve, KeepsPartsToTheVan) {
  auto p = world(3, {engineer(1, 0), engineer(2, 2)}, {job(1, 1), job(2, 1)});
  p.engineers[0].van_stock = {1, 0};
  p.engineers[1].van_stock = {1, 1};
  p.jobs[0].parts = {1, 0};
  p.jobs[1].parts = {1, 1};
  p.part_count = 2;
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(who_does(plan, 0), 0);
  EXPECT_EQ(who_does(plan, 1), 1);
}

TEST(Solve, PrefersThePreviousEngineerUnlessItCostsMore) {
  auto p = world(100, {engineer(1, 0), engineer(2, 10)}, {job(1, 4)});
  p.jobs[0].previous_engineer = 1;
  EXPECT_EQ(who_does(solved(p), 0), 1);
  p.weights.continuity = 0.1;
  EXPECT_EQ(who_does(solved(p), 0), 0);
}

TEST(Solve, BringsACrewTogether) {
  auto p = world(100, {engineer(1, 0), engineer(2, 40), engineer(3, 99)}, {job(1, 20, hm(1)), job(2, 5), job(3, 45)});
  p.jobs[0].crew = 2;
  p.jobs[1].windows = {{hm(8, 30), hm(8, 40)}};
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_TRUE(plan.unassigned.empty());
}

TEST(Solve, SendsNoHalfCrew) {
  auto p = world(10, {engineer(1, 0), engineer(2, 0, {hm(8), hm(10)})}, {job(1, 5, hm(1)), job(2, 6)});
  p.jobs[0].crew = 2;
  p.jobs[0].windows = {{hm(12), hm(14)}};
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(who_does(plan, 0), kNone);
  EXPECT_NE(who_does(plan, 1), kNone);
}

// A mentor at 0, a novice at 10, and a job between them at which somebody may learn.
Problem lesson() {
  auto p =
      world(100, {engineer(1, 0, {hm(8), hm(16)}, {{.skill = 0, .level = 2}}), engineer(2, 10)}, {job(1, 5, hm(1))});
  p.jobs[0].skills = {{.skill = 0, .level = 2}};
  p.jobs[0].supervised = true;
  p.engineers[0].mentor_of = {0};
  return p;
}

TEST(Solve, TakesANoviceAlongToLearn) {
  const auto p = lesson();
  const auto plan = solved(p);
  expect_sound(p, plan);
  ASSERT_EQ(plan.routes.size(), 2u);
  EXPECT_EQ(plan.routes[0].stops[0].start, plan.routes[1].stops[0].start);
  EXPECT_EQ(check(p, plan).cost.growth, 0);
}

TEST(Solve, SendsTheMentorAloneIfLearningCostsMoreThanItIsWorth) {
  auto p = lesson();
  p.engineers[1].start = p.engineers[1].end = 99;
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(plan.routes.size(), 1u);
  EXPECT_EQ(check(p, plan).cost.growth, p.weights.growth);
}

TEST(Solve, SendsAMentorToTheNoviceToWhomALessonIsFixed) {
  auto p = lesson();
  p.jobs[0].fixed_engineer = 1;
  for (const double growth : {15, 0}) {
    p.weights.growth = growth;
    const auto plan = solved(p);
    expect_sound(p, plan);
    ASSERT_EQ(plan.routes.size(), 2u) << growth;
    EXPECT_EQ(plan.routes[0].stops[0].start, plan.routes[1].stops[0].start);
  }
  p.engineers[0].mentor_of.clear();
  EXPECT_EQ(solved(p).unassigned.size(), 1u);  // nobody teaches, and the novice does not go alone
}

TEST(Solve, TakesANoviceAlongWithTheMentorToWhomALessonIsFixed) {
  auto p = lesson();
  p.jobs[0].fixed_engineer = 0;
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(plan.routes.size(), 2u);
}

TEST(Solve, SendsNoNoviceWithSomebodyWhoDoesNotTeach) {
  auto p = lesson();
  p.engineers[0].mentor_of.clear();
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_EQ(plan.routes.size(), 1u);
  p.engineers[0].skills.clear();
  EXPECT_EQ(solved(p).unassigned.size(), 1u);
}

TEST(Solve, SoftWindowsServeLateRatherThanNot) {
  auto p = world(100, {engineer(1, 0)}, {job(1, 60)});
  p.jobs[0].windows = {{hm(7), hm(8, 30)}};
  EXPECT_EQ(solved(p).unassigned.size(), 1u);
  soften_windows(p);
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_TRUE(plan.unassigned.empty());
  EXPECT_EQ(check(p, plan).late, 30 * 60);
}

TEST(Solve, ReturnsAValidPlanForNoTimeAtAll) {
  const auto p = world(50, {engineer(1, 0), engineer(2, 49)}, {job(1, 10), job(2, 40), job(3, 20)});
  const auto solution = solve(p, {.spent = [] { return 1.0; }});
  ASSERT_TRUE(solution);
  expect_sound(p, solution->plan);
  EXPECT_TRUE(solution->plan.unassigned.empty());
}

TEST(Solve, DoesWhatCanBeDoneWithNothing) {
  expect_sound(world(1, {}, {}), solved(world(1, {}, {})));
  const auto p = world(1, {}, {job(1, 0)});
  const auto plan = solved(p);
  ASSERT_EQ(plan.unassigned.size(), 1u);
  EXPECT_EQ(plan.unassigned[0].reason, "there is no engineer");
}

TEST(Solve, ManyThreadsKeepTheRulesToo) {
  std::vector<Job> jobs;
  for (int i = 0; i < 400; ++i) jobs.push_back(job(i, i % 97, hm(0, 10 + i % 7), 10 + i % 60));
  std::vector<Engineer> engineers;
  for (int i = 0; i < 12; ++i) engineers.push_back(engineer(i, i * 8));
  const auto p = world(97, engineers, jobs);
  std::atomic<int> looks{0};
  const auto solution = solve(p, {.spent = [&] { return ++looks / 400.0; }, .threads = 2});
  ASSERT_TRUE(solution);
  expect_sound(p, solution->plan);
}

TEST(Solve, KeepsTheRulesInALargeTownOfOneWayStreets) {
  constexpr int kPlaces = 600;
  std::vector<Job> jobs;
  for (int i = 0; i < 450; ++i) jobs.push_back(job(i, i * 37 % kPlaces, hm(0, 10 + i % 7), 10 + i % 60));
  std::vector<Engineer> engineers;
  for (int i = 0; i < 30; ++i) engineers.push_back(engineer(i, i * 20));
  for (auto& e : engineers) e.van_stock = {3};
  for (int i = 0; i < 450; i += 5) jobs[static_cast<std::size_t>(i)].parts = {1};
  auto p = world(kPlaces, engineers, jobs);
  p.depots.push_back({.id = 1, .place = 300, .stock = {9}, .pickup = hm(0, 5)});
  for (int i = 0; i + 1 < kPlaces; ++i) p.travel.at(i + 1, i) += 45;
  std::atomic<int> looks{0};
  const auto solution = solve(p, {.spent = [&] { return ++looks / 400.0; }, .threads = 2});
  ASSERT_TRUE(solution);
  expect_sound(p, solution->plan);
}

TEST(Replan, LeavesFrozenStopsAlone) {
  auto p = world(100, {engineer(1, 0), engineer(2, 99)}, {job(1, 90), job(2, 95), job(3, 5)});
  p.now = hm(10);
  Plan current{.routes = {{0, {visit(0, hm(9, 40)), visit(1, hm(10, 30))}}}};
  current.routes[0].stops[0].state = StopState::kOnSite;
  current.routes[0].stops[1].state = StopState::kLocked;
  const auto plan = solved(p, 2'000, &current);
  expect_sound(p, plan, &current);
  EXPECT_EQ(who_does(plan, 0), 0);
  EXPECT_EQ(who_does(plan, 1), 0);
  EXPECT_TRUE(plan.unassigned.empty());
}

TEST(Replan, KeepsPromisesAndMovesOnlyWhatPays) {
  auto p = world(100, {engineer(1, 0), engineer(2, 10)}, {job(1, 6), job(2, 50)});
  p.now = hm(8);
  Plan current{.routes = {{0, {visit(0, hm(11)), visit(1, hm(13))}}}};
  current.routes[0].stops[0].state = StopState::kPromised;
  current.routes[0].stops[0].promised = {hm(10, 45), hm(11, 15)};
  const auto plan = solved(p, 2'000, &current);
  expect_sound(p, plan, &current);
  EXPECT_EQ(who_does(plan, 0), 0);  // the other is nearer, but not by the price of moving
}

TEST(Replan, MovesForLessWhatIsToldLongBefore) {
  // The second is nearer by so much that it is worth what moving costs long before, and no more.
  auto p = world(100, {engineer(1, 0, {hm(8), hm(20)}), engineer(2, 4, {hm(8), hm(20)})}, {job(1, 4)});
  p.jobs[0].windows = {{hm(16), hm(16)}};
  const Plan current{.routes = {{0, {visit(0, hm(16))}}}};
  p.now = hm(12);
  EXPECT_EQ(who_does(solved(p, 100, &current), 0), 0) << "four hours before";
  EXPECT_EQ(check(p, current, &current).cost.moved_stops, 0);
  p.now = hm(10);
  const auto plan = solved(p, 100, &current);
  EXPECT_EQ(who_does(plan, 0), 1) << "six hours before";
  expect_sound(p, plan, &current);
  EXPECT_DOUBLE_EQ(check(p, plan, &current).cost.moved_stops, p.weights.moved_stops * kEarlyMove);
  p.weights.notice = kForever;
  EXPECT_EQ(who_does(solved(p, 100, &current), 0), 0);
}

TEST(Replan, KeepsStartsWhereAStopFellAway) {
  const auto p = world(100, {engineer(1, 0)}, {job(1, 10), job(2, 20), job(3, 30)});
  const Plan current{.routes = {{0, {visit(0, hm(10)), visit(1, hm(11)), visit(2, hm(14))}}}};
  const auto plan = solved(p, 500, &current);
  expect_sound(p, plan, &current);
  EXPECT_EQ(starts_of(plan, 0), (std::vector<Seconds>{hm(10), hm(11), hm(14)}));
  EXPECT_EQ(check(p, plan, &current).cost.shifted_stops, 0);
}

TEST(Replan, LetsNoEmergencyWaitForAPlannedStart) {
  auto p = world(100, {engineer(1, 0)}, {job(1, 10), job(2, 12, hm(0, 30), 95)});
  const Plan current{.routes = {{0, {visit(0, hm(12))}}}};
  const auto plan = solved(p, 500, &current);
  expect_sound(p, plan, &current);
  EXPECT_EQ(starts_of(plan, 0), (std::vector<Seconds>{hm(8, 12), hm(12)}));
  EXPECT_EQ(plan.routes[0].stops[0].what, 1);
}

TEST(Replan, SendsWhoHasAGapRatherThanShiftingADay) {
  // The first is nearer, but booked through; the second has time in between.
  const auto p = world(100, {engineer(1, 10), engineer(2, 16)},
                       {job(1, 10, hm(2)), job(2, 10, hm(2)), job(3, 16, hm(1)), job(4, 16, hm(1)), job(5, 12, hm(1))});
  auto busy = p;
  busy.jobs[4].windows = {{hm(9), hm(10)}};
  busy.weights.shifted_stops = 5;
  const Plan current{.routes = {{0, {visit(0, hm(8)), visit(1, hm(10))}}, {1, {visit(2, hm(8)), visit(3, hm(12))}}}};
  const auto plan = solved(busy, 500, &current);
  expect_sound(busy, plan, &current);
  EXPECT_EQ(who_does(plan, 4), 1);
  EXPECT_EQ(check(busy, plan, &current).cost.shifted_stops, 0);
  EXPECT_EQ(starts_of(plan, 1), (std::vector<Seconds>{hm(8), hm(9, 4), hm(12)}));
}

TEST(Replan, GoesByNoStartThatCouldNotBeKept) {
  const auto p = world(100, {engineer(1, 0)}, {job(1, 10), job(2, 20)});
  const Plan current{.routes = {{0, {visit(0, hm(9)), visit(1, hm(9))}}}};
  const auto plan = solved(p, 500, &current);
  EXPECT_EQ(starts_of(plan, 0), (std::vector<Seconds>{hm(9), hm(9, 40)}));
  EXPECT_EQ(check(p, plan, &current).cost.shifted_stops, 0);
}

// Where waiting has a price nobody waits for a planned start, so it is lost by whatever lets the engineer come sooner.
TEST(Replan, CountsAStartAsKeptOnlyIfItsEngineerWaitsForIt) {
  auto p = world(100, {engineer(1, 0)}, {job(1, 10), job(2, 20), job(3, 30)});
  const Plan current{.routes = {{0, {visit(0, hm(10)), visit(1, hm(11)), visit(2, hm(14))}}}};
  for (const double waiting : {0.0, 1.0}) {
    p.weights.waiting = waiting;
    const auto m = Model::compile(p, &current);
    const auto state = state_of(m, current);
    const auto judged = check(p, to_plan(m, state), &current).cost;
    EXPECT_EQ(judged.shifted_stops > 0, waiting > 0);
    EXPECT_NEAR(static_cast<double>(state.score.cost) / kUnitsPerMoney, judged.total(), 0.01);
  }
}

TEST(Replan, MovesTheStopsOfWhoIsGone) {
  auto p = world(100, {engineer(1, 0), engineer(2, 99)}, {job(1, 10), job(2, 20)});
  Plan current{.routes = {{0, {visit(0, hm(9)), visit(1, hm(10))}}}};
  p.engineers[0].shift = {hm(6), hm(6)};
  const auto plan = solved(p, 2'000, &current);
  expect_sound(p, plan, &current);
  EXPECT_EQ(who_does(plan, 0), 1);
  EXPECT_EQ(who_does(plan, 1), 1);
}

TEST(Solve, WhoCannotBeHomeInTimeAfterABreakDoesNothing) {
  auto p = world(100, {engineer(1, 0, {hm(6), hm(9)})}, {job(1, 10, hm(0, 10))});
  p.engineers[0].end = 35;
  p.engineers[0].breaks = {{hm(7), hm(8), hm(0, 39)}};
  p.now = hm(8);
  const auto plan = solved(p);
  EXPECT_EQ(violations(check(p, plan)), "");
  EXPECT_EQ(plan.unassigned.size(), 1u);
}

}  // namespace
}  // namespace firstfix::planning
