#include <algorithm>

#include "simulation/simulation.h"

namespace firstfix::simulation {
namespace {

class NearestFree final : public Policy {
 public:
  void decide(Board& board, Occasion, int) override {
    const auto waiting = board.waiting;  // oldest first
    for (const int job : waiting) {
      const int best = nearest(board, job);
      if (best != kNobody) board.engineers[static_cast<std::size_t>(best)].route = {job};
    }
  }

 private:
  static int nearest(const Board& board, int job) {
    int best = kNobody;
    Time shortest = 0;
    for (std::size_t i = 0; i < board.engineers.size(); ++i) {
      const auto& engineer = board.engineers[i];
      const int who = static_cast<int>(i);
      if (engineer.busy || !engineer.route.empty() || !board.qualified(who, job) || !board.supplied(job, who)) continue;
      const Time there = board.travel(who, job);
      // The work is to be over by the end of the shift.
      if (board.now + there + board.jobs[static_cast<std::size_t>(job)].service > board.shift_to) continue;
      if (best == kNobody || there < shortest) best = who, shortest = there;
    }
    return best;
  }
};

}  // namespace

std::unique_ptr<Policy> nearest_free() {
  return std::make_unique<NearestFree>();
}

}  // namespace firstfix::simulation
