// The best engineer, or crew, for one job, now: who is qualified, can be there first without disturbing what is booked,
// and costs least. Every answer says why, and why not the others. Pure and thread-safe.
//
// One engineer who has every skill is taken if there is one with time for it. Else a crew of two whose skills together
// cover the job, or somebody on site with a remote expert for what is missing, whichever costs less; see crew.h for
// who may go together.
//
// Parts come from the own van, from one depot on the way, or, where these lack any, out of the van of a colleague who
// is met at work; where no one place has all, from as many as it takes, no place and no colleague's van twice. What
// somebody would come without has its price, and a further place is driven to only if it costs less than that.
//
// Whoever is on call is called out only to what is urgent, and at a price, so that a regular shift that is soon enough
// is preferred; to a hazard at none.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/geo.h"
#include "base/result.h"
#include "base/time.h"
#include "base/zone.h"
#include "planning/crew.h"
#include "planning/shift_break.h"
#include "planning/travel.h"

namespace firstfix::planning {
// Apart from the names of problem.h, which are those of a whole day; who includes this file alone need not know.
inline namespace one_job {

// A stop that is booked and will not be moved by placing one job. Remote help is a stop too, wherever the expert is
// then.
struct Booked {
  Instant starts, ends;
  Position position;
  bool begun = false;  // on the way or at work: nothing is put before it
};

struct Candidate {
  Person person;
  Position home;
  std::vector<Interval> shifts;             // in order, not overlapping
  std::vector<Interval> on_call;            // at home, for what is urgent; likewise, and apart from the shifts
  std::vector<ShiftBreak> breaks;           // at most one of each shift counts, the first that may begin in it
  std::vector<Booked> route;                // in order of time
  std::vector<std::string> van_parts;       // of the job's parts, those that are free on the van
  bool on_site = true;                      // false: serves another territory, can only help from afar
  std::map<std::string, int> visits_to_go;  // by skill: supervised visits that the next level still takes
  std::optional<Position> end;              // of each day, if elsewhere than at home
  Duration min_rest{};  // from coming home on one day of work to leaving on the next; see rest.h for what is one day
};

// A place where some of the job's parts can be fetched.
struct Depot {
  std::string id;
  Position position;
  std::vector<std::string> parts;  // of the job's parts, those that are free there
};

// A colleague at work, out of whose van some of the job's parts can be taken.
struct Meeting {
  std::string colleague, van, visit;
  Position position;
  Interval open;     // the colleague is there
  Duration takes{};  // handing them over, all of it within `open`
  std::vector<std::string> parts;
};

struct Job {
  Position position;
  Duration service{};
  std::vector<SkillNeed> skills;
  std::vector<std::string> parts;  // the kit, each named once
  std::vector<Depot> depots;
  std::vector<Meeting> meetings;          // for what neither the own van nor a depot has
  std::map<std::string, double> without;  // what it costs to come without a part; nothing if it is not named
  std::vector<std::string> excluded;      // engineers who declined
  std::vector<std::string> not_wanted;    // at the site; they may help from afar
  std::vector<std::string> preferred;     // if somebody is, a crew without any of them costs `continuity`
  std::string only;                       // a dispatcher named this one, to go alone or in a crew; empty for anybody
  bool train = false;                     // a trainee who is free comes along as second
  bool urgent = false;                    // who is on call may be called out to it
  bool hazard = false;                    // urgent, and calling out costs nothing
  std::vector<Interval> access;           // the work begins within one of them, in order and apart; empty: any time
  Instant not_before{};                   // the work may not begin sooner: parts arrive, or the customer is not there
  Instant not_after = kNever;             // nor later: the customer was promised so
  Instant respond_by = kNever;
  double late_cost_per_hour = 60;
  Zone zone;  // of the times of day in what is said
};

// All that placing one job asks.
struct Question {
  Job job;
  std::vector<Candidate> candidates;  // of its territory; and of others those who could help from afar
};

struct Weights {
  double travel_per_hour = 40;
  double wait_per_hour = 10;      // of the customer, from now to the arrival
  double over_qualification = 5;  // a level above what is needed: keep the rare skill free
  double second_per_hour = 60;    // of a second engineer's work
  double remote_per_hour = 80;    // of a remote expert's: no travel, but work by telling is slower than by doing
  double continuity = 10;         // nobody comes who is preferred
  double fairness = 0;   // an hour of work times the share of the shift that is booked with it, as in problem.h
  double call_out = 80;  // of each who is on call; nothing where there is a hazard
  Duration pickup = std::chrono::minutes{10};
  Duration training_travel = std::chrono::hours{1};  // further than this no trainee is sent along
};

struct Member {
  std::string engineer;
  Role role = Role::kLead;
  Duty duty;
  Instant travel_starts;
  Position position;  // during the work
};

// Where and when the lead fetches parts.
struct Pickup {
  std::string location;  // a depot, or a colleague's van
  std::vector<std::string> parts;
  Position position;
  Interval when;
  std::string colleague, visit;  // who hands them over, at which visit; empty at a depot
};

struct Choice {
  std::string engineer;  // the lead
  Instant travel_starts, starts, ends;
  Duration travel{};            // the lead's, with the detour to where parts are fetched
  std::vector<Pickup> pickups;  // in the order in which the lead drives to them
  double cost = 0;
  std::vector<Member> crew;  // the lead first; the lead alone if one engineer goes
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
  std::vector<Other> impossible;  // to do it alone
};

// kUnavailable with what stops everybody if nobody can: a skill that no one has, named with its level, before all else.
Result<Placement> place(const Job& job, const std::vector<Candidate>& candidates, const Travel& travel,
                        const Weights& weights, Instant now);

}  // namespace one_job
}  // namespace firstfix::planning
