// Defect signals: what comes more often than its own past, with a stated rate of false signals.
//
// A stream is one thing counted on one group of machines, such as a fault code on a model. Its events come at an
// unknown rate per machine-day; the question is whether that rate has gone up, asked after every day with an event.
//
// The test. Let k events have come in the exposure u up to the k-th of them, and n more in the exposure E since. If
// the rate has not changed, the gaps after the k-th event, measured in u, have a law that does not depend on the rate
// (that of a Gamma(k, u) rate: the past with all its uncertainty, nothing plugged in). If it has gone up r-fold at
// the k-th event, the likelihood ratio of those gaps is
//     B(k, r) = r^n · ((u + E) / (u + r·E))^(k+n),
// a martingale with mean 1 while nothing changes, whatever the rate (a Bayes factor with the right Haar prior:
// Pérez-Ortiz, Lardy, de Heide & Grünwald, Annals of Statistics 52, 2024). It is mixed over r in kRatios with equal
// weights. The evidence is the sum over the events k as starts of the change (an e-detector of Shiryaev–Roberts form:
// Shin, Ramdas & Rinaldo, New England Journal of Statistics in Data Science 2, 2024).
//
// The promise. Each event adds 1 to the expectation of the evidence and nothing else does, so that with a signal
// where the evidence reaches A, the expected number of false signals among any number of counted events is at most
// events / A: with A = kEventsPerFalseSignal, one in 200,000 counted events, which is 0.05 a year for 1,000 streams
// of ten events a year. Expectations add up, so this holds for all streams of all tenants together, dependent or not,
// however often they are looked at. What a null stream needs: events that are independent of one another (count each
// case once) at a rate that is steady per machine-day. A rise below about 1.2-fold is no signal however long it
// lasts, since every alternative is 1.5-fold or more.
//
// A stream is its counts by day and nothing else: the order of counting does not matter, and taking a count away
// leaves what never counting it would have given. Pure; thread-safe.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "learning/exposure.h"

namespace firstfix::learning {

inline constexpr double kEventsPerFalseSignal = 200'000;
inline constexpr std::array<double, 5> kRatios{1.5, 2, 3, 5, 10};
inline constexpr std::size_t kMostStarts = 512;  // days with events that a change is looked for at; older ones are past

// Events by day; days without any are left out.
class Stream {
 public:
  void count(Day day, std::int64_t by = 1);
  const std::map<Day, std::int64_t>& days() const { return days_; }

 private:
  std::map<Day, std::int64_t> days_;
};

// One day with events, and how much exposure lay before it and in it.
struct CountedDay {
  Day day = 0;
  std::int64_t events = 0;
  double before = 0;
  double during = 0;
};
// In the order of time. Days on which there was nothing to fail are left out.
std::vector<CountedDay> lay_out(const Stream& stream, const Exposure& exposure, const AgeBand& band = kAnyAge);

// How much speaks for an increase, and what it looks like.
struct Increase {
  double log_evidence = 0;    // natural logarithm; a signal at log(kEventsPerFalseSignal) and above
  Day seen = 0;               // the day of the look at which the evidence was greatest
  Day since = 0;              // the first day with an event after the most probable start of the change
  std::int64_t observed = 0;  // events since then, up to `seen`
  double expected = 0;        // in the same exposure, by the past
  double exposure = 0;        // of `observed`
  std::int64_t past_observed = 0;
  double past_exposure = 0;
  // The rate since the start over the rate before it, and a 95 % interval of it, Wald's on the logarithm. The start
  // was chosen by the data: the evidence takes account of that, the interval does not.
  double ratio = 0, ratio_low = 0, ratio_high = 0;
};

// The look with the greatest evidence among those on `looks_from` and later; none if there are fewer than two days.
std::optional<Increase> strongest_increase(std::span<const CountedDay> days,
                                           Day looks_from = std::numeric_limits<Day>::min());

bool is_signal(const Increase& increase);

}  // namespace firstfix::learning
