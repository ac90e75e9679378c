// The model of what goes wrong: causes show codes independently of each other, and codes come by themselves (leaks): a
// two-layer noisy-OR network, Pearl 1988. How often a cause comes depends on the machine's model and on how long ago it
// was last repaired.
//
// Everything in it is estimated from counts, in closed form or in a few rounds of expectation and maximisation with a
// fixed start, so that the same visits give the same model in whatever order they were learnt. Immutable after its
// making, so any number of threads may ask it.
#pragma once

#include <array>
#include <memory>
#include <unordered_map>
#include <vector>

#include "diagnosis/catalogue.h"
#include "learning/counts.h"

namespace firstfix::diagnosis {

using learning::Id;
using learning::IdSet;

// What may be wrong, all together, and how probable it is. No causes: nothing is wrong.
struct Hypothesis {
  IdSet causes;  // numbers within the model
  double probability = 0;
};

struct Posterior {
  std::vector<Hypothesis> hypotheses;  // most probable first; what is less probable than 1e-7 is left out
  double unknown = 0;                  // that it is a cause that nobody has met yet; all together sum to 1
};

// How often each cause shows each sign.
struct Rates {
  int signs = 0;
  std::vector<double> leak;        // by sign: that it comes by itself
  std::vector<double> shown;       // by cause, then sign: that it comes by the cause or by itself; ≥ leak
  std::vector<double> log_unseen;  // by cause: Σ over signs of log(1 - shown)
  std::vector<double> visits;      // by cause: that taught the rates, shared out where there were several
  double link = 0;                 // share of the cells that are links
  double log_unseen_leak = 0;      // the same for the leaks
  double at(Id cause, Id sign) const { return shown[static_cast<std::size_t>(cause * signs + sign)]; }
};

// How often each cause comes.
struct Priors {
  std::vector<std::vector<double>> share;  // by model, last for unknown models; by cause: of all visits
  std::vector<std::array<double, learning::kAgeBins>> worn;   // by cause: factor by time since its last repair
  std::vector<std::array<double, learning::kAgeBins>> first;  // by cause: factor if never repaired, by time known
  double single = 1, pair = 0;                                // shares by number of causes, of the others
  double unmet = 0;                                           // share of causes that were never met before
  double visits = 0;                                          // that all this was learnt from
};

class Model {
 public:
  Model(const Catalogue& catalogue, const learning::Counts& counts);

  Posterior infer(const learning::Sight& sight) const;

  const learning::Names& causes() const { return causes_; }
  const learning::Names& signs() const { return signs_; }
  const learning::Names& parts() const { return parts_; }
  const Priors& priors() const { return priors_; }
  const Rates& rates() const { return rates_; }
  const Rates& part_rates() const { return part_rates_; }

 private:
  learning::Names causes_, signs_, parts_, models_;
  Rates rates_, part_rates_;
  Priors priors_;
};

}  // namespace firstfix::diagnosis
