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

TEST(ErrandProperty, WhatFetchingCostsIsWhatTheWholeDayCostsMore) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto p = with_parts_apart(seed);
    const auto plan = solved(p, 30);
    RC_ASSERT(violations(check(p, plan)) == "");
    const auto m = Model::compile(p, nullptr);
    const auto state = state_of(m, plan);
    const auto full = full_depots(m);  // as in the morning, so that there is enough to find
    DayRoute scratch;
    bool two = false, more = false;
    for (int j = 0; j < m.jobs(); ++j)
      for (const auto& suitor : m.suitors(j)) {
        auto route = state.routes[static_cast<std::size_t>(suitor.engineer)];
        if (position_of(route, j) != kNone || stocked(m, route, j)) continue;
        const auto spot = best_fetch({m, route, j, suitor, full, scratch});
        if (!spot.possible()) continue;
        two = two || spot.others.size() == 1;
        more = more || spot.others.size() > 1;
        const auto before = route.cost;
        auto depots = full;
        put_fetched(m, route, j, spot, depots);
        RC_ASSERT(schedule(m, route));
        RC_ASSERT(route.cost - before == spot.cost);
        RC_ASSERT(std::all_of(depots.left.begin(), depots.left.end(), [](int left) { return left >= 0; }));
        take(m, route, position_of(route, j), depots);
        RC_ASSERT(depots == full);
      }
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
    const auto plan = solved(p, 30);
    const auto m = Model::compile(p, nullptr);
    const auto state = state_of(m, plan);
    const auto full = full_depots(m);
    DayRoute scratch;
    for (int j = 0; j < m.jobs(); ++j)
      for (const auto& suitor : m.suitors(j)) {
        const auto& route = state.routes[static_cast<std::size_t>(suitor.engineer)];
        if (position_of(route, j) != kNone || stocked(m, route, j)) continue;
        auto best = kImpossible;
        bool one_has_all = false;
        for (const auto& more : supplied(m, {route, full}, j)) {
          if (!stocked(m, more.route, j)) continue;
          one_has_all = true;
          best = std::min(best, cheapest_behind(m, more.route, j));
        }
        if (!one_has_all) continue;
        const auto spot = best_fetch({m, route, j, suitor, full, scratch});
        RC_ASSERT(spot.cost == (best < kImpossible ? best - route.cost : kImpossible));
      }
  }));
}

// Where there are breaks, or work has a limit, a stop that there is no time for may have some once the job is there
// too: a break is where the stop before it is, and who waits less works less.
TEST(ErrandProperty, PartsFromSeveralPlacesAreFoundWheneverThereIsTimeForIt) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    const auto p = with_parts_near_and_short_days(seed);
    const auto plan = solved(p, 30);
    const auto m = Model::compile(p, nullptr);
    const auto state = state_of(m, plan);
    const auto full = full_depots(m);
    DayRoute scratch;
    int found = 0, none = 0;
    for (int j = 0; j < m.jobs(); ++j)
      for (const auto& suitor : m.suitors(j)) {
        const auto& day = m.day(suitor.engineer);
        const auto& route = state.routes[static_cast<std::size_t>(suitor.engineer)];
        if (position_of(route, j) != kNone || day.max_work < kForever || !day.breaks.empty()) continue;
        const auto stops = supplied(m, {route, full}, j);
        const auto enough = [&](const Supplied& more) { return stocked(m, more.route, j); };
        if (stocked(m, route, j) || std::any_of(stops.begin(), stops.end(), enough)) continue;
        const bool possible = best_fetch({m, route, j, suitor, full, scratch}).possible();
        RC_ASSERT(possible == can_fetch(m, {route, full}, j));
        ++(possible ? found : none);
      }
    RC_CLASSIFY(found > 0, "found");
    RC_CLASSIFY(none > 0, "no time, or no parts");
  }));
}

}  // namespace
}  // namespace firstfix::planning
