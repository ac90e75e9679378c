#include "planning/arrivals.h"

#include <algorithm>

namespace firstfix::planning {
namespace {

constexpr Duration kMinute = std::chrono::minutes{1};

Duration drive(const LiveStop* before, const LiveStop& stop, const Travel& travel, Instant depart) {
  if (before == nullptr) return std::max(stop.starts - stop.travel_starts, Duration{0});
  Duration all{};
  auto at = before->position;
  for (const auto& errand : stop.errands) {
    all += travel.time(at, errand.position, depart + all) + errand.takes;
    at = errand.position;
  }
  return all + travel.time(at, stop.position, depart + all);
}

Instant departure(const LiveStop* before, Instant free_from, const LiveStop& stop, Instant now) {
  if (before == nullptr || !stop.rest) return std::max(free_from, now);
  return std::max(std::max(free_from, stop.rest->begins.from) + stop.rest->takes, now);
}

Instant reached(const LiveStop* before, Instant departs, const LiveStop& stop, const Travel& travel, Instant now) {
  if (stop.arrived) return *stop.arrived;
  if (stop.set_out) return std::max(*stop.set_out + std::max(stop.starts - stop.travel_starts, Duration{0}), now);
  return std::max(departs + drive(before, stop, travel, departs), stop.starts);
}

}  // namespace

void take_break(std::vector<LiveStop>& day, const Interval& shift, const ShiftBreak& rest) {
  const auto begins_after = [&](const LiveStop& stop) { return std::max(stop.ends, rest.begins.from); };
  LiveStop *before = nullptr, *takes = nullptr;
  for (auto& stop : day) {
    if (stop.starts < shift.from || stop.starts >= shift.to) continue;
    if (before != nullptr && begins_after(*before) <= rest.begins.to &&
        begins_after(*before) + rest.takes <= stop.travel_starts)
      takes = &stop;
    before = &stop;
  }
  const bool after_all = before != nullptr && begins_after(*before) <= rest.begins.to;
  if (takes != nullptr && !after_all) takes->rest = rest;
}

std::vector<Expected> arrivals(const std::vector<LiveStop>& day, const Travel& travel, Instant now) {
  std::vector<Expected> out;
  const LiveStop* before = nullptr;
  Instant free_from = now;
  for (const auto& stop : day) {
    const auto departs = departure(before, free_from, stop, now);
    const auto arrives = reached(before, departs, stop, travel, now);
    const auto done = stop.done_by.value_or(arrives + std::max(stop.ends - stop.starts, Duration{0}));
    const auto leaves = std::max({done, arrives, now});
    out.push_back({arrives, leaves, stop.set_out.value_or(departs)});
    before = &stop;
    free_from = leaves;
  }
  return out;
}

Instant first_time(const std::vector<LiveStop>& day, const Travel& travel, Instant now, Instant until,
                   const std::function<bool(const std::vector<Expected>&)>& holds) {
  if (until <= now) return kNever;
  const auto minute = [&](std::int64_t number) { return now + number * kMinute; };
  std::int64_t no = 0, yes = (until - now) / kMinute + 1;
  if (!holds(arrivals(day, travel, minute(yes)))) return kNever;
  while (yes - no > 1) {
    const auto middle = no + (yes - no) / 2;
    (holds(arrivals(day, travel, minute(middle))) ? yes : no) = middle;
  }
  return minute(yes);
}

}  // namespace firstfix::planning
