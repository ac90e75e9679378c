// Times by road from a service that answers, is slow, fails, talks nonsense, goes away and comes back.
#include "travel/road_travel.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/fakes.h"
#include "table_server.h"

namespace firstfix::travel {
namespace {

using namespace std::chrono_literals;

constexpr Position kWest{10, 10}, kMiddle{10, 11}, kEast{10, 12}, kSouth{-10, 11};
const planning::GreatCircleTravel kByAir;

class Roads : public ::testing::Test {
 protected:
  Osrm options() const {
    Osrm out{.url = server.url()};
    out.timeout = 10s;  // so that a slow machine fails nothing
    return out;
  }
  RoadTravel travel(const Osrm& options) { return RoadTravel(options, kByAir, clock); }
  Duration time(const RoadTravel& roads, const Position& from, const Position& to) {
    return roads.time(from, to, clock.now());
  }
  Duration by_air(const Position& from, const Position& to) { return kByAir.time(from, to, clock.now()); }
  void answer(int status, const std::string& body) {
    server.instead = [=](const auto&, auto& response) {
      response.status = status;
      response.set_content(body, "text/plain");
    };
  }

  Gate gate;  // outlives the server, one of whose threads may come to it when the test is over
  TableServer server;
  testing::ManualClock clock;
};

TEST_F(Roads, WhatWasAskedBeforeIsByRoadAndAllElseByAir) {
  const auto roads = travel(options());
  EXPECT_EQ(time(roads, kWest, kEast), by_air(kWest, kEast));
  EXPECT_EQ(server.requests, 0) << "time() asks nobody";
  roads.prefetch({{{kWest, kEast}, {kMiddle}}});
  EXPECT_EQ(server.requests, 1);
  EXPECT_EQ(time(roads, kWest, kMiddle), 1000s);
  EXPECT_EQ(time(roads, kEast, kMiddle), 3000s);
  EXPECT_EQ(time(roads, kMiddle, kEast), by_air(kMiddle, kEast)) << "the way back was not asked for";
  EXPECT_EQ(roads.counters().by_road, 2U);
  EXPECT_EQ(roads.counters().estimated, 2U);
}

TEST_F(Roads, WhatIsKnownIsNotAskedAgainUntilItIsOld) {
  const auto roads = travel(options());
  roads.prefetch({{{kWest}, {kMiddle}}});
  clock.advance(23h);
  roads.prefetch({{{kWest, {10.00001, 10.00001}}, {kMiddle}}});
  EXPECT_EQ(server.requests, 1) << "a metre away is the same place";
  EXPECT_EQ(time(roads, kWest, kMiddle), 1000s);
  clock.advance(1h);
  EXPECT_EQ(time(roads, kWest, kMiddle), by_air(kWest, kMiddle));
  roads.prefetch({{{kWest}, {kMiddle}}});
  EXPECT_EQ(server.requests, 2);
}

TEST_F(Roads, OnlyWhatIsMissingIsAskedFor) {
  const auto roads = travel(options());
  roads.prefetch({{{kWest}, {kMiddle, kEast}}});
  server.most_coordinates = 0;
  roads.prefetch({{{kWest, kMiddle}, {kMiddle, kEast}}});
  EXPECT_EQ(server.most_coordinates, 2U) << "from the middle to the east";
  EXPECT_EQ(time(roads, kMiddle, kEast), 1000s);
}

TEST_F(Roads, ManyPlacesAreAskedForInPieces) {
  auto limited = options();
  limited.most_coordinates = 7;
  const auto roads = travel(limited);
  planning::Ways ways;
  for (int i = 0; i < 20; ++i) ways.from.push_back({10, 20 + i * 0.5});
  for (int i = 0; i < 9; ++i) ways.to.push_back({10, 40 + i * 0.5});
  roads.prefetch({ways});
  EXPECT_LE(server.most_coordinates, 7U);
  EXPECT_EQ(server.requests, 15) << "five times four places, three times three";
  for (const auto& from : ways.from)
    for (const auto& to : ways.to)
      EXPECT_NEAR(static_cast<double>(time(roads, from, to).count()) / 1e6,
                  1000 * (to.longitude_deg - from.longitude_deg), 0.001);
  server.requests = 0;
  roads.prefetch({{ways.from, {kWest}}});
  EXPECT_EQ(server.requests, 4) << "to one place, six at a time";
}

TEST_F(Roads, WhereThereIsNoWayByRoadItIsEstimated) {
  const auto roads = travel(options());
  roads.prefetch({{{kWest}, {kSouth, kMiddle}}});
  EXPECT_EQ(time(roads, kWest, kSouth), by_air(kWest, kSouth));
  EXPECT_EQ(time(roads, kWest, kMiddle), 1000s);
  EXPECT_EQ(roads.counters().no_way, 1U);
  roads.prefetch({{{kWest}, {kSouth, kMiddle}}});
  EXPECT_EQ(server.requests, 1) << "that is known as well";
}

TEST_F(Roads, PlacesWithoutRoadsAreNotTheServicesFailureAndAreAskedForAgainSoon) {
  const auto roads = travel(options());
  answer(400, R"({"code": "NoSegment", "message": "no road"})");
  roads.prefetch({{{kWest}, {kMiddle}}});
  EXPECT_EQ(roads.counters().failures, 0U);
  roads.prefetch({{{kWest}, {kMiddle}}});
  EXPECT_EQ(server.requests, 1);
  server.instead = nullptr;
  clock.advance(11min);
  roads.prefetch({{{kWest}, {kMiddle}}});
  EXPECT_EQ(time(roads, kWest, kMiddle), 1000s);
}

TEST_F(Roads, AFailureOfWhateverKindLeavesPlanningWithEstimates) {
  for (const auto& [status, body] :
       std::vector<std::pair<int, std::string>>{{500, "oh no"},
                                                {503, R"({"code": "Ok", "durations": [[1]]})"},
                                                {301, ""},
                                                {404, ""},
                                                {400, R"({"code": "TooBig"})"},
                                                {200, ""},
                                                {200, "<html>welcome to the hotel</html>"},
                                                {200, R"({"code": "Ok", "durations": [[1, 2]]})"},
                                                {200, R"({"code": "Ok", "durations": [[-1]]})"},
                                                {200, std::string(2 << 20, '[')}}) {
    const auto roads = travel(options());
    answer(status, body);
    roads.prefetch({{{kWest}, {kMiddle}}});
    EXPECT_EQ(roads.counters().failures, 1U) << status << " " << body.substr(0, 60);
    EXPECT_EQ(time(roads, kWest, kMiddle), by_air(kWest, kMiddle));
  }
}

TEST_F(Roads, ASlowServiceIsNotWaitedFor) {
  auto hasty = options();
  hasty.timeout = 20ms;
  const auto roads = travel(hasty);
  server.instead = [&](const auto& request, auto& response) {
    gate.pass();
    TableServer::table(request, response);
  };
  roads.prefetch({{{kWest}, {kMiddle}}});  // comes back although the gate is shut
  EXPECT_EQ(roads.counters().failures, 1U);
  EXPECT_EQ(time(roads, kWest, kMiddle), by_air(kWest, kMiddle));
  gate.open();
}

TEST_F(Roads, AServiceThatFailsIsLeftAloneForLongerEachTimeAndComesBack) {
  auto patient = options();
  patient.first_pause = 5s;
  patient.longest_pause = 15s;
  const auto roads = travel(patient);
  answer(500, "");
  const auto asks = [&] {
    const int before = server.requests;
    roads.prefetch({{{kWest}, {kMiddle}}, {{kWest}, {kEast}}});
    return server.requests - before;
  };
  EXPECT_EQ(asks(), 1) << "after the first failure the rest is not asked for";
  for (const auto pause : {5s, 10s, 15s, 15s}) {
    clock.advance(pause - 1us);
    EXPECT_EQ(asks(), 0);
    clock.advance(1us);
    EXPECT_EQ(asks(), 1);
  }
  server.instead = nullptr;
  clock.advance(15s);
  EXPECT_EQ(asks(), 2);
  EXPECT_EQ(time(roads, kWest, kEast), 2000s);
  EXPECT_EQ(roads.counters().failures, 5U);
  answer(500, "");
  roads.prefetch({{{kEast}, {kWest}}});
  clock.advance(5s);
  EXPECT_EQ(asks(), 0) << "those two are kept";
  roads.prefetch({{{kEast}, {kWest}}});
  EXPECT_EQ(roads.counters().failures, 7U) << "the pause began anew at its shortest";
}

TEST_F(Roads, WhatIsKeptOutlivesTheService) {
  server.keep_no_connection();
  const auto roads = travel(options());
  roads.prefetch({{{kWest}, {kMiddle}}});
  server.stop();
  roads.prefetch({{{kWest}, {kMiddle, kEast}}});
  EXPECT_EQ(roads.counters().failures, 1U);
  EXPECT_EQ(time(roads, kWest, kMiddle), 1000s);
  EXPECT_EQ(time(roads, kWest, kEast), by_air(kWest, kEast));
}

TEST_F(Roads, PlacesThatAreNoneAreNotAskedFor) {
  const auto roads = travel(options());
  roads.prefetch({{{{NAN, 0}, {91, 0}}, {kMiddle}}, {{kWest}, {}}, {{kWest}, {kWest}}});
  EXPECT_EQ(server.requests, 0);
  EXPECT_EQ(time(roads, kWest, kWest), 0s);
}

TEST_F(Roads, ManyMayAskAndPlanAtOnce) {
  const auto roads = travel(options());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int j = 0; j < 10; ++j) {
        const Position to{10, 20.0 + i + j};
        roads.prefetch({{{kWest}, {to}}});
        EXPECT_EQ(time(roads, kWest, to), 1000s * (10 + i + j));
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(roads.counters().failures, 0U);
}

}  // namespace
}  // namespace firstfix::travel
