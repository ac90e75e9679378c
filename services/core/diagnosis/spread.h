// How models differ in a cause: some cannot have it at all, the others by a Gamma distributed factor.
#pragma once

#include <vector>

#include "diagnosis/wear.h"

namespace firstfix::diagnosis {

class Spread {
 public:
  // What the cells (how often each cause came on each model, and how often it would if all models were alike) tell of
  // the differences. Not the best guess alone: every guess has a say as far as it makes the counts probable.
  static Spread of(const std::vector<Cell>& cells);

  // The factor that is to be expected where this was seen. `barred`: engineers say that the model cannot have it.
  double factor(const Cell& cell, bool barred = false) const;

 private:
  struct Guess {
    double likeness = 1, immune = 0;  // of the Gamma; share of the models that cannot have it
    double weight = 1;                // all together sum to 1

    double log_no_more(const Cell& cell) const;
    double factor(const Cell& cell, bool barred) const;
    double log_likelihood(const std::vector<Cell>& cells) const;
  };
  std::vector<Guess> guesses_;
};

}  // namespace firstfix::diagnosis
