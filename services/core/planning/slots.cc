#include "slots.h"

#include <algorithm>

#include "rest.h"

namespace firstfix::planning {
inline namespace one_job {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

struct Fetch {
  const Depot* depot = nullptr;
  const Meeting* meeting = nullptr;
  std::vector<std::string> parts;
  double lacks = 0;
};

std::vector<std::string> of_those(const std::vector<std::string>& wanted, const std::vector<std::string>& there) {
  std::vector<std::string> out;
  for (const auto& part : wanted)
    if (contains(there, part)) out.push_back(part);
  return out;
}

double price_of(const Job& job, const std::vector<std::string>& missing, const std::vector<std::string>& fetched) {
  double price = 0;
  for (const auto& part : missing)
    if (const auto one = job.without.find(part); one != job.without.end() && !contains(fetched, part))
      price += one->second;
  return price;
}

// The depots that hold most of what the van lacks; no depot is a choice if the van has all, or nobody has more. Where
// the best of them lacks a part, colleagues who have more too.
std::vector<Fetch> fetches_for(const Job& job, const Candidate& who) {
  std::vector<std::string> missing;
  for (const auto& part : job.parts)
    if (!contains(who.van_parts, part)) missing.push_back(part);
  std::vector<Fetch> all;
  std::size_t most = 0;
  for (const auto& depot : job.depots) {
    Fetch fetch{.depot = &depot, .parts = of_those(missing, depot.parts)};
    if (fetch.parts.empty() || fetch.parts.size() < most) continue;
    if (fetch.parts.size() > most) all.clear();
    most = fetch.parts.size();
    all.push_back(std::move(fetch));
  }
  if (all.empty()) all.push_back({});
  for (const auto& meeting : job.meetings) {
    Fetch fetch{.meeting = &meeting, .parts = of_those(missing, meeting.parts)};
    if (meeting.colleague != who.person.id && fetch.parts.size() > most) all.push_back(std::move(fetch));
  }
  for (auto& fetch : all) fetch.lacks = price_of(job, missing, fetch.parts);
  return all;
}

struct Gap {
  Instant from, to;     // free between
  Position start, end;  // where the engineer is before, and has to be after
};

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

// The way by a depot, or straight to the job.
void drive_there(const Setting& setting, const Gap& gap, Slot& slot) {
  const auto& [job, travel, weights, now] = setting;
  if (slot.depot != nullptr) {
    slot.drive = travel.time(gap.start, slot.depot->position, gap.from);
    slot.drive += travel.time(slot.depot->position, job.position, gap.from + slot.drive + weights.pickup);
    slot.before = slot.drive + weights.pickup;
  } else {
    slot.before = slot.drive = travel.time(gap.start, job.position, gap.from);
  }
  slot.earliest = gap.from + slot.before;
}

// The way by a colleague, who is there only for a time.
void drive_by(const Setting& setting, const Gap& gap, const Meeting& meeting, Slot& slot) {
  const auto there = setting.travel.time(gap.start, meeting.position, gap.from);
  const auto met = std::max(gap.from + there, meeting.open.from);
  slot.onward = setting.travel.time(meeting.position, setting.job.position, met + meeting.takes);
  slot.drive = there + slot.onward;
  slot.before = slot.drive + meeting.takes;
  slot.earliest = met + meeting.takes + slot.onward;
}

Slot way_through(const Setting& setting, const Gap& gap, const Fetch& fetch) {
  const auto& [job, travel, weights, now] = setting;
  Slot slot{.position = job.position,
            .depot = fetch.depot,
            .meeting = fetch.meeting,
            .fetched = fetch.parts,
            .lacks = fetch.lacks};
  if (fetch.meeting != nullptr)
    drive_by(setting, gap, *fetch.meeting, slot);
  else
    drive_there(setting, gap, slot);
  slot.earliest = std::max(slot.earliest, job.not_before);
  const auto onward = travel.time(job.position, gap.end, slot.earliest + job.service);
  slot.latest = std::min(gap.to - onward - job.service, job.not_after);
  if (fetch.meeting != nullptr) slot.latest = std::min(slot.latest, fetch.meeting->open.to + slot.onward);
  slot.travel = slot.drive + onward - std::min(slot.drive + onward, travel.time(gap.start, gap.end, gap.from));
  return slot;
}

}  // namespace

std::vector<Slot> slots_on_site(const Setting& setting, const Candidate& who, const Interval& shift, bool fetches) {
  std::vector<Slot> all;
  if (shift.to <= setting.now) return all;
  const auto choices = fetches ? fetches_for(setting.job, who) : std::vector<Fetch>{{}};
  for (const auto& gap : gaps(setting, who, shift)) {
    for (const auto& fetch : choices) {
      auto slot = way_through(setting, gap, fetch);
      if (slot.earliest <= slot.latest) all.push_back(std::move(slot));
    }
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
