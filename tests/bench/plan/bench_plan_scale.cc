// plan_scale: the least limit on time (of 0.25, 0.5, 1 … 32 s, each run from the start) whose plan is within 2 % of the
// one made in 60 s. The floor is the time of the first plan, made without any search.
#include <cstdio>

#include "measure.h"
#include "region.h"

namespace firstfix::bench {
namespace {

constexpr double kLong = 60, kNear = 1.02;

void measure(const RegionOptions& options) {
  const Region region(options);
  const auto& problem = region.problem;
  const auto start = Steady::now();
  plan_within(problem, 0);
  const double first = seconds_since(start);
  const double best = price(problem, plan_within(problem, kLong));
  double limit = 0.25;
  for (; limit < kLong; limit *= 2) {
    const double reached = price(problem, plan_within(problem, limit));
    std::fprintf(stderr, "plan_scale: %d x %d in %.2f s: %.4f of the plan of %.0f s\n", options.engineers, options.jobs,
                 limit, reached / best, kLong);
    if (reached <= kNear * best) break;
  }
  print_line("plan_scale", std::to_string(options.engineers) + "x" + std::to_string(options.jobs),
             std::min(limit, kLong), "s", first);
}

}  // namespace
}  // namespace firstfix::bench

int main() {
  using firstfix::bench::measure;
  measure({.engineers = 100, .jobs = 1'000});
  measure({.engineers = 200, .jobs = 2'000, .radius_km = 60, .towns = 14});
  measure({.engineers = 1'000, .jobs = 10'000, .territories = 10});
  return 0;
}
