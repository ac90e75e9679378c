#include "bundles.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace firstfix::diagnosis {
namespace {

constexpr std::size_t kLargest = 8;    // signs of a bundle
constexpr std::size_t kFlood = 40;     // a visit with more signs says nothing of which belong together
constexpr double kClearly_nats = 3;    // that the best of as many pairs by chance is surpassed by
constexpr double kLeastTogether = 3;   // visits
constexpr double kLeastSpread = 0.05;  // variance over mean

struct Edge {
  double gain = 0;
  Id a = 0, b = 0;
};

// How much more probable the counts are if two signs come together more often than by chance: the Poisson likelihood
// ratio of what was seen to what is expected of each group of visits with the same causes. Where signs are frequent the
// counts spread less than Poisson's; the ratio is scaled by how much less (the variance is that of Mantel and
// Haenszel).
std::vector<Edge> edges(const Tables& tables) {
  const auto size = static_cast<std::size_t>(tables.signs.size());
  std::unordered_map<std::size_t, double> together;
  for (const auto& sighting : tables.sightings) {
    if (sighting.signs.size() > kFlood) continue;
    double n = 0;
    for (const auto& [group, some] : sighting.groups) n += some;
    for (std::size_t i = 0; i < sighting.signs.size(); ++i)
      for (std::size_t j = i + 1; j < sighting.signs.size(); ++j)
        together[static_cast<std::size_t>(sighting.signs[i]) * size + static_cast<std::size_t>(sighting.signs[j])] += n;
  }
  std::vector<double> expected(size * size), variance(size * size);
  for (const auto& group : tables.groups) {
    for (std::size_t i = 0; i < group.signs.size(); ++i) {
      const auto row = static_cast<std::size_t>(group.signs[i].first) * size;
      const double share = group.signs[i].second / group.visits;
      for (std::size_t j = i + 1; j < group.signs.size(); ++j) {
        const auto cell = row + static_cast<std::size_t>(group.signs[j].first);
        const double other = group.signs[j].second / group.visits, mean = share * group.signs[j].second;
        expected[cell] += mean;
        if (group.visits > 1) variance[cell] += mean * (1 - share) * (1 - other) * group.visits / (group.visits - 1);
      }
    }
  }
  const double least = std::log(1 + 0.5 * static_cast<double>(size * size)) + kClearly_nats;
  std::vector<Edge> out;
  for (const auto& [cell, n] : together) {
    const double mean = expected[cell];
    if (n < kLeastTogether || n <= mean || mean <= 0) continue;
    const double spread = std::max(variance[cell], kLeastSpread * mean);
    const double gain = (n * std::log(n / mean) - (n - mean)) * std::max(1.0, mean / spread);
    if (gain > least) out.push_back({gain, static_cast<Id>(cell / size), static_cast<Id>(cell % size)});
  }
  std::sort(out.begin(), out.end(), [](const Edge& x, const Edge& y) {
    return x.gain != y.gain ? x.gain > y.gain : std::pair(x.a, x.b) < std::pair(y.a, y.b);
  });
  return out;
}

}  // namespace

std::vector<std::vector<Id>> bundles_of(const Tables& tables) {
  std::vector<std::vector<Id>> members;
  std::vector<std::size_t> place;
  for (Id sign = 0; sign < tables.signs.size(); ++sign) {
    members.push_back({sign});
    place.push_back(static_cast<std::size_t>(sign));
  }
  for (const auto& edge : edges(tables)) {
    const auto a = place[static_cast<std::size_t>(edge.a)], b = place[static_cast<std::size_t>(edge.b)];
    if (a == b || members[a].size() + members[b].size() > kLargest) continue;
    for (const auto sign : members[b]) {
      members[a].push_back(sign);
      place[static_cast<std::size_t>(sign)] = a;
    }
    members[b].clear();
  }
  std::vector<std::vector<Id>> out;
  for (auto& bundle : members)
    if (bundle.size() > 1) out.push_back(std::move(bundle));
  return out;
}

}  // namespace firstfix::diagnosis
