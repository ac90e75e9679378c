// Parts that are fetched at a depot on the way. A job whose parts the van has not left may have them from one depot, or
// where none has all from two, by stops there anywhere before it; several jobs may share a stop. Each part that is
// fetched is some job's: who takes a job out of a day gives its parts back, and a stop for which nobody waits falls
// away.
#pragma once

#include <optional>

#include "route.h"

namespace firstfix::planning {

// A stop at a depot.
struct FetchStop {
  int pickup = 0;  // the number of one that is there already; 0: a new one
  int depot = kNone;
  int after = kNone;  // a new one goes after nodes[after]
};

// Where a job and the fetching of its parts fit best. Both places are in the day as it is, or, if there is a stop more,
// as it is with that one.
struct FetchSpot {
  Units cost = kImpossible;  // more than now
  int after = kNone;         // the job goes after nodes[after]
  FetchStop stop;
  std::optional<FetchStop> other;  // for what that depot has not; its place is in the day as it is
  bool possible() const { return cost < kImpossible; }
};

// What all depots have in the morning.
DepotStock full_depots(const Model& model);

// For a job for which the van lacks parts. `scratch`: see best_spot.
FetchSpot best_fetch(const Model& model, const DayRoute& route, int job, const Suitor& suitor, const DepotStock& depots,
                     DayRoute& scratch);

// The same with a new stop at this depot, for all that is lacking or what it has of that.
FetchSpot fetch_from(const Model& model, const DayRoute& route, int job, const Suitor& suitor, int depot,
                     const DepotStock& depots, DayRoute& scratch);

// Puts a job in with the fetching of what the van lacks; schedule() is due then.
void put_fetched(const Model& model, DayRoute& route, int job, const FetchSpot& spot, DepotStock& depots);

// What the depots have left if these days are driven.
DepotStock depots_after(const Model& model, const std::vector<DayRoute>& routes);

// The depots with what the route takes out of them (`times` 1), or with it again (-1).
void draw(const Model& model, const DayRoute& route, int times, DepotStock& depots);

// True if the depots together have what the job needs and the van lacks.
bool supply(const Model& model, const DepotStock& depots, const DayRoute& route, int job);

// Puts a job at a place that best_spot() found, with its pick-up if it needs one; schedule() is due then.
void put_at(const Model& model, DayRoute& route, int job, const Suitor& suitor, int after, DepotStock& depots,
            DayRoute& scratch);

// Reserves `quantity` of a part, fetched at a pick-up of the route, for a job that is about to be put in.
void reserve(const Model& model, DayRoute& route, const Fetch& fetch, int depot, DepotStock& depots);

// Gives back what a job would have fetched.
void give_back(const Model& model, DayRoute& route, int job, DepotStock& depots);

// Stops at depots for which nobody waits fall away; schedule() is due then.
void drop_idle_pickups(DayRoute& route);

}  // namespace firstfix::planning
