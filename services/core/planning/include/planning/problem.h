// What has to be planned: engineers, jobs, depots, travel times and rules, as plain numbers.
//
// Times are whole seconds on one axis (after midnight of the first day); durations are seconds. Places are rows of the
// travel matrix. Engineers, jobs, depots and skills refer to each other by their position in the vectors here; `id` is
// what the outside calls them. A rule that is absent costs nothing: every member has a default that means «no rule».
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "planning/emergency.h"

namespace firstfix::planning {

using Seconds = std::int32_t;

inline constexpr Seconds kForever = 1'000'000'000;   // later than any time that a problem may name
inline constexpr Seconds kLatestTime = 100'000'000;  // the largest time that a problem may name: three years
inline constexpr int kNone = -1;

struct Span {
  Seconds from = 0, to = kForever;

  friend bool operator==(const Span&, const Span&) = default;
};

// Travel times between places. Not necessarily symmetric.
class Matrix {
 public:
  Matrix() = default;
  explicit Matrix(int size) : size_(size), cells_(static_cast<std::size_t>(size) * size) {}
  int size() const { return size_; }
  Seconds operator()(int from, int to) const { return cells_[static_cast<std::size_t>(from) * size_ + to]; }
  Seconds& at(int from, int to) { return cells_[static_cast<std::size_t>(from) * size_ + to]; }
  const Seconds* row(int from) const { return cells_.data() + static_cast<std::size_t>(from) * size_; }

 private:
  int size_ = 0;
  std::vector<Seconds> cells_;
};

struct HeldSkill {
  int skill = kNone;
  int level = 0;                       // 0: held, at no particular level
  Seconds certified_until = kForever;  // a visit that needs the skill must be over by then
};

struct NeededSkill {
  int skill = kNone;
  int level = 0;
};

// A rest that starts within [from, to], where the engineer then is.
struct Break {
  Seconds from = 0, to = 0, duration = 0;
};

struct Overtime {
  Seconds until = 0;  // the engineer is home by then at the latest
  double cost_per_hour = 0;
};

// One day of an engineer. Several days of one are entries one after another, in order.
struct Engineer {
  std::int64_t id = 0;
  int start = 0, end = 0;  // places
  Span shift;              // leaves not before, is home by the end (or the end of overtime)
  std::vector<HeldSkill> skills;
  std::vector<int> van_stock;  // of each part, every morning; empty: none is counted
  std::vector<Break> breaks;
  Seconds max_work = kForever;  // from leaving home to being back
  std::optional<Overtime> overtime;
  std::vector<int> mentor_of;  // skills in which this engineer may supervise a novice
  int territory = kNone;       // kNone: serves every territory
  int first_day = kNone;       // the entry of the same engineer's first day; kNone: there is this day only
  Seconds min_rest = 0;        // from coming home on one day of work to leaving on the next; the same for all days
  // At home until called: nobody goes out but to a hazard or an emergency, for Weights::call_out. Being called needs no
  // rest before it, but takes away from the rest after it.
  bool on_call = false;
};

struct Job {
  std::int64_t id = 0;
  int place = 0;
  Seconds service = 0;
  std::vector<NeededSkill> skills;
  int priority = 0;           // 0–100
  std::vector<Span> windows;  // of the start of service, in order, apart; empty: any time
  std::vector<int> parts;     // quantity of each
  Seconds due = kForever;     // a later start costs late_cost_per_hour
  double late_cost_per_hour = 0;
  int crew = 1;                          // 2: two engineers start it at one time
  bool supervised = false;               // a novice may learn at it: comes too, at the same time, if a mentor does it
  std::vector<int> preferred, excluded;  // engineers, by any of their days; likewise below
  int previous_engineer = kNone;
  int fixed_engineer = kNone;          // comes; to a supervised job somebody else may come to teach or to learn
  std::optional<Seconds> fixed_start;  // with fixed_engineer only
  bool hazard = false;                 // before every job that is none
  int territory = kNone;               // kNone: everybody may serve it
};

// Where engineers may fetch parts that their vans lack. All share what it has.
struct Depot {
  std::int64_t id = 0;
  int place = 0;
  std::vector<int> stock;  // in the morning, of each part
  Seconds pickup = 0;      // how long fetching takes
  Span open;               // fetching begins within it
};

// Prices in one currency. Which jobs are served is decided before any of them: by priority, hazards first.
struct Weights {
  double travel = 40;             // an hour
  double lateness = 1;            // times late_cost_per_hour
  double overtime = 1;            // times cost_per_hour
  double waiting = 0;             // an hour
  double continuity = 10;         // another than a preferred or the previous engineer comes
  double over_qualification = 0;  // each level above what is needed
  double moved_stops = 16;        // a stop of the current plan gets another engineer, or another day;
                                  // kEarlyMove of it where the stop was planned `notice` after `now` or later
  double shifted_stops = 1.75;    // or keeps it, but starts more than kPromiseTolerance off; at most moved_stops
  double growth = 15;             // nobody learns at a supervised job
  double call_out = 80;           // somebody on call goes out
  double fairness = 0;         // of a day's work, on the road and at jobs: an hour of it times the share of the shift
                               // that it fills, so that an hour more weighs more in a day that is full already
  Seconds notice = 6 * 3'600;  // what is told so long before disturbs less; kForever: nothing does
};
inline constexpr double kEarlyMove = 1.0 / 8;  // of Weights::moved_stops

// True if a job may take an engineer out who is on call.
inline bool cannot_wait(const Job& job) {
  return job.hazard || cannot_wait(job.priority);
}

struct Problem {
  std::vector<Engineer> engineers;
  std::vector<Job> jobs;
  std::vector<Depot> depots;
  Matrix travel;
  Weights weights;
  int skill_count = 0, part_count = 0, territory_count = 0;
  Seconds hand_over = kNone;             // how long taking parts out of a colleague's van takes; kNone: nobody does
  Seconds now = 0;                       // nothing that has not begun begins before
  std::vector<std::string> skill_names;  // for people; may be empty
  std::vector<std::string> ignored;      // fields of the input that mean nothing here
};

// The engineer whose day it is: the entry of their first day.
inline int person(const Problem& problem, int engineer) {
  const int first = engineer == kNone ? kNone : problem.engineers[static_cast<std::size_t>(engineer)].first_day;
  return first == kNone ? engineer : first;
}

// Whether a list of engineers, by any of their days, holds the one whose day it is.
inline bool names(const Problem& problem, const std::vector<int>& engineers, int engineer) {
  for (const int one : engineers)
    if (person(problem, one) == person(problem, engineer)) return true;
  return false;
}

// Limits of one problem; the reader and solve() refuse more.
inline constexpr int kMaxEngineers = 5'000, kMaxJobs = 20'000, kMaxPlaces = 20'000, kMaxKinds = 4'096;

// kInvalid with the path of the first member that is out of range or contradicts another ("jobs[3].windows[0]").
Status validate(const Problem& problem);

}  // namespace firstfix::planning
