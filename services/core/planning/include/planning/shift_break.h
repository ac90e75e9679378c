// A break that is due in a shift.
#pragma once

#include "planning/qualify.h"

namespace firstfix::planning {

// It begins within `begins`, both ends included, wherever the engineer is then; never in the middle of a job.
struct ShiftBreak {
  Interval begins;
  Duration takes{};
};

}  // namespace firstfix::planning
