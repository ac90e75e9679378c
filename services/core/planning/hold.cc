#include "hold.h"

#include <algorithm>

namespace firstfix::planning {
namespace {

// The latest start that costs nothing by itself.
Seconds own_limit(const Model& m, const Node& node) {
  if (node.pin != kNone || node.task >= m.jobs()) return node.pin != kNone ? node.pin : node.latest;
  const auto& task = m.task(node.task);
  const auto limit = std::min(node.latest, node.calm);
  return task.late_per_second > 0 ? std::min(limit, std::max(node.start, task.due)) : limit;
}

// Of each node, with what comes after it in mind.
std::vector<Seconds> limits(const Model& m, const DayRoute& route) {
  const auto& nodes = route.nodes;
  const auto& day = m.day(route.engineer);
  std::vector<Seconds> out(nodes.size());
  // Home later is dearer or more than may be worked, or too little rest, where there is such a rule.
  out.back() = day.simple && !day.tied() ? day.to : nodes.back().start;
  for (std::size_t i = nodes.size() - 1; i-- > 1;) {
    const auto& task = m.task(nodes[i].task);
    out[i] = std::min(own_limit(m, nodes[i]), out[i + 1] - nodes[i].leg - task.service);
    out[i] = nodes[i].pin != kNone ? nodes[i].pin : std::max(nodes[i].start, m.open_until(task, out[i]));
  }
  return out;
}

}  // namespace

DayRoute held(const Model& m, DayRoute route) {
  if (m.shift_price == 0 || m.waiting_per_second > 0) return route;
  const auto limit = limits(m, route);
  auto& nodes = route.nodes;
  for (std::size_t i = 1; i + 1 < nodes.size(); ++i) {
    auto& node = nodes[i];
    const auto& task = m.task(node.task);
    if (node.pin == kNone) {
      const auto arrives = nodes[i - 1].depart + nodes[i - 1].leg;
      const auto wanted = node.planned != kNone ? std::min(node.planned, limit[i]) : 0;
      const auto start = m.open_from(task, std::max(arrives, wanted));
      node.start = start <= limit[i] ? start : m.open_from(task, arrives);
    }
    node.depart = std::max(node.depart, node.start + task.service);
  }
  nodes.back().start = nodes.back().depart = nodes[nodes.size() - 2].depart + nodes[nodes.size() - 2].leg;
  return route;
}

}  // namespace firstfix::planning
