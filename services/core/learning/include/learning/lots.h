// Bad lots: does a part of one lot fail more often than the same part of the other lots, at the same age and time?
//
// The test. Whenever a part fails, look at all that were in service that day in its age band: if lots do not matter,
// the failed one is of the lot with the probability p that is the lot's share of them, whatever the part's rate of
// failure is at that age and in that season. If the lot fails r times as often, it is r·p / (1 − p + r·p). The
// likelihood ratio of these, over all failures in order (Cox's partial likelihood, Biometrika 62, 1975), is a
// martingale with mean 1 while the lot is like the others; it is mixed over r in kRatios. By Ville's inequality the
// chance that it ever reaches A for a lot that is like the others is at most 1/A: with A = kLotsPerFalseSignal, one
// false signal in 20,000 lots, however long and often each is looked at. Failures of one day are all compared with that
// morning's parts, which can only lower the evidence (Hoeffding 1963: drawing without replacement spreads less).
//
// A part counts as failed when it is replaced. A lot that is alone in its age band has nothing to be compared with
// and gives no evidence, for or against. Pure; thread-safe.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "learning/defects.h"

namespace firstfix::learning {

inline constexpr double kLotsPerFalseSignal = 20'000;
inline constexpr Day kStillIn = std::numeric_limits<Day>::max();
// Parts are compared within age bands, each a fifth longer than the one before, so that a part whose rate of failure
// rises steeply with its age is compared with parts that are as worn. The ages, in days, at which the bands begin.
inline constexpr std::array<Day, 31> kPartAges = [] {
  std::array<Day, 31> ages{0, 7, 14, 21};
  double age = 21;
  for (std::size_t i = 4; i < ages.size(); ++i) ages[i] = static_cast<Day>(age *= 1.2);
  return ages;
}();

// One part in one machine.
struct Installation {
  std::string lot;  // empty: unknown; it is compared with, never signalled
  Day installed = 0;
  Day removed = kStillIn;
};

struct LotFinding {
  std::string lot;
  double log_evidence = 0;  // natural logarithm, at its greatest so far; a signal at log(kLotsPerFalseSignal)
  Day seen = 0;             // when it was greatest
  Day since = 0;            // when the first of the lot went into service
  std::int64_t installed = 0;
  std::int64_t observed = 0;                        // of the lot failed, up to `seen`
  double expected = 0;                              // of the lot, among the same failures, were it like the others
  std::int64_t others = 0;                          // failures of other lots among them
  double ratio = 0, ratio_low = 0, ratio_high = 0;  // of the lot's rate over the others'; 95 %
};

// One finding for each lot of which a comparison could be made, by lot. The order of the installations is irrelevant.
// O(installations × bands + days with failures × lots).
std::vector<LotFinding> compare_lots(std::span<const Installation> installations);

bool is_signal(const LotFinding& finding);

}  // namespace firstfix::learning
