// Seeded worlds in which it is known whether anything is wrong.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "learning/calibration.h"
#include "learning/defects.h"
#include "learning/lots.h"

namespace firstfix::learning {

using Random = std::mt19937_64;

// A fleet that grows from `first` machines by one every `one_more_every` days (0: never).
inline Exposure fleet(int first, Day one_more_every, Day days) {
  std::vector<Day> born(static_cast<std::size_t>(first), -1000);
  for (Day day = one_more_every; one_more_every > 0 && day < days; day += one_more_every) born.push_back(day);
  return Exposure(std::move(born), 0);
}

// Events at `rate` per machine-day, times `ratio` from `change` on.
inline Stream events(Random& random, const Exposure& exposure, double rate, Day days, Day change = kStillIn,
                     double ratio = 1) {
  Stream stream;
  for (Day day = 0; day < days; ++day) {
    const double expected = rate * (day < change ? 1 : ratio) * (exposure.before(day + 1) - exposure.before(day));
    if (const auto count = std::poisson_distribution<std::int64_t>(expected)(random); count > 0)
      stream.count(day, count);
  }
  return stream;
}

// Machines that carry one part each, of lots in turn: a part that fails is replaced by one of the next lot from the
// shelf. Failures come at `rate` per part-day, times `ratio` in the lot `bad`.
struct LotWorld {
  int machines = 5000, lots = 25;
  double rate = 1.0 / 2000;
  Day days = 1000;
  std::string bad;
  double ratio = 1;
};

inline std::string lot_name(int number) {
  return "L" + std::to_string(number);
}

inline std::vector<Installation> installations(Random& random, const LotWorld& world) {
  std::vector<Installation> all;
  std::vector<std::size_t> in(static_cast<std::size_t>(world.machines));
  std::uniform_int_distribution<int> any_lot(0, world.lots - 1);
  for (auto& machine : in) {
    machine = all.size();
    all.push_back({lot_name(any_lot(random)), std::uniform_int_distribution<Day>(-60, -1)(random)});
  }
  std::exponential_distribution<double> life(world.rate);
  for (auto& machine : in) {
    for (Day day = 0;;) {
      const bool bad = all[machine].lot == world.bad;
      day += 1 + static_cast<Day>(life(random) / (bad ? world.ratio : 1));
      if (day >= world.days) break;
      all[machine].removed = day;
      machine = all.size();
      all.push_back({lot_name(any_lot(random)), day});
    }
  }
  return all;
}

// The share `q` of the sorted values: 0.5 is the median.
inline std::int64_t quantile(std::vector<std::int64_t> values, double q) {
  std::sort(values.begin(), values.end());
  return values.at(std::min(values.size() - 1, static_cast<std::size_t>(q * static_cast<double>(values.size()))));
}

}  // namespace firstfix::learning
