#include "slots.h"

#include <algorithm>

#include "fetch.h"
#include "rest.h"

namespace firstfix::planning {
inline namespace one_job {
namespace {

// The free times of a shift, between what is booked and with the rest that is due before and after.
std::vector<Gap> gaps(const Setting& setting, const Candidate& who, const Interval& whole) {
  std::vector<Gap> all;
  const auto now = setting.now;
  const auto shift = rested(setting, who, whole);
  Instant free_from = std::max(shift.from, now);
  Position at = who.home;
  for (const auto& stop : who.route) {
    if (stop.ends <= whole.from) continue;
    if (stop.starts >= whole.to) break;
    // The journey to the next stop begins at the new job then: it has to be there when work starts.
    if (stop.starts > free_from && !stop.begun) all.push_back({free_from, stop.starts, at, stop.position});
    free_from = std::max(free_from, stop.ends);
    at = stop.position;
  }
  if (free_from < shift.to) all.push_back({free_from, shift.to, at, who.home});
  return all;
}

}  // namespace

double price_of(const Setting& setting, const Slot& slot) {
  return setting.weights.travel_per_hour * hours(slot.travel) + slot.lacks;
}

double price_of_waiting(const Setting& setting, Instant start) {
  double price = setting.weights.wait_per_hour * hours(start - setting.now);
  if (start > setting.job.respond_by) price += setting.job.late_cost_per_hour * hours(start - setting.job.respond_by);
  return price;
}

std::vector<Slot> slots_on_site(const Setting& setting, const Candidate& who, const Interval& shift, bool fetches) {
  std::vector<Slot> all;
  if (shift.to <= setting.now) return all;
  for (const auto& gap : gaps(setting, who, shift)) {
    auto ways = ways_within(setting, who, gap, fetches);
    std::move(ways.begin(), ways.end(), std::back_inserter(all));
  }
  return all;
}

std::vector<Slot> slots_from_afar(const Setting& setting, const Candidate& who, const Interval& shift) {
  std::vector<Slot> all;
  if (shift.to <= setting.now) return all;
  for (const auto& gap : gaps(setting, who, shift)) {
    const auto onward = setting.travel.time(gap.start, gap.end, gap.from + setting.job.service);
    Slot slot{.earliest = std::max(gap.from, setting.job.not_before),
              .latest = std::min(gap.to - onward - setting.job.service, setting.job.not_after),
              .position = gap.start};
    if (slot.earliest <= slot.latest) all.push_back(std::move(slot));
  }
  return all;
}

}  // namespace one_job
}  // namespace firstfix::planning
