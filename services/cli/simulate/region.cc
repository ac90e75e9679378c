#include "simulation/region.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "simulation/random.h"

namespace firstfix::simulation {
namespace {

// What a random stream is for; part of its name.
enum Purpose : std::uint64_t { kTowns = 1, kMachines, kCauses, kEngineers, kDepots };

constexpr double kTownSpread_km = 5;

Point near(const Point& town, Random& random) {
  return {town.east_km + random.normal() * kTownSpread_km, town.north_km + random.normal() * kTownSpread_km};
}

std::vector<Point> make_towns(const Scenario& s, std::uint64_t seed) {
  std::vector<Point> towns;
  for (int i = 0; i < s.towns; ++i) {
    Random random(seed, {kTowns, static_cast<std::uint64_t>(i)});
    const double r = s.radius_km * std::sqrt(random.uniform()), angle = random.uniform(0, 2 * std::numbers::pi);
    towns.push_back({r * std::cos(angle), r * std::sin(angle)});
  }
  return towns;
}

// `n` different numbers below `limit`, each with a probability.
std::vector<std::pair<int, double>> links(Random& random, int n, int limit, double least, double most) {
  std::set<int> chosen;
  while (static_cast<int>(chosen.size()) < std::min(n, limit))
    chosen.insert(static_cast<int>(random.below(static_cast<std::size_t>(limit))));
  std::vector<std::pair<int, double>> out;
  for (const int one : chosen) out.emplace_back(one, random.uniform(least, most));
  return out;
}

CauseModel make_cause(const Scenario& s, std::uint64_t seed, int i) {
  Random random(seed, {kCauses, static_cast<std::uint64_t>(i)});
  CauseModel cause;
  cause.weight = random.lognormal(1, 0.8);
  cause.repair_median_s = random.lognormal(50 * 60, 0.4);
  cause.skills.push_back(i % s.skills);
  if (s.skills > 1 && random.chance(0.25)) cause.skills.push_back((i + 1) % s.skills);
  const double kind = random.uniform();  // a fifth of the repairs take no part, a fifth take two
  cause.parts = links(random, kind < 0.2 ? 0 : kind < 0.8 ? 1 : 2, s.parts, 0.6, 0.98);
  cause.codes = links(random, 1 + static_cast<int>(random.below(3)), s.codes, 0.5, 0.97);
  return cause;
}

// The kinds of part that are used most; every van carries these.
std::vector<int> most_used(const Region& region) {
  std::vector<double> use(static_cast<std::size_t>(region.scenario.parts));
  for (const auto& cause : region.causes)
    for (const auto& [part, p] : cause.parts) use[static_cast<std::size_t>(part)] += cause.weight * p;
  std::vector<int> order(use.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return use[static_cast<std::size_t>(a)] > use[static_cast<std::size_t>(b)]; });
  order.resize(static_cast<std::size_t>(std::lround(region.scenario.van_share * static_cast<double>(use.size()))));
  return order;
}

void cover_skills(Region& region) {
  const auto n = region.engineers.size();
  for (std::size_t skill = 0; skill < static_cast<std::size_t>(region.scenario.skills); ++skill) {
    std::size_t holders = 0;
    for (const auto& one : region.engineers) holders += one.skills[skill];
    for (std::size_t i = 0; i < n && holders < std::min<std::size_t>(2, n); ++i) {
      auto& one = region.engineers[(skill + i) % n];
      if (!one.skills[skill]) one.skills[skill] = true, ++holders;
    }
  }
  // A cause may take two skills; somebody must be able to do everything.
  region.engineers.front().skills.assign(static_cast<std::size_t>(region.scenario.skills), true);
}

}  // namespace

double Region::distance_km(const Point& a, const Point& b) const {
  const double east = a.east_km - b.east_km, north = a.north_km - b.north_km;
  return std::sqrt(east * east + north * north) * scenario.detour_factor;
}

double Region::travel_s(const Point& a, const Point& b) const {
  return distance_km(a, b) / scenario.speed_kmh * 3600;
}

Region make_region(const Scenario& scenario, std::uint64_t seed) {
  Region region{.scenario = scenario, .causes = {}, .machines = {}, .engineers = {}, .depots = {}, .van_parts = {}};
  const auto towns = make_towns(scenario, seed);
  for (int i = 0; i < scenario.causes; ++i) region.causes.push_back(make_cause(scenario, seed, i));
  for (int i = 0; i < scenario.machines; ++i) {
    Random random(seed, {kMachines, static_cast<std::uint64_t>(i)});
    region.machines.push_back({near(towns[random.below(towns.size())], random), random.chance(0.5)});
  }
  for (int i = 0; i < scenario.engineers; ++i) {
    Random random(seed, {kEngineers, static_cast<std::uint64_t>(i)});
    EngineerModel engineer{near(towns[random.below(towns.size())], random), {}};
    for (int skill = 0; skill < scenario.skills; ++skill)
      engineer.skills.push_back(random.chance(scenario.skill_share));
    region.engineers.push_back(std::move(engineer));
  }
  for (int i = 0; i < scenario.depots; ++i) {
    Random random(seed, {kDepots, static_cast<std::uint64_t>(i)});
    region.depots.push_back(near(towns[static_cast<std::size_t>(i) % towns.size()], random));
  }
  region.van_parts = most_used(region);
  cover_skills(region);
  return region;
}

}  // namespace firstfix::simulation
