// When an engineer gets where: the plan of a day, moved on by what is known of it so far. Pure and thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/geo.h"
#include "base/time.h"
#include "planning/shift_break.h"
#include "planning/travel.h"

namespace firstfix::planning {

// Parts that are fetched on the way.
struct Errand {
  Position position;
  Duration takes{};
};

// A stop that is not over, as it was planned and as it has gone so far.
struct LiveStop {
  Instant travel_starts, starts, ends;  // by the plan
  Position position;
  std::optional<Instant> set_out, arrived;  // what has been heard
  std::optional<Instant> done_by;           // of the work, as who is at it expects; else it takes as long as planned
  std::vector<Errand> errands;              // in order
  std::optional<ShiftBreak> rest;           // between the stop before and setting out to this one
};

struct Expected {
  Instant arrives, leaves;
  Instant departs;  // for it, at the soonest; of one that somebody has set out for, when that was or has to be
};

// Puts the shift's break before the last of its stops that by the plan leaves time for it; before none if there is time
// after the last, nor if there never is. The day is in order.
void take_break(std::vector<LiveStop>& day, const Interval& shift, const ShiftBreak& rest);

// When each stop of the day is reached and left, in the given order, if all goes on from now as planned. Who is at work
// takes as long as planned, or until now if that is over; who drives arrives as planned for the drive, or now if that
// is over; who has not set out does so when the stop before is left, after the break if one is due there, and does not
// arrive before the planned start. The drive to the first stop is as planned, since nobody knows where it begins, and
// whoever is free before it has had the break.
//
// Nothing comes sooner if it is asked later: no time of arrival falls as `now` rises with nothing else heard. (That
// rests on the same of `travel`: who sets out later is never there sooner.)
std::vector<Expected> arrivals(const std::vector<LiveStop>& day, const Travel& travel, Instant now);

// The first minute after now at which, if nothing else is heard until then, `holds` is true of what is expected; kNever
// if that is not before `until`. Once true, it has to stay true as arrivals come later.
Instant first_time(const std::vector<LiveStop>& day, const Travel& travel, Instant now, Instant until,
                   const std::function<bool(const std::vector<Expected>&)>& holds);

}  // namespace firstfix::planning
