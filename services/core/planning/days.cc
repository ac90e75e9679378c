#include "days.h"

#include <algorithm>

namespace firstfix::planning {
namespace {

bool works(const Model& m, const DayRoute& route) {
  return std::any_of(route.nodes.begin(), route.nodes.end(),
                     [&](const Node& node) { return node.task != kNone && m.task(node.task).place != kNone; });
}

// When the engineer leaves for the first stop as it is planned.
Seconds leaves(const DayRoute& route) {
  return route.nodes[1].start - route.nodes[0].leg;
}

Seconds comes_home(const DayRoute& route) {
  return route.nodes.back().start;
}

// Its rest is over, however long it was.
bool has_begun(const DayRoute& route) {
  return route.nodes[1].begun;
}

// Of a day without work nothing may be left; it takes no job then.
bool times(const Model& m, DayRoute& route) {
  return schedule(m, route) || !works(m, route);
}

// From the last day to the first: home in time for the next.
bool limit_homes(const Model& m, const Day& any, Tie tie, std::vector<DayRoute>& routes) {
  Seconds limit = kForever;
  for (int e = any.kin_end; e-- > any.kin_begin;) {
    auto& route = routes[at(e)];
    route.to = std::min(m.day(e).to, limit);
    if (!times(m, route)) return false;
    if (!works(m, route)) continue;
    limit = (tie == Tie::kHomes ? route.nodes[0].latest : leaves(route)) - m.day(e).min_rest;
    if (has_begun(route)) limit = kForever;
  }
  return true;
}

// From the first day to the last: rested since the one before.
bool limit_leaves(const Model& m, const Day& any, std::vector<DayRoute>& routes) {
  Seconds limit = -kForever;
  for (int e = any.kin_begin; e < any.kin_end; ++e) {
    auto& route = routes[at(e)];
    route.from = has_begun(route) ? m.day(e).from : std::max(m.day(e).from, limit + m.day(e).min_rest);
    if (!times(m, route)) return false;
    if (works(m, route)) limit = comes_home(route);
  }
  return true;
}

// As the current plan has it.
bool starts_begun(const Model& m, int engineer) {
  const auto& pins = m.pins[at(engineer)];
  return !pins.empty() && pins.front().begun;
}

}  // namespace

bool tie_days(const Model& m, int engineer, Tie tie, std::vector<DayRoute>& routes) {
  const auto& any = m.day(engineer);
  if (!any.tied()) return true;
  for (int e = any.kin_begin; e < any.kin_end; ++e) {
    routes[at(e)].from = m.day(e).from;
    routes[at(e)].to = m.day(e).to;
  }
  if (tie == Tie::kHomes) return limit_homes(m, any, tie, routes) && limit_leaves(m, any, routes);
  return limit_leaves(m, any, routes) && limit_homes(m, any, tie, routes);
}

void limit_day(const Model& m, const std::vector<DayRoute>& others, DayRoute& route) {
  const auto& day = m.day(route.engineer);
  if (!day.tied()) return;
  route.from = day.from;
  route.to = day.to;
  for (int e = day.kin_begin; e < std::min(day.kin_end, static_cast<int>(others.size())); ++e) {
    const auto& other = others[at(e)];
    if (e == route.engineer || other.nodes.empty() || !works(m, other)) continue;
    if (e < route.engineer && !starts_begun(m, route.engineer))
      route.from = std::max(route.from, comes_home(other) + day.min_rest);
    if (e > route.engineer && !has_begun(other)) route.to = std::min(route.to, leaves(other) - m.day(e).min_rest);
  }
  schedule(m, route);
}

}  // namespace firstfix::planning
