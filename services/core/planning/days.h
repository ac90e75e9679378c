// Several days of one engineer: between coming home and leaving again there is the rest that is due. What one day
// takes, the days about it lack; days without work do not count.
#pragma once

#include <vector>

#include "route.h"

namespace firstfix::planning {

// Who gives way where the rest is short.
enum class Tie {
  kStarts,  // each day stands as it is: the day before is home in time for it
  kHomes,   // each day may be as long as what comes after can still be done, later
};

// Works out how long and how early each of the engineer's days may be, and schedules all of them. False if they cannot
// all be driven; the times are not to be used then. Nothing where rest can never be short.
bool tie_days(const Model& model, int engineer, Tie tie, std::vector<DayRoute>& routes);

// The limits of one day that is about to be filled, by those of the engineer's other days that there are.
void limit_day(const Model& model, const std::vector<DayRoute>& others, DayRoute& route);

}  // namespace firstfix::planning
