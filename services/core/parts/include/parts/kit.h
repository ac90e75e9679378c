// Which parts are worth taking along.
//
// A part is taken if the second visit that it saves, in expectation, costs more than carrying it: the visit succeeds
// only if every needed part is there (job completion criterion of the repair-kit problem), so a part's worth is its
// probability of being needed times the probability that nothing else is missing, times the second visit's cost.
// Greedy by worth per cost, exact for independent needs of equal worth. Pure and thread-safe.
#pragma once

#include <string>
#include <vector>

namespace firstfix::parts {

struct Need {
  std::string part;
  double probability = 0;  // that the repair takes it
  unsigned quantity = 1;
  double carry_cost = 0;   // of taking it for nothing
  bool obtainable = true;  // on a van or in a depot that could serve
};

struct Line {
  Need need;
  bool chosen = false;
  std::string reason;
};

struct Kit {
  std::vector<Line> lines;          // chosen ones first, then by probability
  double complete_probability = 1;  // that nothing needed is missing
};

Kit choose_kit(std::vector<Need> needs, double second_visit_cost);

}  // namespace firstfix::parts
