// What is kept, for how long, and how much of it.
#include "road_cache.h"

#include <gtest/gtest.h>

namespace firstfix::travel {
namespace {

using namespace std::chrono_literals;

constexpr Cell kHere{1, 1}, kThere{2, 2};

TEST(RoadCache, KeepsEachDirectionUntilItsTime) {
  RoadCache cache(100);
  cache.keep(kHere, kThere, 60s, Instant{10});
  cache.keep(kThere, kHere, std::nullopt, Instant{20});
  EXPECT_EQ(cache.find(kHere, kThere, Instant{9})->time, 60s);
  EXPECT_FALSE(cache.find(kHere, kThere, Instant{10}));
  ASSERT_TRUE(cache.find(kThere, kHere, Instant{19})) << "that there is no way is known too";
  EXPECT_FALSE(cache.find(kThere, kHere, Instant{19})->time);
  EXPECT_FALSE(cache.find(kHere, kHere, Instant{0}));
}

TEST(RoadCache, ANewAnswerTakesTheOldOnesPlace) {
  RoadCache cache(2);
  cache.keep(kHere, kThere, 60s, kNever);
  for (std::int32_t i = 10; i < 12; ++i) cache.keep(kHere, {i, i}, 1s, kNever);
  cache.keep(kHere, kThere, 70s, kNever);
  EXPECT_EQ(cache.find(kHere, kThere, Instant{0})->time, 70s);
}

TEST(RoadCache, HasABoundAndForgetsTheOldestFirst) {
  RoadCache cache(1000);
  for (std::int32_t i = 0; i < 10'000; ++i) cache.keep(kHere, {i, 0}, 1s, kNever);
  EXPECT_LE(cache.size(), 1002U);
  EXPECT_FALSE(cache.find(kHere, {0, 0}, Instant{0}));
  for (std::int32_t i = 9'500; i < 10'000; ++i) EXPECT_TRUE(cache.find(kHere, {i, 0}, Instant{0}));
}

TEST(RoadCache, NeighboursShareACell) {
  EXPECT_EQ(cell_of({52.52001, 13.40499}), cell_of({52.52004, 13.40501}));
  EXPECT_NE(cell_of({52.52, 13.405}), cell_of({52.5202, 13.405}));
  EXPECT_EQ(cell_of({-0.00001, -0.00001}), cell_of({0, 0}));
}

}  // namespace
}  // namespace firstfix::travel
