// The rest that is due between the days of one engineer.
#pragma once

#include "slots.h"

namespace firstfix::planning {
inline namespace one_job {

// Shifts that are less than this apart are one day, with a break in it.
inline constexpr Duration kOneDay = std::chrono::hours{4};

// When in this shift the engineer may leave home first and has to be back last, so that min_rest lies between coming
// home from the last day of work before and leaving for the first after. Days without work are rest.
//
// Time on call is spent at home: whoever is called out needs no rest before that, but as much as ever between it and
// the next regular shift.
Interval rested(const Setting& setting, const Candidate& who, const WorkTime& shift);

}  // namespace one_job
}  // namespace firstfix::planning
