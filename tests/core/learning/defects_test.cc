// A thing that comes more often than its past is signalled; what only seems to is not, at the stated rate.
#include "learning/defects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulate.h"

namespace firstfix::learning {
namespace {

TEST(Exposure, CountsTheDaysThatMachinesWereThereAtTheirAge) {
  const Exposure two({100, 400}, 300);
  EXPECT_DOUBLE_EQ(two.before(300), 0);
  EXPECT_DOUBLE_EQ(two.before(410), 110 + 10);
  EXPECT_DOUBLE_EQ(two.before(410, {"young", 0, 250}), 50 + 10) << "the elder was 200 to 250 days old for 50 days";
  EXPECT_DOUBLE_EQ(two.before(410, {"old", 250}), 60);
  double bands = 0;
  for (const auto& band : kAgeBands) bands += two.before(5000, band);
  EXPECT_DOUBLE_EQ(bands, two.before(5000)) << "each machine is in one band at a time";
}

TEST(Exposure, AnInstantBelongsToTheDayThatItIsIn) {
  EXPECT_EQ(day_of(*parse_iso8601("1970-01-02T23:59:59.999999Z")), 1);
  EXPECT_EQ(day_of(*parse_iso8601("1969-12-31T00:00:00Z")), -1);
  EXPECT_EQ(to_iso8601(start_of(day_of(*parse_iso8601("2026-11-24T08:07:27Z")))), "2026-11-24T00:00:00Z");
}

TEST(Defects, NothingIsSaidWithoutAPast) {
  const auto exposure = fleet(100, 0, 10);
  Stream stream;
  EXPECT_FALSE(strongest_increase(lay_out(stream, exposure)));
  stream.count(5, 40);
  EXPECT_FALSE(strongest_increase(lay_out(stream, exposure))) << "forty in one day, but compared with what?";
}

TEST(Defects, ASignalCarriesTheFiguresThatSaySo) {
  // A fault that came every 30 days on 100 machines comes every 6 days from day 900 on.
  const auto exposure = fleet(100, 0, 2000);
  Stream stream;
  for (Day day = 15; day < 900; day += 30) stream.count(day);
  for (Day day = 906; day < 1050; day += 6) stream.count(day);
  const auto found = strongest_increase(lay_out(stream, exposure));
  ASSERT_TRUE(found);
  EXPECT_TRUE(is_signal(*found));
  EXPECT_EQ(found->since, 912) << "the change lies behind the event of day 906, as far as can be told";
  EXPECT_EQ(found->observed, 23);
  EXPECT_EQ(found->past_observed, 31);
  EXPECT_NEAR(found->past_exposure, 90'650, 1);
  EXPECT_NEAR(found->expected, 31 / 90'650.0 * found->exposure, 1e-9);
  EXPECT_NEAR(found->ratio, 23.5 / found->exposure * found->past_exposure / 31.5, 1e-9);
  EXPECT_LT(found->ratio_low, 5);
  EXPECT_GT(found->ratio_high, 5);
}

TEST(Defects, WhatDoublesWithTheFleetIsNoSignal) {
  Random random(1);
  const auto exposure = fleet(20, 2, 1500);  // 770 machines in the end
  const auto stream = events(random, exposure, 1.0 / 1000, 1500);
  const auto found = strongest_increase(lay_out(stream, exposure));
  ASSERT_TRUE(found);
  EXPECT_FALSE(is_signal(*found)) << found->observed << " since day " << found->since;
}

TEST(Defects, ALastingRiseByAnEighthIsNobodysDefect) {
  Random random(2);
  const auto exposure = fleet(1000, 0, 4000);
  const auto stream = events(random, exposure, 1.0 / 2000, 4000, 1000, 1.125);
  EXPECT_FALSE(is_signal(*strongest_increase(lay_out(stream, exposure))));
}

TEST(Defects, WhatWasCountedWronglyIsTakenBackWithoutATrace) {
  Random random(3);
  const auto exposure = fleet(100, 0, 1000);
  auto stream = events(random, exposure, 1.0 / 2000, 1000);
  const auto days = stream.days();
  for (Day day = 980; day < 1000; ++day) stream.count(day, 3);
  EXPECT_TRUE(is_signal(*strongest_increase(lay_out(stream, exposure))));
  for (Day day = 999; day >= 980; --day) stream.count(day, -3);
  EXPECT_EQ(stream.days(), days);
}

TEST(Defects, EarlierLooksCanBeLeftOut) {
  const auto exposure = fleet(100, 0, 2000);
  Stream stream;
  for (Day day = 0; day < 900; day += 30) stream.count(day);
  for (Day day = 900; day < 1000; day += 4) stream.count(day);
  stream.count(1999);  // long quiet again
  const auto days = lay_out(stream, exposure);
  const auto ever = strongest_increase(days);
  const auto now = strongest_increase(days, 1999);
  EXPECT_TRUE(is_signal(*ever));
  EXPECT_LT(ever->seen, 1000);
  EXPECT_FALSE(is_signal(*now));
  EXPECT_EQ(now->seen, 1999);
}

// The promise: among any number of counted events at most events / A false signals are expected, whatever the streams'
// rates, on steady and on growing fleets, looked at after every day. The thresholds are lowered, so that there is
// something to count.
TEST(Defects, FalseSignalsAreAsRareAsStated) {
  Random random(20261125);
  std::int64_t counted = 0, streams = 0, real = 0;
  std::map<double, std::int64_t> alarms{{100, 0}, {1'000, 0}, {10'000, 0}};
  for (const Day growing : {0, 40}) {
    const auto exposure = fleet(100, growing, 3650);
    for (const double a_year : {1.0, 3.0, 10.0}) {
      for (int i = 0; i < 700; ++i, ++streams) {
        const auto stream = events(random, exposure, a_year / 36'500, 3650);
        for (const auto& [day, count] : stream.days()) counted += count;
        const auto found = strongest_increase(lay_out(stream, exposure));
        if (!found) continue;
        for (auto& [threshold, count] : alarms) count += found->log_evidence >= std::log(threshold) ? 1 : 0;
        real += is_signal(*found) ? 1 : 0;
      }
    }
  }
  EXPECT_EQ(streams, 4200);
  EXPECT_GT(counted, 200'000);
  for (const auto& [threshold, count] : alarms)
    EXPECT_LT(static_cast<double>(count), static_cast<double>(counted) / threshold)
        << "at a threshold of " << threshold;
  EXPECT_LE(real, 1) << "about one is allowed";
  for (const auto& [threshold, count] : alarms)
    RecordProperty("alarms_at_" + std::to_string(static_cast<int>(threshold)), static_cast<int>(count));
  RecordProperty("events_counted", static_cast<int>(counted));
}

// How many events of the raised rate it takes, with 100 events of past, looking after every day.
std::vector<std::int64_t> events_until_signal(double ratio, int runs) {
  Random random(5);
  const Day change = 3650, days = change + 1500;
  const auto exposure = fleet(100, 0, days);
  std::vector<std::int64_t> needed;
  for (int run = 0; run < runs; ++run) {
    const auto stream = events(random, exposure, 10.0 / 36'500, days, change, ratio);
    const auto laid = lay_out(stream, exposure);
    std::int64_t since = 0;
    for (std::size_t i = 0; i < laid.size(); ++i) {
      if (laid[i].day < change) continue;
      since += laid[i].events;
      const auto found = strongest_increase(std::span(laid).first(i + 1), laid[i].day);
      if (!found || !is_signal(*found)) continue;
      needed.push_back(since);
      break;
    }
  }
  return needed;
}

TEST(Defects, AThreefoldRateIsFoundWithinFiftyFiveEvents) {
  const auto needed = events_until_signal(3, 200);
  ASSERT_GE(needed.size(), 198u);
  EXPECT_LE(quantile(needed, 0.5), 33);
  EXPECT_LE(quantile(needed, 0.95), 55);
  RecordProperty("median", static_cast<int>(quantile(needed, 0.5)));
  RecordProperty("95_percent", static_cast<int>(quantile(needed, 0.95)));
}

TEST(Defects, ATenfoldRateIsFoundWithinFifteenEvents) {
  const auto needed = events_until_signal(10, 200);
  ASSERT_EQ(needed.size(), 200u);
  EXPECT_LE(quantile(needed, 0.5), 11);
  EXPECT_LE(quantile(needed, 0.95), 15);
}

}  // namespace
}  // namespace firstfix::learning
