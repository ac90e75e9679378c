// plan_insert: one urgent job into a day of 200 engineers and 2,000 jobs that is being driven. 500 different ones, each
// into the same day: worked out, and worked out and committed. The floor is one look at every leg of the day.
#include <cstdio>

#include "measure.h"
#include "planning/insert.h"
#include "region.h"

namespace firstfix::bench {
namespace {

using planning::LivePlan;

// The place with the least travel more, over all days, no rule asked.
double look_us(const planning::Problem& problem, const planning::Plan& plan, int job) {
  const auto start = Steady::now();
  const int place = problem.jobs[static_cast<std::size_t>(job)].place;
  const auto& travel = problem.travel;
  Seconds best = planning::kForever;
  for (const auto& route : plan.routes) {
    int here = problem.engineers[static_cast<std::size_t>(route.engineer)].start;
    for (const auto& stop : route.stops) {
      const int there = problem.jobs[static_cast<std::size_t>(stop.what)].place;
      best = std::min(best, travel(here, place) + travel(place, there) - travel(here, there));
      here = there;
    }
  }
  const double us = micros(Steady::now() - start);
  return best < 0 ? 0 : us;
}

int run() {
  const Region region({.engineers = 200, .jobs = 2'000, .urgent = 500, .radius_km = 60, .towns = 14});
  const auto& problem = region.problem;
  auto morning = problem;
  morning.jobs.resize(2'000);
  const auto plan = plan_within(morning, 10);
  std::vector<double> inserted, committed, looked;
  int placed = 0, displaced = 0;
  auto live = LivePlan::open(problem, plan);
  for (int job = 2'000; live && job < 2'500; ++job) {
    looked.push_back(look_us(problem, plan, job));
    const auto start = Steady::now();
    const auto insertion = live->insert(job);
    inserted.push_back(micros(Steady::now() - start));
    if (!insertion) continue;
    ++placed;
    displaced += static_cast<int>(insertion->displaced.size());
    if (!live->commit(*insertion)) return 1;
    committed.push_back(micros(Steady::now() - start));
  }
  if (committed.empty()) return 1;
  std::fprintf(stderr, "plan_insert: %d of 500 found a place, %d stops displaced\n", placed, displaced);
  for (const double p : {0.5, 0.99}) {
    const auto name = p == 0.5 ? std::string("p50") : std::string("p99");
    print_line("plan_insert", name, percentile(inserted, p), "us", percentile(looked, p));
    print_line("plan_insert", "committed_" + name, percentile(committed, p), "us", percentile(looked, p));
  }
  return 0;
}

}  // namespace
}  // namespace firstfix::bench

int main() {
  return firstfix::bench::run();
}
