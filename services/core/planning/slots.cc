#include "slots.h"

#include <algorithm>

#include "rest.h"

namespace firstfix::planning {
inline namespace one_job {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

constexpr std::size_t kMostPairs = 12;  // of places to drive to one after the other, in either order

// A way to come by parts.
struct Fetch {
  std::vector<Source> sources;
  double lacks = 0;
};

std::vector<std::string> of_those(const std::vector<std::string>& wanted, const std::vector<std::string>& there) {
  std::vector<std::string> out;
  for (const auto& part : wanted)
    if (contains(there, part)) out.push_back(part);
  return out;
}

double price_without(const Job& job, const std::vector<std::string>& missing, const Fetch& fetch) {
  double price = 0;
  for (const auto& part : missing) {
    const bool fetched = std::any_of(fetch.sources.begin(), fetch.sources.end(),
                                     [&](const auto& source) { return contains(source.pickup.parts, part); });
    if (const auto one = job.without.find(part); one != job.without.end() && !fetched) price += one->second;
  }
  return price;
}

// The depots, then the colleagues, who have any of the missing parts.
std::vector<Source> sources_for(const Setting& setting, const Candidate& who, const std::vector<std::string>& missing) {
  std::vector<Source> all;
  for (const auto& [id, position, parts] : setting.job.depots)
    all.push_back({.pickup = {id, of_those(missing, parts), position}, .takes = setting.weights.pickup});
  for (const auto& [colleague, van, visit, position, open, takes, parts] : setting.job.meetings)
    if (colleague != who.person.id)
      all.push_back({{van, of_those(missing, parts), position, {}, colleague, visit}, open, takes});
  all.erase(std::remove_if(all.begin(), all.end(), [](const auto& source) { return source.pickup.parts.empty(); }),
            all.end());
  return all;
}

bool is_meeting(const Source& source) {
  return !source.pickup.visit.empty();
}

std::size_t most_parts(const std::vector<Source>& sources, bool with_meetings) {
  std::size_t most = 0;
  for (const auto& source : sources)
    if (with_meetings || !is_meeting(source)) most = std::max(most, source.pickup.parts.size());
  return most;
}

// Two places that together have more than any one, in either order; the shortest ways of those that leave least out.
std::vector<Fetch> pairs_of(const Job& job, const std::vector<Source>& sources,
                            const std::vector<std::string>& missing) {
  const auto most = most_parts(sources, true);
  std::vector<Fetch> all;
  if (most == missing.size()) return all;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    for (std::size_t j = i + 1; j < sources.size(); ++j) {
      if (is_meeting(sources[i])) continue;  // then the other is one as well
      auto second = sources[j];
      auto& rest = second.pickup.parts;
      rest.erase(std::remove_if(rest.begin(), rest.end(),
                                [&](const auto& part) { return contains(sources[i].pickup.parts, part); }),
                 rest.end());
      if (sources[i].pickup.parts.size() + rest.size() <= most) continue;
      all.push_back({{sources[i], second}});
      all.push_back({{second, sources[i]}});
    }
  }
  const auto way = [&](const Fetch& fetch) {
    const auto &first = fetch.sources[0].pickup.position, &second = fetch.sources[1].pickup.position;
    return distance_m(first, second) + distance_m(second, job.position);
  };
  for (auto& fetch : all) fetch.lacks = price_without(job, missing, fetch);
  std::stable_sort(all.begin(), all.end(), [&](const auto& a, const auto& b) {
    return a.lacks != b.lacks ? a.lacks < b.lacks : way(a) < way(b);
  });
  if (all.size() > kMostPairs) all.resize(kMostPairs);
  return all;
}

// The depots that hold most of what the van lacks; no place is a choice if the van has all, or nobody has more. Where
// the best of them lacks a part, colleagues who have more too; where no one place has all, two.
std::vector<Fetch> fetches_for(const Setting& setting, const Candidate& who) {
  std::vector<std::string> missing;
  for (const auto& part : setting.job.parts)
    if (!contains(who.van_parts, part)) missing.push_back(part);
  const auto sources = sources_for(setting, who, missing);
  const auto most = most_parts(sources, false);
  std::vector<Fetch> all;
  if (most == 0) all.push_back({});
  for (const auto& source : sources) {
    const auto parts = source.pickup.parts.size();
    if (is_meeting(source) ? parts > most : parts == most) all.push_back({{source}});
  }
  for (auto& fetch : all) fetch.lacks = price_without(setting.job, missing, fetch);
  auto pairs = pairs_of(setting.job, sources, missing);
  std::move(pairs.begin(), pairs.end(), std::back_inserter(all));
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

// The way to the job by all sources, each while it is open. Whoever would have to wait sets out later instead.
void drive_there(const Setting& setting, const Gap& gap, Slot& slot) {
  auto at = gap.start;
  auto t = gap.from;
  const auto drive_to = [&](const Position& next) {
    const auto leg = setting.travel.time(at, next, t);
    slot.drive += leg;
    slot.before += leg;
    t = t + leg;
    at = next;
  };
  for (auto& source : slot.sources) {
    drive_to(source.pickup.position);
    t = std::max(t, source.open.from) + source.takes;
    slot.before += source.takes;
    source.onward = -slot.before;
  }
  drive_to(setting.job.position);
  for (auto& source : slot.sources) source.onward += slot.before;
  slot.earliest = t;
}

Slot way_through(const Setting& setting, const Gap& gap, const Fetch& fetch) {
  const auto& [job, travel, weights, now] = setting;
  Slot slot{.position = job.position, .sources = fetch.sources, .lacks = fetch.lacks};
  drive_there(setting, gap, slot);
  slot.earliest = std::max(slot.earliest, job.not_before);
  const auto onward = travel.time(job.position, gap.end, slot.earliest + job.service);
  slot.latest = std::min(gap.to - onward - job.service, job.not_after);
  for (const auto& source : slot.sources) slot.latest = std::min(slot.latest, source.open.to + source.onward);
  slot.travel = slot.drive + onward - std::min(slot.drive + onward, travel.time(gap.start, gap.end, gap.from));
  return slot;
}

}  // namespace

std::vector<Slot> slots_on_site(const Setting& setting, const Candidate& who, const Interval& shift, bool fetches) {
  std::vector<Slot> all;
  if (shift.to <= setting.now) return all;
  const auto choices = fetches ? fetches_for(setting, who) : std::vector<Fetch>{{}};
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
