// Starts as people know them: a stop that could begin earlier than the current plan has it waits for its planned start.
#pragma once

#include "route.h"

namespace firstfix::planning {

// The day with each start as near to the planned one as it can be without making another later than it need be, nothing
// dearer, and no new emergency wait. As it is if waiting has a price or there is no current plan.
DayRoute held(const Model& model, DayRoute route);

}  // namespace firstfix::planning
