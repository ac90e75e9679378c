// Room for what cannot wait: which booked visits give way to it, so that somebody is there sooner.
//
// A job is placed beside what is booked (place.h). Where that leaves a hazard waiting, or a machine that stands beyond
// what was promised by contract, one visit of less worth, or two that follow each other in one day, may give way: they
// are placed anew, and all of it together has to cost less than leaving everything as it is. Pure and thread-safe.
//
// A visit gives way only if it has another place; one without any is lost only where the job would not be done at all,
// and never if its customer was promised a time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "planning/prices.h"

namespace firstfix::planning {
inline namespace one_job {

inline constexpr std::size_t kMostGiveWay = 2;

// A booked visit of one engineer that may give way.
struct Yielding {
  std::string id;
  std::string engineer;  // in whose route it stands
  Booked stop;           // as it stands there
  int priority = 50;     // of 0 to 100; only what is below the job's gives way
  bool agreed = false;   // its engineer has said yes: that it moves disturbs more
  bool promised = false;
};

// How the visit would be planned now, its own stop and parts counting as free.
using Ask = std::function<Result<Question>(const Yielding&)>;

struct Room {
  Placement placement;                 // of the job, with those who give way gone
  std::vector<std::string> gives_way;  // each to be planned anew once the job is booked, in this order
  std::string who;                     // they, in words
  std::string what_for;                // how much sooner somebody is there, and what that saves
};

// Does the job need room that it does not find as things are? `as_is`: what place() says.
bool wants_room(const Job& job, const Result<Placement>& as_is);

// The best way to make room for a job that wants it; none if nothing is worth it. Every visit that would give way is
// asked about at most once. An error is one of `ask`.
Result<std::optional<Room>> make_room(const Question& asked, int priority, const Result<Placement>& as_is,
                                      const std::vector<Yielding>& yielding, const Ask& ask, const Travel& travel,
                                      const Prices& prices, Instant now);

}  // namespace one_job
}  // namespace firstfix::planning
