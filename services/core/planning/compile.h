// How a problem becomes a model: one pass over the current plan, then jobs, days, depots, suitors and neighbours, each
// from what was found before.
#pragma once

#include <cmath>
#include <utility>
#include <vector>

#include "model.h"

namespace firstfix::planning {

inline Units units(double money) {
  return std::llround(money * kUnitsPerMoney);
}
inline Units per_second(double money_per_hour) {
  return std::llround(money_per_hour * kUnitsPerSecond);
}

class Compiler {
 public:
  Compiler(const Problem& problem, const Plan* current) : p_(problem), current_(current) {}

  Model run();

 private:
  void read_current();
  // From one stop of the current plan to the next. False if it starts before its engineer can be there: that is no time
  // that anybody goes by.
  bool follow(int engineer, const Stop& stop, int& place, Seconds& free) const;
  void add_job(int j);
  std::vector<std::int64_t> most_asked() const;
  void add_depots();

  // The table of travel, where it is large with near places beside each other, so that what a part of the search looks
  // at fits into the fast memory; and its transpose, where it is another.
  void copy_travel();
  // Every pair of places, in an order in which rows and columns stay in the fast memory, until one says no.
  template <class Pair>
  bool in_blocks(Pair pair) const;
  bool symmetric() const;
  int renamed(int place) const {
    return renamed_.empty() || place == kNone ? place : renamed_[static_cast<std::size_t>(place)];
  }
  void find_neighbours();

  void add_day(int e);
  // Stops that may not change and the pick-ups before them, and breaks that are over.
  void add_pins(int e, const Day& day);
  // Whether the engineer can still take every break; who cannot gets no work.
  bool can_rest(int e) const;
  // The days between which rest may be short, and those about them.
  void tie_days();
  // What is due between the day of work before and this one: none, if it is on call.
  Seconds rest_before(int e) const;
  // What is pinned on a day is no later for the days before it.
  void respect_pins(int e);
  // When the engineer can be home after what has begun on a day.
  Seconds begun_until(int e) const;
  void find_twins();
  bool same(int e, int f) const;

  void find_suitors();
  Model::Crew crew_of(int j) const;
  // Who may come, if the job is fixed to somebody: at a supervised one also who learns from them, or teaches them.
  bool fixed_to_others(const Job& job, int j, int e, bool learns) const;
  bool teaches(int j, int e) const;
  // Those who lack a skill, if somebody else may teach it.
  void find_novices(int j);
  // The jobs that nobody could do even if nothing else were to be done.
  void find_unreachable();
  bool reaches(const Suitor& suitor, int j) const;
  // What it costs to have another engineer do a job than the current plan.
  Units move_price(int j) const;
  // `latest` is -1 for an engineer who may not do the job, nor learn at it.
  Suitor suit(const Job& job, int j, int e, bool learns = false) const;

  const Problem& p_;
  const Plan* current_;
  Model m_;
  std::vector<int> first_break_;  // of each engineer: its task
  std::vector<Span> limits_;
  std::vector<int> renamed_;                                          // places, in the search; empty: as they are
  std::vector<std::vector<int>> planned_for_;                         // by whom, in the current plan
  std::vector<std::vector<std::pair<int, Seconds>>> planned_starts_;  // and when
  std::vector<Seconds> announced_;                                    // the start, whether or not it could be kept
  std::vector<bool> pinned_, promised_;
};

}  // namespace firstfix::planning
