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

bool within_one(const std::vector<Interval>& spans, Instant t) {
  return std::any_of(spans.begin(), spans.end(), [&](const auto& span) { return span.from <= t && t < span.to; });
}

bool is_call_out(const Candidate& who, const Booked& stop) {
  return within_one(who.on_call, stop.starts) && !within_one(who.shifts, stop.starts);
}

}  // namespace

Interval rested(const Setting& setting, const Candidate& who, const WorkTime& shift) {
  if (who.min_rest <= Duration{0} || who.route.empty()) return shift.span;
  const auto& travel = setting.travel;
  const auto day = shift.on_call ? shift.span : day_around(who, shift.span);
  Interval out = shift.span;
  for (const auto& stop : who.route) {
    if (stop.starts < day.from && !shift.on_call)
      out.from = std::max(out.from,
                          stop.ends + travel.time(stop.position, who.end.value_or(who.home), stop.ends) + who.min_rest);
    if (stop.starts >= day.to && !is_call_out(who, stop))
      out.to = std::min(out.to, stop.starts - travel.time(who.home, stop.position, stop.starts) - who.min_rest);
  }
  return out;
}

}  // namespace one_job
}  // namespace firstfix::planning
