// Local moves on a plan in the making. Each says what it gains, whether the rules allow it, and does it:
//
//   Relocate  a job goes to another place, in another day or its own
//   Exchange  two jobs of different days change places
//   TailSwap  two days exchange all that comes after a stop
//   Shift     neighbouring stops move together to another place of their day
//   Replace   a job that is left out takes the place of one that is served
//
// Each is one or two days in which some stops are replaced by others. Where a day has nothing but windows and a shift,
// what that costs is a sum of the ways at its borders, and whether it is possible is known once the first stop behind
// it is reached; other days are timed afresh. What has begun, is pinned or is no job does not move, and days with
// pick-ups or tied to others by rest are left alone: a move there is not valid.
#pragma once

#include <span>
#include <vector>

#include "state.h"

namespace firstfix::planning {

// Of one day: nodes[first, first + count) gone, and these jobs there instead, in their order.
struct Patch {
  int engineer = kNone, first = 0, count = 0;
  std::span<const int> jobs;
};

// The plan that moves change. Not for several threads at once.
class Days {
 public:
  Days(const Model& model, State& state) : m_(model), state_(state) {}

  const Model& model() const { return m_; }
  const State& state() const { return state_; }
  const DayRoute& day(int engineer) const { return state_.routes[static_cast<std::size_t>(engineer)]; }
  int engineer_of(int job) const { return state_.engineer_of[static_cast<std::size_t>(job)]; }
  // Where a job that is served stands in its day.
  int position(int job) const { return position_of(day(engineer_of(job)), job); }

  // What the day costs more. kImpossible if the engineer may not do one of the jobs, or where the day has to be timed
  // to know and breaks a rule.
  Units dearer(const Patch& patch);
  bool possible(const Patch& patch);
  // Does it. Whoever puts jobs in takes them out where they were.
  void apply(const Patch& patch);

  // Jobs of a day between two positions, or none if one of them may not move.
  std::span<const int> piece(int engineer, int first, int count, std::vector<int>& memory) const;
  void set_absent(int job, bool absent);
  // For the pieces of one move, so that trying one allocates nothing.
  std::vector<int>& memory(int i) { return memory_[i]; }

 private:
  bool priced_by_ways(const DayRoute& route) const;
  bool timed_by_slack(const DayRoute& route, const Patch& patch) const;
  bool movable(const DayRoute& route, const Patch& patch) const;
  bool stocked_for(const DayRoute& route, const Patch& patch) const;
  bool time(const Patch& patch);
  void replace(DayRoute& route, const Patch& patch);

  const Model& m_;
  State& state_;
  DayRoute trial_;
  std::vector<int> memory_[2];
};

// Gains are of cost; -kImpossible says that it cannot be done. valid() says whether it can, whatever it gains.
struct Relocate {
  int job, engineer, after;  // after nodes[after] of the day as it is

  Units gain(Days& days) const;
  bool valid(Days& days) const;
  void apply(Days& days) const;
};

struct Exchange {
  int one, other;  // jobs

  Units gain(Days& days) const;
  bool valid(Days& days) const;
  void apply(Days& days) const;
};

struct TailSwap {
  int engineer, after, other, other_after;

  Units gain(Days& days) const;
  bool valid(Days& days) const;
  void apply(Days& days) const;
};

struct Shift {
  int engineer, first, count, after;  // `after` lies outside of what moves

  Units gain(Days& days) const;
  bool valid(Days& days) const;
  void apply(Days& days) const;
};

// Its gain is of cost alone: what is served is worth more or less, too.
struct Replace {
  int absent, served;  // jobs

  Value worth(const Days& days) const;  // how much more is served
  Units gain(Days& days) const;
  bool valid(Days& days) const;
  void apply(Days& days) const;
};

}  // namespace firstfix::planning
