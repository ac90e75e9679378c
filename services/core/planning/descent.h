// Local moves until none of them makes a plan any cheaper. Each job is tried beside those that lie near it.
#pragma once

#include <functional>
#include <vector>

#include "moves.h"

namespace firstfix::planning {

class Descent {
 public:
  explicit Descent(const Model& model) : m_(model), queued_(model.days.size()) {}

  // Asks between days whether to stop.
  void improve(State& state, const std::function<bool()>& stop);

 private:
  bool improve_about(Days& days, int job);
  template <class Move>
  bool gains(Days& days, const Move& move);
  bool across(Days& days, int job, int other);
  bool within(Days& days, int job, int other);
  void queue(int engineer);

  const Model& m_;
  std::vector<char> queued_;
  std::vector<int> queue_;
  std::vector<int> jobs_;
};

}  // namespace firstfix::planning
