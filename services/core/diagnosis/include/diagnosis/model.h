// The model of what goes wrong: causes show codes independently of each other, and codes come by themselves (leaks): a
// two-layer noisy-OR network, Pearl 1988. How often a cause comes depends on the machine's model and on how long ago it
// was last repaired.
//
// Everything in it is estimated from counts, in closed form or in a few rounds of expectation and maximisation with a
// fixed start, so that the same visits give the same model in whatever order they were learnt. Immutable after its
// making, so any number of threads may ask it.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "diagnosis/catalogue.h"
#include "diagnosis/marks.h"
#include "diagnosis/readings.h"
#include "diagnosis/trend.h"
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
  std::vector<Hypothesis> hypotheses;  // most probable first; what is less probable than 1e-6 is left out
  double unknown = 0;                  // that it is a cause that nobody has met yet; all together sum to 1
};

// How often each cause shows each sign, or its repair takes each part. In a bundle of signs each is told apart by
// whether one that is read before it is there: it has two columns, other signs have one.
struct Rates {
  std::size_t columns = 0;
  std::vector<double> leak;        // by column: that it comes by itself
  std::vector<double> shown;       // by cause, then column: that it comes by the cause or by itself; ≥ leak
  std::vector<double> log_unseen;  // by cause: Σ over all signs of log(1 - shown), none of them being there
  double log_unseen_leak = 0;      // the same for the leaks
  std::vector<double> unmet;       // by column: that a cause shows it that nobody has met yet
  double log_unseen_unmet = 0;     // like log_unseen
  std::vector<double> visits;      // by cause: that taught the rates
  std::vector<double> linked;      // by cause, then column: the probability that it is a link
  // By cause: of the visits whose orders name it, the share that do so wrongly, as parts tell. Empty: none do.
  std::vector<double> wrong;
  double link = 0, kin_link = 0;  // share of the cells that are links; of those with a linked one of their family
  std::vector<std::vector<Id>> bundles;  // each in the order of reading
  // By bundle, pattern of its members and cause: the logarithm of how much more probable the pattern is than its
  // columns say, compared with the leaks. Empty: the columns are all that is known.
  std::vector<std::vector<double>> exact;
  std::vector<int> bundle_of;             // by sign; -1: it stands alone
  std::vector<std::size_t> alone, after;  // by sign: its column if none before it is there, and if one is

  double at(std::size_t cause, std::size_t column) const { return shown[cause * columns + column]; }
};

// How often each cause comes.
struct Priors {
  std::vector<std::vector<double>> share;  // by model, then family, last for unknown ones; by cause: of all visits
  std::vector<double> usual;               // the same over all models and the whole past
  Wear wear;
  Trend ages;                   // by step of the machine's age
  std::vector<Id> clock;        // by cause: the part whose replacement starts its wear anew, or kUnknown
  double single = 1, pair = 0;  // shares by number of causes, of the others
  double unmet = 0;             // share of causes that were never met before
  double visits = 0;            // that all this was learnt from
};

// What the network does not see of signs that come together: for exactly these signs and these causes, how many times
// more often they were found than the network expects.
using Memory = std::unordered_map<IdSet, std::vector<std::pair<IdSet, double>>, learning::IdSetHash>;  // causes sorted

class Model {
 public:
  Model(const Catalogue& catalogue, const learning::Counts& counts);

  Posterior infer(const learning::Sight& sight) const;
  // Does the model know the sign, or another of its family?
  bool speaks(std::string_view sign) const;

  const learning::Names& causes() const { return causes_; }
  const learning::Names& signs() const { return signs_; }
  const learning::Names& parts() const { return parts_; }
  const Priors& priors() const { return priors_; }
  const Rates& rates() const { return rates_; }
  const Rates& part_rates() const { return part_rates_; }
  const Marks& marks() const { return marks_; }
  const Readings& readings() const { return readings_; }

 private:
  // How often each cause comes on this machine, before its signs are seen.
  struct Prior {
    std::vector<double> share;  // by cause, sums to 1
    double nothing = 0;
  };
  Prior prior_of(const learning::Sight& sight) const;
  // Since when each cause wears, in days; those that were put right or given a new part before.
  std::map<std::size_t, double> clocks_of(const learning::Sight& sight) const;
  Prior usual_prior() const;
  // What the network makes of these signs; `says`: what else speaks, the logarithm of how much more probable each cause
  // makes it, last nothing, perhaps then a cause that nobody has met. `told`: likewise, of what tells of one cause
  // only, if there are several; empty: nothing.
  Posterior weigh(const Prior& prior, const IdSet& seen, const std::vector<std::vector<double>>& says,
                  const std::vector<double>& told) const;
  // By cause, last nothing, then a cause that nobody has met: how much more probable it makes a sign that nobody knows.
  std::vector<double> say_of_strange(std::string_view sign, bool model_known) const;
  const std::vector<double>& shares_of(const std::string& model) const;

  Families families_;
  std::map<std::string, std::vector<std::size_t>> kin_;  // columns of the codes of each family
  learning::Names causes_, signs_, parts_, models_, model_families_;
  std::vector<std::pair<std::size_t, std::vector<std::string>>> bound_;  // causes that only some models can have
  Rates rates_, part_rates_;
  Marks marks_;
  Readings readings_;
  Priors priors_;
  Memory memory_;
};

}  // namespace firstfix::diagnosis
