// How often causes come along ordered steps, such as the weeks of the past or the ages of machines, compared with what
// is usual: a random walk of the logarithm for each cause.
//
// How fast the walks are is itself learnt from the counts, each pace that may be having a say as far as it makes them
// probable (evidence after Laplace): where nothing changes the walks stand still and all steps count alike; where
// causes come and go, what is far away is forgotten.
#pragma once

#include <vector>

#include "diagnosis/wear.h"

namespace firstfix::diagnosis {

class Trend {
 public:
  Trend() = default;
  Trend(std::size_t causes, std::size_t steps) : logs_(causes, std::vector<double>(steps)) {}

  // By cause, then step: what was seen, and what is expected if all steps were alike. A cause of which nothing is
  // expected stands still.
  void fit(const std::vector<std::vector<Cell>>& cells);

  // The factor by which the cause comes more often in that step.
  double at(std::size_t cause, std::size_t period) const;
  // In the last step.
  double last(std::size_t cause) const;

 private:
  std::vector<std::vector<double>> logs_;
};

}  // namespace firstfix::diagnosis
