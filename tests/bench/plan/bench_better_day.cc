// A look at a territory's days as a whole: 20 engineers with 100 visits, each planned with whoever was free when it
// came.
//
// The floor is the bare search: solve() on the same days already posed as a problem, with as many rounds. What lies
// above it is walking, posing, judging and giving starts back.
#include <random>

#include "measure.h"
#include "planning/replan.h"
#include "planning/solve.h"
#include "replan_pose.h"

namespace firstfix::bench {
namespace {

using namespace planning;
using namespace std::chrono_literals;

constexpr Instant kEight{1'780'300'800'000'000};
constexpr int kEngineers = 20, kVisits = 100, kLooks = 15;
constexpr std::uint64_t kRounds = 5'000;  // as the desk asks for

// A district of 80 by 80 km. Visits go to engineers in turn, wherever they are.
TerritoryDay some_day(unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> north(52.6, 53.3), east(9.4, 10.6);
  TerritoryDay day;
  for (int e = 0; e < kEngineers; ++e)
    day.engineers.push_back({.person = {.id = "engineers/" + std::to_string(e), .skills = {{"diesel", {2}}}},
                             .home = {north(random), east(random)},
                             .shifts = {{kEight, kEight + 10h}, {kEight + 24h, kEight + 34h}},
                             .min_rest = 11h});
  const GreatCircleTravel travel;
  std::vector<Instant> free(kEngineers, kEight);
  std::vector<Position> at;
  for (const auto& who : day.engineers) at.push_back(who.home);
  for (int v = 0; v < kVisits; ++v) {
    const auto e = static_cast<std::size_t>(v % kEngineers);
    const Position there{north(random), east(random)};
    auto starts = free[e] + travel.time(at[e], there, free[e]);
    if (starts + 1h + travel.time(there, day.engineers[e].home, starts) > kEight + 10h && starts < kEight + 24h) {
      at[e] = day.engineers[e].home;
      starts = kEight + 24h + travel.time(at[e], there, kEight + 24h);
    }
    day.stops.push_back({.id = "visits/" + std::to_string(v),
                         .engineer = day.engineers[e].person.id,
                         .starts = starts,
                         .ends = starts + 1h,
                         .position = there,
                         .stays = v % 10 == 0,
                         .skills = {{"diesel", v % 3 == 0 ? 2 : 1}}});
    free[e] = starts + 1h;
    at[e] = there;
  }
  return day;
}

template <class Work>
double took(const Work& work) {
  const auto begun = Steady::now();
  work();
  return micros(Steady::now() - begun) / 1000;
}

int run() {
  const GreatCircleTravel travel;
  ReplanOptions options;
  options.iterations = kRounds;
  std::vector<double> looks, searches;
  for (unsigned seed = 1; seed <= kLooks; ++seed) {
    const auto day = some_day(seed);
    bool good = true;
    looks.push_back(took([&] {
      const auto better = better_day(day, travel, kEight, options);
      good = better && !better->moves.empty();
    }));
    if (!good) return std::fprintf(stderr, "seed %u has no better day\n", seed), 1;
    const auto as_is = walk(day, as_it_is(day, kEight, options), travel, kEight, options);
    const auto posed = pose(day, as_is, travel, kEight, options);
    searches.push_back(took([&] {
      good = solve(posed.problem, {.iterations = kRounds, .seed = 1, .current = &posed.current, .reasons = false})
                 .has_value();
    }));
    if (!good) return std::fprintf(stderr, "seed %u cannot be searched\n", seed), 1;
  }
  print_line("better_day", "p50", percentile(looks, 0.5), "ms", percentile(searches, 0.5));
  print_line("better_day", "max", percentile(looks, 1), "ms", percentile(searches, 1));
  return 0;
}

}  // namespace
}  // namespace firstfix::bench

int main() {
  return firstfix::bench::run();
}
