// The problem as the search sees it: compact, indexed, everything that can be known beforehand worked out once.
// Immutable after compile(); shared by all threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "planning/plan.h"
#include "planning/problem.h"

namespace firstfix::planning {

// The index of a number that is not negative.
inline std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

// Costs are whole units of 1/36,000 of a currency unit, so that sums are exact and seconds times a price an hour need
// no division.
using Units = std::int64_t;
inline constexpr double kUnitsPerMoney = 36'000;
inline constexpr double kUnitsPerSecond = 10;  // times a price an hour

// What is lost if a job is left out. Compared before any cost.
using Value = std::int64_t;
inline constexpr Value kValuePerPoint = 1024;  // of priority; and 1 for the job itself, so that no job is worthless

// A job, an engineer's break or fetching at a depot: what stands in a route between start and end. Jobs come first, in
// the problem's order; the depots last.
struct Task {
  int place = kNone;  // as the model numbers them; kNone: wherever the engineer is
  Seconds service = 0;
  Seconds from = 0, to = kForever;         // of the start: the hull of the windows
  int first_window = 0, window_count = 0;  // in Model::windows; 0 or 1 windows are the hull itself
  Seconds due = kForever;
  Units late_per_second = 0;
  Value value = 0;
  int first_part = 0, part_count = 0;  // in Model::parts
  bool simple = true;                  // its start is judged by from and to alone
  bool urgent = false;                 // nobody keeps it waiting for another stop's planned start
};

struct PartNeed {
  int part, quantity;
};

// What an engineer's day allows.
struct Day {
  int start = 0, end = 0;
  Seconds from = 0, to = 0;                // `from` is not before now, `to` with overtime
  Seconds shift_begin = 0, shift_end = 0;  // as the problem has them
  Seconds max_work = kForever;
  Units overtime_per_second = 0;
  Units call_out = 0;       // of going out at all
  int twin = 0;             // the first engineer who is the same in every respect
  bool simple = true;       // no breaks, no limit on work, no overtime
  std::vector<int> breaks;  // tasks
  // The days of the same engineer from the first to behind the last, where rest between them may be short; else none.
  int kin_begin = 0, kin_end = 0;
  Seconds min_rest = 0;  // before this day
  bool tied() const { return kin_end > kin_begin; }
};

// A stop of the current plan that may not change.
struct Pin {
  int task = kNone;
  Seconds start = 0;
  bool begun = false;      // nothing comes before it any more
  std::vector<int> parts;  // of fetching at a depot: quantity of each
  bool together = false;   // two do it at one time
};

struct Suitor {
  int engineer;
  Units moves = 0;          // of a job that the current plan has somebody else do: the price of that
  Units extra;              // what this engineer costs beyond travel and time, with what `moves` costs at present
  Seconds latest;           // start, by the certificates
  Seconds planned = kNone;  // the start, if the current plan has this engineer do it
  bool teaches = false;     // at a job at which somebody may learn
};

class Model {
 public:
  static Model compile(const Problem& problem, const Plan* current);

  int jobs() const { return job_count; }
  int engineers() const { return static_cast<int>(days.size()); }
  Seconds travel(int from, int to) const { return out_of[static_cast<std::size_t>(from) * places + to]; }
  const Seconds* from_place(int place) const { return out_of + static_cast<std::size_t>(place) * places; }
  const Seconds* to_place(int place) const { return into + static_cast<std::size_t>(place) * places; }
  const Task& task(int t) const { return tasks[static_cast<std::size_t>(t)]; }
  const Day& day(int e) const { return days[static_cast<std::size_t>(e)]; }

  // The first start of the task at or after t; kForever if there is none. The last at or before t; -1 if none.
  Seconds open_from(const Task& task, Seconds t) const;
  Seconds open_until(const Task& task, Seconds t) const;

  // The engineers who may do a job alone, or as one of its crew.
  struct Range {
    const Suitor* first;
    const Suitor* last;
    const Suitor* begin() const { return first; }
    const Suitor* end() const { return last; }
  };
  Range suitors(int job) const {
    return {who.data() + who_from[static_cast<std::size_t>(job)],
            who.data() + who_from[static_cast<std::size_t>(job) + 1]};
  }
  std::size_t suitor_index(const Suitor& c) const { return static_cast<std::size_t>(&c - who.data()); }
  bool for_two(int job) const { return crew_of[static_cast<std::size_t>(job)] != Crew::kOne; }
  // Fixed to a novice: nobody goes alone, and whoever else may do it teaches.
  bool is_lesson(int job) const { return crew_of[static_cast<std::size_t>(job)] == Crew::kLesson; }
  const Suitor* find_suitor(int job, int engineer) const;
  // Who does the job alone in the current plan, and may still do so; kNone if nobody.
  int planned_for(int job) const;

  // Who may learn at a supervised job. Nobody, if growth has no price.
  const std::vector<Suitor>& novices(int job) const { return learners[static_cast<std::size_t>(job)]; }
  bool may_teach(int job) const { return !learners.empty() && !learners[static_cast<std::size_t>(job)].empty(); }
  // A suitor or a novice.
  const Suitor* find_member(int job, int engineer) const;

  // Moving and shifting stops of the current plan cost this share of their price from now on. Days that were scheduled
  // before have to be scheduled anew.
  void price_disturbance(double share);

  enum class Crew : char { kOne, kTwo, kLesson };

  int depot_task(int depot) const { return first_depot + depot; }
  bool fetches(int task) const { return task >= first_depot; }
  int depot_of(int task) const { return task - first_depot; }

  const Problem* problem = nullptr;  // of which this may be a part, with numbers of its own (part.h)
  int job_count = 0;
  std::size_t places = 0;
  const Seconds* out_of = nullptr;
  const Seconds* into = nullptr;                 // transposed; the same table where travel is symmetric
  std::unique_ptr<Seconds[]> table, transposed;  // where the problem's own is not used
  Units travel_per_second = 0, waiting_per_second = 0;
  bool timed = false;      // when a job starts has a price
  Units fairness = 0;      // a second of work in a shift that it fills
  double disturbance = 1;  // the share at which moving and shifting stops of the current plan are priced at present
  Units shift_price = 0;   // of a stop that keeps its engineer but not its start; 0 without a current plan
  std::vector<Task> tasks;
  std::vector<Span> windows;
  std::vector<PartNeed> parts;
  std::vector<Day> days;
  std::vector<Suitor> who;
  std::vector<std::size_t> who_from;
  std::vector<std::vector<int>> near;   // of each job, the jobs nearest to it, itself first
  std::vector<std::vector<Pin>> pins;   // of each engineer, in driving order
  std::vector<std::vector<Pin>> start;  // of each engineer, the stops of the current plan that may be kept, in order
  std::vector<Crew> crew_of;            // of each job
  std::vector<int> crews;               // the jobs for two, and those at which somebody may learn
  std::vector<std::vector<Suitor>> learners;  // of each job; empty if there are none at all
  Units growth = 0;                           // in the extra of who does a supervised job alone
  std::vector<char> is_reachable;             // of each job: somebody could do it, if nothing else were to be done
  int unreachable = 0;                        // how many are not
  int first_depot = 0;                        // the first depot's task
  std::size_t kinds = 0;                      // of parts
  std::vector<std::vector<int>> near_depots;  // of each job that needs parts, the nearest first; empty without depots
  bool has_ties = false;                      // some day is tied to another of the same engineer
  bool scarce = false;                        // a depot may run out of something
};

}  // namespace firstfix::planning
