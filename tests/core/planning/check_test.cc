// What check() calls a violation, one rule a test; the last stop's rule is broken, everything else is kept.
#include "planning/check.h"

#include <gtest/gtest.h>

#include "world.h"

namespace firstfix::planning {
namespace {

std::string broken(const Problem& p, const Plan& plan, const Plan* current = nullptr) {
  const auto verdict = check(p, plan, current);
  return verdict.violations.empty() ? "" : verdict.violations.front().what;
}

Plan one_route(std::vector<Stop> stops) {
  return {.routes = {{0, std::move(stops)}}};
}

TEST(Check, PricesTravelHomeIncluded) {
  const auto p = world(61, {engineer(1, 0)}, {job(1, 60)});
  const auto verdict = check(p, one_route({visit(0, hm(9))}));
  EXPECT_EQ(verdict.violations.size(), 0u) << violations(verdict);
  EXPECT_EQ(verdict.travel_s, 2 * 3600);
  EXPECT_DOUBLE_EQ(verdict.cost.travel, 2 * p.weights.travel);
  EXPECT_EQ(verdict.priority_assigned, 50);
}

TEST(Check, FindsAStartBeforeTheArrival) {
  const auto p = world(61, {engineer(1, 0)}, {job(1, 0), job(2, 60)});
  EXPECT_EQ(broken(p, one_route({visit(0, hm(8)), visit(1, hm(9, 29))})), "starts before the engineer can arrive");
  EXPECT_EQ(broken(p, one_route({visit(0, hm(8)), visit(1, hm(9, 30))})), "");
}

TEST(Check, FindsWhoLeavesBeforeTheShiftOrIsHomeAfterIt) {
  const auto p = world(61, {engineer(1, 0)}, {job(1, 60)});
  EXPECT_EQ(broken(p, one_route({visit(0, hm(8, 59))})), "leaves before the shift");
  EXPECT_EQ(broken(p, one_route({visit(0, hm(14, 30))})), "");
  EXPECT_EQ(broken(p, one_route({visit(0, hm(14, 31))})), "is home after the end");
}

TEST(Check, FindsAStartOutsideEveryWindow) {
  auto p = world(2, {engineer(1, 0)}, {job(1, 1)});
  p.jobs[0].windows = {{hm(9), hm(10)}, {hm(13), hm(14)}};
  EXPECT_EQ(broken(p, one_route({visit(0, hm(13))})), "");
  EXPECT_EQ(broken(p, one_route({visit(0, hm(11))})), "starts outside its windows");
}

TEST(Check, FindsWhatTheEngineerMayNotDo) {
  auto p =
      world(2, {engineer(1, 0, {hm(8), hm(16)}, {{.skill = 0, .level = 2, .certified_until = hm(12)}})}, {job(1, 1)});
  p.jobs[0].skills = {{.skill = 0, .level = 2}};
  EXPECT_EQ(broken(p, one_route({visit(0, hm(11, 30))})), "");
  EXPECT_EQ(broken(p, one_route({visit(0, hm(11, 31))})), "lacks a skill, a level or a certificate");
  p.jobs[0].skills = {{.skill = 0, .level = 3}};
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9))})), "lacks a skill, a level or a certificate");
  p.jobs[0].skills = {};
  p.jobs[0].excluded = {0};
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9))})), "is excluded");
  p.jobs[0].excluded = {};
  p.jobs[0].territory = 1;
  p.engineers[0].territory = 2;
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9))})), "lies in another territory");
}

TEST(Check, CountsPartsOnTheVan) {
  auto p = world(2, {engineer(1, 0)}, {job(1, 1), job(2, 1)});
  p.engineers[0].van_stock = {1};
  p.jobs[0].parts = p.jobs[1].parts = {1};
  p.part_count = 1;
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9))})), "");
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9)), visit(1, hm(10))})), "lacks parts");
}

TEST(Check, WantsEveryBreakOnceInItsTime) {
  auto p = world(2, {engineer(1, 0)}, {job(1, 1)});
  p.engineers[0].breaks = {{hm(12), hm(13), hm(0, 30)}};
  const auto rest = [](Seconds start) { return Stop{.kind = Stop::Kind::kBreak, .what = 0, .start = start}; };
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9))})), "lacks a break");
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9)), rest(hm(12))})), "");
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9)), rest(hm(11))})), "takes a break at a wrong time");
}

TEST(Check, MeasuresWorkFromLeavingToReturning) {
  auto p = world(2, {engineer(1, 0)}, {job(1, 1), job(2, 1)});
  p.engineers[0].max_work = hm(2, 2);
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9)), visit(1, hm(10, 30))})), "");
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9)), visit(1, hm(10, 31))})), "works longer than allowed");
}

TEST(Check, AllowsOvertimeAtItsPrice) {
  auto p = world(2, {engineer(1, 0)}, {job(1, 1)});
  p.engineers[0].overtime = Overtime{hm(18), 60};
  const auto verdict = check(p, one_route({visit(0, hm(16, 29))}));
  EXPECT_EQ(verdict.violations.size(), 0u) << violations(verdict);
  EXPECT_DOUBLE_EQ(verdict.cost.overtime, 60);
}

TEST(Check, PricesLatenessByTheHour) {
  auto p = world(2, {engineer(1, 0)}, {job(1, 1)});
  p.jobs[0].due = hm(9);
  p.jobs[0].late_cost_per_hour = 100;
  EXPECT_DOUBLE_EQ(check(p, one_route({visit(0, hm(10, 30))})).cost.lateness, 150);
}

TEST(Check, WantsACrewTogether) {
  auto p = world(2, {engineer(1, 0), engineer(2, 0)}, {job(1, 1)});
  p.jobs[0].crew = 2;
  EXPECT_EQ(broken(p, {.routes = {{0, {visit(0, hm(9))}}}}), "needs 2 at one time");
  EXPECT_EQ(broken(p, {.routes = {{0, {visit(0, hm(9))}}, {1, {visit(0, hm(10))}}}}), "needs 2 at one time");
  EXPECT_EQ(broken(p, {.routes = {{0, {visit(0, hm(9))}}, {1, {visit(0, hm(9))}}}}), "");
}

TEST(Check, HoldsFrozenAndPromisedStops) {
  const auto p = world(2, {engineer(1, 0)}, {job(1, 1)});
  auto current = one_route({visit(0, hm(9))});
  auto& stop = current.routes[0].stops[0];
  stop.state = StopState::kLocked;
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9))}), &current), "");
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9, 1))}), &current), "a frozen stop has changed");
  stop.state = StopState::kPromised;
  stop.promised = {hm(8, 45), hm(9, 15)};
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9, 15))}), &current), "");
  EXPECT_EQ(broken(p, one_route({visit(0, hm(9, 16))}), &current), "a promised start is broken");
}

}  // namespace
}  // namespace firstfix::planning
