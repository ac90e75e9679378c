// A part of a problem as a problem of its own: some engineers and what they do, with a table of travel that holds
// nothing else, so that what a search looks at fits into the fast memory. Numbers are its own; states go in and out.
#pragma once

#include <vector>

#include "state.h"

namespace firstfix::planning {

class Part {
 public:
  // `engineers` in order, all days of one or none where days are tied; `absent`: the jobs of those left out that may
  // find a place here. The model and the state must outlive this.
  Part(const Model& whole, const State& state, std::vector<int> engineers, const std::vector<int>& absent);

  const Model& model() const { return m_; }
  // Its part of the state; what the depots have left is for the caller to say.
  State state() const;
  // Writes the days of a state of the part into those of the whole.
  void days_out(const State& part, std::vector<DayRoute>& whole) const;

 private:
  void number_tasks(const std::vector<int>& absent);
  void number_places();
  void add_task(int task);
  void add_place(int place);
  void copy_travel();
  void copy_tasks();
  void copy_days();
  void copy_jobs();
  std::vector<Suitor> of_part(const Suitor* first, const Suitor* last) const;
  std::vector<Pin> of_part(const std::vector<Pin>& pins) const;

  const Model& whole_;
  const State& state_;  // of the whole
  Model m_;
  std::vector<int> engineers_, tasks_, places_;        // as the whole numbers them
  std::vector<int> engineer_in_, task_in_, place_in_;  // as the part does; kNone: not in it
};

}  // namespace firstfix::planning
