// The best engineer for one job, now: who is qualified, can be there first without disturbing what is booked, and
// costs least. Every answer says why, and why not the others. Pure and thread-safe.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/geo.h"
#include "base/result.h"
#include "base/time.h"
#include "planning/travel.h"

namespace firstfix::planning {

struct Interval {
  Instant from, to;
};

struct Skill {
  int level = 0;
  Instant certified_until = kNever;
};

// A stop that is booked and will not be moved by placing one job.
struct Booked {
  Instant starts, ends;
  Position position;
  bool begun = false;  // on the way or at work: nothing is put before it
};

struct Candidate {
  std::string id;
  Position home;
  std::map<std::string, Skill> skills;
  std::vector<Interval> shifts;        // in order, not overlapping
  std::vector<Booked> route;           // in order of time
  std::vector<std::string> van_parts;  // of the job's parts, those that are free on the van
};

struct SkillNeed {
  std::string skill;
  int level = 1;
};

// A place where some of the job's parts can be fetched.
struct Depot {
  std::string id;
  Position position;
  std::vector<std::string> parts;  // of the job's parts, those that are free there
};

struct Job {
  Position position;
  Duration service{};
  std::vector<SkillNeed> skills;
  std::vector<std::string> parts;  // the kit, each named once
  std::vector<Depot> depots;
  std::vector<std::string> excluded;  // engineers who declined
  std::string only;                   // a dispatcher named this one; empty for anybody
  Instant respond_by = kNever;
  double late_cost_per_hour = 60;
};

struct Weights {
  double travel_per_hour = 40;
  double wait_per_hour = 10;      // of the customer, from now to the arrival
  double over_qualification = 5;  // a level above what is needed: keep the rare skill free
  Duration pickup = std::chrono::minutes{10};
};

struct Choice {
  std::string engineer;
  Instant travel_starts, starts, ends;
  Duration travel{};                 // with the detour to the depot
  std::string depot;                 // where parts are fetched; empty if none
  std::vector<std::string> fetched;  // the parts fetched there
  double cost = 0;
};

struct Other {
  std::string engineer;
  double extra_cost = 0;
  std::string reason;
};

struct Placement {
  Choice choice;
  std::string reason;
  std::vector<Other> runners_up;  // best first
  std::vector<Other> impossible;
};

// kUnavailable with the constraint that stops everybody, most frequent first, if nobody can.
Result<Placement> place(const Job& job, const std::vector<Candidate>& candidates, const Travel& travel,
                        const Weights& weights, Instant now);

}  // namespace firstfix::planning
