// Where a job whose parts the van has not left fits best, with the stops that fetch them anywhere before it: one, at a
// depot that has all, or where none has, as many as it takes.
#pragma once

#include <vector>

#include "pickup.h"

namespace firstfix::planning {

// A job for which the van lacks parts, in a day.
struct Errand {
  const Model& model;
  const DayRoute& route;
  int job;
  const Suitor& suitor;
  const DepotStock& depots;
  DayRoute& scratch;  // see best_spot
};

// Where a job and the fetching of its parts fit best. The stops go in one after the other, `others` first: the place of
// each, and of the job as of the last stop, is in the day as it is with those that went in before.
struct FetchSpot {
  Units cost = kImpossible;  // more than now
  int after = kNone;         // the job goes after nodes[after]
  FetchStop stop;
  std::vector<FetchStop> others;  // for what that depot has not
  bool possible() const { return cost < kImpossible; }
};

FetchSpot best_fetch(const Errand& errand);

// The same with a new stop at this depot, for all that is lacking or what it has of that.
FetchSpot fetch_from(const Errand& errand, int depot);

// Puts the stops alone in, and reserves for the job what is fetched there; schedule() is due then.
void put_stops(const Model& model, DayRoute& route, int job, const FetchSpot& spot, DepotStock& depots);

// The last position at which something is fetched for the job. There has to be one.
int last_fetch(const DayRoute& route, int job);

// Puts a job in with the fetching of what the van lacks; schedule() is due then.
void put_fetched(const Model& model, DayRoute& route, int job, const FetchSpot& spot, DepotStock& depots);

// Puts a job at a place that best_spot() found, with its pick-ups if it needs any; schedule() is due then.
void put_at(const Model& model, DayRoute& route, int job, const Suitor& suitor, int after, DepotStock& depots,
            DayRoute& scratch);

}  // namespace firstfix::planning
