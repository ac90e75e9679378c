#include "team.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <thread>

#include "pickup.h"
#include "search.h"

namespace firstfix::planning {
namespace {

// Temperatures at the beginning, where there is a plan to be repaired and where not, of a problem searched whole and of
// one cut into regions, which has fewer rounds a job; and at the end. In legs of typical length.
constexpr double kHotRepair = 0.1, kHotWhole = 3, kHotRegions = 1;
constexpr double kCold = 0.01;
// What a point of priority weighs while the search wanders, in seconds of travel: in its first half, and at the end.
constexpr double kPointEarly = 80, kPointLate = 400;
constexpr int kEpochs = 40;
constexpr double kElsewhere = 0.5;  // share of absent jobs that are tried where somebody is who may do them
constexpr int kRounds = 16;         // between two looks at the clock
constexpr int kRegionJobs = 150;    // a region is not smaller
constexpr std::uint64_t kFirstCycle = 2'000;

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

// From hot to cold, in legs of typical length.
double temperature(double leg, double hot, double progress) {
  return leg * hot * std::pow(kCold / hot, progress);
}

// Rough at first, so that the search gets about; in the end nearly what counts.
double point_price(double progress) {
  return kPointEarly * std::pow(kPointLate / kPointEarly, std::max(0.0, 2 * progress - 1));
}

double typical_leg(const Model& m, const State& state) {
  Units cost = 0;
  int legs = 0;
  for (const auto& route : state.routes) {
    if (route.empty()) continue;
    legs += route.stops() + 1;
    for (const auto& node : route.nodes) cost += m.travel_per_second * node.leg;
  }
  return legs > 0 ? static_cast<double>(cost) / legs : 1;
}

// Cycles of doubling length, each from the best so far: what n rounds found, 2n rounds found on their way.
TeamResult search_alone(const Model& m, State start, const TeamOptions& options) {
  Search search(m, options.seed);
  const double leg = typical_leg(m, start);
  search.begin(std::move(start));
  std::uint64_t done = 0;
  for (auto length = kFirstCycle; done < options.iterations; length *= 2) {
    search.return_to_best();
    for (std::uint64_t i = 0; i < length && done < options.iterations; ++i, ++done) {
      const auto progress = static_cast<double>(i) / static_cast<double>(length);
      search.set_point_price(point_price(progress));
      search.iterate(temperature(leg, options.repair ? kHotRepair : kHotWhole, progress));
    }
  }
  return {search.best(), done};
}

double mean_travel(const Model& m, const DayRoute& route, int place) {
  if (route.empty()) return m.travel(m.day(route.engineer).start, place);
  double sum = 0;
  for (int i = 1; i <= route.stops(); ++i) sum += m.travel(route.nodes[at(i)].place, place);
  return sum / route.stops();
}

// The engineers in an order in which neighbours are near: by how much nearer they are to one pole than to another.
class Regions {
 public:
  Regions(const Model& m, const State& state, int count, Random& random) : m_(m), count_(count) {
    std::vector<int> used;
    for (const auto& route : state.routes)
      if (!route.empty()) used.push_back(route.engineer);
    const auto pick = [&] {
      const auto& route = state.routes[at(used[at(random.below(static_cast<int>(used.size())))])];
      return route.nodes[at(1 + random.below(route.stops()))].place;
    };
    north_ = pick();
    south_ = pick();
    for (int tries = 0; tries < 3; ++tries)
      if (const int other = pick(); m.travel(north_, other) > m.travel(north_, south_)) south_ = other;
    std::vector<std::pair<double, int>> order;
    for (const int e : used) order.emplace_back(side(state.routes[at(e)]), e);
    std::sort(order.begin(), order.end());
    region_.assign(m.days.size(), 0);
    for (std::size_t i = 0; i < order.size(); ++i) {
      const auto region = i * at(count) / order.size();
      region_[at(order[i].second)] = static_cast<int>(region);
      if (borders_.size() < region) borders_.push_back(order[i].first);
    }
    int turn = 0;
    for (const auto& route : state.routes)
      if (route.empty()) region_[at(route.engineer)] = turn++ % count;
  }

  int of_engineer(int e) const { return region_[at(e)]; }
  int of_job(int job) const {
    const auto place = m_.task(job).place;
    const double side = m_.travel(place, north_) - m_.travel(place, south_);
    return static_cast<int>(std::upper_bound(borders_.begin(), borders_.end(), side) - borders_.begin());
  }
  int count() const { return count_; }

 private:
  double side(const DayRoute& route) const { return mean_travel(m_, route, north_) - mean_travel(m_, route, south_); }

  const Model& m_;
  int count_, north_ = 0, south_ = 0;
  std::vector<int> region_;
  std::vector<double> borders_;
};

class Team {
 public:
  Team(const Model& m, State start, const TeamOptions& options)
      : m_(m),
        options_(options),
        random_(options.seed),
        leg_(typical_leg(m, start)),
        now_(start),
        best_(std::move(start)) {
    for (int i = 0; i < options.threads; ++i)
      searches_.push_back(std::make_unique<Search>(m, options.seed * 1'000 + static_cast<std::uint64_t>(i)));
    counts_.resize(at(options.threads));
  }

  TeamResult run() {
    const bool by_region = m_.jobs() >= kRegionJobs * options_.threads && options_.threads > 1;
    hot_ = options_.repair ? kHotRepair : by_region ? kHotRegions : kHotWhole;
    for (int epoch = 1; options_.spent() < 1; ++epoch) {
      const double until = std::min(1.0, 1.0 * epoch / kEpochs);
      if (until < 1 && options_.spent() >= until) continue;
      if (by_region) {
        search_regions(until);
      } else {
        search_whole(until, epoch);
      }
      if (epoch >= kEpochs) break;
    }
    return {std::move(best_), std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0})};
  }

 private:
  // Each thread runs its search until so much is spent.
  void run_threads(double until) {
    const auto work = [&](std::size_t i) {
      auto& search = *searches_[i];
      for (double spent = options_.spent(); spent < until && counts_[i] < options_.iterations;
           spent = options_.spent()) {
        const double heat = temperature(leg_, hot_, spent);
        search.set_point_price(point_price(spent));
        for (int round = 0; round < kRounds; ++round) search.iterate(heat);
        counts_[i] += kRounds;
      }
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < searches_.size(); ++i) threads.emplace_back(work, i);
    work(0);
    for (auto& thread : threads) thread.join();
  }

  void search_whole(double until, int epoch) {
    if (epoch == 1)
      for (auto& search : searches_) search->begin(now_);
    run_threads(until);
    Search* leader = searches_.front().get();
    for (auto& search : searches_)
      if (search->best().score < leader->best().score) leader = search.get();
    if (leader->best().score < best_.score) best_ = leader->best();
    if (epoch % 10 == 0)
      for (auto& search : searches_)
        if (search.get() != leader) search->begin(leader->current());
  }

  void search_regions(double until) {
    const bool idle = std::all_of(now_.routes.begin(), now_.routes.end(), [](const auto& r) { return r.empty(); });
    if (idle) return search_whole(until, 1);
    const Regions regions(m_, now_, options_.threads, random_);
    std::vector<int> where(at(m_.jobs()), kNone);
    for (const int job : now_.absent) where[at(job)] = region_of(regions, job);
    for (int i = 0; i < regions.count(); ++i) {
      State part = now_;
      std::vector<char> active(m_.days.size());
      for (int e = 0; e < m_.engineers(); ++e) active[at(e)] = regions.of_engineer(e) == i ? 1 : 0;
      part.absent.clear();
      for (const int job : now_.absent)
        if (where[at(job)] == i) part.absent.push_back(job);
      part.score = score_of(m_, part);
      // What the depots have left is shared out.
      for (auto& left : part.depots.left) left = left / regions.count() + (i < left % regions.count());
      searches_[at(i)]->begin(std::move(part), std::move(active));
    }
    run_threads(until);
    State best = merged(regions, [](const Search& search) -> const State& { return search.best(); });
    if (best.score < best_.score) best_ = best;
    now_ = merged(regions, [](const Search& search) -> const State& { return search.current(); });
    if (now_.score < best_.score) best_ = now_;
    if (until >= 1) now_ = best_;
  }

  // Where an absent job is tried: where it lies, or where somebody is who may do it.
  int region_of(const Regions& regions, int job) {
    const auto suitors = m_.suitors(job);
    if (suitors.first == suitors.last || random_.unit() >= kElsewhere) return regions.of_job(job);
    const auto count = static_cast<int>(suitors.last - suitors.first);
    return regions.of_engineer(suitors.first[random_.below(count)].engineer);
  }

  template <class Which>
  State merged(const Regions& regions, Which which) const {
    State out;
    out.engineer_of.assign(at(m_.jobs()), kNone);
    for (int e = 0; e < m_.engineers(); ++e) {
      out.routes.push_back(which(*searches_[at(regions.of_engineer(e))]).routes[at(e)]);
      for (const auto& node : out.routes.back().nodes)
        if (node.task != kNone && node.task < m_.jobs()) out.engineer_of[at(node.task)] = e;
    }
    for (int job = 0; job < m_.jobs(); ++job)
      if (out.engineer_of[at(job)] == kNone) out.absent.push_back(job);
    out.score = score_of(m_, out);
    out.depots = depots_after(m_, out.routes);
    return out;
  }

  const Model& m_;
  const TeamOptions& options_;
  Random random_;
  double leg_, hot_ = kHotWhole;
  State now_, best_;
  std::vector<std::unique_ptr<Search>> searches_;
  std::vector<std::uint64_t> counts_;
};

}  // namespace

TeamResult search_together(const Model& m, State start, const TeamOptions& options) {
  if (!options.spent) return search_alone(m, std::move(start), options);
  return Team(m, std::move(start), options).run();
}

}  // namespace firstfix::planning
