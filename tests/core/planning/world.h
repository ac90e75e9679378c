// Small worlds for tests of the planner: places on a line, a minute of travel a step, times said as "8:30".
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "planning/check.h"
#include "planning/plan.h"
#include "planning/problem.h"
#include "planning/solve.h"

namespace firstfix::planning {

inline Seconds hm(int hour, int minute = 0) {
  return hour * 3600 + minute * 60;
}

// Places 0 … n-1 on a line, `step` seconds apart.
inline Matrix line(int n, Seconds step = 60) {
  Matrix m(n);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) m.at(i, j) = std::abs(i - j) * step;
  return m;
}

inline Engineer engineer(std::int64_t id, int place, Span shift = {hm(8), hm(16)}, std::vector<HeldSkill> skills = {}) {
  return {.id = id, .start = place, .end = place, .shift = shift, .skills = std::move(skills)};
}

// The days of one engineer as entries, with the rest that is due between them.
inline std::vector<Engineer> days(const Engineer& who, const std::vector<Span>& shifts, Seconds min_rest,
                                  int entry = 0) {
  std::vector<Engineer> out(shifts.size(), who);
  for (std::size_t i = 0; i < shifts.size(); ++i) {
    out[i].shift = shifts[i];
    out[i].first_day = entry;
    out[i].min_rest = min_rest;
  }
  return out;
}

inline Job job(std::int64_t id, int place, Seconds service = hm(0, 30), int priority = 50) {
  return {.id = id, .place = place, .service = service, .priority = priority};
}

inline Problem world(int places, std::vector<Engineer> engineers, std::vector<Job> jobs) {
  Problem p;
  p.travel = line(places);
  p.engineers = std::move(engineers);
  p.jobs = std::move(jobs);
  p.skill_count = 4;
  p.territory_count = 4;
  for (const auto& e : p.engineers) p.part_count = std::max(p.part_count, static_cast<int>(e.van_stock.size()));
  for (const auto& j : p.jobs) p.part_count = std::max(p.part_count, static_cast<int>(j.parts.size()));
  for (const auto& d : p.depots) p.part_count = std::max(p.part_count, static_cast<int>(d.stock.size()));
  return p;
}

inline Stop visit(int job, Seconds start) {
  return {.what = job, .start = start};
}

// The engineer who does a job in a plan; kNone if nobody does.
inline int who_does(const Plan& plan, int job) {
  for (const auto& route : plan.routes)
    for (const auto& stop : route.stops)
      if (stop.kind == Stop::Kind::kJob && stop.what == job) return route.engineer;
  return kNone;
}

// The starts of an engineer's stops, in order.
inline std::vector<Seconds> starts_of(const Plan& plan, int engineer) {
  std::vector<Seconds> out;
  for (const auto& route : plan.routes)
    for (const auto& stop : route.stops)
      if (route.engineer == engineer) out.push_back(stop.start);
  return out;
}

// All violations in one text, for a test's message.
inline std::string violations(const Verdict& verdict) {
  std::string out;
  for (const auto& v : verdict.violations)
    out += "engineer " + std::to_string(v.engineer) + " job " + std::to_string(v.job) + ": " + v.what + "\n";
  return out;
}

inline Plan solved(const Problem& p, std::uint64_t iterations = 2'000, const Plan* current = nullptr) {
  const auto solution = solve(p, {.iterations = iterations, .current = current});
  return solution ? solution->plan : Plan{};
}

}  // namespace firstfix::planning
