#include "pickup.h"

#include <algorithm>

namespace firstfix::planning {
namespace {

std::size_t slot_of(const Model& m, int depot, int part) {
  return at(depot) * m.kinds + at(part);
}

int depot_of(const Model& m, const DayRoute& route, const Fetch& fetch) {
  const auto stop = std::find_if(route.nodes.begin(), route.nodes.end(),
                                 [&](const Node& node) { return node.pickup == fetch.pickup; });
  return m.depot_of(stop->task);
}

}  // namespace

DepotStock full_depots(const Model& m) {
  DepotStock out;
  for (const auto& depot : m.problem->depots) {
    auto stock = depot.stock;
    stock.resize(m.kinds);
    out.left.insert(out.left.end(), stock.begin(), stock.end());
  }
  return out;
}

DepotStock depots_after(const Model& m, const std::vector<DayRoute>& routes) {
  auto depots = full_depots(m);
  for (const auto& route : routes) draw(m, route, 1, depots);
  return depots;
}

void draw(const Model& m, const DayRoute& route, int times, DepotStock& depots) {
  for (const auto& fetch : route.fetches)
    depots.left[slot_of(m, depot_of(m, route, fetch), fetch.part)] -= times * fetch.quantity;
}

int left_at(const Model& m, const DepotStock& depots, int depot, int part) {
  return depots.left[slot_of(m, depot, part)];
}

int lacking(const DayRoute& route, const PartNeed& need) {
  return need.quantity - std::max(0, std::min(need.quantity, route.stock[at(need.part)]));
}

bool supply(const Model& m, const DepotStock& depots, const DayRoute& route, int job) {
  const auto& task = m.task(job);
  for (int i = 0; i < task.part_count; ++i) {
    const auto& need = m.parts[at(task.first_part + i)];
    int wanted = lacking(route, need);
    for (auto kind = at(need.part); kind < depots.left.size() && wanted > 0; kind += m.kinds)
      wanted -= depots.left[kind];
    if (wanted > 0) return false;
  }
  return !depots.left.empty();
}

void fetch(const Model& m, DayRoute& route, int job, const FetchStop& stop, DepotStock& depots) {
  auto pickup = stop.pickup;
  if (pickup == 0) {
    put(m, route, m.depot_task(stop.depot), stop.after);
    pickup = route.nodes[at(stop.after) + 1].pickup = ++route.last_pickup;
  }
  const auto& task = m.task(job);
  for (int i = 0; i < task.part_count; ++i) {
    const auto& need = m.parts[at(task.first_part + i)];
    const int taken = std::min(lacking(route, need), left_at(m, depots, stop.depot, need.part));
    if (taken > 0) reserve(m, route, {job, pickup, need.part, taken}, stop.depot, depots);
  }
}

void reserve(const Model& m, DayRoute& route, const Fetch& fetch, int depot, DepotStock& depots) {
  route.fetches.push_back(fetch);
  route.stock[at(fetch.part)] += fetch.quantity;
  depots.left[slot_of(m, depot, fetch.part)] -= fetch.quantity;
}

void give_back(const Model& m, DayRoute& route, int job, DepotStock& depots) {
  const auto of_job = [&](const Fetch& fetch) { return fetch.job == job; };
  for (const auto& fetch : route.fetches) {
    if (!of_job(fetch)) continue;
    depots.left[slot_of(m, depot_of(m, route, fetch), fetch.part)] += fetch.quantity;
    route.stock[at(fetch.part)] -= fetch.quantity;
  }
  route.fetches.erase(std::remove_if(route.fetches.begin(), route.fetches.end(), of_job), route.fetches.end());
}

void drop_idle_pickups(DayRoute& route) {
  if (route.last_pickup == 0) return;
  const auto idle = [&](const Node& node) {
    return node.pickup != 0 && !node.begun &&
           std::none_of(route.fetches.begin(), route.fetches.end(),
                        [&](const Fetch& fetch) { return fetch.pickup == node.pickup; });
  };
  route.nodes.erase(std::remove_if(route.nodes.begin(), route.nodes.end(), idle), route.nodes.end());
}

}  // namespace firstfix::planning
