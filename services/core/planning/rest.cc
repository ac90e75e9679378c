#include "rest.h"

#include <algorithm>

namespace firstfix::planning {
inline namespace one_job {
namespace {

// The day to which a shift belongs: from its first shift's beginning to its last one's end.
Interval day_around(const Candidate& who, const Interval& shift) {
  Interval day = shift;
  for (auto other = who.shifts.rbegin(); other != who.shifts.rend(); ++other)
    if (other->from < day.from && other->to + kOneDay > day.from) day.from = other->from;
  for (const auto& other : who.shifts)
    if (other.from > day.from && other.from < day.to + kOneDay) day.to = std::max(day.to, other.to);
  return day;
}

}  // namespace

Interval rested(const Setting& setting, const Candidate& who, const Interval& shift) {
  if (who.min_rest <= Duration{0} || who.route.empty()) return shift;
  const auto& travel = setting.travel;
  const auto day = day_around(who, shift);
  Interval out = shift;
  for (const auto& stop : who.route) {
    if (stop.starts < day.from)
      out.from = std::max(out.from, stop.ends + travel.time(stop.position, who.home, stop.ends) + who.min_rest);
    if (stop.starts >= day.to)
      out.to = std::min(out.to, stop.starts - travel.time(who.home, stop.position, stop.starts) - who.min_rest);
  }
  return out;
}

}  // namespace one_job
}  // namespace firstfix::planning
