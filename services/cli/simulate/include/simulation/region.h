// A service region made from a scenario and a seed: towns, machines, engineers, depots, and what can go wrong.
#pragma once

#include <cstdint>
#include <vector>

#include "simulation/scenario.h"

namespace firstfix::simulation {

// Kilometres east and north of the region's middle: a region is small enough to be flat.
struct Point {
  double east_km = 0, north_km = 0;
};

struct CauseModel {
  double weight = 1;        // how often, relative to the others
  std::vector<int> skills;  // that its repair takes
  double repair_median_s = 3600;
  std::vector<std::pair<int, double>> parts;  // (part, probability that the repair takes it)
  std::vector<std::pair<int, double>> codes;  // (code, probability that it is shown)
};

struct Machine {
  Point position;
  bool gold = false;  // the shorter response time
};

struct EngineerModel {
  Point home;
  std::vector<bool> skills;
};

struct Region {
  Scenario scenario;
  std::vector<CauseModel> causes;
  std::vector<Machine> machines;
  std::vector<EngineerModel> engineers;
  std::vector<Point> depots;
  std::vector<int> van_parts;  // the part kinds that every van carries

  // Predicted seconds of travel between two places.
  double travel_s(const Point& a, const Point& b) const;
  double distance_km(const Point& a, const Point& b) const;
};

// The same seed gives the same machines and causes whatever the number of engineers, depots or stock, so that variants
// of a scenario differ in what was varied only. Every skill is held by at least two engineers.
Region make_region(const Scenario& scenario, std::uint64_t seed);

}  // namespace firstfix::simulation
