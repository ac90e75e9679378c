// Bundles as cascades: a cause triggers some of a bundle's signs, and once one is there it brings each of the others
// with the same probability. Where that is how a bundle comes, few numbers say what its many columns are.
#pragma once

#include <vector>

#include "tables.h"

namespace firstfix::diagnosis {

class Cascade {
 public:
  // Visits with one cause or none on which exactly these members were there, a bit each.
  struct Sighted {
    std::size_t row = 0;
    unsigned pattern = 0;
    double visits = 0;
  };

  // `link`: the share of (cause, sign) that are links. Fitted by a few rounds of expectation and maximisation.
  Cascade(const Tables& tables, const std::vector<Id>& bundle, double link);

  // That a member is there, if none before it in the bundle is, and if one is.
  struct Chain {
    double alone = 0, after = 0;
  };
  // By member. `row`: a cause's number, then nothing, then the leaks alone.
  std::vector<Chain> chain(std::size_t row) const;
  // By pattern of members that are there, a bit each: its probability.
  std::vector<double> patterns(std::size_t row) const;
  const std::vector<Sighted>& seen() const { return cells_; }

 private:
  void count(const Tables& tables, const std::vector<Id>& bundle);
  void begin();
  void expect();
  void maximise(double link);
  double& triggers(std::size_t row, std::size_t member) { return triggers_[row * size_ + member]; }

  std::size_t size_, rows_;
  std::vector<Sighted> cells_;
  std::vector<double> visits_;               // by row
  std::vector<double> triggers_, by_links_;  // by row, last the leaks, then member; expected number of triggerings
  double brings_ = 0.5, brought_ = 0, chances_ = 0;
};

}  // namespace firstfix::diagnosis
