// One run of a service region under one policy: machines fail, engineers drive and repair, parts are used up.
//
// What is decided is decided by the code that firstfixd runs: the diagnosis, the kit, the planner. What happens is
// drawn from named random numbers (random.h), so two policies meet the same failures. A run is a pure function of its
// arguments.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "simulation/region.h"

namespace firstfix::simulation {

using Time = std::int64_t;  // seconds since midnight before the first day
inline constexpr Time kDay = 86'400;
inline constexpr int kNobody = -1;

enum class Where { kWaiting, kAssigned, kDone };  // assigned: an engineer is on the way or at work

struct Job {
  int machine = 0;
  Time occurred = 0, due = 0;  // due: when somebody has to be there, by contract
  std::vector<int> skills;
  std::vector<int> kit;  // parts that the engineer should have
  Time service = 0;      // expected, with the first look
  int visits = 0;        // that have ended without success
  Time arrived = 0, restored = 0;
  Where where = Where::kWaiting;
};

struct EngineerState {
  Point at;
  Time free_at = 0;  // when the visit is expected to be over
  bool busy = false;
  std::vector<int> van;    // quantity of each part
  std::vector<int> route;  // jobs to do next, in order; the policy's to change
  bool out = false;        // has left home today
};

// What a policy sees. It changes the routes, nothing else.
struct Board {
  const Region& region;
  Time now = 0;
  Time shift_from = 0, shift_to = 0;  // of today
  std::vector<Job> jobs;
  std::vector<int> waiting;  // jobs that nobody is on the way to, oldest first
  std::vector<EngineerState> engineers;
  std::vector<std::vector<int>> depot_stock;  // by depot, by part

  bool in_shift() const { return now >= shift_from && now < shift_to; }
  bool qualified(int engineer, int job) const;
  // Is everything that the job is known to need to be had somewhere?
  bool supplied(int job, int engineer) const;
  // The nearest depot on the way that has the most of what the engineer's van lacks for the job; kNobody if none has
  // any.
  int depot_for(int job, int engineer) const;
  // Predicted seconds from where the engineer is to the machine, by way of the depot if parts are fetched.
  Time travel(int engineer, int job) const;
};

class Policy {
 public:
  enum class Occasion { kShiftBegins, kNewJob, kEngineerFree, kTick };
  virtual ~Policy() = default;
  // Something has happened in working hours; `what` is the new job, or the engineer who is free.
  virtual void decide(Board& board, Occasion occasion, int what) = 0;
};

// The nearest free qualified engineer takes the oldest job: what a dispatcher with a map and a telephone does.
std::unique_ptr<Policy> nearest_free();
// Every morning a plan for the day; a new job is put where it costs least. With `reoptimise`, the plan for the rest of
// the day is improved whenever it has changed, at most every half hour.
std::unique_ptr<Policy> planned(bool reoptimise, std::uint64_t seed);

struct Outcome {
  std::int64_t failures = 0, restored = 0;
  double restore_mean_h = 0, restore_p50_h = 0, restore_p90_h = 0;  // from failure to running again
  double first_time_fix = 0;                                        // share of the restored that took one visit
  double late_share = 0;   // share of the restored whose first visit came after the contract's time
  double late_mean_h = 0;  // hours late, over all restored
  double km_a_job = 0;
  double busy_share = 0;         // working and driving, of all paid hours
  double overtime_h_a_week = 0;  // of one engineer
  std::int64_t open_at_end = 0;
};

// `progress`, if given, is called now and then with the share that is done; it returns false to give up.
Outcome simulate(const Region& region, std::uint64_t seed, Policy& policy,
                 const std::function<bool(double)>& progress = {});

}  // namespace firstfix::simulation
