#include "replan_walk.h"

#include <algorithm>
#include <optional>
#include <set>

namespace firstfix::planning {
namespace {

// Times are posed in whole seconds, each cut down, so that what is planned to the microsecond still fits: what comes
// out may be this much later than it was promised.
constexpr Duration kRounding = std::chrono::minutes{1};
constexpr Duration kLeastLeft = std::chrono::hours{1};  // of a shift, for the share of it that work fills
constexpr Duration kOneDay = std::chrono::hours{4};     // shifts less than this apart

double hours(Duration d) {
  return std::chrono::duration<double, std::ratio<3600>>(d).count();
}

const DayDepot* depot_of(const TerritoryDay& day, const std::string& id) {
  const auto found = std::find_if(day.depots.begin(), day.depots.end(), [&](const auto& one) { return one.id == id; });
  return found == day.depots.end() ? nullptr : &*found;
}

// A start within the hours of access that only rounding puts before them.
Instant admitted(const DayStop& stop, Instant starts) {
  for (const auto& open : stop.access)
    if (!stop.stays && starts < open.from && open.from <= starts + kRounding) return open.from;
  return starts;
}

bool has_access(const DayStop& stop, Instant starts) {
  return stop.access.empty() || std::any_of(stop.access.begin(), stop.access.end(), [&](const auto& open) {
           return open.from <= starts && starts <= open.to + kRounding;
         });
}

bool is_stranger(const Person& who, const DayStop& stop) {
  return !stop.preferred.empty() &&
         std::find(stop.preferred.begin(), stop.preferred.end(), who.id) == stop.preferred.end();
}

double levels_above(const Person& who, const DayStop& stop, Instant starts) {
  double above = 0;
  for (const auto& need : stop.skills) above += std::max(0, level_in(who, need.skill, just(starts)) - need.level);
  return above;
}

// One engineer's way through the days.
class Walker {
 public:
  Walker(const TerritoryDay& day, const Travel& travel, Instant now, const ReplanOptions& options, Walk& out)
      : day_(day), travel_(travel), now_(now), weights_(options.weights), out_(out) {}

  void go(std::size_t engineer, const std::vector<Arranged>& stops) {
    who_ = &day_.engineers[engineer];
    const auto first = out_.out_until.size();
    for (const auto& shift : who_->shifts) out_.out_until.push_back(shift.from);
    out_.out_from.resize(out_.out_until.size(), kNever);
    out_.lacks_break.resize(out_.out_until.size(), false);
    std::size_t shift = who_->shifts.size();
    for (const auto& one : stops) {
      const auto next = shift_of(*who_, std::max(one.starts, now_));
      if (next != shift) {
        if (shift != who_->shifts.size()) go_home(shift, first + shift);
        shift = next;
        due_ = break_due(shift);
        at_ = who_->home;
        free_ = std::max(who_->shifts[shift].from, now_);
        working_ = {};
        begins_ = free_;
      }
      visit(engineer, one);
      auto& left = out_.out_from[first + shift];
      left = std::min(left, out_.stops.back().travel_starts);
    }
    if (shift != who_->shifts.size()) go_home(shift, first + shift);
  }

 private:
  void visit(std::size_t engineer, const Arranged& one) {
    const auto& stop = day_.stops[one.stop];
    Walked step{.stop = one.stop, .engineer = engineer, .depot = one.depot};
    if (stop.begun) {
      step.travel_starts = step.starts = stop.starts;
      step.ends = std::max(stop.ends, now_);
      begins_ = step.ends;
    } else {
      auto before = set_out(stop, step);
      const auto planned = [&] { return admitted(stop, std::max({one.starts, free_ + before, stop.not_before})); };
      if (rests_before(planned(), before)) before = set_out(stop, step);
      step.starts = planned();
      step.travel_starts = step.starts - before;
      step.ends = step.starts + (stop.ends - stop.starts);
      out_.travel += step.travel;
      working_ += before + (step.ends - step.starts);
      if (!stop.stays) price(stop, step);
    }
    free_ = step.ends;
    at_ = stop.position;
    out_.stops.push_back(std::move(step));
  }

  // How long it takes to be at the stop, with what is fetched on the way.
  Duration set_out(const DayStop& stop, Walked& step) const {
    const auto* depot = depot_of(day_, step.depot);
    if (depot == nullptr) return step.travel = travel_.time(at_, stop.position, free_);
    step.travel = travel_.time(at_, depot->position, free_);
    step.travel += travel_.time(depot->position, stop.position, free_ + step.travel + weights_.pickup);
    return step.travel + weights_.pickup;
  }

  const ShiftBreak* break_due(std::size_t shift) const {
    const auto found = who_->breaks.find(shift);
    return found == who_->breaks.end() || found->second.begins.to < now_ ? nullptr : &found->second;
  }

  // Takes the break before setting out to work that is planned for then, if that makes nobody wait.
  bool rests_before(Instant planned, Duration before) {
    if (due_ == nullptr) return false;
    const auto begins = std::max(free_, due_->begins.from);
    if (begins > due_->begins.to || begins + due_->takes + before > planned + kRounding) return false;
    free_ = begins + due_->takes;
    due_ = nullptr;
    return true;
  }

  // Whoever is home by then rests there.
  void rest_before_home(std::size_t flat, Duration back, Instant ends) {
    if (due_ == nullptr || free_ + back <= due_->begins.to) return;
    if (!rests_before(ends, back)) out_.lacks_break[flat] = true;
  }

  void price(const DayStop& stop, const Walked& step) {
    out_.cost += weights_.wait_per_hour * hours(step.starts - now_);
    if (step.starts > stop.respond_by)
      out_.cost += weights_.late_per_hour * hours(step.starts - std::max(stop.respond_by, now_));
    if (step.starts > stop.not_after + kRounding) out_.cost += weights_.broken_promise;
    out_.cost += weights_.over_qualification * levels_above(who_->person, stop, step.starts);
    if (is_stranger(who_->person, stop)) out_.cost += weights_.continuity;
  }

  void go_home(std::size_t shift, std::size_t flat) {
    const auto end = who_->end.value_or(who_->home);
    rest_before_home(flat, travel_.time(at_, end, free_), who_->shifts[shift].to);
    const auto back = travel_.time(at_, end, free_);
    out_.travel += back;
    const auto home = out_.out_until[flat] = free_ + back;
    const auto ends = who_->shifts[shift].to;
    if (home > ends) out_.cost += weights_.overtime_per_hour * hours(home - ends);
    if (working_ == Duration{0}) return;
    const auto work = hours(working_ + back);
    out_.cost += weights_.fairness * work * work / hours(std::max(ends - begins_, kLeastLeft));
  }

  const TerritoryDay& day_;
  const Travel& travel_;
  const Instant now_;
  const DayWeights& weights_;
  Walk& out_;
  const DayEngineer* who_ = nullptr;
  Position at_;
  Instant free_;
  Instant begins_;      // of what is left of the shift
  Duration working_{};  // in it, as far as it is not begun
  const ShiftBreak* due_ = nullptr;
};

// Each part that is taken along is there, counted over all days: nothing is put back overnight.
std::string missing_part(const TerritoryDay& day, const Walk& better) {
  std::map<std::pair<std::string, std::string>, int> left;
  for (const auto& who : day.engineers)
    for (const auto& [part, count] : who.parts) left[{who.person.id, part}] += count;
  for (const auto& depot : day.depots)
    for (const auto& [part, count] : depot.parts) left[{depot.id, part}] += count;
  for (const auto& step : better.stops) {
    const auto& stop = day.stops[step.stop];
    if (stop.stays) continue;
    for (const auto& [part, count] : stop.parts) {
      auto& van = left[{day.engineers[step.engineer].person.id, part}];
      if (van >= count) {
        van -= count;
        continue;
      }
      auto& there = left[{step.depot, part}];
      if (step.depot.empty() || there < count) return part + " for " + stop.id + " is not to be had";
      there -= count;
    }
  }
  return {};
}

// Is it another day of work, with the one to be rested from? Shifts a few hours apart are one day, whatever time on
// call lies between. Before a call-out no rest is due, after one always.
bool rest_is_due(const DayEngineer& who, std::size_t last, std::size_t next) {
  if (who.on_call.count(next) > 0) return false;
  if (who.on_call.count(last) > 0) return true;
  auto regular = last;
  for (auto i = last + 1; i <= next; ++i) {
    if (who.on_call.count(i) > 0) continue;
    if (who.shifts[i].from - who.shifts[regular].to >= kOneDay) return true;
    regular = i;
  }
  return false;
}

// Between the engineer's days of work.
Duration shortest_rest(const DayEngineer& who, const Walk& walk, std::size_t flat) {
  Duration shortest = Duration::max();
  std::optional<std::size_t> last;
  for (std::size_t i = 0; i < who.shifts.size(); ++i) {
    if (walk.out_from[flat + i] == kNever) continue;
    if (last && rest_is_due(who, *last, i))
      shortest = std::min(shortest, walk.out_from[flat + i] - walk.out_until[flat + *last]);
    last = i;
  }
  return shortest;
}

std::string unfit(const DayEngineer& who, const DayStop& stop, const Walked& step) {
  for (const auto& need : stop.skills)
    if (auto why = why_not(who.person, need, {step.starts, step.ends}); !why.empty())
      return who.person.id + " for " + stop.id + ": " + why;
  if (std::find(stop.excluded.begin(), stop.excluded.end(), who.person.id) != stop.excluded.end())
    return who.person.id + " may not do " + stop.id;
  return has_access(stop, step.starts) ? "" : stop.id + " would begin when there is no access";
}

std::string broken_at(const TerritoryDay& day, const Walked& before, const Walked& after) {
  const auto& stop = day.stops[after.stop];
  if (stop.stays) {
    if (before.engineer != after.engineer) return stop.id + " would leave its engineer";
    return after.starts > before.starts + kRounding ? stop.id + " would begin later than agreed" : "";
  }
  if (after.starts > std::max(stop.not_after, before.starts) + kRounding)
    return stop.id + " would begin after it was promised";
  if (after.starts > std::max(stop.respond_by, before.starts) + kRounding) return stop.id + " would come too late";
  const bool as_it_was = before.engineer == after.engineer && after.starts <= before.starts + kRounding &&
                         before.starts <= after.starts + kRounding;
  return as_it_was ? "" : unfit(day.engineers[after.engineer], stop, after);
}

// Coming home and rest of one engineer, whose shifts begin at `flat` in the walks' lists.
std::string broken_hours(const DayEngineer& who, const Walk& as_is, const Walk& better, std::size_t flat) {
  for (std::size_t i = 0; i < who.shifts.size(); ++i)
    if (better.out_until[flat + i] > std::max(who.shifts[i].to, as_is.out_until[flat + i]) + kRounding)
      return who.person.id + " would be home too late";
  for (std::size_t i = 0; i < who.shifts.size(); ++i)
    if (better.lacks_break[flat + i] && !as_is.lacks_break[flat + i]) return who.person.id + " would have no break";
  if (shortest_rest(who, better, flat) < std::min(who.min_rest, shortest_rest(who, as_is, flat)) - kRounding)
    return who.person.id + " would have too little rest";
  return {};
}

}  // namespace

std::vector<Interval> beginnings(const DayStop& stop, Instant was, Instant now) {
  Interval whole{stop.not_before, stop.not_after};
  if (was <= stop.respond_by) whole.to = std::min(whole.to, stop.respond_by);
  whole.to = std::max(whole.to, whole.from);
  if (stop.access.empty()) return {whole};
  std::vector<Interval> all;
  for (const auto& open : stop.access) {
    const Interval both{std::max(open.from, whole.from), std::min(open.to, whole.to)};
    if (both.from <= both.to && both.to >= now) all.push_back(both);
  }
  return all;
}

std::map<std::size_t, const Walked*> by_stop(const Walk& walk) {
  std::map<std::size_t, const Walked*> out;
  for (const auto& step : walk.stops) out[step.stop] = &step;
  return out;
}

std::size_t engineer_of(const TerritoryDay& day, const std::string& id) {
  std::size_t i = 0;
  while (i < day.engineers.size() && day.engineers[i].person.id != id) ++i;
  return i;
}

std::size_t shift_of(const DayEngineer& who, Instant starts) {
  std::size_t i = 0;
  while (i + 1 < who.shifts.size() && who.shifts[i + 1].from <= starts) ++i;
  return i;
}

bool in_scope(const TerritoryDay& day, const DayStop& stop, Instant now, const ReplanOptions& options) {
  const auto engineer = engineer_of(day, stop.engineer);
  if (engineer == day.engineers.size() || day.engineers[engineer].shifts.empty()) return false;
  const auto& who = day.engineers[engineer];
  return stop.begun || who.shifts[shift_of(who, std::max(stop.starts, now))].from < now + options.horizon;
}

Arrangement as_it_is(const TerritoryDay& day, Instant now, const ReplanOptions& options) {
  Arrangement out(day.engineers.size());
  for (std::size_t i = 0; i < day.stops.size(); ++i) {
    const auto& stop = day.stops[i];
    if (in_scope(day, stop, now, options)) out[engineer_of(day, stop.engineer)].push_back({i, stop.starts, stop.depot});
  }
  for (auto& stops : out)
    std::stable_sort(stops.begin(), stops.end(), [&](const auto& a, const auto& b) {
      const bool begun = day.stops[a.stop].begun, other = day.stops[b.stop].begun;
      return begun != other ? begun : a.starts < b.starts;
    });
  return out;
}

Walk walk(const TerritoryDay& day, const Arrangement& arranged, const Travel& travel, Instant now,
          const ReplanOptions& options) {
  Walk out;
  Walker walker(day, travel, now, options, out);
  for (std::size_t e = 0; e < arranged.size(); ++e) walker.go(e, arranged[e]);
  out.cost += options.weights.travel_per_hour * hours(out.travel);
  return out;
}

std::string broken_times(const TerritoryDay& day, const Walk& as_is, const Walk& better, std::size_t engineer) {
  const auto before = by_stop(as_is);
  for (const auto& step : better.stops)
    if (step.engineer == engineer)
      if (auto why = broken_at(day, *before.at(step.stop), step); !why.empty()) return why;
  std::size_t flat = 0;
  for (std::size_t e = 0; e < engineer; ++e) flat += day.engineers[e].shifts.size();
  return broken_hours(day.engineers[engineer], as_is, better, flat);
}

std::string broken(const TerritoryDay& day, const Walk& as_is, const Walk& better, const ReplanOptions&) {
  const auto before = by_stop(as_is);
  std::set<std::size_t> seen;
  for (const auto& step : better.stops) {
    const auto was = before.find(step.stop);
    if (was == before.end() || !seen.insert(step.stop).second) return "a stop comes twice, or from nowhere";
    if (auto why = broken_at(day, *was->second, step); !why.empty()) return why;
  }
  for (const auto& [stop, step] : before)
    if (seen.count(stop) == 0) return day.stops[stop].id + " would have nobody";
  std::size_t flat = 0;
  for (const auto& who : day.engineers) {
    if (auto why = broken_hours(who, as_is, better, flat); !why.empty()) return why;
    flat += who.shifts.size();
  }
  return missing_part(day, better);
}

}  // namespace firstfix::planning
