// How long machines have been there to fail: machine-days of a fleet, in all or within an age band.
//
// Pure; thread-safe once made.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace firstfix::learning {

using Day = std::int64_t;  // days since 1970-01-01, UTC

Day day_of(Instant t);
Instant start_of(Day day);

// Ages from `from` days up to, not including, `to` days.
struct AgeBand {
  std::string_view name;
  Day from = 0;
  Day to = std::numeric_limits<Day>::max();

  bool holds(Day age) const { return age >= from && age < to; }
};

inline constexpr AgeBand kAnyAge{"any age"};
// A bathtub has a steep side, a floor and a slope; few bands keep the counts in each large enough to say something.
inline constexpr std::array<AgeBand, 4> kAgeBands{{{"in the first year", 0, 365},
                                                   {"in the second and third year", 365, 1095},
                                                   {"in the fourth to seventh year", 1095, 2555},
                                                   {"older than seven years", 2555}}};

class Exposure {
 public:
  // `born` is the day on which each machine came into service; nothing is counted before `observed_from`.
  Exposure(std::vector<Day> born, Day observed_from);

  // Machine-days within the band from the beginning of observation to the beginning of `day`. O(log machines).
  double before(Day day, const AgeBand& band = kAnyAge) const;
  std::size_t machines() const { return born_.size(); }

 private:
  double lived(Day day, const AgeBand& band) const;
  double lived(Day day) const;  // by all, since their births

  std::vector<Day> born_;      // ascending
  std::vector<double> total_;  // total_[i] = the sum of the first i births
  Day observed_from_;
};

}  // namespace firstfix::learning
