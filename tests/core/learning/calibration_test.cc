// A model that is right as often as it says is left alone; one that is off is named, with since when and by how much.
#include "learning/calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulate.h"

namespace firstfix::learning {
namespace {

// Forecasts from 0.2 to 0.95; from `off` on things happen as if the log-odds were shifted by `shift`.
std::vector<Forecast> forecasts(Random& random, int count, int off = INT_MAX, double shift = 0) {
  std::vector<Forecast> out;
  std::uniform_real_distribution<double> any(0.2, 0.95), one(0, 1);
  for (int i = 0; i < count; ++i) {
    const double p = any(random), log_odds = std::log(p / (1 - p)) + (i >= off ? shift : 0);
    out.push_back({start_of(i), p, one(random) < 1 / (1 + std::exp(-log_odds))});
  }
  return out;
}

TEST(Calibration, NothingIsSaidOfNothing) {
  EXPECT_FALSE(strongest_drift({}));
  EXPECT_EQ(reliability({}).weight, 0);
}

TEST(Calibration, ReliabilityIsReadOffAsUsual) {
  std::vector<Forecast> all;
  for (int i = 0; i < 10; ++i) all.push_back({start_of(i), 0.75, i % 2 == 0});
  const auto figures = reliability(all);
  EXPECT_NEAR(figures.ece, 0.25, 0.01);
  EXPECT_NEAR(figures.brier, (0.25 * 0.25 + 0.75 * 0.75) / 2, 0.01);
  EXPECT_NEAR(figures.log_loss, -(std::log(0.75) + std::log(0.25)) / 2, 0.01);
  EXPECT_NEAR(figures.bins[7].predicted, 0.75, 1e-12);
  EXPECT_NEAR(figures.bins[7].happened, 0.5, 0.01);
}

TEST(Calibration, TheNewCountMoreThanTheOld) {
  std::vector<Forecast> all(200, {start_of(0), 0.95, false});
  all.insert(all.end(), 200, {start_of(1), 0.95, true});
  EXPECT_NEAR(reliability(all).bins[9].happened, 2 / 3.0, 0.01) << "200 later, one counts half";
}

TEST(Calibration, ACertainThatFailsIsTakenAsNearlyCertain) {
  const std::vector<Forecast> all{{start_of(0), 1, false}, {start_of(1), 0, true}};
  EXPECT_TRUE(std::isfinite(strongest_drift(all)->log_evidence));
  EXPECT_TRUE(std::isfinite(reliability(all).log_loss));
}

TEST(Calibration, AnAlarmSaysSinceWhenAndByHowMuch) {
  Random random(1);
  const auto drift = strongest_drift(forecasts(random, 420, 300, -2));
  ASSERT_TRUE(drift);
  EXPECT_TRUE(is_alarm(*drift));
  EXPECT_NEAR(static_cast<double>(day_of(drift->since)), 300, 12);
  EXPECT_GT(drift->predicted, drift->happened + 0.2);
  EXPECT_GT(drift->count, 80);
}

TEST(Calibration, FalseAlarmsAreAsRareAsStated) {
  Random random(2);
  std::int64_t counted = 0, real = 0;
  std::map<double, std::int64_t> alarms{{100, 0}, {1'000, 0}};
  for (int model = 0; model < 1000; ++model) {
    const auto all = forecasts(random, 200);
    counted += static_cast<std::int64_t>(all.size());
    const auto drift = strongest_drift(all);
    for (auto& [threshold, count] : alarms) count += drift->log_evidence >= std::log(threshold) ? 1 : 0;
    real += is_alarm(*drift) ? 1 : 0;
  }
  for (const auto& [threshold, count] : alarms) {
    EXPECT_LT(static_cast<double>(count), static_cast<double>(counted) / threshold)
        << "at a threshold of " << threshold;
    RecordProperty("alarms_at_" + std::to_string(static_cast<int>(threshold)), static_cast<int>(count));
  }
  EXPECT_LE(real, 10) << "200,000 forecasts allow ten";
  RecordProperty("alarms", static_cast<int>(real));
}

TEST(Calibration, OddsThatAreOffByAFactorOfThreeAreFoundWithinAHundredAndFortyCases) {
  Random random(3);
  std::vector<std::int64_t> needed;
  for (int run = 0; run < 100; ++run) {
    const auto all = forecasts(random, 700, 300, -std::log(3.0));
    for (std::size_t i = 301; i <= all.size(); ++i) {
      if (!is_alarm(*strongest_drift(std::span(all).first(i)))) continue;
      needed.push_back(static_cast<std::int64_t>(i - 300));
      break;
    }
  }
  ASSERT_EQ(needed.size(), 100u);
  EXPECT_LE(quantile(needed, 0.5), 70);
  EXPECT_LE(quantile(needed, 0.95), 140);
  RecordProperty("median", static_cast<int>(quantile(needed, 0.5)));
  RecordProperty("95_percent", static_cast<int>(quantile(needed, 0.95)));
}

}  // namespace
}  // namespace firstfix::learning
