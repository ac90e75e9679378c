// What holds for every problem, with every rule mixed in: no rule is ever broken, nothing gets lost, the same seed
// gives the same plan, more rounds never a worse one, and a re-plan keeps what is frozen or promised.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>
#include <tuple>

#include "ejection.h"
#include "hand_over.h"
#include "model.h"
#include "planning/insert.h"
#include "random.h"
#include "random_problem.h"
#include "state.h"
#include "to_plan.h"

namespace firstfix::planning {
namespace {

using Worth = std::tuple<int, std::int64_t, int, double>;  // best first when negated

Worth worth(const Problem& p, const Plan& plan, const Plan* current = nullptr) {
  const auto verdict = check(p, plan, current);
  return {-verdict.hazards_assigned, -verdict.priority_assigned, -verdict.assigned, verdict.cost.total()};
}

TEST(PlanningProperty, NoPlanBreaksARuleOrLosesAJob) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto p = random_problem(seed);
    const auto plan = solved(p, 300);
    const auto verdict = check(p, plan);
    RC_ASSERT(violations(verdict) == "");
    RC_ASSERT(static_cast<std::size_t>(verdict.assigned) + plan.unassigned.size() == p.jobs.size());
    for (const auto& left : plan.unassigned) RC_ASSERT(!left.reason.empty());
  }));
}

// Once a depot with enough for one of each crew counted as one that cannot run out.
TEST(PlanningProperty, ADepotMayRunOutOfWhatACrewTakesTwice) {
  const auto p = random_problem(940'998'911'497'625);
  EXPECT_TRUE(Model::compile(p, nullptr).scarce);
  EXPECT_EQ(violations(check(p, solved(p, 50))), "");
}

bool same(const Plan& a, const Plan& b) {
  if (a.routes.size() != b.routes.size()) return false;
  for (std::size_t i = 0; i < a.routes.size(); ++i) {
    if (a.routes[i].stops.size() != b.routes[i].stops.size()) return false;
    for (std::size_t k = 0; k < a.routes[i].stops.size(); ++k) {
      const auto &x = a.routes[i].stops[k], &y = b.routes[i].stops[k];
      if (x.kind != y.kind || x.what != y.what || x.start != y.start) return false;
    }
  }
  return true;
}

// Every place tried in full.
Units cheapest_of_all(const Model& m, const DayRoute& route, int job) {
  auto best = kImpossible;
  for (int after = route.first_free; after <= route.stops(); ++after) {
    auto trial = route;
    put(m, trial, job, after);
    if (schedule(m, trial)) best = std::min(best, trial.cost - route.cost);
  }
  return best;
}

TEST(PlanningProperty, WhatAPlaceCostsIsWhatTheWholeDayCostsMore) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto p = random_problem(seed);
    const auto plan = solved(p, 30);
    const auto m = Model::compile(p, nullptr);
    const auto state = state_of(m, plan);
    DayRoute scratch;
    for (int j = 0; j < m.jobs(); ++j)
      for (const auto& suitor : m.suitors(j)) {
        const auto& route = state.routes[static_cast<std::size_t>(suitor.engineer)];
        if (position_of(route, j) != kNone || !stocked(m, route, j)) continue;
        RC_ASSERT(best_spot(m, route, j, suitor, state.depots, scratch).cost == cheapest_of_all(m, route, j));
      }
  }));
}

TEST(PlanningProperty, OneSeedGivesOnePlan) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto p = random_problem(seed);
    RC_ASSERT(same(solved(p, 200), solved(p, 200)));
  }));
}

TEST(PlanningProperty, TwiceTheRoundsAreNeverWorse) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    auto p = random_problem(seed);
    // What the search ranks above the sum of priorities is left out, so that the sum is what is compared.
    for (auto& j : p.jobs) j.priority = std::min(j.priority, 84), j.fixed_engineer = kNone;
    RC_ASSERT(worth(p, solved(p, 400)) <= worth(p, solved(p, 200)));
  }));
}

TEST(PlanningProperty, AReplanKeepsWhatIsFrozenAndPromised) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto [p, current, _] = under_way(random_problem(seed), seed, 200, 9, 3);
    // An engineer whose stops have begun is where the plan says.
    const auto verdict = check(p, solved(p, 300, &current), &current);
    RC_ASSERT(violations(verdict) == "");
  }));
}

TEST(PlanningProperty, AReplanAfterCancellationsBreaksNothing) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    auto [p, current, random] = under_way(random_problem(seed), seed, 100, 7, 5);
    cancel_some(random, p, current);
    // A break is where the stop before it was: without that, what stays locked behind it may be out of reach.
    const bool sound = check(p, current, &current).violations.empty();
    RC_CLASSIFY(sound);
    if (!sound) return;
    RC_ASSERT(violations(check(p, solved(p, 300, &current), &current)) == "");
  }));
}

// Under a clock a repair first moves stops at a low price. What that has found is only the beginning of the rest.
TEST(PlanningProperty, ARepairUnderAClockIsNoWorseThanWhatItBeganWith) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    auto morning = random_problem(seed);
    // Without what the search ranks above the sum of priorities, and without what it prices otherwise than check():
    // that somebody no longer comes along to a lesson, and waiting beside breaks.
    for (auto& j : morning.jobs) j.priority = std::min(j.priority, 84), j.fixed_engineer = kNone, j.supervised = false;
    morning.weights.waiting = 0;
    const auto [p, current, _] = under_way(std::move(morning), seed, 100, 7, 4);
    int looks = 0;
    const auto kept = solve(p, {.spent = [] { return 1.0; }, .current = &current});
    const auto repaired = solve(p, {.spent = [&] { return ++looks / 300.0; }, .current = &current});
    RC_ASSERT(kept.has_value() && repaired.has_value());
    RC_ASSERT(violations(check(p, repaired->plan, &current)) == "");
    auto at_most = worth(p, kept->plan, &current);
    std::get<3>(at_most) += 0.01;  // the planner counts in whole units
    RC_ASSERT(worth(p, repaired->plan, &current) <= at_most);
  }));
}

// The problem with less in its depots, so that colleagues have what is missing.
Problem with_poor_depots(std::uint64_t seed) {
  auto p = random_problem(seed);
  p.hand_over = 300;
  for (auto& depot : p.depots)
    for (auto& left : depot.stock) left /= 2;
  return p;
}

TEST(PlanningProperty, HandingOverServesMoreAndBreaksNothing) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto p = with_poor_depots(seed);
    const auto plan = solved(p, 200);
    RC_ASSERT(violations(check(p, plan)) == "");
    RC_CLASSIFY(hands_over(plan));
    auto forbidden = p;
    forbidden.hand_over = kNone;
    RC_ASSERT(check(p, plan).assigned >= check(forbidden, solved(forbidden, 200)).assigned);
  }));
}

TEST(PlanningProperty, AReplanKeepsMeetingsThatHaveBegun) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    auto p = with_poor_depots(seed);
    auto current = solved(p, 200);
    Random random(seed);
    p.now = static_cast<Seconds>(8 * 3600 + random.below(8 * 3600));
    drive_until(random, p, current);
    RC_ASSERT(violations(check(p, solved(p, 200, &current), &current)) == "");
  }));
}

// Here of any number of jobs that are left out, where the planner asks for places for a few.
TEST(PlanningProperty, EjectionServesMoreAndBreaksNothing) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto [p, current, _] = under_way(random_problem(seed), seed, 30, 7, 4);
    for (const auto* plan : {static_cast<const Plan*>(nullptr), static_cast<const Plan*>(&current)}) {
      const auto m = Model::compile(p, plan);
      auto state = first_state(m, plan != nullptr);
      const auto before = state.score;
      const bool more = Ejection(m, seed).improve(state, 100, 400'000);
      RC_ASSERT(more == (state.score.lost < before.lost));
      RC_ASSERT(state.score == score_of(m, state));
      auto made = to_plan(m, state);
      if (plan != nullptr) copy_states(*plan, made);
      RC_ASSERT(violations(check(p, made, plan)) == "");
    }
  }));
}

TEST(PlanningProperty, AnInsertionBreaksNothing) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto p = random_problem(seed);
    auto plan = solved(p, 50);
    if (plan.routes.empty()) return;
    auto live = LivePlan::open(p, plan);
    RC_ASSERT(live.has_value());
    for (int j = 0; j < static_cast<int>(p.jobs.size()); ++j) {
      const auto insertion = live->insert(j);
      if (!insertion) continue;
      RC_ASSERT(live->commit(*insertion).has_value());
      RC_ASSERT(violations(check(p, live->plan())) == "");
    }
  }));
}

}  // namespace
}  // namespace firstfix::planning
