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
#include "diagnosis/wear.h"
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

// How often each cause shows each sign, or its repair takes each part. What comes in bundles is told apart by whether
// the one that it comes with is there: such a sign has two columns, the others one.
struct Rates {
  std::size_t columns = 0;
  std::vector<double> leak;        // by column: that it comes by itself
  std::vector<double> shown;       // by cause, then column: that it comes by the cause or by itself; ≥ leak
  std::vector<double> log_unseen;  // by cause: Σ over all signs of log(1 - shown), none of them being there
  double log_unseen_leak = 0;      // the same for the leaks
  std::vector<double> visits;      // by cause: that taught the rates
  double link = 0;                 // share of the cells that are links
  std::vector<Id> parent;          // by sign: that it comes with, or kUnknown
  std::vector<std::vector<Id>> children;
  std::vector<std::size_t> without, with;  // by sign: its columns if the parent is not there, and if it is

  double at(std::size_t cause, std::size_t column) const { return shown[cause * columns + column]; }
  // The columns of a sign in which its rate stands, given what else is there.
  std::size_t column(Id sign, bool parent_is_there) const {
    const auto s = static_cast<std::size_t>(sign);
    return parent_is_there ? with[s] : without[s];
  }
};

// How often each cause comes.
struct Priors {
  std::vector<std::vector<double>> share;  // by model, last for unknown models; by cause: of all visits
  Wear wear;
  double single = 1, pair = 0;  // shares by number of causes, of the others
  double unmet = 0;             // share of causes that were never met before
  double visits = 0;            // that all this was learnt from
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
