// Parts that are fetched on the way: what it costs is what the day costs more, and no cheaper stop, and no way over
// several, is missed.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <vector>

#include "errand.h"
#include "random.h"
#include "random_problem.h"
#include "state.h"

namespace firstfix::planning {
namespace {

// The problem with little of anything in one depot, so that a job may have to fetch at several.
Problem with_parts_apart(std::uint64_t seed) {
  auto p = random_problem(seed);
  Random random(seed);
  for (auto& e : p.engineers) e.van_stock = {};
  p.depots = {{.id = 1, .place = random.below(kPlaces), .stock = {50, 0}, .pickup = hm(0, random.below(20))},
              {.id = 2, .place = random.below(kPlaces), .stock = {random.below(2), 50}, .pickup = hm(0, 5)}};
  if (random.below(2) == 0) return p;
  p.depots.clear();
  for (int i = 1; i <= 6; ++i)
    p.depots.push_back({.id = i,
                        .place = random.below(kPlaces),
                        .stock = {random.below(2), random.below(2)},
                        .pickup = hm(0, random.below(10))});
  for (auto& j : p.jobs)
    for (auto& wanted : j.parts) wanted *= 1 + random.below(2);
  return p;
}

// A plan of the problem, and depots as in the morning, so that there is enough to find.
struct World {
  explicit World(const Problem& p)
      : plan(solved(p, 30)), m(Model::compile(p, nullptr)), state(state_of(m, plan)), full(full_depots(m)) {}

  // Calls with each job, who may do it, and the day in which parts for it are lacking.
  template <class Call>
  void each_lacking(Call call) const {
    for (int j = 0; j < m.jobs(); ++j)
      for (const auto& suitor : m.suitors(j)) {
        const auto& route = state.routes[static_cast<std::size_t>(suitor.engineer)];
        if (position_of(route, j) == kNone && !stocked(m, route, j)) call(j, suitor, route);
      }
  }

  FetchSpot best(int job, const Suitor& suitor, const DayRoute& route) const {
    DayRoute scratch;
    return best_fetch({m, route, job, suitor, full, scratch});
  }

  Plan plan;
  Model m;
  State state;
  DepotStock full;
};

TEST(ErrandProperty, WhatFetchingCostsIsWhatTheWholeDayCostsMore) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto p = with_parts_apart(seed);
    const World world(p);
    RC_ASSERT(violations(check(p, world.plan)) == "");
    bool two = false, more = false;
    world.each_lacking([&](int job, const Suitor& suitor, DayRoute route) {
      const auto spot = world.best(job, suitor, route);
      if (!spot.possible()) return;
      two = two || spot.others.size() == 1;
      more = more || spot.others.size() > 1;
      const auto before = route.cost;
      auto depots = world.full;
      put_fetched(world.m, route, job, spot, depots);
      RC_ASSERT(schedule(world.m, route));
      RC_ASSERT(route.cost - before == spot.cost);
      RC_ASSERT(std::all_of(depots.left.begin(), depots.left.end(), [](int left) { return left >= 0; }));
      take(world.m, route, position_of(route, job), depots);
      RC_ASSERT(depots == world.full);
    });
    RC_CLASSIFY(two, "two places");
    RC_CLASSIFY(more, "more");
  }));
}

// The day with one stop more, or a stop that is there, at which something is fetched for the job.
struct Supplied {
  DayRoute route;
  DepotStock left;
};

// Each stop at each place.
std::vector<Supplied> supplied(const Model& m, const Supplied& day, int job) {
  std::vector<Supplied> out;
  const auto add = [&](const FetchStop& stop) {
    auto more = day;
    fetch(m, more.route, job, stop, more.left);
    if (more.route.fetches.size() > day.route.fetches.size()) out.push_back(std::move(more));
  };
  const auto& nodes = day.route.nodes;
  for (int i = day.route.first_free; i <= day.route.stops(); ++i) {
    const auto& node = nodes[static_cast<std::size_t>(i)];
    if (node.pickup != 0 && i > day.route.first_free) add({.pickup = node.pickup, .depot = m.depot_of(node.task)});
    for (int depot = 0; depot < static_cast<int>(m.problem->depots.size()); ++depot) add({.depot = depot, .after = i});
  }
  return out;
}

// What the day costs at least with the job behind all that was fetched for it.
Units cheapest_behind(const Model& m, const DayRoute& route, int job) {
  auto best = kImpossible;
  int behind = route.first_free;
  for (const auto& one : route.fetches)
    for (int i = 0; i <= route.stops(); ++i)
      if (one.job == job && route.nodes[static_cast<std::size_t>(i)].pickup == one.pickup) behind = std::max(behind, i);
  for (int after = behind; after <= route.stops(); ++after) {
    auto trial = route;
    put(m, trial, job, after);
    if (schedule(m, trial)) best = std::min(best, trial.cost);
  }
  return best;
}

bool can_fetch(const Model& m, const Supplied& day, int job) {
  if (stocked(m, day.route, job)) return cheapest_behind(m, day.route, job) < kImpossible;
  for (auto& more : supplied(m, day, job))
    if (schedule(m, more.route) && can_fetch(m, more, job)) return true;
  return false;
}

// Few depots, all of which are tried, and little time.
Problem with_parts_near_and_short_days(std::uint64_t seed) {
  auto p = with_parts_apart(seed);
  if (p.depots.size() > 3) p.depots.resize(3);
  for (auto& e : p.engineers) e.shift.to = std::min(e.shift.to, e.shift.from + hm(5));
  return p;
}

TEST(ErrandProperty, OneStopToFetchIsTheCheapestOfAll) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto p = with_parts_near_and_short_days(seed);
    const World world(p);
    world.each_lacking([&](int job, const Suitor& suitor, const DayRoute& route) {
      auto best = kImpossible;
      bool one_has_all = false;
      for (const auto& more : supplied(world.m, {route, world.full}, job)) {
        if (!stocked(world.m, more.route, job)) continue;
        one_has_all = true;
        best = std::min(best, cheapest_behind(world.m, more.route, job));
      }
      if (!one_has_all) return;
      RC_ASSERT(world.best(job, suitor, route).cost == (best < kImpossible ? best - route.cost : kImpossible));
    });
  }));
}

// Where there are breaks, or work has a limit, a stop that there is no time for may have some once the job is there
// too: a break is where the stop before it is, and who waits less works less.
TEST(ErrandProperty, PartsFromSeveralPlacesAreFoundWheneverThereIsTimeForIt) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto p = with_parts_near_and_short_days(seed);
    const World world(p);
    int found = 0, none = 0;
    world.each_lacking([&](int job, const Suitor& suitor, const DayRoute& route) {
      const auto& day = world.m.day(suitor.engineer);
      if (day.max_work < kForever || !day.breaks.empty()) return;
      const auto stops = supplied(world.m, {route, world.full}, job);
      const auto enough = [&](const Supplied& more) { return stocked(world.m, more.route, job); };
      if (std::any_of(stops.begin(), stops.end(), enough)) return;
      const bool possible = world.best(job, suitor, route).possible();
      RC_ASSERT(possible == can_fetch(world.m, {route, world.full}, job));
      ++(possible ? found : none);
    });
    RC_CLASSIFY(found > 0, "found");
    RC_CLASSIFY(none > 0, "no time, or no parts");
  }));
}

}  // namespace
}  // namespace firstfix::planning
