#include "planning/check.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

namespace firstfix::planning {
namespace {

bool contains(const std::vector<int>& list, int item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

std::size_t index(int i) {
  return static_cast<std::size_t>(i);
}

// One visit of a job: who, when.
struct Visit {
  int engineer;
  Seconds start;
};

class Checker {
 public:
  Checker(const Problem& problem, const Plan& plan, const Plan* current)
      : p_(problem), plan_(plan), current_(current), visits_(problem.jobs.size()) {
    for (const auto& depot : p_.depots) {
      depot_stock_.push_back(depot.stock);
      depot_stock_.back().resize(index(p_.part_count));
    }
    for (const auto& route : plan_.routes)
      for (const auto& stop : route.stops) note(route.engineer, stop);
  }

  Verdict run() {
    std::set<int> seen;
    for (const auto& route : plan_.routes) {
      if (route.engineer < 0 || index(route.engineer) >= p_.engineers.size()) {
        wrong(kNone, kNone, "unknown engineer");
        continue;
      }
      if (!seen.insert(route.engineer).second) wrong(route.engineer, kNone, "has two routes");
      drive(route);
    }
    judge_rests();
    for (int j = 0; j < static_cast<int>(p_.jobs.size()); ++j) judge_job(j);
    if (current_ != nullptr) compare_with_current();
    return std::move(out_);
  }

 private:
  struct Driver {
    int who = kNone, place = kNone;
    Seconds free = 0, left = kNone, work = 0;
    bool first = true;
    std::vector<int> stock;
    std::set<int> rested;
  };

  // When an engineer left home on a day, and was back.
  struct Out {
    Seconds left = 0, home = 0;
    bool begun = false;  // the rest before is over
  };

  bool same(int engineer, int other) const { return person(p_, engineer) == person(p_, other); }

  // When whom a colleague comes to is where, and what is handed over.
  void note(int engineer, const Stop& stop) {
    if (stop.kind == Stop::Kind::kJob) starts_[{engineer, stop.what}] = stop.start;
    if (stop.kind != Stop::Kind::kHandOver) return;
    auto& lent = lent_[stop.colleague];
    lent.resize(index(p_.part_count));
    for (std::size_t k = 0; k < stop.parts.size() && k < lent.size(); ++k) lent[k] += stop.parts[k];
  }

  void wrong(int engineer, int job, std::string what) { out_.violations.push_back({engineer, job, std::move(what)}); }

  void drive(const Route& route) {
    const auto& e = p_.engineers[index(route.engineer)];
    if (route.stops.empty()) return;
    Driver d{.who = route.engineer, .place = e.start, .free = e.shift.from, .stock = e.van_stock};
    d.stock.resize(index(p_.part_count));
    set_aside(d);
    for (const auto& stop : route.stops) {
      if (stop.kind == Stop::Kind::kHandOver) {
        meet(stop, d);
      } else if (stop.kind == Stop::Kind::kBreak) {
        rest(stop, d);
      } else if (stop.kind == Stop::Kind::kPickup) {
        fetch(stop, d);
      } else {
        serve(stop, d);
      }
    }
    go_home(d);
    out_on_[d.who].begun = route.stops.front().state > StopState::kLocked;
  }

  // Drives to a place; gives the time of arrival.
  Seconds go(Driver& d, int place, Seconds start) {
    const auto leg = p_.travel(d.place, place);
    out_.travel_s += leg;
    d.work += leg;
    out_.cost.travel += p_.weights.travel * leg / 3600.0;
    if (d.left == kNone) {
      d.left = d.first ? start - leg : d.free;
      if (d.left < p_.engineers[index(d.who)].shift.from) wrong(d.who, kNone, "leaves before the shift");
    }
    d.place = place;
    return d.free + leg;
  }

  void rest(const Stop& stop, Driver& d) {
    const auto& breaks = p_.engineers[index(d.who)].breaks;
    if (stop.what < 0 || index(stop.what) >= breaks.size() || !d.rested.insert(stop.what).second)
      return wrong(d.who, kNone, "takes a break that is unknown or taken");
    const auto& rest = breaks[index(stop.what)];
    if (stop.start < d.free || stop.start < rest.from || stop.start > rest.to)
      wrong(d.who, kNone, "takes a break at a wrong time");
    d.free = stop.start + rest.duration;
  }

  void fetch(const Stop& stop, Driver& d) {
    if (stop.what < 0 || index(stop.what) >= p_.depots.size())
      return wrong(d.who, kNone, "fetches at an unknown depot");
    const auto& depot = p_.depots[index(stop.what)];
    if (stop.start < go(d, depot.place, stop.start)) wrong(d.who, kNone, "fetches before arriving");
    if (stop.start < depot.open.from || stop.start > depot.open.to)
      wrong(d.who, kNone, "fetches while a depot is closed");
    auto& stock = depot_stock_[index(stop.what)];
    if (stop.parts.size() > stock.size()) wrong(d.who, kNone, "fetches parts that there are not");
    for (std::size_t k = 0; k < stop.parts.size() && k < stock.size(); ++k) {
      stock[k] -= stop.parts[k];
      d.stock[k] += stop.parts[k];
      if (stop.parts[k] < 0 || stock[k] < 0) wrong(d.who, kNone, "overdraws a depot");
    }
    d.free = stop.start + depot.pickup;
    d.work += depot.pickup;
    d.first = false;
  }

  // What colleagues will take is none of this engineer's from the morning on.
  void set_aside(Driver& d) {
    const auto lent = lent_.find(d.who);
    if (lent == lent_.end()) return;
    for (std::size_t k = 0; k < d.stock.size(); ++k)
      if ((d.stock[k] -= lent->second[k]) < 0 && lent->second[k] > 0)
        wrong(d.who, kNone, "hands over what is not there");
  }

  // Takes parts out of a colleague's van, who is at a job there all the while.
  void meet(const Stop& stop, Driver& d) {
    if (p_.hand_over == kNone) return wrong(d.who, kNone, "meets a colleague, which is not done");
    const auto starts = starts_.find({stop.colleague, stop.what});
    if (starts == starts_.end() || same(stop.colleague, d.who))
      return wrong(d.who, stop.what, "meets nobody at the job");
    const auto& job = p_.jobs[index(stop.what)];
    if (stop.start < go(d, job.place, stop.start)) wrong(d.who, stop.what, "meets a colleague before arriving");
    if (stop.start < starts->second || stop.start + p_.hand_over > starts->second + job.service)
      wrong(d.who, stop.what, "meets a colleague who is not there then");
    if (stop.parts.size() > d.stock.size()) wrong(d.who, stop.what, "takes over parts that there are not");
    for (std::size_t k = 0; k < stop.parts.size() && k < d.stock.size(); ++k) {
      d.stock[k] += stop.parts[k];
      if (stop.parts[k] < 0) wrong(d.who, stop.what, "takes over less than nothing");
    }
    d.free = stop.start + p_.hand_over;
    d.work += p_.hand_over;
    d.first = false;
  }

  void serve(const Stop& stop, Driver& d) {
    if (stop.what < 0 || index(stop.what) >= p_.jobs.size()) return wrong(d.who, kNone, "visits an unknown job");
    const auto& job = p_.jobs[index(stop.what)];
    auto& visits = visits_[index(stop.what)];
    visits.push_back({d.who, stop.start});
    const auto arrives = go(d, job.place, stop.start);
    if (stop.start < arrives) wrong(d.who, stop.what, "starts before the engineer can arrive");
    if (!d.first) out_.cost.waiting += p_.weights.waiting * std::max(0, stop.start - arrives) / 3600.0;
    if (!job.windows.empty() && std::none_of(job.windows.begin(), job.windows.end(), [&](const Span& window) {
          return window.from <= stop.start && stop.start <= window.to;
        }))
      wrong(d.who, stop.what, "starts outside its windows");
    if (visits.size() == 1) {
      for (std::size_t k = 0; k < job.parts.size(); ++k)
        if ((d.stock[k] -= job.parts[k]) < 0 && job.parts[k] > 0) wrong(d.who, stop.what, "lacks parts");
    }
    const auto late = std::max(0, stop.start - job.due);
    out_.late += late;
    out_.cost.lateness += p_.weights.lateness * job.late_cost_per_hour * late / 3600.0;
    judge_place(job, stop, d.who);
    d.free = stop.start + job.service;
    d.work += job.service;
    d.first = false;
  }

  void judge_place(const Job& job, const Stop& stop, int who) {
    const auto& e = p_.engineers[index(who)];
    if (names(p_, job.excluded, who)) wrong(who, stop.what, "is excluded");
    if (e.on_call && !cannot_wait(job)) wrong(who, stop.what, "could wait, and the engineer is on call");
    if (!job.supervised && job.fixed_engineer != kNone && !same(job.fixed_engineer, who))
      wrong(who, stop.what, "is fixed to another engineer");
    if (job.fixed_start && *job.fixed_start != stop.start) wrong(who, stop.what, "is fixed to another time");
    if (job.territory != kNone && e.territory != kNone && job.territory != e.territory)
      wrong(who, stop.what, "lies in another territory");
    const auto continuity = [&] {
      if (!job.preferred.empty() && !names(p_, job.preferred, who)) return true;
      return job.previous_engineer != kNone && !same(job.previous_engineer, who) && !names(p_, job.preferred, who);
    };
    if (continuity()) out_.cost.continuity += p_.weights.continuity;
    for (const auto& need : job.skills)
      for (const auto& held : e.skills)
        if (held.skill == need.skill)
          out_.cost.over_qualification += p_.weights.over_qualification * std::max(0, held.level - need.level);
  }

  void go_home(Driver& d) {
    const auto& e = p_.engineers[index(d.who)];
    const auto home = go(d, e.end, d.free + p_.travel(d.place, e.end));
    if (home > (e.overtime ? e.overtime->until : e.shift.to)) wrong(d.who, kNone, "is home after the end");
    if (e.overtime)
      out_.cost.overtime += p_.weights.overtime * e.overtime->cost_per_hour * std::max(0, home - e.shift.to) / 3600.0;
    if (home - d.left > e.max_work) wrong(d.who, kNone, "works longer than allowed");
    if (d.rested.size() != e.breaks.size()) wrong(d.who, kNone, "lacks a break");
    out_on_[d.who] = {d.left, home, false};
    if (!d.first) price_going_out(e, d.work);
  }

  void price_going_out(const Engineer& e, double work) {
    if (e.on_call) out_.cost.call_out += p_.weights.call_out;
    out_.cost.fairness += p_.weights.fairness * work / 3600.0 * work / std::max(1, e.shift.to - e.shift.from);
  }

  // By entry, so that the days of one engineer follow each other.
  void judge_rests() {
    for (auto day = out_on_.begin(); day != out_on_.end(); ++day) {
      const auto next = std::next(day);
      if (next == out_on_.end() || !same(day->first, next->first) || next->second.begun) continue;
      const auto& e = p_.engineers[index(next->first)];
      if (next->second.left - day->second.home < (e.on_call ? 0 : e.min_rest))
        wrong(next->first, kNone, "rests too little before this day");
    }
  }

  bool holds(int who, const Job& job, Seconds ends) const {
    const auto& held = p_.engineers[index(who)].skills;
    return std::all_of(job.skills.begin(), job.skills.end(), [&](const NeededSkill& need) {
      return std::any_of(held.begin(), held.end(), [&](const HeldSkill& has) {
        return has.skill == need.skill && has.level >= need.level && has.certified_until >= ends;
      });
    });
  }

  bool mentors(int who, const Job& job) const {
    return std::all_of(job.skills.begin(), job.skills.end(), [&](const NeededSkill& need) {
      return contains(p_.engineers[index(who)].mentor_of, need.skill);
    });
  }

  void judge_job(int j) {
    const auto& job = p_.jobs[index(j)];
    const auto& visits = visits_[index(j)];
    if (visits.empty()) return;
    ++out_.assigned;
    out_.hazards_assigned += job.hazard;
    out_.priority_assigned += job.priority;
    const auto able = [&](const Visit& visit) { return holds(visit.engineer, job, visit.start + job.service); };
    const bool together =
        visits.size() == 2 && visits[0].engineer != visits[1].engineer && visits[0].start == visits[1].start;
    const bool supervised = job.supervised && together &&
                            ((able(visits[0]) && mentors(visits[0].engineer, job)) ||
                             (able(visits[1]) && mentors(visits[1].engineer, job)));
    if (job.supervised && job.fixed_engineer != kNone &&
        std::none_of(visits.begin(), visits.end(),
                     [&](const Visit& v) { return same(v.engineer, job.fixed_engineer); }))
      wrong(visits[0].engineer, j, "is fixed to another engineer");
    const bool learns = supervised && !(able(visits[0]) && able(visits[1]));
    if (job.supervised && !learns) out_.cost.growth += p_.weights.growth;
    if (supervised) return;
    if (visits.size() != index(job.crew) || (job.crew == 2 && !together))
      wrong(visits[0].engineer, j, "needs " + std::to_string(job.crew) + " at one time");
    for (const auto& visit : visits)
      if (!able(visit)) wrong(visit.engineer, j, "lacks a skill, a level or a certificate");
  }

  bool still_fetched(int engineer, const Stop& pickup) const {
    return std::any_of(plan_.routes.begin(), plan_.routes.end(), [&](const Route& route) {
      return route.engineer == engineer && std::any_of(route.stops.begin(), route.stops.end(), [&](const Stop& stop) {
               return stop.kind == pickup.kind && stop.what == pickup.what && stop.start == pickup.start &&
                      stop.parts == pickup.parts && stop.colleague == pickup.colleague;
             });
    });
  }

  // How long a stop of the current plan keeps its engineer; and where, if it is at a place.
  std::pair<Seconds, int> stay(int engineer, const Stop& stop) const {
    switch (stop.kind) {
      case Stop::Kind::kBreak:
        return {p_.engineers[index(engineer)].breaks[index(stop.what)].duration, kNone};
      case Stop::Kind::kPickup:
        return {p_.depots[index(stop.what)].pickup, p_.depots[index(stop.what)].place};
      case Stop::Kind::kHandOver:
        return {std::max(0, p_.hand_over), p_.jobs[index(stop.what)].place};
      default:
        return {p_.jobs[index(stop.what)].service, p_.jobs[index(stop.what)].place};
    }
  }

  // The jobs of a day of the current plan that start at another time than planned. A planned start that the engineer
  // could not have kept was none.
  void count_shifted(const Route& route) {
    int place = kNone;
    Seconds free = 0;
    for (const auto& stop : route.stops) {
      const auto [lasts, where] = stay(route.engineer, stop);
      const auto arrives = free + (place != kNone && where != kNone ? p_.travel(place, where) : 0);
      free = stop.start + lasts;
      if (where != kNone) place = where;
      if (stop.kind != Stop::Kind::kJob || stop.start < arrives) continue;
      for (const auto& visit : visits_[index(stop.what)])
        if (visit.engineer == route.engineer && std::abs(visit.start - stop.start) > kPromiseTolerance)
          out_.cost.shifted_stops += std::min(p_.weights.shifted_stops, p_.weights.moved_stops);
    }
  }

  void compare_with_current() {
    for (const auto& route : current_->routes) {
      count_shifted(route);
      for (std::size_t i = 0; i < route.stops.size(); ++i) {
        const auto& stop = route.stops[i];
        const bool fetches = stop.kind == Stop::Kind::kPickup || stop.kind == Stop::Kind::kHandOver;
        if (fetches && stop.state > StopState::kLocked && !still_fetched(route.engineer, stop))
          wrong(route.engineer, kNone, "fetching that had begun has changed");
        if (stop.kind != Stop::Kind::kJob) continue;
        const auto& visits = visits_[index(stop.what)];
        const auto mine = std::find_if(visits.begin(), visits.end(),
                                       [&](const Visit& visit) { return visit.engineer == route.engineer; });
        const bool same = mine != visits.end();
        const bool at_time = same && mine->start == stop.start;
        if (stop.state >= StopState::kLocked && !at_time) wrong(route.engineer, stop.what, "a frozen stop has changed");
        if (!visits.empty() && !same)
          out_.cost.moved_stops += p_.weights.moved_stops * (stop.start - p_.now < p_.weights.notice ? 1 : kEarlyMove);
        if (stop.state == StopState::kPromised && !visits.empty() &&
            (visits[0].start < stop.promised.from || visits[0].start > stop.promised.to))
          wrong(route.engineer, stop.what, "a promised start is broken");
      }
    }
  }

  const Problem& p_;
  const Plan& plan_;
  const Plan* current_;
  std::vector<std::vector<Visit>> visits_;
  std::vector<std::vector<int>> depot_stock_;
  std::map<std::pair<int, int>, Seconds> starts_;  // of each engineer's jobs
  std::map<int, std::vector<int>> lent_;           // by each engineer's van
  std::map<int, Out> out_on_;                      // by engineer
  Verdict out_;
};

}  // namespace

Verdict check(const Problem& problem, const Plan& plan, const Plan* current) {
  return Checker(problem, plan, current).run();
}

}  // namespace firstfix::planning
