// What a table service is asked, and what its answers mean.
#include "travel/osrm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace firstfix::travel {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

TEST(Osrm, LongitudeComesFirst) {
  EXPECT_EQ(osrm_table_path("driving", {{52.5, 13.4}, {52.6, -0.25}}, {{48, 11}}),
            "/table/v1/driving/13.400000,52.500000;-0.250000,52.600000;11.000000,48.000000"
            "?sources=0;1&destinations=2&annotations=duration");
}

TEST(Osrm, ATableIsReadInRowsAndNullIsNoWay) {
  const auto table = read_osrm_table(R"({"code": "Ok", "durations": [[0, 61.5], [null, 7], [1, 2]]})", 3, 2);
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(*table,
              ElementsAre(Optional(0s), Optional(61'500ms), std::nullopt, Optional(7s), Optional(1s), Optional(2s)));
}

Error problem(const std::string& body) {
  const auto table = read_osrm_table(body, 2, 2);
  return table ? Error{Code::kInternal, ""} : table.error();
}

TEST(Osrm, WhatIsNoTableIsToldWithItsPlace) {
  for (const auto& [body, words] : std::vector<std::pair<std::string, std::string>>{
           {"", "not a JSON object"},
           {"<html>", "not a JSON object"},
           {"[1]", "not a JSON object"},
           {"{}", "code: is missing"},
           {R"({"code": 7})", "code: is missing"},
           {R"({"code": "Ok"})", "durations: must be a list of 2"},
           {R"({"code": "Ok", "durations": [[0, 1]]})", "durations: must be a list of 2"},
           {R"({"code": "Ok", "durations": [[0, 1], [0]]})", "durations[1]: must be a list of 2"},
           {R"({"code": "Ok", "durations": [[0, 1], {"a": 1, "b": 2}]})", "durations[1]: must be a list of 2"},
           {R"({"code": "Ok", "durations": [[0, "1"], [0, 1]]})", "durations[0][1]: is neither"},
           {R"({"code": "Ok", "durations": [[0, -1], [0, 1]]})", "durations[0][1]: is neither"},
           {R"({"code": "Ok", "durations": [[0, 1], [1e300, 1]]})", "durations[1][0]: is neither"}}) {
    EXPECT_EQ(problem(body).code, Code::kCorrupt) << body;
    EXPECT_THAT(problem(body).message, HasSubstr(words));
  }
}

TEST(Osrm, ARefusalIsToldInItsWords) {
  const auto too_big = problem(R"({"code": "TooBig", "message": "Too many\ncoordinates"})");
  EXPECT_EQ(too_big.code, Code::kUnavailable);
  EXPECT_EQ(too_big.message, "it answers TooBig: Too many?coordinates");
  EXPECT_EQ(problem(R"({"code": "NoSegment"})").code, Code::kNotFound);
  EXPECT_EQ(problem(R"({"code": "NoTable", "message": 3})").code, Code::kNotFound);
}

}  // namespace
}  // namespace firstfix::travel
