// Several searches at once. A large problem is cut into regions, anew every epoch, and each thread searches some of
// them one after another; in a small one each thread searches the whole, and now and then all go on from the best.
#pragma once

#include <cstdint>
#include <functional>

#include "model.h"
#include "state.h"

namespace firstfix::planning {

// What the start is: nothing to be kept, or a plan that is searched as if it were new while moves cost little, or one
// that is close to what it is to be.
enum class Repair { kNothing, kLoose, kClose };

struct TeamOptions {
  std::function<double()> spent;  // see SolveOptions
  std::uint64_t iterations = UINT64_MAX;
  int threads = 1;
  std::uint64_t seed = 1;
  Repair repair = Repair::kNothing;
};

struct TeamResult {
  State best;
  std::uint64_t iterations = 0;
};

TeamResult search_together(const Model& model, State start, const TeamOptions& options);

}  // namespace firstfix::planning
