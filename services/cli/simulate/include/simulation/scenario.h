// What a service region is like: the numbers that `firstfix simulate` turns. Plain values; see scenario.cc for limits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace firstfix::simulation {

struct Scenario {
  // Time
  int days = 90;
  double shift_start_h = 8, shift_end_h = 17;
  // Region
  double radius_km = 45;
  int towns = 9;
  double speed_kmh = 50, detour_factor = 1.3;
  double travel_noise = 0.15;  // standard deviation of the logarithm of real over predicted travel time
  // Machines
  int machines = 1200;
  double failures_a_year = 4;  // of one machine
  int causes = 14, skills = 5, parts = 24, codes = 30;
  double leak = 0.03;  // probability of a code that has nothing to do with the cause
  // People
  int engineers = 20;
  double skill_share = 0.6;  // probability that an engineer has a skill
  double late_cost_per_hour = 60;
  double response_h = 8;  // by contract, for half of the machines; the others have three times as long
  double second_visit_cost = 300;
  // Parts
  int depots = 2;
  int depot_stock = 6;       // of each part
  int van_stock = 1;         // of each part that the van carries
  double van_share = 0.5;    // share of the part kinds that every van carries, the most used first
  double resupply_days = 2;  // until a depot has again what was taken
};

// One number of a scenario, by its name: "engineers", "depot_stock", …
struct Setting {
  const char* name;
  const char* help;
  double least, most;
  double (*get)(const Scenario&);
  void (*set)(Scenario&, double);
};
const std::vector<Setting>& settings();

// "engineers=21": kInvalid with what is wrong and what there is.
Status set(Scenario& scenario, std::string_view assignment);
// A JSON object of such settings. Unknown names are errors.
Status set_all(Scenario& scenario, std::string_view json);
// Whether the numbers fit together.
Status check(const Scenario& scenario);

}  // namespace firstfix::simulation
