// One more job into a plan that is being driven, within milliseconds.
#pragma once

#include <memory>
#include <vector>

#include "planning/explain.h"
#include "planning/plan.h"
#include "planning/problem.h"

namespace firstfix::planning {

// A stop that had to go to make room.
struct Displaced {
  int job = kNone;
  int engineer = kNone;  // who does it now; kNone: nobody has room, it is unassigned
  Seconds start = 0;
};

struct Insertion {
  int job = kNone, engineer = kNone;
  Seconds start = 0;
  double extra_cost = 0;  // in the currency of Weights
  std::vector<Displaced> displaced;
  std::vector<Route> changed;        // the days that change, whole
  std::vector<RunnerUp> runners_up;  // cheapest first; only where nothing had to be displaced
};

// A plan, ready for insertions. Not thread-safe; cheap to ask, dear to open (it works out what can be known
// beforehand).
class LivePlan {
 public:
  // `problem` holds every job that will be inserted; those without a stop in `plan` are unassigned. It must outlive
  // this. kInvalid if the plan breaks a rule, or engineers meet in
  // it to hand over parts.
  static Result<LivePlan> open(const Problem& problem, const Plan& plan);
  LivePlan(LivePlan&&) noexcept;
  LivePlan& operator=(LivePlan&&) noexcept;
  ~LivePlan();

  // The cheapest way to serve an unassigned job, changing nothing yet. Frozen and pinned stops stay, what was promised
  // begins as promised, and only jobs of less worth are displaced, as few as possible: none if the job fits as it is.
  // Worth is as solve() has it: nothing but a hazard leaves what was promised without anybody, and says so. kState if
  // the job is served already; kUnavailable with the reason if nobody can.
  Result<Insertion> insert(int job) const;

  // Makes an insertion that insert() gave, with no other in between, part of the plan.
  Status commit(const Insertion& insertion);

  Plan plan() const;

 private:
  struct Parts;
  explicit LivePlan(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace firstfix::planning
