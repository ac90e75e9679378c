// Several runs side by side: every variant of a scenario under every policy, over the same seeds.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "simulation/simulation.h"
#include "simulation/statistics.h"

namespace firstfix::simulation {

struct Metric {
  const char* name;   // of the JSON field
  const char* label;  // for people, with the unit
  bool more_is_better;
  double (*of)(const Outcome&);
};
const std::vector<Metric>& metrics();

// What is run: a scenario under a policy.
struct Arm {
  std::string variant, policy;  // their names
  Scenario scenario;
};

// "nearest-free", "planner", "reoptimise"; kInvalid for any other.
Result<std::unique_ptr<Policy>> make_policy(const std::string& name, std::uint64_t seed);

struct Measured {
  Arm arm;
  std::vector<Outcome> outcomes;  // by seed
  double seconds = 0;             // of computing, all seeds together

  std::vector<double> values(const Metric& metric) const;
};

struct Plan {
  std::vector<Arm> arms;  // the first is what the others are compared with
  std::uint64_t first_seed = 1;
  int seeds = 5, threads = 2;
  // Called after each run, from any thread, one at a time.
  std::function<void(int done, int all)> progress;
};

// `clock` gives seconds that only grow, for Measured::seconds.
Result<std::vector<Measured>> run_all(const Plan& plan, const std::function<double()>& clock);

std::string to_text(const std::vector<Measured>& all);
std::string to_json(const std::vector<Measured>& all);
// A picture: a panel a figure, a bar an arm, with its interval.
std::string to_svg(const std::vector<Measured>& all);

}  // namespace firstfix::simulation
