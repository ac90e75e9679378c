#include "planning/solomon.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "planning/solve.h"

namespace firstfix::planning {
namespace {

constexpr const char* kTiny = R"(TINY

VEHICLE
NUMBER     CAPACITY
  3         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME
    0      0         0          0          0       1000          0
    1      3         4          6          0       1000         10
    2      3         5          4          0       1000         10
    3     -3        -4          6        100        120         10
)";

TEST(Solomon, ReadsTenthsAndCutsDistances) {
  const auto instance = read_solomon(kTiny);
  ASSERT_TRUE(instance) << instance.error().message;
  const auto& p = instance->problem;
  EXPECT_EQ(p.engineers.size(), 3u);
  EXPECT_EQ(p.travel(0, 1), 50);
  EXPECT_EQ(p.travel(0, 2), 58);  // 5.83…
  EXPECT_EQ(p.jobs[2].windows[0], (Span{1000, 1200}));
}

TEST(Solomon, WritesEveryCustomerOnceAndTheDistance) {
  const auto instance = read_solomon(kTiny);
  ASSERT_TRUE(instance);
  const auto solution = solve(instance->problem, {.iterations = 500});
  ASSERT_TRUE(solution);
  const auto out = nlohmann::json::parse(write_solomon(*instance, solution->plan));
  EXPECT_DOUBLE_EQ(out["distance"], 5 + 1 + 5.8 + 5 + 5);  // 1 and 2 fill a vehicle, 3 is another way
  EXPECT_EQ(out["routes"].size(), 2u);
}

TEST(Solomon, SaysWhichLineIsWrong) {
  std::string text = kTiny;
  text.replace(text.find("100        120"), 14, "130        120");
  EXPECT_EQ(read_solomon(text).error().message, "line 12: is due before it is ready");
  EXPECT_FALSE(read_solomon(""));
  EXPECT_FALSE(read_solomon("1 2\n1 2 3\n"));
  EXPECT_FALSE(read_solomon("1 2\n0 0 0 nan 0 0 0\n"));
}

}  // namespace
}  // namespace firstfix::planning
