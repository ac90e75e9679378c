// When work may begin at a site, as instants. Pure and thread-safe.
#pragma once

#include <vector>

#include "base/zone.h"
#include "firstfix/v1/fleet.pb.h"
#include "planning/qualify.h"

namespace firstfix::desk {

inline constexpr int kMostAccessHours = 64;  // of a site

// The site's hours of access within [from, to], in order and apart: whenever the clocks of the zone show a time within
// one of them. A time that is left out when the clocks are put forward is thus none, and one that comes twice when they
// are put back is one twice. Empty only for a site without such hours, where work may begin at any time; where there
// are none in all that time, one that is over before `from`.
std::vector<planning::Interval> access_within(const v1::Site& site, const Zone& zone, Instant from, Instant to);

}  // namespace firstfix::desk
