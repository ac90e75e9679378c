#include "replan_pose.h"

#include <algorithm>
#include <optional>

namespace firstfix::planning {
namespace {

constexpr Duration kBeforeNow = std::chrono::hours{24};  // the problem's time begins so long before now

// Of names, by the order in which they are asked for.
class Numbers {
 public:
  int of(const std::string& name) {
    const auto [at, added] = numbers_.try_emplace(name, static_cast<int>(names.size()));
    if (added) names.push_back(name);
    return at->second;
  }
  std::vector<std::string> names;

 private:
  std::map<std::string, int> numbers_;
};

class Poser {
 public:
  Poser(const TerritoryDay& day, const Walk& as_is, const Travel& travel, Instant now, const ReplanOptions& options)
      : day_(day), as_is_(as_is), travel_(travel), now_(now), options_(options) {
    out_.origin = now - kBeforeNow;
  }

  Posed run() {
    auto& p = out_.problem;
    p.now = seconds(now_);
    p.weights = {.travel = options_.weights.travel_per_hour,
                 .continuity = options_.weights.continuity,
                 .over_qualification = options_.weights.over_qualification,
                 .moved_stops = options_.weights.moved,
                 .shifted_stops = options_.weights.shifted,
                 .growth = 0,
                 .fairness = options_.weights.fairness,
                 .notice = kForever};
    for (const auto& depot : day_.depots) add_depot(depot);
    for (std::size_t e = 0; e < day_.engineers.size(); ++e) add_engineer(e);
    for (const auto& step : as_is_.stops)
      if (!day_.stops[step.stop].begun) add_stop(step);
    for (auto& job : p.jobs) name_people(job);
    p.skill_count = static_cast<int>(skills_.names.size());
    p.part_count = static_cast<int>(parts_.names.size());
    out_.part_names = parts_.names;
    fill_travel();
    return std::move(out_);
  }

 private:
  // Whole seconds, cut down; within what a problem may name.
  Seconds seconds(Instant t) const {
    if (t == kNever) return kForever;
    const auto s = std::chrono::floor<std::chrono::seconds>(t - out_.origin).count();
    return static_cast<Seconds>(std::clamp<std::int64_t>(s, 0, kLatestTime));
  }
  static Seconds seconds(Duration d) {
    const auto s = std::chrono::floor<std::chrono::seconds>(d).count();
    return static_cast<Seconds>(std::clamp<std::int64_t>(s, 0, kLatestTime));
  }

  int place(const Position& position) {
    places_.push_back(position);
    return static_cast<int>(places_.size()) - 1;
  }

  std::vector<int> counts(const std::map<std::string, int>& parts) {
    std::vector<int> out;
    for (const auto& [part, count] : parts) {
      const auto number = static_cast<std::size_t>(parts_.of(part));
      if (out.size() <= number) out.resize(number + 1);
      out[number] = count;
    }
    return out;
  }

  void add_depot(const DayDepot& depot) {
    depot_places_.push_back(place(depot.position));
    out_.problem.depots.push_back({.id = static_cast<std::int64_t>(out_.problem.depots.size()),
                                   .place = depot_places_.back(),
                                   .stock = counts(depot.parts),
                                   .pickup = seconds(options_.weights.pickup)});
  }

  void add_engineer(std::size_t e) {
    const auto& who = day_.engineers[e];
    const int home = place(who.home), end = who.end ? place(*who.end) : home;
    const auto first = first_shift(e);
    for (std::size_t s = 0; s < who.shifts.size(); ++s) {
      const auto& shift = who.shifts[s];
      if (who.on_call.count(s) > 0 || (shift.to <= now_ && s != last_begun_shift(e))) continue;
      if (shift.from >= now_ + options_.horizon) break;
      Engineer entry{.id = static_cast<std::int64_t>(out_.problem.engineers.size()), .start = home, .end = end};
      entry.shift = {seconds(std::max({shift.from, now_, rested_from_call_outs(e, s)})), seconds(shift.to)};
      entry.van_stock = van_on(e, s);
      begin_after_what_has_begun(e, s, entry);
      // Who stays longer than the shift for what has to stay does so.
      if (has_to_stay(e, s)) entry.shift.to = std::max(entry.shift.to, seconds(as_is_.out_until[first + s]));
      entry.shift.to = std::max(entry.shift.to, entry.shift.from);
      if (const auto rest = who.breaks.find(s); rest != who.breaks.end() && !as_is_.lacks_break[first + s])
        add_break(rest->second, entry);
      entry.skills = skills_of(who.person, std::max(shift.from, now_));
      tie_to_the_day_before(e, s, entry);
      entries_[{e, s}] = static_cast<int>(out_.problem.engineers.size());
      out_.engineer.push_back(e);
      out_.problem.engineers.push_back(std::move(entry));
    }
  }

  // What could not be taken any more does not bind the search.
  void add_break(const ShiftBreak& rest, Engineer& entry) const {
    const Break due{seconds(rest.begins.from), seconds(rest.begins.to), seconds(rest.takes)};
    const auto begins = std::max(due.from, entry.shift.from);
    if (rest.begins.to >= now_ && begins <= due.to && begins + due.duration <= entry.shift.to) entry.breaks = {due};
  }

  // Days of one engineer between which rest is due; shifts a few hours apart are none, and are left untied.
  void tie_to_the_day_before(std::size_t e, std::size_t s, Engineer& entry) {
    const auto& who = day_.engineers[e];
    const auto previous = regular_before(who, s);
    if (who.min_rest <= Duration{0} || !previous ||
        who.shifts[s].from - who.shifts[*previous].to < std::chrono::hours{4})
      return;
    const auto before = entries_.find({e, *previous});
    if (before == entries_.end()) return;
    auto& last = out_.problem.engineers[static_cast<std::size_t>(before->second)];
    if (last.shift.to > entry.shift.from) return;
    if (last.first_day == kNone) last.first_day = before->second;
    last.min_rest = entry.min_rest = seconds(who.min_rest);
    entry.first_day = last.first_day;
  }

  static std::optional<std::size_t> regular_before(const DayEngineer& who, std::size_t s) {
    while (s-- > 0)
      if (who.on_call.count(s) == 0) return s;
    return std::nullopt;
  }

  // When the engineer may leave home in this shift after what they are called out to before it; as the days stand, if
  // that is sooner.
  Instant rested_from_call_outs(std::size_t e, std::size_t s) const {
    const auto& who = day_.engineers[e];
    const auto first = first_shift(e);
    auto from = who.shifts[s].from;
    if (who.min_rest <= Duration{0}) return from;
    for (const auto called : who.on_call)
      if (called < s && as_is_.out_from[first + called] != kNever)
        from = std::max(from, as_is_.out_until[first + called] + who.min_rest);
    return std::min(from, std::max(as_is_.out_from[first + s], who.shifts[s].from));
  }

  // Where a flat list by engineer and shift begins for this one.
  std::size_t first_shift(std::size_t e) const {
    std::size_t flat = 0;
    for (std::size_t i = 0; i < e; ++i) flat += day_.engineers[i].shifts.size();
    return flat;
  }

  // Nothing is put on a van overnight: a later day has what its visits take as it is, the first has the rest.
  std::vector<int> van_on(std::size_t e, std::size_t shift) {
    auto rest = day_.engineers[e].parts;
    std::map<std::string, int> later;
    const bool first =
        std::none_of(entries_.begin(), entries_.end(), [&](const auto& one) { return one.first.first == e; });
    for (const auto& step : as_is_.stops) {
      const auto& stop = day_.stops[step.stop];
      if (step.engineer != e || stop.stays || !step.depot.empty()) continue;
      const auto own = shift_at(step);
      if (first ? own == shift : own != shift) continue;
      for (const auto& [part, count] : stop.parts) first ? rest[part] -= count : later[part] += count;
    }
    if (!first) return counts(later);
    for (auto& [part, count] : rest) count = std::max(count, 0);
    return counts(rest);
  }

  std::size_t shift_at(const Walked& step) const {
    return shift_of(day_.engineers[step.engineer], std::max(step.starts, now_));
  }
  std::size_t last_begun_shift(std::size_t e) const {
    for (const auto& step : as_is_.stops)
      if (step.engineer == e && day_.stops[step.stop].begun) return shift_at(step);
    return day_.engineers[e].shifts.size();
  }

  void begin_after_what_has_begun(std::size_t e, std::size_t s, Engineer& entry) {
    for (const auto& step : as_is_.stops) {
      const auto& stop = day_.stops[step.stop];
      if (step.engineer != e || !stop.begun || shift_at(step) != s) continue;
      entry.start = place(stop.position);
      entry.shift.from = std::max(entry.shift.from, seconds(step.ends));
    }
  }

  bool has_to_stay(std::size_t e, std::size_t s) const {
    return std::any_of(as_is_.stops.begin(), as_is_.stops.end(), [&](const auto& step) {
      return step.engineer == e && day_.stops[step.stop].stays && shift_at(step) == s;
    });
  }

  std::vector<HeldSkill> skills_of(const Person& who, Instant from) {
    std::vector<HeldSkill> out;
    for (const auto& [skill, holding] : who.skills)
      for (const auto& span : holding.certified) {
        if (span.from > from || span.to <= from) continue;
        out.push_back({skills_.of(skill), holding.level, seconds(span.to)});
        break;
      }
    return out;
  }

  void add_stop(const Walked& step) {
    const auto& stop = day_.stops[step.stop];
    const auto entry = entries_.find({step.engineer, shift_at(step)});
    if (entry == entries_.end() && stop.stays) return;  // its shift is over
    if (stop.stays && !step.depot.empty()) add_detour(step, entry->second);
    Job job{.id = static_cast<std::int64_t>(out_.problem.jobs.size()),
            .place = place(stop.position),
            .service = seconds(step.ends - step.starts)};
    Stop planned{.what = static_cast<int>(out_.problem.jobs.size()), .start = seconds(step.starts)};
    if (stop.stays) {
      planned.state = StopState::kLocked;
    } else {
      fill_open(stop, step, job, planned);
    }
    if (entry != entries_.end()) {
      if (!stop.stays && !step.depot.empty()) add_pickup(step, job, entry->second);
      route_of(entry->second).stops.push_back(planned);
    }
    out_.stop.push_back(step.stop);
    out_.problem.jobs.push_back(std::move(job));
  }

  void add_pickup(const Walked& step, const Job& job, int entry) {
    for (std::size_t d = 0; d < day_.depots.size(); ++d)
      if (day_.depots[d].id == step.depot)
        route_of(entry).stops.push_back({.kind = Stop::Kind::kPickup,
                                         .what = static_cast<int>(d),
                                         .start = seconds(fetched_at(d, step)),
                                         .parts = job.parts});
  }
  Instant fetched_at(std::size_t depot, const Walked& step) const {
    const auto onward = travel_.time(day_.depots[depot].position, day_.stops[step.stop].position, now_);
    return std::max(now_, step.starts - onward - options_.weights.pickup);
  }

  // The visit of a stop that stays takes its engineer to the depot first.
  void add_detour(const Walked& step, int entry) {
    for (std::size_t d = 0; d < day_.depots.size(); ++d) {
      if (day_.depots[d].id != step.depot) continue;
      route_of(entry).stops.push_back({.what = static_cast<int>(out_.problem.jobs.size()),
                                       .start = seconds(fetched_at(d, step)),
                                       .state = StopState::kLocked});
      out_.stop.push_back(day_.stops.size());
      out_.problem.jobs.push_back({.id = static_cast<std::int64_t>(out_.problem.jobs.size()),
                                   .place = depot_places_[d],
                                   .service = seconds(options_.weights.pickup)});
    }
  }

  // What is in time stays in time; what is late is wanted soon.
  void fill_open(const DayStop& stop, const Walked& step, Job& job, Stop& planned) {
    const auto& weights = options_.weights;
    for (const auto& need : stop.skills) job.skills.push_back({skills_.of(need.skill), need.level});
    job.parts = counts(stop.parts);
    job.priority = std::clamp(stop.priority, 0, 100);
    job.hazard = stop.hazard;
    const bool late = step.starts > stop.respond_by;
    for (const auto& span : beginnings(stop, step.starts, now_))
      job.windows.push_back({seconds(std::max(span.from, out_.origin)), seconds(std::max(span.to, out_.origin))});
    job.due = seconds(now_);
    job.late_cost_per_hour = weights.wait_per_hour + (late ? weights.late_per_hour : 0);
    if (stop.not_after == kNever) return;
    planned.state = StopState::kPromised;
    planned.promised = {job.windows.front().from, job.windows.back().to};
  }

  // The engineers have got their numbers by now.
  void name_people(Job& job) {
    const auto stop = out_.stop[static_cast<std::size_t>(job.id)];
    if (stop == day_.stops.size() || day_.stops[stop].stays) return;
    job.excluded = entries_of(day_.stops[stop].excluded);
    job.preferred = entries_of(day_.stops[stop].preferred);
  }

  std::vector<int> entries_of(const std::vector<std::string>& people) const {
    std::vector<int> out;
    for (const auto& id : people)
      for (std::size_t i = 0; i < out_.engineer.size(); ++i)
        if (day_.engineers[out_.engineer[i]].person.id == id) out.push_back(static_cast<int>(i));
    return out;
  }

  Route& route_of(int entry) {
    auto& routes = out_.current.routes;
    for (auto& route : routes)
      if (route.engineer == entry) return route;
    return routes.emplace_back(Route{entry, {}});
  }

  void fill_travel() {
    const auto n = static_cast<int>(places_.size());
    out_.problem.travel = Matrix(n);
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j)
        if (i != j)
          out_.problem.travel.at(i, j) =
              seconds(travel_.time(places_[static_cast<std::size_t>(i)], places_[static_cast<std::size_t>(j)], now_));
  }

  const TerritoryDay& day_;
  const Walk& as_is_;
  const Travel& travel_;
  const Instant now_;
  const ReplanOptions& options_;
  Posed out_;
  std::vector<Position> places_;
  std::vector<int> depot_places_;
  Numbers skills_, parts_;
  std::map<std::pair<std::size_t, std::size_t>, int> entries_;  // by engineer and shift
};

}  // namespace

Posed pose(const TerritoryDay& day, const Walk& as_is, const Travel& travel, Instant now,
           const ReplanOptions& options) {
  return Poser(day, as_is, travel, now, options).run();
}

}  // namespace firstfix::planning
