#include "planning/replan.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "planning/solve.h"
#include "replan_pose.h"
#include "replan_walk.h"

namespace firstfix::planning {
namespace {

constexpr Duration kShifted = std::chrono::seconds{kPromiseTolerance}, kSame = std::chrono::minutes{1};

constexpr int kMostTries = 5;
constexpr double kDearer = 2;

Duration apart(Instant a, Instant b) {
  return a > b ? a - b : b - a;
}

long minutes(Duration d) {
  return static_cast<long>(std::llround(static_cast<double>(d.count()) / 60e6));
}

template <class... Args>
std::string say(const char* format, Args... args) {
  char text[200];
  std::snprintf(text, sizeof text, format, args...);
  return text;
}

Status check(const TerritoryDay& day) {
  for (const auto& who : day.engineers)
    for (std::size_t i = 0; i < who.shifts.size(); ++i) {
      if (who.shifts[i].to < who.shifts[i].from) return fail(Code::kInvalid, who.person.id + ": a shift ends too soon");
      if (i > 0 && who.shifts[i].from < who.shifts[i - 1].to)
        return fail(Code::kInvalid, who.person.id + ": shifts overlap");
    }
  for (const auto& stop : day.stops)
    if (stop.ends < stop.starts) return fail(Code::kInvalid, stop.id + ": ends before it begins");
  return {};
}

// Who is planned for the time at which they are planned already keeps it to the microsecond.
void keep_times(const TerritoryDay& day, Arrangement& arranged) {
  for (std::size_t e = 0; e < arranged.size(); ++e)
    for (auto& one : arranged[e]) {
      const auto& stop = day.stops[one.stop];
      const bool same = stop.engineer == day.engineers[e].person.id;
      if (same && (stop.stays || apart(stop.starts, one.starts) <= kSame)) one.starts = stop.starts;
    }
}

std::string reason_of(const DayStop& stop, const DayMove& move, Duration sooner) {
  std::string out = move.from == move.to ? move.to + " at another time" : move.to + " instead of " + move.from;
  if (std::abs(minutes(sooner)) > 0)
    out += say(", %ld min %s", std::abs(minutes(sooner)), sooner.count() > 0 ? "sooner" : "later");
  out += say(", %ld min of travel", minutes(move.travel));
  if (!move.depot.empty() && move.depot != stop.depot) out += ", fetches its parts at " + move.depot;
  return out;
}

struct Changes {
  std::vector<DayMove> moves;
  int moved = 0, shifted = 0, agreed = 0;
};

// What differs, with each visit's start compared with the one that it would have as the days stand.
Changes changes(const TerritoryDay& day, const Walk& as_is, const Walk& better) {
  std::map<std::size_t, const Walked*> before;
  for (const auto& step : as_is.stops) before[step.stop] = &step;
  Changes out;
  for (const auto& step : better.stops) {
    const auto& stop = day.stops[step.stop];
    const auto& was = *before.at(step.stop);
    const bool moved = was.engineer != step.engineer;
    if (stop.stays || (!moved && apart(was.starts, step.starts) <= kSame && was.depot == step.depot)) continue;
    const bool shifted = !moved && apart(was.starts, step.starts) > kShifted;
    out.moved += moved;
    out.shifted += shifted;
    out.agreed += stop.agreed && (moved || shifted);
    DayMove move{stop.id,     stop.engineer,      day.engineers[step.engineer].person.id,
                 stop.starts, step.travel_starts, step.starts,
                 step.ends,   step.travel,        step.depot,
                 {}};
    move.reason = reason_of(stop, move, was.starts - step.starts);
    out.moves.push_back(std::move(move));
  }
  return out;
}

BetterDay nothing(std::string why) {
  BetterDay out;
  out.reason = std::move(why);
  return out;
}

BetterDay judged(const TerritoryDay& day, const Walk& as_is, const Walk& better, const ReplanOptions& options) {
  if (auto why = broken(day, as_is, better, options); !why.empty())
    return nothing("no better day was found that keeps every rule: " + why);
  const auto& weights = options.weights;
  auto [moves, moved, shifted, agreed] = changes(day, as_is, better);
  if (moves.empty()) return nothing("the days are as good as they can be made");
  if (moves.size() > options.most_moves) return nothing("too much would move at once");
  BetterDay out;
  out.disturbance = weights.moved * moved + weights.shifted * shifted + weights.agreed * agreed;
  out.saves = as_is.cost - better.cost - out.disturbance;
  out.travel_saved = as_is.travel - better.travel;
  const double worth = std::max(weights.worth_per_move * (moved + shifted), 0.01);
  const auto figures = say("saves %.1f beyond a disturbance of %.1f (%d to another engineer, %d at another time)",
                           out.saves, out.disturbance, moved, static_cast<int>(moves.size()) - moved);
  if (out.saves < worth) return nothing("not worth it: " + figures + say(", and %.1f are asked for", worth));
  out.reason = figures + say("; %ld min of travel %s", std::abs(minutes(out.travel_saved)),
                             out.travel_saved.count() >= 0 ? "less" : "more");
  out.moves = std::move(moves);
  return out;
}

}  // namespace

std::vector<Ways> ways_of(const TerritoryDay& day) {
  Ways all;
  for (const auto& who : day.engineers) all.from.push_back(who.home);
  for (const auto& depot : day.depots) all.from.push_back(depot.position);
  for (const auto& stop : day.stops) all.from.push_back(stop.position);
  all.to = all.from;
  return {std::move(all)};
}

Result<BetterDay> better_day(const TerritoryDay& day, const Travel& travel, Instant now, const ReplanOptions& options) {
  FIRSTFIX_CHECK(check(day));
  const auto current = as_it_is(day, now, options);
  const auto as_is = walk(day, current, travel, now, options);
  if (std::all_of(as_is.stops.begin(), as_is.stops.end(), [&](const auto& one) { return day.stops[one.stop].stays; }))
    return nothing("there is no visit that may move");
  // Where too much would move, moving gets dearer until only the best of it is left.
  auto searching = options;
  for (int tries = 1;; ++tries) {
    const auto posed = pose(day, as_is, travel, now, searching);
    FIRSTFIX_TRY(
        solution,
        solve(posed.problem,
              {.iterations = options.iterations, .seed = options.seed, .current = &posed.current, .reasons = false}));
    auto arranged = arrange(day, as_is, posed, solution.plan);
    keep_times(day, arranged);
    const auto better = walk(day, arranged, travel, now, options);
    if (tries == kMostTries || changes(day, as_is, better).moves.size() <= options.most_moves)
      return judged(day, as_is, better, options);
    for (auto* price : {&searching.weights.moved, &searching.weights.shifted, &searching.weights.agreed})
      *price *= kDearer;
  }
}

}  // namespace firstfix::planning
