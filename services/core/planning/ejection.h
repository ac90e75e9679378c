// Places for what is left out though every day is full: a job is put in by taking stops out of a day, these look for
// places elsewhere, and may take others out in turn. What was hard to place takes out what was easier, and in between
// stops change their days at random, so that room gathers. After Nagata and Bräysy, «A powerful route minimization
// heuristic for the vehicle routing problem with time windows», Operations Research Letters 37 (2009).
#pragma once

#include <cstdint>
#include <vector>

#include "moves.h"
#include "random.h"
#include "state.h"

namespace firstfix::planning {

class Ejection {
 public:
  Ejection(const Model& model, std::uint64_t seed) : m_(model), random_(seed), hard_(model.crew_of.size(), 1) {}

  // Tries so many steps, in each of which a job is put in. True if the state serves more then; else it is as it was.
  // `heat`: by how much the random moves in between may make the plan dearer, each on average.
  bool improve(State& state, int steps, double heat);

 private:
  struct Way {
    int engineer = kNone, first = 0, count = 0;
    int hard = 0;  // how often what leaves had no place
  };

  bool place(Days& days, State& state, int job);
  Way find_way(Days& days, int job);
  void consider(Days& days, int job, int engineer, int first, Way& best, int& ties);
  void make_room(Days& days, int job, const Way& way);
  void shake(Days& days, double heat);

  const Model& m_;
  Random random_;
  std::vector<int> hard_;  // of each job: how often it had no place, and one more
  DayRoute scratch_;
};

}  // namespace firstfix::planning
