// From options to travel times.
#include "travel/open.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/fakes.h"
#include "support/temporary_directory.h"

namespace firstfix::travel {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr Position kHere{1, 2}, kThere{3, 4};

TEST(Open, WithoutMoreItIsTheGreatCircle) {
  const testing::ManualClock clock;
  const auto travel = open({}, clock);
  ASSERT_TRUE(travel);
  EXPECT_EQ((*travel)->time(kHere, kThere, {}), planning::GreatCircleTravel{}.time(kHere, kThere, {}));
}

TEST(Open, ATableComesFromItsFileOrIsRefusedWithIt) {
  const testing::ManualClock clock;
  const testing::TemporaryDirectory directory;
  const Options options{.kind = Kind::kTable, .table_file = directory / "travel.json"};
  EXPECT_THAT(open(options, clock).error().message, HasSubstr("cannot read " + options.table_file));
  std::ofstream(options.table_file) << R"({"places": [{"lat": 1, "lon": 2}, {"lat": 3}]})";
  EXPECT_THAT(open(options, clock).error().message,
              AllOf(HasSubstr(options.table_file + ": "), HasSubstr("places[1].lon: is missing")));
  std::ofstream(options.table_file) << R"({"places": [{"lat": 1, "lon": 2}, {"lat": 3, "lon": 4}],
                                           "seconds": [[0, 70], [80, 0]]})";
  const auto travel = open(options, clock);
  ASSERT_TRUE(travel) << travel.error().message;
  EXPECT_EQ((*travel)->time(kThere, kHere, {}), 80s);
}

TEST(Open, AServiceThatIsNotThereYetIsNoError) {
  const testing::ManualClock clock;
  const auto travel = open({.kind = Kind::kOsrm, .osrm = {.url = "http://127.0.0.1:1"}}, clock);
  ASSERT_TRUE(travel);
  (*travel)->prefetch({{{kHere}, {kThere}}});
  EXPECT_GT((*travel)->time(kHere, kThere, {}), 0s);
}

}  // namespace
}  // namespace firstfix::travel
