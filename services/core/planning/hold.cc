#include "hold.h"

#include <algorithm>

namespace firstfix::planning {

DayRoute held(const Model& m, DayRoute route) {
  if (m.shift_price == 0 || m.waiting_per_second > 0) return route;
  auto& nodes = route.nodes;
  for (std::size_t i = 1; i + 1 < nodes.size(); ++i) {
    auto& node = nodes[i];
    const auto& task = m.task(node.task);
    if (node.pin == kNone) {
      const auto arrives = nodes[i - 1].depart + nodes[i - 1].leg;
      const auto limit = std::min(node.calm, node.latest);
      const auto wanted = node.planned != kNone ? std::min(node.planned, limit) : 0;
      const auto start = m.open_from(task, std::max(arrives, wanted));
      node.start = start <= limit ? start : m.open_from(task, arrives);
    }
    node.depart = std::max(node.depart, node.start + task.service);
  }
  nodes.back().start = nodes.back().depart = nodes[nodes.size() - 2].depart + nodes[nodes.size() - 2].leg;
  return route;
}

}  // namespace firstfix::planning
