// Several searches at once. A large problem is cut into regions, anew every epoch, and each thread searches some of
// them one after another; in a small one each thread searches the whole, and now and then all go on from the best.
#pragma once

#include <cstdint>
#include <functional>

#include "model.h"
#include "state.h"

namespace firstfix::planning {

struct TeamOptions {
  std::function<double()> spent;  // see SolveOptions
  std::uint64_t iterations = UINT64_MAX;
  int threads = 1;
  std::uint64_t seed = 1;
  bool repair = false;  // the start is a plan worth keeping,
  bool loose = false;   // though moves cost little yet: it is searched as if it were new
};

struct TeamResult {
  State best;
  std::uint64_t iterations = 0;
};

TeamResult search_together(const Model& model, State start, const TeamOptions& options);

}  // namespace firstfix::planning
