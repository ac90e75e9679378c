// An invented day of field service: towns, engineers with some of eight skills, and jobs of four kinds (emergencies,
// due by a time, any time, appointments). The same seed gives the same day.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "planning/check.h"
#include "planning/plan.h"
#include "planning/problem.h"
#include "planning/solve.h"
#include "random.h"

namespace firstfix::bench {

using planning::Seconds;

struct RegionOptions {
  int engineers = 100, jobs = 1'000;
  int urgent = 0;  // jobs more, emergencies that come in during the day
  double radius_km = 45;
  int towns = 9, territories = 1;  // territories lie apart, each with its towns
  std::uint64_t seed = 1;
};

class Region {
 public:
  explicit Region(const RegionOptions& options) : o_(options), random_(options.seed) {
    for (int t = 0; t < o_.territories; ++t)
      for (int i = 0; i < o_.towns; ++i) towns_.push_back(anywhere(t));
    for (int e = 0; e < o_.engineers; ++e) add_engineer(e);
    for (int j = 0; j < o_.jobs + o_.urgent; ++j) add_job(j, j >= o_.jobs);
    measure();
  }

  planning::Problem problem;

 private:
  using Point = std::pair<double, double>;  // kilometres

  static constexpr double kSecondsPerKm = 1.3 * 3600 / 45;
  static constexpr double kHeld[] = {0.7, 0.65, 0.55, 0.45, 0.4, 0.25, 0.15, 0.12};
  static constexpr Seconds kHour = 3'600;

  Point anywhere(int territory) {
    const double far = o_.radius_km * std::sqrt(random_.unit()), angle = 2 * std::numbers::pi * random_.unit();
    return {3 * o_.radius_km * territory + far * std::cos(angle), far * std::sin(angle)};
  }
  Point site(int territory) {
    if (random_.unit() > 0.7) return anywhere(territory);
    const auto& town = towns_[static_cast<std::size_t>(territory) * static_cast<std::size_t>(o_.towns) +
                              static_cast<std::size_t>(random_.below(o_.towns))];
    const auto near = [&] { return 4 * (random_.unit() + random_.unit() + random_.unit() - 1.5); };
    return {town.first + near(), town.second + near()};
  }
  int place(const Point& at) {
    sites_.push_back(at);
    return static_cast<int>(sites_.size()) - 1;
  }

  void add_engineer(int e) {
    planning::Engineer out{.id = e + 1};
    out.territory = e % o_.territories;
    out.start = out.end = place(site(out.territory));
    const Seconds from = (6 + random_.below(4)) * kHour;
    out.shift = {from, from + 8 * kHour + kHour / 2};
    for (int s = 0; s < 8; ++s)
      if (random_.unit() < kHeld[s] || e < o_.territories) out.skills.push_back({.skill = s});
    problem.engineers.push_back(std::move(out));
  }

  void add_job(int j, bool urgent) {
    planning::Job out{.id = j + 1};
    out.territory = j % o_.territories;
    out.place = place(site(out.territory));
    out.service = 600 + 300 * random_.below(8);
    for (int wanted = random_.below(3); wanted > 0; --wanted) {
      const int skill = std::min(random_.below(8), random_.below(8));
      if (out.skills.empty() || out.skills[0].skill != skill) out.skills.push_back({.skill = skill});
    }
    const double kind = urgent ? 0 : random_.unit();
    if (kind < 0.1) {
      const Seconds seen = 6 * kHour + random_.below(9 * 12) * 300;
      out.priority = 85 + random_.below(16);
      out.windows = {{seen, seen + 2 * kHour + random_.below(8) * 900}};
    } else if (kind < 0.3) {
      out.priority = 55 + random_.below(26);
      out.windows = {{6 * kHour, (12 + random_.below(7)) * kHour}};
    } else if (kind < 0.7) {
      out.priority = 15 + random_.below(31);
      out.windows = {{7 * kHour, 19 * kHour}};
    } else {
      const Seconds slot = (7 + random_.below(10)) * kHour;
      out.priority = 30 + random_.below(41);
      out.windows = {{slot, slot + 2 * kHour}};
    }
    problem.jobs.push_back(std::move(out));
  }

  void measure() {
    const int size = static_cast<int>(sites_.size());
    problem.skill_count = 8;
    problem.territory_count = o_.territories;
    problem.travel = planning::Matrix(size);
    for (int i = 0; i < size; ++i)
      for (int k = 0; k < i; ++k) {
        const auto &a = sites_[static_cast<std::size_t>(i)], &b = sites_[static_cast<std::size_t>(k)];
        const double km = std::hypot(a.first - b.first, a.second - b.second);
        problem.travel.at(i, k) = problem.travel.at(k, i) = static_cast<Seconds>(std::lround(km * kSecondsPerKm));
      }
  }

  RegionOptions o_;
  planning::Random random_;
  std::vector<Point> towns_, sites_;
};

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// A plan within a limit on time, on two threads. An empty one if the problem is refused, which cannot be.
inline planning::Plan plan_within(const planning::Problem& problem, double limit_s,
                                  const planning::Plan* current = nullptr) {
  planning::SolveOptions options{.threads = 2, .current = current};
  options.spent = [start = std::chrono::steady_clock::now(), limit_s] {
    return limit_s > 0 ? seconds_since(start) / limit_s : 1.0;
  };
  auto solution = planning::solve(problem, options);
  return solution ? std::move(solution->plan) : planning::Plan{};
}

// What a plan costs, a point of priority left out at the price that the search gives it: 80 s of travel. Moving the
// stops of another plan is not counted.
inline double price(const planning::Problem& problem, const planning::Plan& plan) {
  const auto verdict = planning::check(problem, plan);
  std::int64_t wanted = 0;
  for (const auto& job : problem.jobs) wanted += job.priority;
  const auto missed = static_cast<double>(wanted - verdict.priority_assigned);
  return verdict.cost.total() + missed * 80 / 3600 * problem.weights.travel;
}

}  // namespace firstfix::bench
