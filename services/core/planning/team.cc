#include "team.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <thread>

#include "descent.h"
#include "ejection.h"
#include "part.h"
#include "regions.h"
#include "search.h"

namespace firstfix::planning {
namespace {

// Temperatures at the beginning, where there is a plan to be repaired (loosely, and as it is) and where not, of a
// problem searched whole and of one cut into regions, which has fewer rounds a job; and at the end. In legs of typical
// length.
constexpr double kHotLoose = 2, kHotRepair = 1, kHotWhole = 3, kHotRegions = 2.5;
constexpr double kCold = 0.01;
// What a point of priority weighs while the search wanders, in seconds of travel: in its first half, and at the end.
constexpr double kPointEarly = 80, kPointLate = 400;
// How much more it weighs at most when few are left out, and below what share of the jobs it weighs more.
constexpr double kDearest = 6, kFewAbsent = 0.06;
// The same where a plan is searched loosely: what has no room at first is not to be put in at a price that keeps it
// there.
constexpr double kDearestLoose = 2;
constexpr int kEpochs = 40;
constexpr double kSearching = 0.995;  // share of the time; the rest is for local moves on what was found
constexpr double kElsewhere = 0.5;    // share of absent jobs that are tried where somebody is who may do them
constexpr int kRounds = 16;           // between two looks at the clock
// Jobs of a region, at least, of a new plan and of one that is searched loosely: little enough for the fast memory. A
// problem is cut if it has kLooseJobs a thread.
constexpr int kRegionJobs = 220, kLooseJobs = 150;
// The same where few ways are left, and those reach farther: where a plan is repaired, where parts are short, and every
// other time while few jobs (share of all) find no place near.
constexpr int kWideJobs = 500;
constexpr double kFewLeft = 0.03;
// From when on places are looked for at the cost of other stops, where no plan is to be kept, how many steps of that at
// one time may take, and, on one thread, how often a cycle that is asked.
constexpr double kServeFrom = 0.5;
constexpr int kSteps = 1'000, kServings = 8;
constexpr std::uint64_t kFirstCycle = 2'000;

// From hot to cold, in legs of typical length.
double temperature(double leg, double hot, double progress) {
  return leg * hot * std::pow(kCold / hot, progress);
}

// How many are left out that somebody could do.
int left_out(const Model& m, const State& state) {
  return static_cast<int>(state.absent.size()) - m.unreachable;
}

// Rough at first, so that the search gets about; in the end nearly what counts. The fewer are left out, the dearer: one
// job that lies far off is worth a long way only if nothing else is to be gained by going it.
double point_price(const Model& m, const State& state, double progress, double dearest) {
  const double share = static_cast<double>(left_out(m, state)) / std::max(1, m.jobs());
  const double dearer = std::clamp(kFewAbsent / std::max(share, 1e-9), 1.0, dearest);
  return dearer * kPointEarly * std::pow(kPointLate / kPointEarly, std::max(0.0, 2 * progress - 1));
}

bool few_left(const Model& m, const State& state) {
  return left_out(m, state) > 0 && left_out(m, state) <= kFewLeft * m.jobs();
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
  Ejection ejection(m, options.seed);
  const double leg = typical_leg(m, start);
  search.begin(std::move(start));
  std::uint64_t done = 0;
  for (auto length = kFirstCycle; done < options.iterations; length *= 2) {
    search.return_to_best();
    for (std::uint64_t i = 0; i < length && done < options.iterations; ++i, ++done) {
      const auto progress = static_cast<double>(i) / static_cast<double>(length);
      search.set_point_price(point_price(m, search.best(), progress, kDearest));
      search.iterate(temperature(leg, options.repair == Repair::kNothing ? kHotWhole : kHotRepair, progress));
      if (i % (length / kServings) != 0 || progress < kServeFrom || options.repair != Repair::kNothing ||
          !few_left(m, search.best()))
        continue;
      if (auto fuller = search.best(); ejection.improve(fuller, kSteps, leg)) search.begin(std::move(fuller));
    }
  }
  return {search.best(), done};
}

class Team {
 public:
  Team(const Model& m, State start, const TeamOptions& options)
      : m_(m),
        options_(options),
        random_(options.seed),
        leg_(typical_leg(m, start)),
        now_(start),
        best_(std::move(start)) {
    for (int i = 0; i < options.threads; ++i) {
      const auto seed = options.seed * 1'000 + static_cast<std::uint64_t>(i);
      ejections_.emplace_back(m, seed);
      seeds_.emplace_back(seed);
    }
    counts_.resize(at(options.threads));
  }

  TeamResult run() {
    const bool by_region = m_.jobs() >= kLooseJobs * options_.threads && options_.threads > 1;
    hot_ = hottest(by_region);
    for (int epoch = 1; options_.spent() < 1; ++epoch) {
      const double until = kSearching * epoch / kEpochs;
      if (epoch < kEpochs && options_.spent() >= until) continue;
      if (by_region) {
        search_regions(until, epoch);
      } else {
        search_whole(until, epoch);
      }
      if (epoch >= kEpochs) break;
    }
    polish();
    return {std::move(best_), std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0})};
  }

 private:
  double hottest(bool by_region) const {
    switch (options_.repair) {
      case Repair::kLoose:
        return kHotLoose;
      case Repair::kClose:
        return kHotRepair;
      case Repair::kNothing:
        break;
    }
    return by_region ? kHotRegions : kHotWhole;
  }

  // Runs a thread's search until so much is spent.
  void run(Search& search, std::size_t thread, double until) {
    auto& count = counts_[thread];
    const double dearest = options_.repair == Repair::kLoose ? kDearestLoose : kDearest;
    for (double spent = options_.spent(); spent < until && count < options_.iterations; spent = options_.spent()) {
      const double heat = temperature(leg_, hot_, spent);
      search.set_point_price(point_price(m_, best_, spent, dearest));
      for (int round = 0; round < kRounds; ++round) search.iterate(heat);
      count += kRounds;
    }
  }

  // With what is left of the time: local moves, until none makes the best any better.
  void polish() {
    Descent(m_).improve(best_, [&] { return options_.spent() >= 1; });
  }

  template <class Work>
  void on_each_thread(Work work) {
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < at(options_.threads); ++i) threads.emplace_back(work, i);
    work(std::size_t{0});
    for (auto& thread : threads) thread.join();
  }

  void search_whole(double until, int epoch) {
    if (searches_.empty()) {
      for (auto& seeds : seeds_) searches_.push_back(std::make_unique<Search>(m_, seeds.next()));
      for (auto& search : searches_) search->begin(now_);
    }
    on_each_thread([&](std::size_t thread) { run(*searches_[thread], thread, until); });
    Search* leader = searches_.front().get();
    for (auto& search : searches_)
      if (search->best().score < leader->best().score) leader = search.get();
    if (leader->best().score < best_.score) best_ = leader->best();
    auto fuller = best_;
    if (until > kServeFrom && epoch < kEpochs && serve_more(fuller)) {
      for (auto& search : searches_) search->begin(fuller);
    } else if (epoch % 10 == 0) {
      for (auto& search : searches_)
        if (search.get() != leader) search->begin(leader->current());
    }
  }

  void search_regions(double until, int epoch) {
    const bool idle = std::all_of(now_.routes.begin(), now_.routes.end(), [](const auto& r) { return r.empty(); });
    if (idle) return search_whole(until, 1);
    const int wanted = std::max(options_.threads, m_.jobs() / region_jobs(epoch));
    const Regions regions(m_, now_, wanted, random_);
    std::vector<std::vector<int>> absent(at(regions.count())), engineers(at(regions.count()));
    for (const int job : now_.absent) absent[at(region_of(regions, job))].push_back(job);
    for (int e = 0; e < m_.engineers(); ++e) engineers[at(regions.of_engineer(e))].push_back(e);
    State best, now;
    best.routes.resize(m_.days.size());
    now.routes.resize(m_.days.size());
    on_each_thread([&](std::size_t thread) {
      const double from = options_.spent();
      const int first = static_cast<int>(thread), step = options_.threads;
      const int mine = (regions.count() - first + step - 1) / step;
      for (int i = 0; i < mine; ++i) {
        const auto region = at(first + i * step);
        const Part part(m_, now_, engineers[region], absent[region]);
        Search search(part.model(), seeds_[thread].next());
        search.begin(share_of(part, region, regions.count()));
        run(search, thread, from + (until - from) * (i + 1) / mine);
        part.days_out(search.best(), best.routes);
        part.days_out(search.current(), now.routes);
      }
    });
    recount(m_, best);
    recount(m_, now);
    if (best.score < best_.score) best_ = best;
    now_ = std::move(now);
    if (now_.score < best_.score) best_ = now_;
    if (until > kServeFrom && epoch < kEpochs) serve_more(now_);
  }

  // Each thread looks for places for the few that are left out, at the cost of other stops. False if none finds any.
  bool serve_more(State& state) {
    if (options_.repair != Repair::kNothing || !few_left(m_, state)) return false;
    std::vector<State> found(at(options_.threads), state);
    on_each_thread([&](std::size_t thread) { ejections_[thread].improve(found[thread], kSteps, leg_); });
    const auto most =
        std::min_element(found.begin(), found.end(), [](const State& a, const State& b) { return a.score < b.score; });
    if (most->score.lost >= state.score.lost) return false;
    state = std::move(*most);
    if (state.score < best_.score) best_ = state;
    return true;
  }

  int region_jobs(int epoch) const {
    const auto left = static_cast<double>(now_.absent.size());
    const bool few = left > 0 && left <= kFewLeft * m_.jobs();
    if (options_.repair == Repair::kClose || m_.kinds > 0 || (few && epoch % 2 == 0)) return kWideJobs;
    return options_.repair == Repair::kLoose ? kLooseJobs : kRegionJobs;
  }

  // What is in a part of the present state. Where a depot may run out, what is left is shared out among all parts.
  State share_of(const Part& part, std::size_t region, int regions) const {
    auto state = part.state();
    state.depots = now_.depots;
    if (!m_.scarce) return state;
    for (auto& left : state.depots.left) left = left / regions + (static_cast<int>(region) < left % regions);
    return state;
  }

  // Where an absent job is tried: where it lies, or where somebody is who may do it.
  int region_of(const Regions& regions, int job) {
    const auto suitors = m_.suitors(job);
    if (suitors.first == suitors.last || random_.unit() >= kElsewhere) return regions.of_job(job);
    const auto count = static_cast<int>(suitors.last - suitors.first);
    return regions.of_engineer(suitors.first[random_.below(count)].engineer);
  }

  const Model& m_;
  const TeamOptions& options_;
  Random random_;
  double leg_, hot_ = kHotWhole;
  State now_, best_;
  std::vector<std::unique_ptr<Search>> searches_;  // of each thread, where it searches the whole
  std::vector<Ejection> ejections_;
  std::vector<Random> seeds_;  // of each thread's searches
  std::vector<std::uint64_t> counts_;
};

}  // namespace

TeamResult search_together(const Model& m, State start, const TeamOptions& options) {
  if (!options.spent) return search_alone(m, std::move(start), options);
  return Team(m, std::move(start), options).run();
}

}  // namespace firstfix::planning
