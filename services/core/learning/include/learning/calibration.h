// Calibration over time: do things happen as often as was predicted?
//
// The test. If a forecast p is honest, the thing happens with probability p given all that was known. Against it stand
// forecasters who would have said otherwise: the odds shifted up or down, or the probabilities too bold or too timid
// (kShifts and kSlopes, on the logit). The likelihood ratio of such a forecaster over p is a martingale with mean 1
// while p is honest, whatever the p are. As with defect signals the evidence is the sum over every forecast as the
// start of the trouble, so that the expected number of false alarms among any number of forecasts is at most forecasts
// / A: with A = kForecastsPerFalseAlarm, one in 20,000 closed cases (Shin, Ramdas & Rinaldo 2024; the bets are those of
// Arnold, Henzi & Ziegel, «Sequentially valid tests for forecast calibration», Annals of Applied Statistics 17, 2023).
// A model that is off by less than about a quarter in log-odds (0.50 for 0.56) gives no alarm however long it lasts.
//
// All is a function of the forecasts in the order of their closing. Pure; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/time.h"

namespace firstfix::learning {

inline constexpr double kForecastsPerFalseAlarm = 20'000;
inline constexpr std::array<double, 6> kShifts{-2, -1, -0.5, 0.5, 1, 2};  // of the log-odds
inline constexpr std::array<double, 2> kSlopes{0.5, 2};                   // of the log-odds: too bold, too timid
inline constexpr double kHalfLife = 200;                                  // forecasts after which one counts half

// One thing that was said, and whether it came true. Only one of each case: those of one case are not independent.
struct Forecast {
  Instant settled_at;
  double probability = 0;  // 0 to 1; taken as 0.005 to 0.995 at the most
  bool happened = false;
};

// How far off a model has been.
struct Drift {
  double log_evidence = 0;  // natural logarithm, at its greatest; an alarm at log(kForecastsPerFalseAlarm) and above
  Instant seen{0};          // when it was greatest
  Instant since{0};         // the most probable beginning
  std::int64_t count = 0;   // forecasts from then until seen
  double predicted = 0;     // their mean
  double happened = 0;      // the share of them that came true
};

// The look with the greatest evidence; none if there is no forecast. Linear in their number.
std::optional<Drift> strongest_drift(std::span<const Forecast> forecasts);
bool is_alarm(const Drift& drift);

inline constexpr std::size_t kBins = 10;
struct Bin {
  double weight = 0;     // of the forecasts in it, after decay
  double predicted = 0;  // their weighted mean
  double happened = 0;
};

// The usual figures, newer forecasts counting more. Lower is better for all three.
struct Reliability {
  double weight = 0;
  double brier = 0;     // mean squared error
  double log_loss = 0;  // nats
  double ece = 0;       // expected calibration error: mean of |predicted − happened| over the bins
  std::array<Bin, kBins> bins;
};
Reliability reliability(std::span<const Forecast> forecasts);

}  // namespace firstfix::learning
