// How long a drive takes: by the hour, and from a table.
#include "planning/travel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "planning/travel_table.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr Position kBerlin{52.52, 13.405};
constexpr Instant kMidnight{1'772'409'600'000'000};  // 2026-03-02T00:00:00Z

// So far east of the equator's beginning that 1 km/h covers it in an hour.
Position km(double far) {
  return {0, far * 1000 / distance_m({0, 0}, {0, 1})};
}

SpeedsByHour speeds(double at_all_times) {
  SpeedsByHour out;
  out.fill(at_all_times);
  return out;
}

void expect_about(Duration got, Duration wanted) {
  EXPECT_LE(std::chrono::abs(got - wanted), 1ms) << got.count() << " µs instead of " << wanted.count();
}

TEST(GreatCircle, AtOneSpeedTheHourIsNotAsked) {
  const GreatCircleTravel simple(1.3, 50), by_hour(1.3, speeds(50), 1h);
  const Position far{48.1, 11.6};
  const auto expected = Duration{static_cast<std::int64_t>(distance_m(kBerlin, far) / (50 / 3.6 / 1.3) * 1e6)};
  EXPECT_EQ(GreatCircleTravel{}.time(kBerlin, far, kMidnight), expected);
  EXPECT_EQ(simple.time(kBerlin, far, kMidnight + 7h), expected);
  EXPECT_EQ(by_hour.time(kBerlin, far, kMidnight + 7h), expected);
}

TEST(GreatCircle, ADriveOverAnHoursEndGoesOnAtTheNextHoursSpeed) {
  auto hours = speeds(60);
  hours[8] = 20;
  const GreatCircleTravel travel(1, hours, 0h);
  expect_about(travel.time(km(0), km(20), kMidnight + 6h), 20min);
  expect_about(travel.time(km(0), km(20), kMidnight + 8h), 60min);
  expect_about(travel.time(km(0), km(20), kMidnight + 7h + 50min), 10min + 30min);
  expect_about(travel.time(km(0), km(20), kMidnight + 8h + 30min), 30min + 10min);
  EXPECT_EQ(travel.time(km(3), km(3), kMidnight + 8h), 0s);
}

TEST(GreatCircle, TheHourIsThatOfTheLocalDay) {
  auto hours = speeds(60);
  hours[8] = 20;
  const GreatCircleTravel travel(1, hours, 2h), west(1, hours, -10h);
  expect_about(travel.time(km(0), km(20), kMidnight + 6h), 60min);
  expect_about(travel.time(km(0), km(20), kMidnight + 8h), 20min);
  expect_about(west.time(km(0), km(20), kMidnight + 18h), 60min);
  expect_about(travel.time(km(0), km(20), Instant{0} - 18h), 60min);  // before 1970
}

TEST(GreatCircle, ADriveMayTakeDays) {
  auto hours = speeds(10);
  for (std::size_t hour = 0; hour < 12; ++hour) hours[hour] = 40;
  const GreatCircleTravel travel(1, hours, 0h);  // 600 km a day
  expect_about(travel.time(km(0), km(1300), kMidnight), 48h + 2h + 30min);
  expect_about(travel.time(km(0), km(1300), kMidnight + 23h), 1h + 48h + 2h + 15min);
  EXPECT_GT(travel.time(km(0), km(1300), Instant{INT64_MAX}), 1h);
  EXPECT_GT(travel.time(km(0), km(1300), Instant{INT64_MIN}), 1h);
}

// --- the table ---

const std::string kTable = R"({
  "places": [{"name": "depot", "lat": 52.52, "lon": 13.40}, {"lat": 52.60, "lon": 13.30}, {"lat": 52.40, "lon": 13.50}],
  "seconds": [[0, 840.4, null], [900, 0, 60], [1200, 61, 0]]})";

TravelTable table() {
  auto read = read_travel_table(kTable);
  EXPECT_TRUE(read) << read.error().message;
  return read.value_or(TravelTable{});
}

TEST(Table, KnowsTheWaysBetweenItsPlacesInBothDirections) {
  const TableTravel travel(table());
  EXPECT_EQ(travel.time({52.52, 13.40}, {52.60, 13.30}, kMidnight), 840s);
  EXPECT_EQ(travel.time({52.60, 13.30}, {52.52, 13.40}, kMidnight), 900s);
  EXPECT_EQ(travel.time({52.60, 13.30}, {52.60, 13.30}, kMidnight), 0s);
}

TEST(Table, APlaceWithinAHundredMetresIsThatPlace) {
  const TableTravel travel(table());
  EXPECT_EQ(travel.time({52.5208, 13.40}, {52.60, 13.3013}, kMidnight), 840s) << "89 m and 88 m off";
  const Position too_far{52.5210, 13.40};  // 111 m
  EXPECT_EQ(travel.time(too_far, {52.60, 13.30}, kMidnight),
            GreatCircleTravel{}.time(too_far, {52.60, 13.30}, kMidnight));
}

TEST(Table, TheNearestOfSeveralCounts) {
  const TableTravel travel({{{52.5, 13.4}, {52.5005, 13.4}, {52.5009, 13.4}, {53, 13}},
                            {0, 1, 2, 10, 1, 0, 3, 20, 2, 3, 0, 30, 10, 20, 30, 0}});
  EXPECT_EQ(travel.time({52.5004, 13.4}, {53, 13}, kMidnight), 20s);
  EXPECT_EQ(travel.time({52.5008, 13.4}, {53, 13}, kMidnight), 30s);
}

TEST(Table, PlacesMeetAtTheDateLineAndAtThePole) {
  const TableTravel travel({{{0, 179.9996}, {90, 0}}, {0, 5, 6, 0}});
  EXPECT_EQ(travel.time({0, -179.9999}, {89.9995, 120}, kMidnight), 5s);
}

TEST(Table, WhereItDoesNotKnowTheGreatCircleIsAsked) {
  const GreatCircleTravel slow(2, 10);
  const TableTravel travel(table(), slow);
  for (const auto& [from, to] : {std::pair{Position{52.52, 13.40}, Position{52.40, 13.50}},
                                 std::pair{Position{52.52, 13.40}, kBerlin}, std::pair{kBerlin, Position{48, 11}}})
    EXPECT_EQ(travel.time(from, to, kMidnight), slow.time(from, to, kMidnight));
}

std::string problem(const std::string& text) {
  const auto read = read_travel_table(text);
  return read ? "" : read.error().message;
}

TEST(Table, WhatIsWrongIsToldWithItsPlace) {
  const std::string two = R"("places": [{"lat": 1, "lon": 2}, {"lat": 3, "lon": 4}])";
  EXPECT_THAT(problem("[}"), HasSubstr("not JSON"));
  EXPECT_THAT(problem("[]"), HasSubstr("must be an object"));
  EXPECT_THAT(problem("{}"), HasSubstr("places: is missing"));
  EXPECT_THAT(problem(R"({"places": [], "seconds": []})"), HasSubstr("places: needs at least 1"));
  EXPECT_THAT(problem(R"({"places": [{"lat": 91, "lon": 2}]})"), HasSubstr("places[0].lat: must be from -90 to 90"));
  EXPECT_THAT(problem(R"({"places": [{"lat": 1}]})"), HasSubstr("places[0].lon: is missing"));
  EXPECT_THAT(problem(R"({"places": [{"lat": 1, "lon": 2, "nmae": "x"}]})"), HasSubstr("places[0].nmae"));
  EXPECT_THAT(problem("{" + two + "}"), HasSubstr("seconds: is missing"));
  EXPECT_THAT(problem("{" + two + R"(, "seconds": [[0, 1]]})"), HasSubstr("seconds: needs at least 2"));
  EXPECT_THAT(problem("{" + two + R"(, "seconds": [[0, 1], [0]]})"), HasSubstr("seconds[1]: needs at least 2"));
  EXPECT_THAT(problem("{" + two + R"(, "seconds": [[0, 1, 2], [1, 0]]})"), HasSubstr("seconds[0]: has 3 entries"));
  EXPECT_THAT(problem("{" + two + R"(, "seconds": [[0, -1], [1, 0]]})"), HasSubstr("seconds[0][1]: must be from 0"));
  EXPECT_THAT(problem("{" + two + R"(, "seconds": [[0, 1e400], [1, 0]]})"),
              HasSubstr("seconds[0][1]: must be a finite number"));
  EXPECT_THAT(problem("{" + two + R"(, "seconds": [[0, 1], [1, 7]]})"), HasSubstr("seconds[1][1]: must be 0"));
  EXPECT_THAT(problem("{" + two + R"(, "seconds": [[0, 1], [1, 0]], "unit": "min"})"), HasSubstr("unit: is not"));
}

}  // namespace
}  // namespace firstfix::planning
