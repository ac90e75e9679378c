#include "errand.h"

#include <algorithm>

namespace firstfix::planning {
namespace {

constexpr int kDepotsTried = 3;    // of those that have what is looked for, the nearest to the job
constexpr std::size_t kWays = 64;  // of coming by some of the parts, that are followed further

// True if the depot has all that the job needs and the van lacks.
bool has_all(const Errand& errand, int depot) {
  const auto& m = errand.model;
  const auto& task = m.task(errand.job);
  for (int i = 0; i < task.part_count; ++i) {
    const auto& need = m.parts[at(task.first_part + i)];
    if (left_at(m, errand.depots, depot, need.part) < lacking(errand.route, need)) return false;
  }
  return true;
}

bool any_has_all(const Errand& errand) {
  const auto& near = errand.model.near_depots[at(errand.job)];
  return std::any_of(near.begin(), near.end(), [&](int depot) { return has_all(errand, depot); });
}

// Of the parts that are lacking, the one that the fewest depots have.
int scarcest(const Errand& errand) {
  const auto& m = errand.model;
  const auto& task = m.task(errand.job);
  const auto& near = m.near_depots[at(errand.job)];
  int part = kNone;
  std::ptrdiff_t fewest = 0;
  for (int i = 0; i < task.part_count; ++i) {
    const auto& need = m.parts[at(task.first_part + i)];
    if (lacking(errand.route, need) == 0) continue;
    const auto have = std::count_if(near.begin(), near.end(),
                                    [&](int depot) { return left_at(m, errand.depots, depot, need.part) > 0; });
    if (part != kNone && have >= fewest) continue;
    part = need.part;
    fewest = have;
  }
  return part;
}

// Looks for the best place of a job behind fetching its parts, and not before nodes[not_before].
class FetchFinder {
 public:
  FetchFinder(const Errand& errand, int not_before)
      : m_(errand.model),
        route_(errand.route),
        job_(errand.job),
        task_(m_.task(job_)),
        suitor_(errand.suitor),
        not_before_(not_before),
        scratch_(errand.scratch),
        until_(std::min(task_.to, suitor_.latest)),
        early_(m_.day(route_.engineer).max_work >= kForever),
        careful_(m_.timed || !task_.simple || !m_.day(route_.engineer).simple || prices_work(m_, route_)) {}

  // Behind a stop at a depot that is there.
  void behind(int position) {
    const auto& node = route_.nodes[at(position)];
    spot_.stop = {.pickup = node.pickup, .depot = m_.depot_of(node.task)};
    for (int i = position; i <= route_.stops(); ++i) {
      const auto& before = route_.nodes[at(i)];
      if (too_late(before.depart, until_)) break;
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
    if (too_late(fetched, fetching.to)) return;
    auto depart = fetched + fetching.service;
    auto longer = m_.travel(before.place, place) - before.leg;
    if (too_late(depart, until_) || dearer(longer + m_.travel(place, route_.nodes[at(first) + 1].place))) return;
    consider(first, place, depart, longer);
    for (int i = first + 1; i <= route_.stops() && !too_late(depart, until_); ++i) {
      const auto& node = route_.nodes[at(i)];
      const auto& task = m_.task(node.task);
      const bool rests = task.place == kNone;
      const auto leg = rests ? 0 : m_.travel(place, task.place);
      if (i == first + 1) longer += leg;
      const auto start = node.pin != kNone ? std::max(node.pin, depart + leg) : m_.open_from(task, depart + leg);
      if (too_late(start, rests ? task.to : node.latest)) break;
      depart = start + task.service;
      if (!rests) place = task.place;
      consider(i, place, depart, longer - node.leg);
    }
  }

  const FetchSpot& best() const { return best_; }

 private:
  // Who may not work too long leaves late: starts are no earlier than they must be, and rule nothing out.
  bool too_late(Seconds t, Seconds limit) const { return early_ && t > limit; }

  // The detour to a depot alone is more than the best; the job on top of it is not for nothing.
  bool dearer(Seconds detour) const { return !careful_ && m_.travel_per_second * detour + suitor_.extra >= best_.cost; }

  // The job after nodes[after], where the engineer leaves `place` at `depart`; `longer` is the travel added so far.
  void consider(int after, int place, Seconds depart, Seconds longer) {
    if (after < not_before_) return;
    const auto& next = route_.nodes[at(after) + 1];
    const auto start = m_.open_from(task_, depart + m_.travel(place, task_.place));
    if (too_late(start, until_)) return;
    const bool rests = next.task != kNone && m_.task(next.task).place == kNone;
    const auto onward = rests ? 0 : m_.travel(task_.place, next.place);
    if (!rests && too_late(start + task_.service + onward, next.latest)) return;
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
  bool early_;  // starts are the earliest
  bool careful_;
  FetchSpot spot_, best_;
};

// Calls with each stop that is there whose depot `has` it, and then with each such depot near the job.
template <class Has, class There, class Near>
void each_source(const Errand& errand, Has has, There there, Near near) {
  const auto& [m, route, job, suitor, depots, scratch] = errand;
  if (route.last_pickup > 0)
    for (int i = route.first_free + 1; i <= route.stops(); ++i) {
      const auto& node = route.nodes[at(i)];
      if (node.pickup != 0 && has(m.depot_of(node.task))) there(i);
    }
  int tried = 0;
  for (const int depot : m.near_depots[at(job)]) {
    if (!has(depot)) continue;
    near(depot);
    if (++tried == kDepotsTried) break;
  }
}

FetchSpot from_one(const Errand& errand, int not_before) {
  FetchFinder finder(errand, not_before);
  each_source(
      errand, [&](int depot) { return has_all(errand, depot); }, [&](int position) { finder.behind(position); },
      [&](int depot) {
        for (int first = errand.route.first_free; first <= errand.route.stops(); ++first) finder.with_new(depot, first);
      });
  return finder.best();
}

// Looks for the best way to come by parts that no one depot has all of: stop by stop, always for the part that is
// hardest to come by, before the stops that are there already or behind; the job behind all of them.
class Gathering {
 public:
  explicit Gathering(const Errand& errand) : errand_(errand), ways_{{errand.route, errand.depots, {}, 0, 0}} {}

  FetchSpot best() {
    while (!ways_.empty()) {
      for (const auto& way : ways_) extend(way);
      follow_cheapest();
    }
    return best_;
  }

  // The same with a new stop at this depot.
  FetchSpot best_from(int depot) {
    add_new(ways_.front(), depot);
    follow_cheapest();
    return best();
  }

 private:
  // Some of the parts, with what they cost: the day with the stops alone, and with the job as if that were all.
  struct Way {
    DayRoute day;
    DepotStock left;
    std::vector<FetchStop> stops;
    Units cost, with_job;
  };

  Errand errand_on(const Way& way) const {
    return {errand_.model, way.day, errand_.job, errand_.suitor, way.left, errand_.scratch};
  }

  void extend(const Way& way) {
    const auto& m = errand_.model;
    const auto part = scarcest(errand_on(way));
    each_source(
        errand_on(way), [&](int depot) { return left_at(m, way.left, depot, part) > 0; },
        [&](int position) {
          const auto& node = way.day.nodes[at(position)];
          add(way, {.pickup = node.pickup, .depot = m.depot_of(node.task)});
        },
        [&](int depot) { add_new(way, depot); });
  }

  void add_new(const Way& way, int depot) {
    for (int first = way.day.first_free; first <= way.day.stops(); ++first) add(way, {.depot = depot, .after = first});
  }

  void add(Way way, const FetchStop& stop) {
    const auto had = way.day.fetches.size();
    fetch(errand_.model, way.day, errand_.job, stop, way.left);
    if (way.day.fetches.size() == had || !schedule(errand_.model, way.day)) return;
    way.stops.push_back(stop);
    way.cost = way.day.cost - errand_.route.cost;
    const auto errand = errand_on(way);
    const int last = last_fetch(way.day, errand_.job);
    FetchFinder finder(errand, last);
    finder.behind(last);
    way.with_job = way.cost + finder.best().cost;
    if (!finder.best().possible() || way.with_job >= best_.cost) return;
    if (!finish(way, from_one(errand, last)) && supply(errand_.model, way.left, way.day, errand_.job))
      further_.push_back(std::move(way));
  }

  // False if there is no one stop for the rest.
  bool finish(const Way& way, FetchSpot spot) {
    if (!spot.possible()) return false;
    spot.cost += way.cost;
    if (spot.cost >= best_.cost) return true;
    best_ = std::move(spot);
    best_.others = way.stops;
    return true;
  }

  void follow_cheapest() {
    std::stable_sort(further_.begin(), further_.end(),
                     [](const Way& a, const Way& b) { return a.with_job < b.with_job; });
    if (further_.size() > kWays) further_.erase(further_.begin() + kWays, further_.end());
    ways_.swap(further_);
    further_.clear();
  }

  const Errand& errand_;
  std::vector<Way> ways_, further_;
  FetchSpot best_;
};

}  // namespace

FetchSpot best_fetch(const Errand& errand) {
  auto best = from_one(errand, 0);
  if (best.possible() || any_has_all(errand) || !supply(errand.model, errand.depots, errand.route, errand.job))
    return best;
  return Gathering(errand).best();
}

FetchSpot fetch_from(const Errand& errand, int depot) {
  if (!has_all(errand, depot)) return Gathering(errand).best_from(depot);
  FetchFinder finder(errand, 0);
  for (int first = errand.route.first_free; first <= errand.route.stops(); ++first) finder.with_new(depot, first);
  return finder.best();
}

void put_stops(const Model& m, DayRoute& route, int job, const FetchSpot& spot, DepotStock& depots) {
  for (const auto& stop : spot.others) fetch(m, route, job, stop, depots);
  fetch(m, route, job, spot.stop, depots);
}

int last_fetch(const DayRoute& route, int job) {
  const auto for_job = [&](const Node& node) {
    return node.pickup != 0 && std::any_of(route.fetches.begin(), route.fetches.end(), [&](const Fetch& one) {
             return one.job == job && one.pickup == node.pickup;
           });
  };
  const auto behind = std::find_if(route.nodes.rbegin(), route.nodes.rend(), for_job).base();
  return static_cast<int>(behind - route.nodes.begin()) - 1;
}

void put_fetched(const Model& m, DayRoute& route, int job, const FetchSpot& spot, DepotStock& depots) {
  put_stops(m, route, job, spot, depots);
  put(m, route, job, spot.stop.pickup == 0 ? spot.after + 1 : spot.after);
}

void put_at(const Model& m, DayRoute& route, int job, const Suitor& suitor, int after, DepotStock& depots,
            DayRoute& scratch) {
  if (after != kFetching) return put(m, route, job, after);
  put_fetched(m, route, job, best_fetch({m, route, job, suitor, depots, scratch}), depots);
}

}  // namespace firstfix::planning
