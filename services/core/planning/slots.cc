#include "slots.h"

#include <algorithm>

#include "fetch.h"
#include "rest.h"

namespace firstfix::planning {
inline namespace one_job {
namespace {

// When the job may begin, as far as that does not depend on who comes.
std::vector<Interval> beginnings(const Job& job) {
  if (job.access.empty()) return {{job.not_before, job.not_after}};
  std::vector<Interval> all;
  for (const auto& open : job.access) {
    const Interval both{std::max(open.from, job.not_before), std::min(open.to, job.not_after)};
    if (both.from <= both.to) all.push_back(both);
  }
  return all;
}

// How much longer the square of the work gets, by the hour of the shift. What is driven between booked stops is not
// known here.
double price_of_work(const Setting& setting, const Slot& slot) {
  if (setting.weights.fairness <= 0 || slot.shift <= Duration{0}) return 0;
  const double before = hours(slot.booked), more = hours(setting.job.service + slot.travel);
  return setting.weights.fairness * (2 * before + more) * more / hours(slot.shift);
}

Duration booked_in(const Candidate& who, const Interval& shift) {
  Duration sum{};
  for (const auto& stop : who.route) {
    const auto from = std::max(stop.starts, shift.from), to = std::min(stop.ends, shift.to);
    if (from < to) sum += to - from;
  }
  return sum;
}

void belongs_to(const Candidate& who, const WorkTime& shift, Slot& slot) {
  slot.on_call = shift.on_call;
  slot.shift = shift.span.to - shift.span.from;
  slot.booked = booked_in(who, shift.span);
}

// The free times of a shift, between what is booked and with the rest that is due before and after.
std::vector<Gap> free_times(const Setting& setting, const Candidate& who, const WorkTime& time) {
  std::vector<Gap> all;
  const auto& whole = time.span;
  const auto shift = rested(setting, who, time);
  Instant free_from = std::max(shift.from, setting.now);
  Position at = who.home;
  for (const auto& stop : who.route) {
    if (stop.ends <= whole.from) continue;
    if (stop.starts >= whole.to) break;
    // The journey to the next stop begins at the new job then: it has to be there when work starts.
    if (stop.starts > free_from && !stop.begun) all.push_back({free_from, stop.starts, at, stop.position, {}});
    free_from = std::max(free_from, stop.ends);
    at = stop.position;
  }
  if (free_from < shift.to) all.push_back({free_from, shift.to, at, who.end.value_or(who.home), {}});
  return all;
}

// The break that is due in the shift; null if there is none, or it is over.
const ShiftBreak* break_in(const Setting& setting, const Candidate& who, const Interval& shift) {
  for (const auto& one : who.breaks)
    if (shift.from <= one.begins.from && one.begins.from < shift.to)
      return one.begins.to >= setting.now ? &one : nullptr;
  return nullptr;
}

// Would there be time for the break if nothing more were put into the gap?
bool holds(const Setting& setting, const Gap& gap, const ShiftBreak& rest) {
  const auto begins = std::max(gap.from, rest.begins.from);
  return begins <= rest.begins.to && begins + rest.takes <= gap.to &&
         setting.travel.time(gap.start, gap.end, gap.from) + rest.takes <= gap.to - gap.from;
}

// Where a break has no other place than one of the gaps, that gap twice: as it is after the break, and with the break
// due after the work.
void leave_time_for(const Setting& setting, const ShiftBreak& rest, std::vector<Gap>& gaps) {
  const auto fits = [&](const Gap& gap) { return holds(setting, gap, rest); };
  const auto only = std::find_if(gaps.begin(), gaps.end(), fits);
  if (only == gaps.end() || std::any_of(only + 1, gaps.end(), fits)) return;
  auto before = *only;
  before.from = std::max(before.from, rest.begins.from) + rest.takes;
  only->to = only->to - rest.takes;
  only->rest = rest.begins;
  gaps.insert(only + 1, before);
}

// The same once for each of the spans in which the work could begin then.
std::vector<Gap> gaps(const Setting& setting, const Candidate& who, const WorkTime& time) {
  std::vector<Gap> all;
  const auto begin = beginnings(setting.job);
  auto free = free_times(setting, who, time);
  if (const auto* rest = break_in(setting, who, time.span)) leave_time_for(setting, *rest, free);
  for (auto& gap : free)
    for (const auto& span : begin)
      if (span.from < gap.to && gap.from <= span.to) {
        gap.begin = span;
        all.push_back(gap);
      }
  return all;
}

}  // namespace

double price_of(const Setting& setting, const Slot& slot) {
  return setting.weights.travel_per_hour * hours(slot.travel) + slot.lacks +
         (slot.on_call && !setting.job.hazard ? setting.weights.call_out : 0) + price_of_work(setting, slot);
}

double price_of_waiting(const Setting& setting, Instant start) {
  double price = setting.weights.wait_per_hour * hours(start - setting.now);
  if (start > setting.job.respond_by) price += setting.job.late_cost_per_hour * hours(start - setting.job.respond_by);
  return price;
}

std::vector<WorkTime> work_times(const Setting& setting, const Candidate& who) {
  std::vector<WorkTime> all;
  for (const auto& shift : who.shifts) all.push_back({shift, false});
  if (!setting.job.urgent) return all;
  for (const auto& shift : who.on_call) all.push_back({shift, true});
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.span.from < b.span.from; });
  return all;
}

std::vector<Slot> slots_on_site(const Setting& setting, const Candidate& who, const WorkTime& shift, bool fetches) {
  std::vector<Slot> all;
  if (shift.span.to <= setting.now) return all;
  for (const auto& gap : gaps(setting, who, shift)) {
    auto ways = ways_within(setting, who, gap, fetches);
    for (auto& slot : ways) belongs_to(who, shift, slot);
    std::move(ways.begin(), ways.end(), std::back_inserter(all));
  }
  return all;
}

std::vector<Slot> slots_from_afar(const Setting& setting, const Candidate& who, const WorkTime& shift) {
  std::vector<Slot> all;
  if (shift.span.to <= setting.now) return all;
  for (const auto& gap : gaps(setting, who, shift)) {
    const auto onward = setting.travel.time(gap.start, gap.end, gap.from + setting.job.service);
    Slot slot{.earliest = std::max(gap.from, gap.begin.from),
              .latest = std::min(gap.over_by(onward) - setting.job.service, gap.begin.to),
              .position = gap.start};
    belongs_to(who, shift, slot);
    if (slot.earliest <= slot.latest) all.push_back(std::move(slot));
  }
  return all;
}

}  // namespace one_job
}  // namespace firstfix::planning
