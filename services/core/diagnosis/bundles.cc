#include "bundles.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace firstfix::diagnosis {
namespace {

struct Edge {
  double gain = 0;
  Id a = 0, b = 0;
};

// How much more probable the counts are if both signs come together more often than by chance: a Poisson likelihood
// ratio of what was seen to what is expected.
std::vector<Edge> edges(const Tables& tables) {
  std::map<std::pair<Id, Id>, std::pair<double, double>> cells;  // seen together, and expected where it could be
  double visits = 0;
  for (const auto& group : tables.groups) {
    visits += group.visits;
    for (const auto& [pair, n] : group.together) cells[pair].first += n;
  }
  std::vector<double> seen(static_cast<std::size_t>(tables.signs.size()));
  for (const auto& group : tables.groups) {
    for (const auto& [sign, n] : group.signs) seen[static_cast<std::size_t>(sign)] = n;
    for (std::size_t i = 0; i < group.signs.size(); ++i)
      for (std::size_t j = i + 1; j < group.signs.size(); ++j)
        if (const auto cell = cells.find({group.signs[i].first, group.signs[j].first}); cell != cells.end())
          cell->second.second += group.signs[i].second * group.signs[j].second / group.visits;
  }
  const double least = 3 * std::log(visits + 1);
  std::vector<Edge> out;
  for (const auto& [pair, cell] : cells) {
    const auto [together, expected] = cell;
    if (together <= expected || expected <= 0) continue;
    const double gain = together * std::log(together / expected) - (together - expected);
    if (gain > least) out.push_back({gain, pair.first, pair.second});
  }
  std::sort(out.begin(), out.end(), [](const Edge& x, const Edge& y) {
    return x.gain != y.gain ? x.gain > y.gain : std::pair(x.a, x.b) < std::pair(y.a, y.b);
  });
  return out;
}

Id root(std::vector<Id>& up, Id sign) {
  while (up[static_cast<std::size_t>(sign)] != sign) sign = up[static_cast<std::size_t>(sign)];
  return sign;
}

}  // namespace

std::vector<Id> bundle(const Tables& tables) {
  const auto size = static_cast<std::size_t>(tables.signs.size());
  std::vector<Id> up(size), parent(size, learning::kUnknown);
  std::iota(up.begin(), up.end(), 0);
  std::vector<std::vector<Id>> near(size);
  for (const auto& edge : edges(tables)) {
    const auto a = root(up, edge.a), b = root(up, edge.b);
    if (a == b) continue;
    up[static_cast<std::size_t>(a)] = b;
    near[static_cast<std::size_t>(edge.a)].push_back(edge.b);
    near[static_cast<std::size_t>(edge.b)].push_back(edge.a);
  }
  // Each tree hangs from the sign with the most neighbours.
  std::vector<Id> order(size);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](Id a, Id b) {
    return near[static_cast<std::size_t>(a)].size() > near[static_cast<std::size_t>(b)].size();
  });
  std::vector<bool> reached(size);
  for (const auto top : order) {
    std::vector<Id> next{top};
    while (!next.empty()) {
      const auto sign = next.back();
      next.pop_back();
      reached[static_cast<std::size_t>(sign)] = true;
      for (const auto other : near[static_cast<std::size_t>(sign)])
        if (!reached[static_cast<std::size_t>(other)]) {
          parent[static_cast<std::size_t>(other)] = sign;
          next.push_back(other);
        }
    }
  }
  return parent;
}

}  // namespace firstfix::diagnosis
