#include "route.h"

#include <algorithm>

#include "pickup.h"

namespace firstfix::planning {
namespace {

// When the engineer is free for a stop that stays where the plan had it: they may have set out for it before now.
Seconds free_for_pin(const Model& m, const DayRoute& route, const Node& before) {
  if (before.task == kNone && route.from > m.day(route.engineer).from)
    return route.from;  // rested since the day before
  if (before.task == kNone) return std::min(before.depart, m.day(route.engineer).shift_begin);
  return before.begun ? before.start + m.task(before.task).service : before.depart;
}

// Earliest times, from a departure. False if something starts too late.
bool forward(const Model& m, DayRoute& route, Seconds leave) {
  auto& nodes = route.nodes;
  nodes[0].start = nodes[0].depart = leave;
  for (std::size_t i = 1; i + 1 < nodes.size(); ++i) {
    auto& node = nodes[i];
    const auto& before = nodes[i - 1];
    const auto& task = m.task(node.task);
    if (task.place == kNone) node.place = before.place;
    const auto arrives = before.depart + m.travel(before.place, node.place);
    if (node.pin != kNone) {
      node.start = node.pin;
      if (!node.begun && arrives > node.pin &&
          free_for_pin(m, route, before) + m.travel(before.place, node.place) > node.pin)
        return false;
    } else {
      node.start = m.open_from(task, arrives);
      if (node.start > node.until) return false;
    }
    node.depart = node.start + task.service;
    if (node.begun) node.depart = std::max(node.depart, m.problem->now);  // the next stop has not begun
  }
  auto& end = nodes.back();
  const auto& before = nodes[nodes.size() - 2];
  // Who has begun nothing more may have gone home before now.
  const auto free = before.begun ? before.start + m.task(before.task).service : before.depart;
  end.start = end.depart = free + m.travel(before.place, end.place);
  return end.start <= end.latest;
}

// Latest times, from a latest return.
void backward(const Model& m, DayRoute& route, Seconds home) {
  auto& nodes = route.nodes;
  nodes.back().latest = home;
  for (std::size_t i = nodes.size() - 1; i-- > 0;) {
    auto& node = nodes[i];
    const auto& after = nodes[i + 1];
    node.leg = m.travel(node.place, after.place);
    const auto service = node.task == kNone ? 0 : m.task(node.task).service;
    const auto latest = after.latest - node.leg - service;
    if (node.pin != kNone) {
      node.latest = node.pin;
    } else if (node.task == kNone) {
      node.latest = latest;
    } else {
      node.latest = m.open_until(m.task(node.task), std::min(latest, node.until));
    }
  }
}

// The latest start of a stop by what is at stake for itself.
Seconds calm_alone(const Model& m, const Node& node) {
  if (node.pin != kNone) return node.pin;
  if (node.task == kNone) return kForever;
  const auto& task = m.task(node.task);
  auto calm = kForever;
  if (node.planned != kNone) {
    const auto late = node.planned + kPromiseTolerance;
    if (node.start <= late) calm = late;
  } else if (task.urgent) {
    calm = node.start;
  }
  if (task.late_per_second > 0) calm = std::min(calm, std::max(node.start, task.due));
  return m.waiting_per_second > 0 ? std::min(calm, node.start) : calm;
}

// How far each start may move before another stop loses the start that it was planned for, or anything gets dearer. Who
// loses it already limits nobody.
void find_calm(const Model& m, DayRoute& route) {
  auto& nodes = route.nodes;
  const auto& day = m.day(route.engineer);
  // Home later is dearer or more than may be worked, or too little rest, where there is such a rule.
  nodes.back().calm = day.simple && !day.tied() ? kForever : nodes.back().start;
  for (std::size_t i = nodes.size() - 1; i-- > 0;) {
    auto& node = nodes[i];
    const auto service = node.task == kNone ? 0 : m.task(node.task).service;
    node.calm = std::min(nodes[i + 1].calm - node.leg - service, kForever);
    node.calm = node.pin != kNone ? node.pin : std::min(node.calm, calm_alone(m, node));
    if (node.task != kNone && !m.task(node.task).simple)
      node.calm = std::max(node.start, m.open_until(m.task(node.task), node.calm));
  }
  nodes[0].eager = 0;
  for (std::size_t i = 1; i + 1 < nodes.size(); ++i) {
    auto& node = nodes[i];
    const auto& before = nodes[i - 1];
    const auto service = before.task == kNone ? 0 : m.task(before.task).service;
    node.eager = std::min(before.eager + service + before.leg, node.latest);
    if (node.planned != kNone && !shifted(node)) node.eager = std::max(node.eager, node.planned - kPromiseTolerance);
  }
}

// Who has nowhere to go stays at home.
bool idle(const Model& m, const DayRoute& route) {
  return std::none_of(route.nodes.begin(), route.nodes.end(),
                      [&](const Node& node) { return node.task != kNone && m.task(node.task).place != kNone; });
}

Seconds work_of(const Model& m, const DayRoute& route) {
  Seconds work = 0;
  for (std::size_t i = 0; i + 1 < route.nodes.size(); ++i) {
    const auto& node = route.nodes[i];
    work += node.leg;
    if (node.task != kNone && m.task(node.task).place != kNone) work += m.task(node.task).service;
  }
  return work;
}

// Of work that fills such a share of the shift; whole units, cut down.
Units price_of_work(const Model& m, const Day& day, Seconds work) {
  const auto shift = static_cast<double>(std::max(1, day.shift_end - day.shift_begin));
  return static_cast<Units>(static_cast<double>(m.fairness) * work * (work / shift));
}

Units price(const Model& m, const DayRoute& route) {
  const auto& day = m.day(route.engineer);
  if (idle(m, route)) return 0;
  Units cost = day.call_out;
  if (m.fairness > 0) cost += price_of_work(m, day, route.work);
  bool has_served = false;  // before the first stop nobody waits: they leave later
  for (std::size_t i = 0; i + 1 < route.nodes.size(); ++i) {
    const auto& node = route.nodes[i];
    cost += m.travel_per_second * node.leg + node.extra;
    if (m.shift_price > 0 && shifted(node)) cost += m.shift_price;
    if (!m.timed || node.task == kNone) continue;
    const auto& task = m.task(node.task);
    if (node.start > task.due) cost += task.late_per_second * (node.start - task.due);
    const auto& before = route.nodes[i - 1];
    if (task.place != kNone && has_served) cost += m.waiting_per_second * (node.start - before.depart - before.leg);
    has_served = has_served || task.place != kNone;
  }
  if (day.overtime_per_second > 0)
    cost += day.overtime_per_second * std::max(0, route.nodes.back().start - day.shift_end);
  return cost;
}

// The latest departure that is home as early as before.
Seconds leave_late(const Model& m, DayRoute& route) {
  const auto home = route.nodes.back().start;
  backward(m, route, home);
  return std::max(route.nodes[0].latest, route.from);
}

}  // namespace

DayRoute empty_route(const Model& m, int engineer) {
  const auto& day = m.day(engineer);
  DayRoute route;
  route.engineer = engineer;
  route.from = day.from;
  route.to = day.to;
  route.nodes.push_back({.place = day.start});
  route.nodes.push_back({.place = day.end});
  if (m.problem->part_count > 0) {
    route.stock = m.problem->engineers[at(engineer)].van_stock;
    route.stock.resize(at(m.problem->part_count));
  }
  return route;
}

bool schedule(const Model& m, DayRoute& route) {
  const auto& day = m.day(route.engineer);
  route.nodes.back().latest = route.to;
  if (!forward(m, route, route.from)) return false;
  if (day.max_work < kForever) {
    // Leaving later where that is home no later: the wait at the first stop is no work.
    const auto leave = leave_late(m, route);
    route.nodes.back().latest = route.to;
    if (!forward(m, route, leave)) return false;
    if (!route.empty() && route.nodes.back().start - leave > day.max_work) return false;
  }
  backward(m, route, route.to);
  if (m.shift_price > 0) find_calm(m, route);
  if (route.empty()) route.nodes[0].leg = 0;
  if (m.fairness > 0) route.work = idle(m, route) ? 0 : work_of(m, route);
  route.cost = price(m, route);
  return true;
}

Units dearer_by_work(const Model& m, const DayRoute& route, Seconds more) {
  const auto& day = m.day(route.engineer);
  Units cost = day.call_out > 0 && idle(m, route) ? day.call_out : 0;
  if (m.fairness > 0) cost += price_of_work(m, day, route.work + more) - price_of_work(m, day, route.work);
  return cost;
}

int position_of(const DayRoute& route, int task) {
  for (int i = 1; i <= route.stops(); ++i)
    if (route.nodes[at(i)].task == task) return i;
  return kNone;
}

Seconds detour(const Model& m, const DayRoute& route, int position) {
  const auto &before = route.nodes[at(position - 1)], &node = route.nodes[at(position)];
  return before.leg + node.leg - m.travel(before.place, route.nodes[at(position + 1)].place);
}

bool stocked(const Model& m, const DayRoute& route, int job) {
  const auto& task = m.task(job);
  for (int i = 0; i < task.part_count; ++i) {
    const auto& need = m.parts[at(task.first_part + i)];
    if (route.stock[at(need.part)] < need.quantity) return false;
  }
  return true;
}

void put(const Model& m, DayRoute& route, int task, int after) {
  const auto& what = m.task(task);
  Node node{.task = task, .place = what.place == kNone ? route.nodes[at(after)].place : what.place};
  if (task < m.jobs()) {
    const auto* suitor = m.find_member(task, route.engineer);
    node.until = suitor->latest;
    node.extra = suitor->extra;
    node.planned = suitor->planned;
    if (!route.stock.empty())
      for (int i = 0; i < what.part_count; ++i) {
        const auto& need = m.parts[at(what.first_part + i)];
        route.stock[at(need.part)] -= need.quantity;
      }
  }
  route.nodes.insert(route.nodes.begin() + after + 1, node);
}

void take(const Model& m, DayRoute& route, int position, DepotStock& depots) {
  const auto task = route.nodes[at(position)].task;
  const auto& what = m.task(task);
  if (task < m.jobs() && !route.stock.empty())
    for (int i = 0; i < what.part_count; ++i) {
      const auto& need = m.parts[at(what.first_part + i)];
      route.stock[at(need.part)] += need.quantity;
    }
  if (!route.fetches.empty()) give_back(m, route, task, depots);
  route.nodes.erase(route.nodes.begin() + position);
}

}  // namespace firstfix::planning
