// Parts that are fetched at a depot on the way, and what the depots have left then. Several jobs may share a stop
// there. Each part that is fetched is some job's: who takes a job out of a day gives its parts back, and a stop for
// which nobody waits falls away.
#pragma once

#include "route.h"

namespace firstfix::planning {

// A stop at a depot.
struct FetchStop {
  int pickup = 0;  // the number of one that is there already; 0: a new one
  int depot = kNone;
  int after = kNone;  // a new one goes after nodes[after]
};

// What all depots have in the morning.
DepotStock full_depots(const Model& model);

// What the depots have left if these days are driven.
DepotStock depots_after(const Model& model, const std::vector<DayRoute>& routes);

// The depots with what the route takes out of them (`times` 1), or with it again (-1).
void draw(const Model& model, const DayRoute& route, int times, DepotStock& depots);

int left_at(const Model& model, const DepotStock& depots, int depot, int part);

// What the van has not left of a part that a job needs.
int lacking(const DayRoute& route, const PartNeed& need);

// True if the depots together have what the job needs and the van lacks.
bool supply(const Model& model, const DepotStock& depots, const DayRoute& route, int job);

// Reserves for a job that is about to be put in what the depot has of what the van lacks, at a stop that is put in
// unless it is there; schedule() is due then.
void fetch(const Model& model, DayRoute& route, int job, const FetchStop& stop, DepotStock& depots);

// Reserves `quantity` of a part, fetched at a pick-up of the route, for a job that is about to be put in.
void reserve(const Model& model, DayRoute& route, const Fetch& fetch, int depot, DepotStock& depots);

// Gives back what a job would have fetched.
void give_back(const Model& model, DayRoute& route, int job, DepotStock& depots);

// Stops at depots for which nobody waits fall away; schedule() is due then.
void drop_idle_pickups(DayRoute& route);

}  // namespace firstfix::planning
