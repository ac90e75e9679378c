#include "regions.h"

#include <algorithm>

namespace firstfix::planning {
namespace {

// A stop is far if its detour is longer than so many legs. Every other time whoever goes there is searched with what is
// near it.
constexpr double kFar = 2, kJoins = 0.5;

double mean_leg(const State& state) {
  double sum = 0;
  int legs = 0;
  for (const auto& route : state.routes) {
    if (!route.empty()) legs += route.stops() + 1;
    for (const auto& node : route.nodes) sum += node.leg;
  }
  return legs > 0 ? sum / legs : 0;
}

double mean_travel(const Model& m, const DayRoute& route, int place) {
  if (route.empty()) return m.travel(m.day(route.engineer).start, place);
  double sum = 0;
  for (int i = 1; i <= route.stops(); ++i) sum += m.travel(route.nodes[at(i)].place, place);
  return sum / route.stops();
}

}  // namespace

Regions::Regions(const Model& m, const State& state, int count, Random& random)
    : m_(m), state_(state), random_(random) {
  std::vector<int> used;
  for (const auto& route : state.routes)
    if (!route.empty()) used.push_back(route.engineer);
  region_.assign(m.days.size(), 0);
  root_ = cut(used, count);
  int turn = 0;
  for (const auto& route : state.routes)
    if (route.empty()) region_[at(route.engineer)] = turn++ % count_;
  join_what_is_far();
  if (m.has_ties)
    for (int e = 0; e < m.engineers(); ++e) stay_together(m.day(e));
}

int Regions::of_job(int job) const {
  const auto place = m_.task(job).place;
  int half = root_;
  while (half >= 0) {
    const auto& cut = cuts_[at(half)];
    half = m_.travel(place, cut.north) - m_.travel(place, cut.south) < cut.border ? cut.near_north : cut.near_south;
  }
  return -1 - half;
}

// Whoever goes far for a stop that others nearer to it could do never meets them otherwise.
void Regions::join_what_is_far() {
  const double far = kFar * mean_leg(state_);
  for (const auto& route : state_.routes) {
    if (route.empty() || random_.unit() >= kJoins) continue;
    double longest = far;
    for (int i = route.first_free + 1; i <= route.stops(); ++i) {
      const auto& node = route.nodes[at(i)];
      if (node.task >= m_.jobs() || node.pin != kNone || detour(m_, route, i) <= longest) continue;
      longest = detour(m_, route, i);
      region_[at(route.engineer)] = of_job(node.task);
    }
  }
}

// The days of one engineer are searched together, where the first is that has stops.
void Regions::stay_together(const Day& day) {
  if (!day.tied()) return;
  int leader = day.kin_begin;
  while (leader + 1 < day.kin_end && state_.routes[at(leader)].empty()) ++leader;
  for (int e = day.kin_begin; e < day.kin_end; ++e) region_[at(e)] = region_[at(leader)];
}

int Regions::some_place(const std::vector<int>& engineers) {
  const auto& route = state_.routes[at(engineers[at(random_.below(static_cast<int>(engineers.size())))])];
  return route.nodes[at(1 + random_.below(route.stops()))].place;
}

int Regions::cut(const std::vector<int>& engineers, int regions) {
  if (regions < 2 || engineers.size() < 2) {
    for (const int e : engineers) region_[at(e)] = count_;
    return -1 - count_++;
  }
  Cut cut{.north = some_place(engineers), .south = some_place(engineers)};
  for (int tries = 0; tries < 3; ++tries)
    if (const int other = some_place(engineers); m_.travel(cut.north, other) > m_.travel(cut.north, cut.south))
      cut.south = other;
  std::vector<std::pair<double, int>> order;
  for (const int e : engineers) {
    const auto& route = state_.routes[at(e)];
    order.emplace_back(mean_travel(m_, route, cut.north) - mean_travel(m_, route, cut.south), e);
  }
  std::sort(order.begin(), order.end());
  const auto half = order.size() * at(regions / 2) / at(regions);
  cut.border = order[half].first;
  std::vector<int> near_north, near_south;
  for (std::size_t i = 0; i < order.size(); ++i) (i < half ? near_north : near_south).push_back(order[i].second);
  cut.near_north = this->cut(near_north, regions / 2);
  cut.near_south = this->cut(near_south, regions - regions / 2);
  cuts_.push_back(cut);
  return static_cast<int>(cuts_.size()) - 1;
}

}  // namespace firstfix::planning
