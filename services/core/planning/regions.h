// Engineers and what lies about them in regions, by halving: in each half those who are nearer to one pole than to
// another, of two poles drawn afresh. What is cut anew each time joins what was apart before.
#pragma once

#include <vector>

#include "random.h"
#include "state.h"

namespace firstfix::planning {

class Regions {
 public:
  // Into so many at most. The state must outlive this.
  Regions(const Model& model, const State& state, int count, Random& random);

  int count() const { return count_; }
  int of_engineer(int e) const { return region_[at(e)]; }
  int of_job(int job) const;  // by where it lies

 private:
  struct Cut {
    int north = 0, south = 0;
    double border = 0;                   // of how much farther the north is than the south
    int near_north = 0, near_south = 0;  // cuts; -1 minus a region
  };

  void stay_together(const Day& day);
  void join_what_is_far();
  int some_place(const std::vector<int>& engineers);
  int cut(const std::vector<int>& engineers, int regions);

  const Model& m_;
  const State& state_;
  Random& random_;
  int count_ = 0, root_ = 0;
  std::vector<int> region_;
  std::vector<Cut> cuts_;
};

}  // namespace firstfix::planning
