#include "learning/history.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <span>

namespace firstfix::learning {
namespace {

constexpr Duration kHour = std::chrono::hours(1), kDay = std::chrono::hours(24);
constexpr int kLongestReach_h = 7 * 24, kWatched_h = 14 * 24, kAhead_h = 24;
constexpr Duration kUsualReach = std::chrono::hours(48);
constexpr std::size_t kMostMarked = 200;  // faults of a flood have no order worth reading

// Faults that belong to repairs come in the hours before them; those that do not, at any time. The reach ends where the
// density falls to that of a week and more before.
Duration reach_of(const std::vector<Machine>& machines) {
  std::array<double, kWatched_h> lags{};
  double total = 0;
  for (const auto& machine : machines)
    for (const auto& fault : machine.faults) {
      const auto work = std::find_if(machine.works.begin(), machine.works.end(),
                                     [&](const auto& w) { return w.corrective && w.completed_at >= fault.at; });
      if (work == machine.works.end()) continue;
      const auto lag = (work->completed_at - fault.at) / kHour;
      if (lag < kWatched_h) ++lags[static_cast<std::size_t>(lag)], ++total;
    }
  if (total < 30) return kUsualReach;
  double background = 0, ahead = 0, behind = 0;
  for (std::size_t h = kLongestReach_h; h < kWatched_h; ++h) background += lags[h] / (kWatched_h - kLongestReach_h);
  for (std::size_t h = 0; h < kAhead_h; ++h) ahead += lags[h];
  for (std::size_t h = 0; h + kAhead_h < kLongestReach_h; ++h) {
    // All that comes in the day beyond h is hardly more than what comes at any time.
    if (h > 0 && ahead / kAhead_h - background < 0.01 * (behind / static_cast<double>(h) - background))
      return kHour * static_cast<std::int64_t>(h);
    ahead += lags[h + kAhead_h] - lags[h];
    behind += lags[h];
  }
  return kUsualReach;
}

// The interval, in whole hours, of which most intervals between services are multiples.
Duration rhythm_of(const std::vector<Machine>& machines) {
  std::map<std::int64_t, double> intervals;
  double total = 0;
  for (const auto& machine : machines)
    for (std::size_t i = 1; i < machine.works.size(); ++i) {
      const auto hours = (machine.works[i].completed_at - machine.works[i - 1].completed_at + kHour / 2) / kHour;
      if (hours < 48) continue;
      ++intervals[hours];
      ++total;
    }
  if (total < 30) return Duration::zero();
  for (const auto& [hours, n] : intervals) {
    if (n < 0.1 * total) continue;
    double multiples = 0;
    for (const auto& [other, m] : intervals)
      if (const auto rest = other % hours; rest <= 1 || rest >= hours - 1) multiples += m;
    if (multiples > 0.6 * total) return kHour * hours;
  }
  return Duration::zero();
}

bool due(const Machine& machine, Instant at, const Habits& habits) {
  if (habits.rhythm == Duration::zero()) return false;
  const auto next = std::lower_bound(machine.works.begin(), machine.works.end(), at,
                                     [](const Work& work, Instant t) { return work.completed_at < t; });
  if (next == machine.works.begin()) return false;
  const auto since = at - std::prev(next)->completed_at;
  return habits.rhythm - since % habits.rhythm <= kWarningHorizon;
}

// Faults up to then belong to no trouble at this moment: they came too long ago, or the last repair put them right.
Instant begin_of_trouble(const Machine& machine, Instant at, const Habits& habits) {
  auto out = at - habits.reach;
  for (const auto& work : machine.works) {
    if (work.completed_at >= at) break;
    if (work.corrective) out = std::max(out, work.completed_at);
  }
  return out;
}

std::span<const Fault> trouble_at(const Machine& machine, Instant at, const Habits& habits) {
  const auto& faults = machine.faults;
  const auto first = std::upper_bound(faults.begin(), faults.end(), begin_of_trouble(machine, at, habits),
                                      [](Instant t, const Fault& fault) { return t < fault.at; });
  return {first, std::find_if(first, faults.end(), [&](const Fault& fault) { return fault.at > at; })};
}

void note(std::vector<Repair>& repairs, const std::vector<std::string>& what, double days_ago) {
  for (const auto& name : what) {
    const auto known = std::find_if(repairs.begin(), repairs.end(), [&](const auto& r) { return r.what == name; });
    if (known == repairs.end())
      repairs.push_back({name, days_ago});
    else
      known->days_ago = days_ago;
  }
}

// A code has gone away if each of its faults has.
void add_cleared(std::vector<Mark>& marks, std::span<const Fault> faults, Instant by) {
  std::map<std::string, bool> cleared;
  for (const auto& fault : faults) {
    auto& gone = cleared.emplace(fault.code, true).first->second;
    gone = gone && fault.cleared_at <= by;
  }
  for (const auto& [code, gone] : cleared)
    if (gone) marks.push_back({code, kCleared, {}});
}

constexpr Duration kWork =
    std::chrono::hours(4);  // what goes away so soon before the work is done, the work has put right

}  // namespace

double days(Duration d) {
  return static_cast<double>(d.count()) / static_cast<double>(kDay.count());
}

Habits habits_of(const std::vector<Machine>& machines) {
  Habits out{kNever, Instant{INT64_MIN}, reach_of(machines), rhythm_of(machines)};
  const auto see = [&](Instant t) {
    out.records_begin = std::min(out.records_begin, t);
    out.records_end = std::max(out.records_end, t);
  };
  for (const auto& machine : machines) {
    for (const auto& fault : machine.faults) see(fault.at);
    for (const auto& work : machine.works) see(work.completed_at);
  }
  return out;
}

void add_repairs(Sight& sight, const std::vector<Work>& works, Instant at) {
  for (const auto& work : works) {
    if (work.completed_at >= at) break;
    const auto ago = days(at - work.completed_at);
    note(sight.repaired, work.causes, ago);
    note(sight.replaced, work.parts, ago);
  }
}

std::vector<Mark> marks_of(std::span<const Fault> faults, Instant by) {
  std::vector<Mark> out;
  if (faults.size() > kMostMarked) return out;
  const auto other = [&](const Fault& f) { return f.code != faults[0].code; };
  const auto later = std::find_if(faults.begin(), faults.end(), other);
  if (later != faults.end() && later->at > faults[0].at) {
    std::set<std::string> others;
    for (const auto& fault : faults)
      if (other(fault)) others.insert(fault.code);
    for (const auto& code : others) out.push_back({faults[0].code, kFirst, code});
  }
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const auto before = faults.subspan(0, i);
    const auto same = [&](const Fault& f) { return f.code == faults[i].code; };
    const auto again = [&](const Fault& f) { return same(f) && f.at < faults[i].at; };
    const auto marked = [&](const Mark& m) { return m.what == kAgain && m.sign == faults[i].code; };
    if (std::any_of(before.begin(), before.end(), again) && std::none_of(out.begin(), out.end(), marked))
      out.push_back({faults[i].code, kAgain, {}});
  }
  add_cleared(out, faults, by);
  return out;
}

std::vector<Reading> readings_of(std::span<const Fault> faults) {
  std::vector<Reading> out;
  for (const auto& fault : faults)
    for (const auto& [what, value] : fault.readings) out.push_back({fault.code, what, value});
  return settled(std::move(out));
}

Sight sight_at(const Machine& machine, Instant at, const Habits& habits) {
  Sight out;
  out.model = machine.model;
  const auto trouble = trouble_at(machine, at, habits);
  for (const auto& fault : trouble) out.signs.push_back(fault.code);
  out.marks = marks_of(trouble, at);
  out.readings = readings_of(trouble);
  if (due(machine, at, habits)) out.signs.emplace_back(kDueSign);
  add_repairs(out, machine.works, at);
  out.days_known = std::max(0.0, days(at - habits.records_begin));
  out.age_years = machine.age_years;
  return out;
}

void each_stop(const Machine& machine, const Habits& habits, const std::function<void(const Visit&)>& take) {
  for (const auto& work : machine.works) {
    if (!work.corrective || work.causes.empty()) continue;
    Visit visit{sight_at(machine, work.completed_at, habits), work.causes, work.parts, work.completed_at};
    // A stop is not more or less likely for being due: the question is only why.
    std::erase(visit.seen.signs, kDueSign);
    // What went away while somebody worked, did not by itself; what went away before the last code came, did.
    if (const auto trouble = trouble_at(machine, work.completed_at, habits); !trouble.empty())
      visit.seen.marks = marks_of(trouble, std::max(trouble.back().at, work.completed_at - kWork));
    take(visit);
  }
}

void each_warning(const Machine& machine, const Habits& habits, const std::function<void(const Visit&)>& take) {
  for (std::size_t i = 0; i < machine.faults.size(); ++i) {
    const auto at = machine.faults[i].at;
    if (i + 1 < machine.faults.size() && machine.faults[i + 1].at == at) continue;
    if (at + kWarningHorizon > habits.records_end) break;
    Visit visit{sight_at(machine, at, habits), {}, {}, at};
    for (const auto& work : machine.works) {
      if (work.completed_at <= at || work.completed_at > at + kWarningHorizon || !work.corrective) continue;
      visit.causes = work.causes;
      visit.parts = work.parts;
      break;
    }
    take(visit);
  }
}

}  // namespace firstfix::learning
