// Parts that are fetched on the way: from which depot, in what order, and what when there are not enough.
#include <gtest/gtest.h>

#include "planning/explain.h"
#include "planning/insert.h"
#include "world.h"

namespace firstfix::planning {
namespace {

Job needing(std::int64_t id, int place, std::vector<int> parts, int priority = 50) {
  auto j = job(id, place, hm(0, 30), priority);
  j.parts = std::move(parts);
  return j;
}

Depot depot(std::int64_t id, int place, std::vector<int> stock, Seconds pickup = hm(0, 5)) {
  return {.id = id, .place = place, .stock = std::move(stock), .pickup = pickup};
}

Problem town(std::vector<Engineer> engineers, std::vector<Job> jobs, std::vector<Depot> depots) {
  auto p = world(100, std::move(engineers), std::move(jobs));
  p.depots = std::move(depots);
  p.part_count = 2;
  return p;
}

void expect_sound(const Problem& p, const Plan& plan, const Plan* current = nullptr) {
  const auto verdict = check(p, plan, current);
  EXPECT_TRUE(verdict.violations.empty()) << violations(verdict);
}

std::vector<Stop> pickups(const Plan& plan) {
  std::vector<Stop> out;
  for (const auto& route : plan.routes)
    for (const auto& stop : route.stops)
      if (stop.kind == Stop::Kind::kPickup) out.push_back(stop);
  return out;
}

// What a plan becomes in which the first engineer is to do the first job at 8:10, when another job is put in.
Plan with_urgent(const Problem& p, int job) {
  auto live = LivePlan::open(p, {.routes = {{0, {visit(0, hm(8, 10))}}}}).value();
  EXPECT_TRUE(live.commit(live.insert(job).value()));
  expect_sound(p, live.plan());
  return live.plan();
}

TEST(Pickup, FetchesWhatTheVanLacksOnTheWay) {
  const auto p = town({engineer(1, 0)}, {needing(1, 50, {1, 0})}, {depot(7, 30, {1, 0}), depot(8, 90, {9, 9})});
  const auto plan = solved(p);
  expect_sound(p, plan);
  ASSERT_EQ(plan.routes.size(), 1u);
  ASSERT_EQ(plan.routes[0].stops.size(), 2u);
  const auto& stop = plan.routes[0].stops[0];
  EXPECT_EQ(stop.kind, Stop::Kind::kPickup);
  EXPECT_EQ(stop.what, 0);
  EXPECT_EQ(stop.start, hm(8, 30));
  EXPECT_EQ(stop.parts, (std::vector<int>{1, 0}));
  EXPECT_EQ(plan.routes[0].stops[1].start, hm(8, 55));
  EXPECT_EQ(check(p, plan).travel_s, hm(1, 40));
}

TEST(Pickup, FetchesNothingThatTheVanHas) {
  auto p = town({engineer(1, 0)}, {needing(1, 50, {1, 0})}, {depot(7, 30, {1, 0})});
  p.engineers[0].van_stock = {1, 0};
  EXPECT_TRUE(pickups(solved(p)).empty());
}

TEST(Pickup, WhatNoDepotHasAllOfComesFromTwo) {
  const auto p = town({engineer(1, 0)}, {needing(1, 50, {1, 2})}, {depot(7, 30, {1, 1}), depot(8, 60, {0, 9})});
  const auto plan = solved(p);
  expect_sound(p, plan);
  const auto stops = pickups(plan);
  ASSERT_EQ(stops.size(), 2u);
  EXPECT_EQ(stops[0].parts[0] + stops[1].parts[0], 1);
  EXPECT_EQ(stops[0].parts[1] + stops[1].parts[1], 2);
  EXPECT_EQ(check(p, plan).travel_s, hm(2)) << "there and back";
}

TEST(Pickup, AJobWithPartsFromTwoDepotsKeepsThemInTheNextPlan) {
  const auto p = town({engineer(1, 0)}, {needing(1, 50, {1, 1})}, {depot(7, 30, {1, 0}), depot(8, 60, {0, 1})});
  const auto plan = solved(p);
  const auto again = solve(p, {.iterations = 0, .current = &plan}).value().plan;
  expect_sound(p, again, &plan);
  EXPECT_EQ(pickups(again).size(), 2u);
  EXPECT_TRUE(again.unassigned.empty());
}

TEST(Pickup, WhatNoTwoDepotsHaveAllOfComesFromAsManyAsItTakes) {
  auto p = town({engineer(1, 0)}, {needing(1, 70, {1, 4})},
                {depot(7, 60, {0, 1}), depot(8, 30, {1, 1}), depot(9, 90, {0, 1}), depot(10, 10, {0, 1})});
  const auto plan = solved(p);
  expect_sound(p, plan);
  const auto stops = pickups(plan);
  ASSERT_EQ(stops.size(), 4u);
  EXPECT_EQ(plan.routes[0].stops.back().kind, Stop::Kind::kJob);
  EXPECT_EQ(check(p, plan).travel_s, hm(3)) << "to 90 and back, the job on the way home";
}

TEST(Pickup, ADepotThatAloneHasAPartIsFoundBehindNearerOnes) {
  const auto p = town({engineer(1, 0)}, {needing(1, 50, {1, 1})},
                      {depot(7, 50, {1, 0}), depot(8, 51, {1, 0}), depot(9, 49, {1, 0}), depot(10, 20, {0, 1})});
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_TRUE(plan.unassigned.empty());
}

TEST(Pickup, AStopThatIsThereAlreadyIsOneOfThePlaces) {
  const auto p = town({engineer(1, 0)}, {needing(1, 40, {1, 0}), needing(2, 80, {1, 2})},
                      {depot(7, 30, {2, 0}), depot(8, 50, {0, 1}), depot(9, 60, {0, 1})});
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_TRUE(plan.unassigned.empty());
  EXPECT_EQ(pickups(plan).size(), 3u);
}

TEST(Pickup, AJobWithPartsFromThreeDepotsKeepsThemInTheNextPlan) {
  const auto p = town({engineer(1, 0)}, {needing(1, 50, {1, 2})},
                      {depot(7, 30, {1, 0}), depot(8, 60, {0, 1}), depot(9, 40, {0, 1})});
  const auto plan = solved(p);
  const auto again = solve(p, {.iterations = 0, .current = &plan}).value().plan;
  expect_sound(p, again, &plan);
  EXPECT_EQ(pickups(again).size(), 3u);
  EXPECT_TRUE(again.unassigned.empty());
}

TEST(Pickup, OneStopIsNotMadeTwo) {
  const auto p = town({engineer(1, 0)}, {needing(1, 50, {1, 1})}, {depot(7, 30, {1, 0}), depot(8, 90, {1, 1})});
  EXPECT_EQ(pickups(solved(p)).size(), 1u);
}

TEST(Pickup, AnUrgentJobMayFetchItsPartsAtTwoDepots) {
  const auto p =
      town({engineer(1, 0)}, {job(1, 10), needing(2, 70, {1, 1}, 95)}, {depot(7, 30, {1, 0}), depot(8, 60, {0, 1})});
  EXPECT_EQ(pickups(with_urgent(p, 1)).size(), 2u);
}

TEST(Pickup, AnUrgentJobMayFetchItsPartsAtThreeDepots) {
  const auto p = town({engineer(1, 0)}, {job(1, 10), needing(2, 70, {1, 2}, 95)},
                      {depot(7, 30, {1, 0}), depot(8, 60, {0, 1}), depot(9, 5, {0, 1})});
  EXPECT_EQ(pickups(with_urgent(p, 1)).size(), 3u);
}

TEST(Pickup, OneStopServesSeveralJobs) {
  const auto p =
      town({engineer(1, 0)}, {needing(1, 50, {1, 0}), needing(2, 60, {1, 1}), job(3, 10)}, {depot(7, 30, {2, 1})});
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_TRUE(plan.unassigned.empty());
  ASSERT_EQ(pickups(plan).size(), 1u);
  EXPECT_EQ(pickups(plan)[0].parts, (std::vector<int>{2, 1}));
}

TEST(Pickup, EachOfACrewFetchesWhatTheOwnVanLacks) {
  auto p =
      town({engineer(1, 0), engineer(2, 99)}, {needing(1, 50, {1, 0})}, {depot(7, 30, {1, 0}), depot(8, 70, {1, 0})});
  p.jobs[0].crew = 2;
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_TRUE(plan.unassigned.empty());
  EXPECT_EQ(pickups(plan).size(), 2u);
  p.engineers[0].van_stock = {1, 0};
  EXPECT_EQ(pickups(solved(p)).size(), 1u);
}

TEST(Pickup, ACrewDoesNotFetchTheSamePartTwice) {
  auto p = town({engineer(1, 0), engineer(2, 99)}, {needing(1, 50, {1, 0})}, {depot(7, 50, {1, 0})});
  p.jobs[0].crew = 2;
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_TRUE(pickups(plan).empty());
  ASSERT_EQ(plan.unassigned.size(), 1u);
  EXPECT_EQ(plan.unassigned[0].reason,
            "no two of the 2 who may do it have time together in its windows, or the parts (1 of part 0)");
  p.depots.clear();
  EXPECT_EQ(solved(p).unassigned[0].reason, "not two of the 2 who may do it have or can fetch 1 of part 0");
}

TEST(Pickup, ACrewKeepsWhatItFetchesInTheNextPlan) {
  auto p = town({engineer(1, 0), engineer(2, 99)}, {needing(1, 50, {1, 0})}, {depot(7, 50, {2, 0})});
  p.jobs[0].crew = 2;
  const auto plan = solved(p);
  for (const int rounds : {0, 200}) {
    const auto again = solved(p, rounds, &plan);
    expect_sound(p, again, &plan);
    EXPECT_EQ(pickups(again).size(), 2u);
    EXPECT_TRUE(again.unassigned.empty());
  }
}

TEST(Pickup, SendsWhoHasThePartRatherThanFetchingIt) {
  auto p = town({engineer(1, 0), engineer(2, 60)}, {needing(1, 40, {1, 0})}, {depot(7, 0, {1, 0}, hm(0, 30))});
  p.engineers[1].van_stock = {1, 0};
  EXPECT_EQ(who_does(solved(p), 0), 1);
}

TEST(Pickup, WhatADepotHasGoesToTheWorthiest) {
  const auto p = town({engineer(1, 0), engineer(2, 99)}, {needing(1, 10, {1, 0}, 20), needing(2, 90, {1, 0}, 60)},
                      {depot(7, 50, {1, 0})});
  const auto plan = solved(p);
  expect_sound(p, plan);
  EXPECT_NE(who_does(plan, 1), kNone);
  ASSERT_EQ(plan.unassigned.size(), 1u);
  EXPECT_EQ(plan.unassigned[0].reason, "no van of the 2 who may do it, and no depot, has 1 of part 0 left");
}

TEST(Pickup, KeepsThePartsOfAPlanThatIsBeingDriven) {
  auto p = town({engineer(1, 0)}, {needing(1, 20, {1, 0}), needing(2, 60, {1, 0})}, {depot(7, 30, {1, 0})});
  p.engineers[0].van_stock = {1, 0};
  p.now = hm(9, 20);
  Plan current{.routes = {{0, {visit(0, hm(8, 20))}}}};
  current.routes[0].stops[0].state = StopState::kDone;
  current.routes[0].stops.push_back({Stop::Kind::kPickup, 0, hm(9, 15), {1, 0}, StopState::kOnSite, {}});
  current.routes[0].stops.push_back(visit(1, hm(9, 50)));
  current.routes[0].stops.back().state = StopState::kLocked;
  const auto plan = solved(p, 500, &current);
  expect_sound(p, plan, &current);
  EXPECT_EQ(who_does(plan, 1), 0);
  ASSERT_EQ(pickups(plan).size(), 1u);
  EXPECT_EQ(pickups(plan)[0].state, StopState::kOnSite);
}

// Once a depot with enough for every job counted as one that cannot run out, whatever else was fetched there.
TEST(Pickup, ADepotMayRunOutThroughWhatIsFetchedForAJobSinceCancelled) {
  auto p = town({engineer(1, 0), engineer(2, 10), engineer(3, 40), engineer(4, 70)}, {}, {depot(7, 30, {6, 0})});
  for (int j = 0; j < 12; ++j) {
    p.jobs.push_back(needing(j, 5 + 7 * j, {j % 2, 0}));
    p.jobs.back().excluded = {0};
  }
  p.now = hm(8, 10);
  Plan current{.routes = {{0, {{Stop::Kind::kPickup, 0, hm(8, 30), {3, 0}, StopState::kDriving, {}}}}}};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto plan = solve(p, {.iterations = 500, .seed = seed, .current = &current}).value().plan;
    expect_sound(p, plan, &current);
    EXPECT_EQ(plan.unassigned.size(), 3u);
  }
}

TEST(Pickup, AnUrgentJobMayFetchItsPart) {
  const auto p = town({engineer(1, 0)}, {job(1, 10), needing(2, 60, {0, 1}, 95)}, {depot(7, 30, {0, 1})});
  const auto plan = with_urgent(p, 1);
  EXPECT_EQ(pickups(plan).size(), 1u);
  EXPECT_EQ(who_does(plan, 1), 0);
}

TEST(Pickup, TheDetourIsPartOfTheExplanation) {
  auto p = town({engineer(1, 0), engineer(2, 0)}, {needing(1, 50, {1, 0})}, {depot(7, 80, {1, 0})});
  p.engineers[0].van_stock = {1, 0};
  const auto plan = solved(p);
  ASSERT_EQ(who_does(plan, 0), 0);
  const auto why = explain_assignments(p, plan);
  ASSERT_TRUE(why) << why.error().message;
  ASSERT_EQ((*why)[0].runners_up.size(), 1u);
  EXPECT_NEAR((*why)[0].runners_up[0].extra_cost, 40, 1e-9);  // an hour more: 30 minutes beyond the job, and back
}

TEST(Check, FindsPartsThatAreNotThereYet) {
  const auto p = town({engineer(1, 0)}, {needing(1, 50, {1, 0})}, {depot(7, 30, {1, 0})});
  Plan plan{.routes = {{0, {visit(0, hm(8, 50))}}}};
  EXPECT_EQ(violations(check(p, plan)), "engineer 0 job 0: lacks parts\n");
  plan.routes[0].stops.push_back({Stop::Kind::kPickup, 0, hm(9, 40), {1, 0}, StopState::kOpen, {}});
  EXPECT_EQ(violations(check(p, plan)), "engineer 0 job 0: lacks parts\n");
}

TEST(Check, FindsWhatADepotDoesNotHave) {
  const auto p = town({engineer(1, 0)}, {needing(1, 50, {2, 0})}, {depot(7, 30, {1, 0})});
  const Plan plan{
      .routes = {{0, {{Stop::Kind::kPickup, 0, hm(8, 30), {2, 0}, StopState::kOpen, {}}, visit(0, hm(8, 55))}}}};
  EXPECT_EQ(violations(check(p, plan)), "engineer 0 job -1: overdraws a depot\n");
}

}  // namespace
}  // namespace firstfix::planning
