// When one candidate has time for a job, between what is booked.
#pragma once

#include <chrono>
#include <vector>

#include "planning/place.h"

namespace firstfix::planning {
inline namespace one_job {

// What a search is about, to keep the parameters few.
struct Setting {
  const Job& job;
  const Travel& travel;
  const Weights& weights;
  Instant now;
};

// A place to fetch parts at, on the way to the job.
struct Source {
  Pickup pickup;  // without its time
  Interval open{Instant{INT64_MIN}, kNever};
  Duration takes{};   // all of it while it is open
  Duration onward{};  // from its end to the beginning of the work
};

// A shift in which the engineer could do the job.
struct WorkTime {
  Interval span;
  bool on_call = false;
};

// The work may begin from `earliest` to `latest`. Travel is as for the earliest; a later beginning sets out later.
struct Slot {
  Instant earliest, latest;
  Duration before{};            // from setting out to the beginning, with what is fetched
  Duration drive{};             // to the job, with the detour to where parts are fetched
  Duration travel{};            // what it adds to the day's travel
  Position position;            // during the work
  std::vector<Source> sources;  // where parts are fetched before, in order
  double lacks = 0;             // what it costs to come without the parts that are not to be had that way
  bool on_call = false;         // the engineer is called out
  Duration shift{}, booked{};   // how long the shift is, and how much of it is booked at jobs
};

inline double hours(Duration d) {
  return std::chrono::duration<double, std::ratio<3600>>(d).count();
}

// The slot's way, what is left out on it, calling the engineer out, and work in a shift that is full already.
double price_of(const Setting& setting, const Slot& slot);
// The customer's wait until the work begins, and being late.
double price_of_waiting(const Setting& setting, Instant start);

// The shifts by their beginning; those on call only if the job is urgent.
std::vector<WorkTime> work_times(const Setting& setting, const Candidate& who);

// The slots of one shift, in order of time, to be at the machine; each lies within one of the hours of access. Only a
// lead fetches parts.
std::vector<Slot> slots_on_site(const Setting& setting, const Candidate& who, const WorkTime& shift, bool fetches);
// The same to help from afar: no travel, but nothing else at that time either.
std::vector<Slot> slots_from_afar(const Setting& setting, const Candidate& who, const WorkTime& shift);

}  // namespace one_job
}  // namespace firstfix::planning
