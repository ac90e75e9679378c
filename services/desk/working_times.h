// When an engineer works, and when they are on call, out of their shifts. Pure and thread-safe. Private to the desk.
#pragma once

#include <optional>
#include <vector>

#include "desk/minds.h"
#include "planning/shift_break.h"

namespace firstfix::desk {

struct WorkingTimes {
  std::vector<planning::Interval> regular;  // as the shifts have them, by their beginnings
  std::vector<planning::Interval> on_call;  // what lies in no regular one, in order and apart
  std::vector<planning::ShiftBreak> breaks;
};

// Of the shifts that end after `after` and begin before `before`.
WorkingTimes working_times(const Worker& worker, Instant after, Instant before = kNever);

// The break that is due in the shift; none on call.
std::optional<planning::ShiftBreak> break_of(const v1::Shift& shift);

// Spans by their beginnings, those that overlap or are at most so far apart as one.
std::vector<planning::Interval> joined(std::vector<planning::Interval> spans, Duration apart = {});

}  // namespace firstfix::desk
