// How engineers are put into regions, each with those who are near.
#include "regions.h"

#include <gtest/gtest.h>

#include "world.h"

namespace firstfix::planning {
namespace {

// Three engineers in the west and three in the east, each with three jobs at home; the first also has one in the east,
// two hours away.
struct TwoEnds {
  TwoEnds() : p(world(151, {}, {})) {
    Plan plan;
    for (int e = 0; e < 6; ++e) {
      const int home = e < 3 ? e : 130 + e;
      p.engineers.push_back(engineer(e + 1, home, {hm(8), hm(20)}));
      plan.routes.push_back({e, {}});
      for (int i = 0; i < 3; ++i) add(plan, e, home);
    }
    far = add(plan, 0, 135);
    m = Model::compile(p, nullptr);
    state = state_of(m, plan);
  }

  int add(Plan& plan, int e, int place) {
    const auto id = static_cast<int>(p.jobs.size());
    p.jobs.push_back(job(id + 1, place));
    plan.routes[static_cast<std::size_t>(e)].stops.push_back(visit(id, hm(8)));
    return id;
  }

  Problem p;
  int far = kNone;
  Model m;
  State state;
};

TEST(Regions, WhoeverGoesFarIsNowAndThenWithThoseWhoAreNearThatStop) {
  const TwoEnds w;
  ASSERT_TRUE(w.state.absent.empty());
  int apart = 0, joined = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Random random(seed);
    const Regions regions(w.m, w.state, 2, random);
    if (regions.of_engineer(1) == regions.of_engineer(4)) continue;  // both poles were drawn in one of the ends
    ++apart;
    joined += regions.of_engineer(0) == regions.of_engineer(4);
  }
  EXPECT_GT(apart, 90);
  EXPECT_GT(joined, 25);
  EXPECT_LT(joined, 75);
}

TEST(Regions, ADetourIsWhatTheDayIsLongerBy) {
  const TwoEnds w;
  const auto& route = w.state.routes[0];
  EXPECT_EQ(detour(w.m, route, position_of(route, w.far)), 2 * 135 * 60);
  EXPECT_EQ(detour(w.m, route, 2), 0) << "at the place of the stop before";
}

}  // namespace
}  // namespace firstfix::planning
