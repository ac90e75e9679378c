#include "planning/replan.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "planning/solve.h"
#include "replan_hold.h"
#include "replan_pose.h"
#include "replan_walk.h"

namespace firstfix::planning {
namespace {

constexpr Duration kSame = std::chrono::minutes{1};

constexpr int kMostTries = 6;
constexpr double kDearer = 2;

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

// What differs, with each visit's start compared with the one that it would have as the days stand.
std::vector<DayMove> changes(const TerritoryDay& day, const Walk& as_is, const Walk& better) {
  const auto before = by_stop(as_is);
  std::vector<DayMove> out;
  for (const auto& step : better.stops) {
    const auto& stop = day.stops[step.stop];
    const auto& was = *before.at(step.stop);
    const bool moved = was.engineer != step.engineer;
    if (stop.stays || (!moved && apart(was.starts, step.starts) <= kSame && was.depot == step.depot)) continue;
    DayMove move{stop.id,     stop.engineer,      day.engineers[step.engineer].person.id,
                 stop.starts, step.travel_starts, step.starts,
                 step.ends,   step.travel,        step.depot,
                 {}};
    move.reason = reason_of(stop, move, was.starts - step.starts);
    out.push_back(std::move(move));
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
  auto moves = changes(day, as_is, better);
  if (moves.empty()) return nothing("the days are as good as they can be made");
  if (moves.size() > options.most_moves) return nothing("too much would move at once");
  const auto differs = disturbed(day, as_is, better, options.weights);
  BetterDay out;
  out.disturbance = differs.price;
  out.saves = as_is.cost - better.cost - out.disturbance;
  out.travel_saved = as_is.travel - better.travel;
  const double worth = std::max(options.weights.worth_per_move * (differs.moved + differs.shifted), 0.01);
  const auto figures = say("saves %.1f beyond a disturbance of %.1f (%d to another engineer, %d at another time)",
                           out.saves, out.disturbance, differs.moved, static_cast<int>(moves.size()) - differs.moved);
  if (out.saves < worth) return nothing("not worth it: " + figures + say(", and %.1f are asked for", worth));
  out.reason = figures + say("; %ld min of travel %s", std::abs(minutes(out.travel_saved)),
                             out.travel_saved.count() >= 0 ? "less" : "more");
  out.moves = std::move(moves);
  return out;
}

// A search asked again while its answer will not do: a visit has no place in it, or too much would move.
class DaySearch {
 public:
  DaySearch(const TerritoryDay& day, const Travel& travel, Instant now, const ReplanOptions& options)
      : day_(day), travel_(travel), now_(now), options_(options), searching_(options) {}

  Result<BetterDay> run() {
    const auto current = as_it_is(day_, now_, options_);
    BetterDay best;
    for (int tries = 1;; ++tries) {
      const auto as_is = as_it_stands(current);
      if (nothing_may_move(as_is)) return best.moves.empty() ? named(nothing("there is no visit that may move")) : best;
      FIRSTFIX_TRY(arranged, search(as_is));
      if (tries < kMostTries && leave_unplaced(as_is, arranged)) continue;
      const auto better = walk(day_, arranged, travel_, now_, options_);
      if (tries == kMostTries || changes(day_, as_is, better).size() <= options_.most_moves) {
        auto found = named(judged(day_, as_is, better, options_));
        if (best.moves.empty() || found.saves > best.saves) best = std::move(found);
        if (tries < kMostTries && leave_overtime(as_is)) continue;
        return best;
      }
      // Moving gets dearer until only the best of it is left.
      for (auto* price : {&searching_.weights.moved, &searching_.weights.shifted, &searching_.weights.agreed})
        *price *= kDearer;
    }
  }

 private:
  bool nothing_may_move(const Walk& as_is) const {
    return std::all_of(as_is.stops.begin(), as_is.stops.end(),
                       [&](const auto& one) { return day_.stops[one.stop].stays; });
  }

  Result<Arrangement> search(const Walk& as_is) const {
    const auto posed = pose(day_, as_is, travel_, now_, searching_);
    FIRSTFIX_TRY(
        solution,
        solve(posed.problem,
              {.iterations = options_.iterations, .seed = options_.seed, .current = &posed.current, .reasons = false}));
    auto arranged = arrange(day_, as_is, posed, solution.plan);
    keep_times(day_, arranged);
    return with_starts_kept(day_, as_is, std::move(arranged), travel_, now_, options_);
  }

  // What the answer has no place for stays where it stands from now on; true if there is any.
  bool leave_unplaced(const Walk& as_is, const Arrangement& arranged) {
    std::vector<bool> placed(day_.stops.size());
    for (const auto& stops : arranged)
      for (const auto& one : stops) placed[one.stop] = true;
    bool any = false;
    for (const auto& step : as_is.stops) {
      auto& stop = day_.stops[step.stop];
      if (placed[step.stop] || stop.stays) continue;
      leave(stop);
      any = true;
    }
    return any;
  }

  // What could begin at no time that the rules allow stays.
  Walk as_it_stands(const Arrangement& current) {
    auto as_is = walk(day_, current, travel_, now_, options_);
    bool any = false;
    for (const auto& step : as_is.stops) {
      auto& stop = day_.stops[step.stop];
      if (stop.stays || !beginnings(stop, step.starts, now_).empty()) continue;
      leave(stop);
      any = true;
    }
    return any ? walk(day_, current, travel_, now_, options_) : as_is;
  }

  // No answer has overtime, so what makes somebody late home goes to a later day there, which may cost more than it
  // saves: asked again, the last of such a day stays. True if there is any.
  bool leave_overtime(const Walk& as_is) {
    bool any = false;
    std::size_t flat = 0;
    for (std::size_t e = 0; e < day_.engineers.size(); ++e) {
      const auto& who = day_.engineers[e];
      for (std::size_t s = 0; s < who.shifts.size(); ++s) {
        if (as_is.out_until[flat + s] <= who.shifts[s].to) continue;
        const auto last = std::find_if(as_is.stops.rbegin(), as_is.stops.rend(), [&](const auto& step) {
          return step.engineer == e && shift_of(who, std::max(step.starts, now_)) == s;
        });
        if (last == as_is.stops.rend() || day_.stops[last->stop].stays) continue;
        leave(day_.stops[last->stop]);
        any = true;
      }
      flat += who.shifts.size();
    }
    return any;
  }

  void leave(DayStop& stop) {
    stop.stays = true;
    keep_parts(stop);
    unplaced_.push_back(stop.id);
  }

  // Its parts are nobody else's.
  void keep_parts(const DayStop& stop) {
    auto& van = day_.engineers[engineer_of(day_, stop.engineer)].parts;
    for (const auto& [part, count] : stop.parts) {
      auto* left = &van[part];
      if (*left < count)
        for (auto& depot : day_.depots)
          if (depot.id == stop.depot) left = &depot.parts[part];
      *left = std::max(0, *left - count);
    }
  }

  BetterDay named(BetterDay out) const {
    out.unplaced = unplaced_;
    if (!unplaced_.empty())
      out.reason += say("; %zu visit(s) stay that no plan has a better place for", unplaced_.size());
    return out;
  }

  TerritoryDay day_;  // what no plan has a place for stays in it
  const Travel& travel_;
  const Instant now_;
  const ReplanOptions& options_;
  ReplanOptions searching_;
  std::vector<std::string> unplaced_;
};

}  // namespace

std::vector<Ways> ways_of(const TerritoryDay& day) {
  Ways all;
  for (const auto& who : day.engineers) {
    all.from.push_back(who.home);
    if (who.end) all.from.push_back(*who.end);
  }
  for (const auto& depot : day.depots) all.from.push_back(depot.position);
  for (const auto& stop : day.stops) all.from.push_back(stop.position);
  all.to = all.from;
  return {std::move(all)};
}

Result<BetterDay> better_day(const TerritoryDay& day, const Travel& travel, Instant now, const ReplanOptions& options) {
  FIRSTFIX_CHECK(check(day));
  return DaySearch(day, travel, now, options).run();
}

}  // namespace firstfix::planning
