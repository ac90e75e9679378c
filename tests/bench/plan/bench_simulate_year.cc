// simulate_year: a year of 50 engineers and 3,000 machines under the planner with re-optimisation, in processor time of
// one thread. The floor is the same year under nearest-free, which plans nothing.
#include <cstdio>
#include <ctime>

#include "measure.h"
#include "simulation/comparison.h"

namespace firstfix::bench {
namespace {

double year_s(const char* policy, const simulation::Region& region) {
  const auto start = std::clock();
  const auto outcome = simulation::simulate(region, 1, **simulation::make_policy(policy, 1));
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  std::fprintf(stderr, "simulate_year: %s restored %lld of %lld\n", policy, static_cast<long long>(outcome.restored),
               static_cast<long long>(outcome.failures));
  return seconds;
}

int run() {
  simulation::Scenario scenario;
  scenario.days = 365;
  scenario.engineers = 50;
  scenario.machines = 3'000;
  const auto region = simulation::make_region(scenario, 1);
  const double floor = year_s("nearest-free", region);
  print_line("simulate_year", "processor_time", year_s("reoptimise", region), "s", floor);
  return 0;
}

}  // namespace
}  // namespace firstfix::bench

int main() {
  return firstfix::bench::run();
}
