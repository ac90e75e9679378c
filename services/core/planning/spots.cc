// The best place for a job in a day. The fewer rules there are, the quicker the way: by two sums, by what a place puts
// off, or by pricing the whole day.
#include <algorithm>

#include "errand.h"
#include "route.h"

namespace firstfix::planning {
namespace {

// How many stops from nodes[first] lose their planned start if the engineer gets there at `arrives`.
int shifted_from(const Model& m, const DayRoute& route, std::size_t first, Seconds arrives) {
  int count = 0;
  for (std::size_t i = first; i + 1 < route.nodes.size(); ++i) {
    const auto& node = route.nodes[i];
    if (arrives <= node.calm || node.pin != kNone) break;
    const auto& task = m.task(node.task);
    const auto start = m.open_from(task, arrives);
    if (start <= node.start) break;
    const auto late = node.planned + kPromiseTolerance;
    count += node.planned != kNone && node.start <= late && start > late;
    arrives = start + task.service + node.leg;
  }
  return count;
}

// Judged by constant-time slack alone; the common case.
Spot quick_spot(const Model& m, const DayRoute& route, const Task& task, const Suitor& suitor) {
  const auto* to_it = m.to_place(task.place);
  const auto* from_it = m.from_place(task.place);
  const auto until = std::min(task.to, suitor.latest);
  const Node* node = route.nodes.data() + route.first_free;
  const Node* end = route.nodes.data() + route.nodes.size() - 1;
  Seconds best = kForever;
  const Node* best_after = nullptr;
  const bool same_back = to_it == from_it;  // then each way is looked up once
  Seconds there = to_it[node->place], onward = 0;
  for (; node != end; ++node, there = same_back ? onward : to_it[node->place]) {
    if (node->depart > until) break;
    const Node& next = node[1];
    onward = from_it[next.place];
    const auto longer = there + onward - node->leg;
    if (longer >= best) continue;
    const auto arrives = node->depart + there;
    if (arrives > until) continue;
    if (std::max(arrives, task.from) + task.service + onward > next.latest) continue;
    best = longer;
    best_after = node;
  }
  if (best_after == nullptr) return {};
  auto cost = m.travel_per_second * best + suitor.extra;
  if (prices_work(m, route)) cost += dearer_by_work(m, route, best + task.service);
  return {cost, static_cast<int>(best_after - route.nodes.data())};
}

// The same where planned starts are worth keeping. What the job's coming does to the starts before it is counted once.
Spot calm_spot(const Model& m, const DayRoute& route, const Task& task, const Suitor& suitor) {
  const auto* to_it = m.to_place(task.place);
  const auto* from_it = m.from_place(task.place);
  const auto until = std::min(task.to, suitor.latest);
  const auto early = suitor.planned - kPromiseTolerance, late = suitor.planned + kPromiseTolerance;
  const bool work_counts = prices_work(m, route);
  Spot best;
  const bool same_back = to_it == from_it;  // then each way is looked up once
  auto i = at(route.first_free);
  Seconds there = to_it[route.nodes[i].place], onward = 0;
  for (; i + 1 < route.nodes.size(); ++i, there = same_back ? onward : to_it[route.nodes[i].place]) {
    const auto &node = route.nodes[i], &next = route.nodes[i + 1];
    if (node.depart > until) break;
    onward = from_it[next.place];
    const auto longer = there + onward - node.leg;
    auto cost = m.travel_per_second * longer;
    if (cost >= best.cost) continue;
    if (work_counts) cost += dearer_by_work(m, route, longer + task.service);
    const auto start = std::max(node.depart + there, task.from);
    const auto arrives = start + task.service + onward;
    if (start > until || arrives > next.latest) continue;
    int count = arrives > next.calm ? shifted_from(m, route, i + 1, arrives) : 0;
    auto calm = count > 0 ? until : std::min(until, next.calm - onward - task.service);
    if (suitor.planned != kNone) {
      count += start > late || calm < early;
      if (start <= late) calm = std::min(calm, late);
    } else if (task.urgent) {
      calm = start;
    }
    if (node.task != kNone) count += calm - there - m.task(node.task).service < node.eager;
    cost += m.shift_price * count;
    if (cost < best.cost) best = {cost, static_cast<int>(i)};
  }
  if (best.possible()) best.cost += suitor.extra;
  return best;
}

// What the day costs more from nodes[next] on if the engineer gets there at `arrives`, who has been somewhere before:
// lateness, waiting and overtime. It ends where a stop starts as before.
Units dearer_from(const Model& m, const DayRoute& route, std::size_t next, Seconds arrives) {
  const auto& day = m.day(route.engineer);
  Units cost = 0;
  for (std::size_t i = next; i + 1 < route.nodes.size(); ++i) {
    const auto& node = route.nodes[i];
    const auto& task = m.task(node.task);
    const auto start = node.pin != kNone ? node.pin : m.open_from(task, arrives);
    if (m.waiting_per_second > 0) {
      const auto& before = route.nodes[i - 1];
      cost += m.waiting_per_second * (start - arrives - (i > 1 ? node.start - before.depart - before.leg : 0));
    }
    if (start == node.start) return cost;
    cost += task.late_per_second * (std::max(0, start - task.due) - std::max(0, node.start - task.due));
    arrives = start + task.service + node.leg;
  }
  const auto over = [&](Seconds home) { return std::max(0, home - day.shift_end); };
  const auto before = route.empty() ? 0 : over(route.nodes.back().start);  // who stays at home costs nothing
  return cost + day.overtime_per_second * (over(arrives) - before);
}

// Where starts have a price, or windows gaps, but a day neither breaks nor a limit on work: places are ruled out by
// travel and slack, and priced by what they put off.
Spot timed_spot(const Model& m, const DayRoute& route, const Task& task, const Suitor& suitor) {
  const auto* to_it = m.to_place(task.place);
  const auto* from_it = m.from_place(task.place);
  const auto until = std::min(task.to, suitor.latest);
  const bool work_counts = prices_work(m, route);
  Spot best;
  for (std::size_t i = at(route.first_free); i + 1 < route.nodes.size(); ++i) {
    const auto &node = route.nodes[i], &next = route.nodes[i + 1];
    if (node.depart > until) break;
    const auto there = to_it[node.place], onward = from_it[next.place];
    const auto arrives = node.depart + there;
    const auto start = m.open_from(task, arrives);
    const auto goes_on = start + task.service + onward;
    if (start > until || goes_on > next.latest) continue;
    const auto longer = there + onward - node.leg;
    auto cost = m.travel_per_second * longer;
    if (work_counts) cost += dearer_by_work(m, route, longer + task.service);
    cost += task.late_per_second * std::max(0, start - task.due);
    if (i > 0) cost += m.waiting_per_second * (start - arrives);
    const bool later = m.waiting_per_second == 0 && there + task.service + onward >= node.leg;
    if (later && cost >= best.cost) continue;  // what comes after can only add to it
    cost += dearer_from(m, route, i + 1, goes_on);
    if (cost < best.cost) best = {cost, static_cast<int>(i)};
  }
  if (best.possible()) best.cost += suitor.extra;
  return best;
}

// Tries each place that is not ruled out by travel or slack, and prices the whole day.
Spot careful_spot(const Model& m, const DayRoute& route, int job, const Suitor& suitor, DayRoute& scratch) {
  const auto& task = m.task(job);
  const auto until = std::min(task.to, suitor.latest);
  // Who may not work too long leaves late: starts are no earlier than they must be, and say nothing of what could be.
  const bool early = m.day(route.engineer).max_work >= kForever;
  Spot best;
  for (int i = route.first_free; i + 1 < static_cast<int>(route.nodes.size()); ++i) {
    const auto& node = route.nodes[at(i)];
    const auto& next = route.nodes[at(i) + 1];
    if (early && node.depart > until) break;
    const auto starts = m.open_from(task, node.depart + m.travel(node.place, task.place));
    if (early && starts > until) continue;
    const bool rests_next = next.task != kNone && m.task(next.task).place == kNone;
    const auto onward = rests_next ? 0 : m.travel(task.place, next.place);
    if (early && !rests_next && starts + task.service + onward > next.latest) continue;
    scratch.nodes = route.nodes;
    scratch.engineer = route.engineer;
    scratch.from = route.from;
    scratch.to = route.to;
    put(m, scratch, job, i);
    if (!schedule(m, scratch)) continue;
    if (const auto cost = scratch.cost - route.cost; cost < best.cost) best = {cost, i};
  }
  return best;
}

}  // namespace

Spot best_spot(const Model& m, const DayRoute& route, int job, const Suitor& suitor, const DepotStock& depots,
               DayRoute& scratch) {
  const auto& task = m.task(job);
  if (task.part_count > 0 && !stocked(m, route, job)) {
    if (depots.left.empty()) return {};
    const auto spot = best_fetch({m, route, job, suitor, depots, scratch});
    return {spot.cost, spot.possible() ? kFetching : kNone};
  }
  if (!m.timed && task.simple && m.day(route.engineer).simple)
    return m.shift_price > 0 ? calm_spot(m, route, task, suitor) : quick_spot(m, route, task, suitor);
  const auto& day = m.day(route.engineer);
  if (m.shift_price == 0 && day.breaks.empty() && day.max_work >= kForever) return timed_spot(m, route, task, suitor);
  return careful_spot(m, route, job, suitor, scratch);
}

}  // namespace firstfix::planning
