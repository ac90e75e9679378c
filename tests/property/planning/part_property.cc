// A part of a problem is a problem of its own: what is true of it is true of the whole.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "part.h"
#include "random_problem.h"
#include "search.h"
#include "to_plan.h"

namespace firstfix::planning {
namespace {

// About half of the engineers, each with all of their days.
std::vector<int> some_engineers(const Problem& p, Random& random) {
  std::vector<int> out;
  bool taken = false;
  for (int e = 0; e < static_cast<int>(p.engineers.size()); ++e) {
    if (person(p, e) == e) taken = random.below(2) == 0;
    if (taken) out.push_back(e);
  }
  return out;
}

// A plan by half the rounds of a search, perhaps under way.
struct Begun {
  explicit Begun(std::uint64_t seed) : random(seed + 1), p(random_problem(seed)), plan(solved(p, 50)) {
    if (random.below(2) == 0) {
      p.now = hm(9 + random.below(3));
      drive_until(random, p, plan);
      m = Model::compile(p, &plan);
      state = first_state(m, true);
    } else {
      m = Model::compile(p, nullptr);
      state = state_of(m, plan);
    }
  }

  Random random;
  Problem p;
  Plan plan;
  Model m;
  State state;
};

TEST(PartProperty, DaysCostThereWhatTheyCostInTheWholeAndComeBackAsTheyWere) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    Begun begun(seed);
    const auto engineers = some_engineers(begun.p, begun.random);
    const Part part(begun.m, begun.state, engineers, begun.state.absent);
    auto inside = part.state();
    for (std::size_t i = 0; i < engineers.size(); ++i) {
      auto route = begun.state.routes[at(engineers[i])];
      const bool possible = schedule(begun.m, route);  // not if a break has no room
      RC_ASSERT(schedule(part.model(), inside.routes[i]) == possible);
      if (!possible) continue;
      RC_ASSERT(inside.routes[i].cost == route.cost);
      for (std::size_t k = 0; k < route.nodes.size(); ++k)
        RC_ASSERT(inside.routes[i].nodes[k].start == route.nodes[k].start);
    }
    auto routes = begun.state.routes;
    part.days_out(inside, routes);
    for (std::size_t e = 0; e < routes.size(); ++e) {
      const auto &back = routes[e], &route = begun.state.routes[e];
      RC_ASSERT(back.engineer == route.engineer);
      RC_ASSERT(back.fetches == route.fetches);
      for (std::size_t k = 0; k < route.nodes.size(); ++k) {
        RC_ASSERT(back.nodes[k].task == route.nodes[k].task);
        RC_ASSERT(back.nodes[k].place == route.nodes[k].place);
      }
    }
  }));
}

TEST(PartProperty, WhatIsFoundThereBreaksNothingAndIsNoWorseInTheWhole) {
  EXPECT_TRUE(rc::check([](std::uint64_t seed) {
    Begun begun(seed);
    auto& [random, p, plan, m, state] = begun;
    const Part part(m, state, some_engineers(p, random), state.absent);
    auto inside = part.state();
    inside.depots = state.depots;
    Search search(part.model(), seed);
    search.begin(std::move(inside));
    for (int round = 0; round < 100; ++round) search.iterate(100'000);
    auto found = state;
    part.days_out(search.best(), found.routes);
    recount(m, found);
    RC_ASSERT(!(state.score < found.score));
    for (auto route : found.routes) {
      const auto cost = route.cost;
      if (schedule(m, route)) RC_ASSERT(route.cost == cost);
    }
    const auto* current = p.now > 0 ? &plan : nullptr;
    auto out = to_plan(m, found);
    if (current != nullptr) copy_states(*current, out);
    RC_ASSERT(violations(check(p, out, current)) == "");
  }));
}

}  // namespace
}  // namespace firstfix::planning
