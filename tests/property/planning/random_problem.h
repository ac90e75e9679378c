// Problems with every rule mixed in, by a seed.
#pragma once

#include <utility>
#include <vector>

#include "random.h"
#include "world.h"

namespace firstfix::planning {

inline constexpr int kPlaces = 60;

inline Engineer random_engineer(Random& random, int id) {
  const Seconds from = hm(6 + random.below(5));
  auto e = engineer(id, random.below(kPlaces), {from, from + hm(3 + random.below(7))});
  e.end = random.below(3) == 0 ? random.below(kPlaces) : e.start;
  for (int skill = 0; skill < 4; ++skill)
    if (random.below(2) == 0)
      e.skills.push_back({skill, random.below(4), random.below(5) == 0 ? from + hm(4) : kForever});
  e.van_stock = {random.below(4), random.below(4)};
  if (random.below(3) == 0) e.breaks = {{from + hm(1), from + hm(2), hm(0, 10 + random.below(30))}};
  if (random.below(4) == 0) e.max_work = hm(2 + random.below(6));
  if (random.below(4) == 0) e.overtime = Overtime{e.shift.to + hm(1 + random.below(2)), 10.0 * random.below(6)};
  if (random.below(4) == 0) e.territory = random.below(2);
  for (int skill = 0; skill < 4; ++skill)
    if (random.below(2) == 0) e.mentor_of.push_back(skill);
  return e;
}

// A third work on several days, with so much rest between that it counts.
inline void add_days(Random& random, const Engineer& first, std::vector<Engineer>& engineers) {
  engineers.push_back(first);
  if (random.below(3) != 0) return;
  const auto entry = static_cast<int>(engineers.size()) - 1;
  const Seconds min_rest = hm(random.below(14));
  const int more = 1 + random.below(2);
  for (int i = 0; i <= more; ++i) {
    if (i > 0) engineers.push_back(engineers.back());
    auto& day = engineers.back();
    day.first_day = entry;
    day.min_rest = min_rest;
    if (i == 0) continue;
    const Seconds later = day.shift.to - day.shift.from + hm(2 + random.below(8));
    day.shift = {day.shift.from + later, day.shift.to + later};
    if (day.overtime) day.overtime->until += later;
    for (auto& rest : day.breaks) rest.from += later, rest.to += later;
  }
}

inline void add_rules(Random& random, int engineers, Job& j) {
  if (random.below(5) == 0) j.due = hm(8 + random.below(6)), j.late_cost_per_hour = 10 * random.below(20);
  if (random.below(8) == 0) j.crew = 2;
  if (random.below(5) == 0 && j.crew == 1) j.supervised = true;
  if (random.below(8) == 0) j.hazard = true;
  if (random.below(6) == 0) j.excluded = {random.below(engineers)};
  if (random.below(6) == 0) j.previous_engineer = random.below(engineers);
  if (random.below(6) == 0) j.preferred = {random.below(engineers)};
  if (random.below(6) == 0) j.territory = random.below(2);
  if (random.below(10) == 0 && j.excluded.empty()) j.fixed_engineer = random.below(engineers);
}

inline Job random_job(Random& random, int id, int engineers) {
  auto j = job(id, random.below(kPlaces), hm(0, 5 + random.below(80)), random.below(101));
  const int windows = random.below(3);
  Seconds from = hm(6);
  for (int w = 0; w < windows; ++w) {
    from += hm(1 + random.below(3));
    j.windows.push_back({from, from + hm(random.below(3), random.below(60))});
    from = j.windows.back().to;
  }
  if (random.below(3) == 0) j.skills = {{random.below(4), random.below(3)}};
  if (random.below(3) == 0) j.parts = {random.below(2), random.below(2)};
  add_rules(random, engineers, j);
  return j;
}

// From a source of its own, so that the rest of a problem stays what its seed has always given.
inline void put_on_call(std::uint64_t seed, Problem& p) {
  Random random(~seed);
  for (auto& day : p.engineers) day.on_call = random.below(5) == 0;
  p.weights.fairness = random.below(3) * 15;
}

inline Problem random_problem(std::uint64_t seed) {
  Random random(seed);
  std::vector<Engineer> engineers;
  const int count = 1 + random.below(6);
  for (int i = 0; i < count; ++i) add_days(random, random_engineer(random, i + 1), engineers);
  std::vector<Job> jobs;
  const int wanted = random.below(30);
  for (int i = 0; i < wanted; ++i) jobs.push_back(random_job(random, i + 1, static_cast<int>(engineers.size())));
  auto p = world(kPlaces, engineers, jobs);
  for (int d = random.below(3); d > 0; --d)
    p.depots.push_back({.id = d,
                        .place = random.below(kPlaces),
                        .stock = {random.below(8), random.below(4)},
                        .pickup = hm(0, random.below(20))});
  p.weights.waiting = random.below(2) * 5;
  p.weights.over_qualification = random.below(2) * 3;
  if (random.below(2) == 0)  // a one-way street
    for (int i = 0; i + 1 < kPlaces; ++i) p.travel.at(i + 1, i) += 45;
  put_on_call(seed, p);
  return p;
}

// What has become of a plan at p.now: stops are done, being done or driven to, and some of the rest promised or locked.
inline void drive_until(Random& random, const Problem& p, Plan& plan) {
  for (auto& route : plan.routes) {
    int place = p.engineers[static_cast<std::size_t>(route.engineer)].start;
    for (auto& stop : route.stops) {
      if (stop.kind == Stop::Kind::kBreak) continue;
      const bool meets = stop.kind == Stop::Kind::kHandOver;
      const bool pickup = stop.kind == Stop::Kind::kPickup || meets;
      const auto index = static_cast<std::size_t>(stop.what);
      const int there = pickup && !meets ? p.depots[index].place : p.jobs[index].place;
      const auto service = meets ? p.hand_over : pickup ? p.depots[index].pickup : p.jobs[index].service;
      const bool alone = pickup || p.jobs[index].crew == 1;
      if (stop.start <= p.now) {
        stop.state = stop.start + service <= p.now ? StopState::kDone : StopState::kOnSite;
      } else if (stop.start - p.travel(place, there) <= p.now) {
        stop.state = StopState::kDriving;
      } else if (!pickup && random.below(3) == 0) {
        stop.state = StopState::kPromised;
        stop.promised = {stop.start - kPromiseTolerance, stop.start + kPromiseTolerance};
      } else if (alone && random.below(6) == 0) {
        stop.state = StopState::kLocked;
      }
      place = there;
    }
  }
}

// A problem at some hour, and what has become of a plan of it.
struct UnderWay {
  Problem problem;
  Plan plan;
  Random random;  // for what happens next
};

inline UnderWay under_way(Problem p, std::uint64_t seed, std::uint64_t rounds, int first_hour, int hours) {
  auto plan = solved(p, rounds);
  Random random(seed + 1);
  p.now = hm(first_hour + random.below(hours));
  drive_until(random, p, plan);
  return {std::move(p), std::move(plan), random};
}

// Cancels some of the jobs that are neither locked nor begun. What is fetched for them stays in the plan, in which no
// colleagues may meet.
inline void cancel_some(Random& random, Problem& p, Plan& plan) {
  std::vector<bool> frozen(p.jobs.size());
  for (const auto& route : plan.routes)
    for (const auto& stop : route.stops)
      if (stop.kind == Stop::Kind::kJob && stop.state >= StopState::kLocked)
        frozen[static_cast<std::size_t>(stop.what)] = true;
  std::vector<int> becomes(p.jobs.size(), kNone);
  std::vector<Job> left;
  for (std::size_t j = 0; j < p.jobs.size(); ++j) {
    if (!frozen[j] && random.below(3) == 0) continue;
    becomes[j] = static_cast<int>(left.size());
    left.push_back(p.jobs[j]);
  }
  p.jobs = std::move(left);
  for (auto& route : plan.routes) {
    std::vector<Stop> stops;
    for (auto& stop : route.stops) {
      if (stop.kind == Stop::Kind::kJob) stop.what = becomes[static_cast<std::size_t>(stop.what)];
      if (stop.kind != Stop::Kind::kJob || stop.what != kNone) stops.push_back(stop);
    }
    route.stops = std::move(stops);
  }
}

}  // namespace firstfix::planning
