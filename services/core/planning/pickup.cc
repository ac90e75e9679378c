#include "pickup.h"

#include <algorithm>

namespace firstfix::planning {
namespace {

constexpr int kDepotsTried = 3;  // of those that have the parts, the nearest to the job

int& left_at(const Model& m, DepotStock& depots, int depot, int part) {
  return depots.left[at(depot) * m.kinds + at(part)];
}

int depot_of(const Model& m, const DayRoute& route, const Fetch& fetch) {
  const auto stop = std::find_if(route.nodes.begin(), route.nodes.end(),
                                 [&](const Node& node) { return node.pickup == fetch.pickup; });
  return m.depot_of(stop->task);
}

int lacking(const DayRoute& route, const PartNeed& need) {
  return need.quantity - std::max(0, std::min(need.quantity, route.stock[at(need.part)]));
}

// True if the depot has what the job needs and the van lacks: all of it, or any.
enum class Share { kAll, kAny };
bool supplies(const Model& m, const DepotStock& depots, int depot, const DayRoute& route, int job, Share share) {
  const auto& task = m.task(job);
  for (int i = 0; i < task.part_count; ++i) {
    const auto& need = m.parts[at(task.first_part + i)];
    const int wanted = lacking(route, need), left = depots.left[at(depot) * m.kinds + at(need.part)];
    if (share == Share::kAll && left < wanted) return false;
    if (share == Share::kAny && wanted > 0 && left > 0) return true;
  }
  return share == Share::kAll;
}

// Reserves for the job what the depot has of what is lacking, at a stop that is put in unless it is there.
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

// Looks for the best place of a job behind fetching its parts, and not before nodes[not_before].
class FetchFinder {
 public:
  FetchFinder(const Model& m, const DayRoute& route, int job, const Suitor& suitor, int not_before, DayRoute& scratch)
      : m_(m),
        route_(route),
        job_(job),
        task_(m.task(job)),
        suitor_(suitor),
        not_before_(not_before),
        scratch_(scratch),
        until_(std::min(task_.to, suitor.latest)),
        careful_(m.timed || !task_.simple || !m.day(route.engineer).simple) {}

  // Behind a stop at a depot that is there.
  void behind(int position) {
    const auto& node = route_.nodes[at(position)];
    spot_.stop = {.pickup = node.pickup, .depot = m_.depot_of(node.task)};
    for (int i = position; i <= route_.stops(); ++i) {
      const auto& before = route_.nodes[at(i)];
      if (before.depart > until_) break;
      consider(i, before.place, before.depart, -before.leg);
    }
  }

  // With a new stop at the depot after nodes[first], everything behind it later.
  void with_new(int depot, int first) {
    const auto& fetching = m_.task(m_.depot_task(depot));
    const auto& before = route_.nodes[at(first)];
    spot_.stop = {.depot = depot, .after = first};
    auto place = fetching.place;
    const auto fetched = m_.open_from(fetching, before.depart + m_.travel(before.place, place));
    if (fetched > fetching.to) return;
    auto depart = fetched + fetching.service;
    auto longer = m_.travel(before.place, place) - before.leg;
    if (depart > until_ || dearer(longer + m_.travel(place, route_.nodes[at(first) + 1].place))) return;
    consider(first, place, depart, longer);
    for (int i = first + 1; i <= route_.stops() && depart <= until_; ++i) {
      const auto& node = route_.nodes[at(i)];
      const auto& task = m_.task(node.task);
      const bool rests = task.place == kNone;
      const auto leg = rests ? 0 : m_.travel(place, task.place);
      if (i == first + 1) longer += leg;
      const auto start = node.pin != kNone ? std::max(node.pin, depart + leg) : m_.open_from(task, depart + leg);
      if (rests ? start > task.to : start > node.latest) break;
      depart = start + task.service;
      if (!rests) place = task.place;
      consider(i, place, depart, longer - node.leg);
    }
  }

  const FetchSpot& best() const { return best_; }

 private:
  // The detour to a depot alone is more than the best; the job on top of it is not for nothing.
  bool dearer(Seconds detour) const { return !careful_ && m_.travel_per_second * detour + suitor_.extra >= best_.cost; }

  // The job after nodes[after], where the engineer leaves `place` at `depart`; `longer` is the travel added so far.
  void consider(int after, int place, Seconds depart, Seconds longer) {
    if (after < not_before_) return;
    const auto& next = route_.nodes[at(after) + 1];
    const auto start = m_.open_from(task_, depart + m_.travel(place, task_.place));
    if (start > until_) return;
    const bool rests = next.task != kNone && m_.task(next.task).place == kNone;
    const auto onward = rests ? 0 : m_.travel(task_.place, next.place);
    if (!rests && start + task_.service + onward > next.latest) return;
    spot_.after = after;
    spot_.cost = m_.travel_per_second * (longer + m_.travel(place, task_.place) + onward) + suitor_.extra;
    if (careful_) spot_.cost = price();
    if (spot_.cost < best_.cost) best_ = spot_;
  }

  // Of the whole day with both stops.
  Units price() {
    scratch_.nodes = route_.nodes;
    scratch_.engineer = route_.engineer;
    scratch_.from = route_.from;
    scratch_.to = route_.to;
    put(m_, scratch_, job_, spot_.after);
    if (spot_.stop.pickup == 0) put(m_, scratch_, m_.depot_task(spot_.stop.depot), spot_.stop.after);
    return schedule(m_, scratch_) ? scratch_.cost - route_.cost : kImpossible;
  }

  const Model& m_;
  const DayRoute& route_;
  int job_;
  const Task& task_;
  const Suitor& suitor_;
  int not_before_;
  DayRoute& scratch_;
  Seconds until_;
  bool careful_;
  FetchSpot spot_, best_;
};

// Calls with each stop that is there where some of it, or all, can be fetched, and then with each depot near the job.
template <class There, class Near>
void each_source(const Model& m, const DayRoute& route, int job, const DepotStock& depots, Share share, There there,
                 Near near) {
  if (route.last_pickup > 0)
    for (int i = route.first_free + 1; i <= route.stops(); ++i) {
      const auto& node = route.nodes[at(i)];
      if (node.pickup != 0 && supplies(m, depots, m.depot_of(node.task), route, job, share)) there(i);
    }
  int tried = 0;
  for (const int depot : m.near_depots[at(job)]) {
    if (!supplies(m, depots, depot, route, job, share)) continue;
    near(depot);
    if (++tried == kDepotsTried) break;
  }
}

FetchSpot from_one(const Model& m, const DayRoute& route, int job, const Suitor& suitor, const DepotStock& depots,
                   int not_before, DayRoute& scratch) {
  FetchFinder finder(m, route, job, suitor, not_before, scratch);
  each_source(
      m, route, job, depots, Share::kAll, [&](int position) { finder.behind(position); },
      [&](int depot) {
        for (int first = route.first_free; first <= route.stops(); ++first) finder.with_new(depot, first);
      });
  return finder.best();
}

// With one of two stops given: the other wherever it fits best, before it or behind, and the job behind both.
FetchSpot with_other(const Model& m, const DayRoute& route, int job, const Suitor& suitor, const FetchStop& other,
                     const DepotStock& depots, DayRoute& scratch) {
  auto day = route;
  auto left = depots;
  fetch(m, day, job, other, left);
  if (!schedule(m, day)) return {};
  const auto number = other.pickup != 0 ? other.pickup : day.last_pickup;
  const auto there =
      std::find_if(day.nodes.begin(), day.nodes.end(), [&](const Node& node) { return node.pickup == number; });
  auto spot = from_one(m, day, job, suitor, left, static_cast<int>(there - day.nodes.begin()), scratch);
  if (!spot.possible()) return {};
  spot.cost += day.cost - route.cost;
  spot.other = other;
  return spot;
}

FetchSpot from_two(const Model& m, const DayRoute& route, int job, const Suitor& suitor, const DepotStock& depots,
                   DayRoute& scratch) {
  FetchSpot best;
  const auto consider = [&](const FetchStop& other) {
    if (auto spot = with_other(m, route, job, suitor, other, depots, scratch); spot.cost < best.cost) best = spot;
  };
  each_source(
      m, route, job, depots, Share::kAny,
      [&](int position) {
        const auto& node = route.nodes[at(position)];
        consider({.pickup = node.pickup, .depot = m.depot_of(node.task)});
      },
      [&](int depot) {
        for (int first = route.first_free; first <= route.stops(); ++first) consider({.depot = depot, .after = first});
      });
  return best;
}

bool any_has_all(const Model& m, const DepotStock& depots, const DayRoute& route, int job) {
  const auto& near = m.near_depots[at(job)];
  return std::any_of(near.begin(), near.end(),
                     [&](int depot) { return supplies(m, depots, depot, route, job, Share::kAll); });
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
    left_at(m, depots, depot_of(m, route, fetch), fetch.part) -= times * fetch.quantity;
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

FetchSpot best_fetch(const Model& m, const DayRoute& route, int job, const Suitor& suitor, const DepotStock& depots,
                     DayRoute& scratch) {
  auto best = from_one(m, route, job, suitor, depots, 0, scratch);
  if (best.possible() || any_has_all(m, depots, route, job) || !supply(m, depots, route, job)) return best;
  return from_two(m, route, job, suitor, depots, scratch);
}

FetchSpot fetch_from(const Model& m, const DayRoute& route, int job, const Suitor& suitor, int depot,
                     const DepotStock& depots, DayRoute& scratch) {
  FetchFinder finder(m, route, job, suitor, 0, scratch);
  FetchSpot best;
  const bool all = supplies(m, depots, depot, route, job, Share::kAll);
  for (int first = route.first_free; first <= route.stops(); ++first) {
    if (all) {
      finder.with_new(depot, first);
    } else if (auto spot = with_other(m, route, job, suitor, {.depot = depot, .after = first}, depots, scratch);
               spot.cost < best.cost) {
      best = spot;
    }
  }
  return all ? finder.best() : best;
}

void put_fetched(const Model& m, DayRoute& route, int job, const FetchSpot& spot, DepotStock& depots) {
  if (spot.other) fetch(m, route, job, *spot.other, depots);
  fetch(m, route, job, spot.stop, depots);
  put(m, route, job, spot.stop.pickup == 0 ? spot.after + 1 : spot.after);
}

void put_at(const Model& m, DayRoute& route, int job, const Suitor& suitor, int after, DepotStock& depots,
            DayRoute& scratch) {
  if (after != kFetching) return put(m, route, job, after);
  put_fetched(m, route, job, best_fetch(m, route, job, suitor, depots, scratch), depots);
}

void reserve(const Model& m, DayRoute& route, const Fetch& fetch, int depot, DepotStock& depots) {
  route.fetches.push_back(fetch);
  route.stock[at(fetch.part)] += fetch.quantity;
  left_at(m, depots, depot, fetch.part) -= fetch.quantity;
}

void give_back(const Model& m, DayRoute& route, int job, DepotStock& depots) {
  const auto of_job = [&](const Fetch& fetch) { return fetch.job == job; };
  for (const auto& fetch : route.fetches) {
    if (!of_job(fetch)) continue;
    left_at(m, depots, depot_of(m, route, fetch), fetch.part) += fetch.quantity;
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
