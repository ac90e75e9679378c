#include "replan_hold.h"

#include "planning/plan.h"

namespace firstfix::planning {
namespace {

constexpr Duration kShifted = std::chrono::seconds{kPromiseTolerance};

// Sets starts back in one engineer's day at a time; other days have nothing to do with it.
class Holder {
 public:
  Holder(const TerritoryDay& day, const Walk& as_is, const Travel& travel, Instant now, const ReplanOptions& options)
      : day_(day), as_is_(as_is), travel_(travel), now_(now), options_(options), was_(by_stop(as_is)) {}

  // The last first: what is set back may push what comes after it.
  std::vector<Arranged> hold(std::size_t engineer, std::vector<Arranged> stops) const {
    auto best = look(engineer, stops);
    for (auto i = stops.size(); i-- > 0;) {
      const auto& was = *was_.at(stops[i].stop);
      if (day_.stops[stops[i].stop].stays || was.engineer != engineer) continue;
      if (best.walk.stops[i].starts >= was.starts || !is_shifted(was, best.walk.stops[i])) continue;
      const auto sooner = std::exchange(stops[i].starts, was.starts);
      auto held = look(engineer, stops);
      if (held.cost < best.cost && (held.breaks.empty() || !best.breaks.empty()))
        best = std::move(held);
      else
        stops[i].starts = sooner;
    }
    return stops;
  }

 private:
  struct Look {
    Walk walk;
    double cost = 0;
    std::string breaks;
  };

  Look look(std::size_t engineer, const std::vector<Arranged>& stops) const {
    Arrangement alone(day_.engineers.size());
    alone[engineer] = stops;
    Look out{.walk = walk(day_, alone, travel_, now_, options_)};
    out.cost = out.walk.cost + disturbed(day_, as_is_, out.walk, options_.weights).price;
    out.breaks = broken_times(day_, as_is_, out.walk, engineer);
    return out;
  }

  const TerritoryDay& day_;
  const Walk& as_is_;
  const Travel& travel_;
  const Instant now_;
  const ReplanOptions& options_;
  const std::map<std::size_t, const Walked*> was_;
};

}  // namespace

bool is_shifted(const Walked& was, const Walked& is) {
  return was.engineer == is.engineer && apart(was.starts, is.starts) > kShifted;
}

Disturbed disturbed(const TerritoryDay& day, const Walk& as_is, const Walk& better, const DayWeights& weights) {
  const auto before = by_stop(as_is);
  Disturbed out;
  for (const auto& step : better.stops) {
    const auto& stop = day.stops[step.stop];
    const auto& was = *before.at(step.stop);
    if (stop.stays) continue;
    const bool moved = was.engineer != step.engineer, shifted = is_shifted(was, step);
    out.moved += moved;
    out.shifted += shifted;
    out.agreed += stop.agreed && (moved || shifted);
  }
  out.price = weights.moved * out.moved + weights.shifted * out.shifted + weights.agreed * out.agreed;
  return out;
}

Arrangement with_starts_kept(const TerritoryDay& day, const Walk& as_is, Arrangement arranged, const Travel& travel,
                             Instant now, const ReplanOptions& options) {
  const Holder holder(day, as_is, travel, now, options);
  for (std::size_t e = 0; e < arranged.size(); ++e) arranged[e] = holder.hold(e, std::move(arranged[e]));
  return arranged;
}

}  // namespace firstfix::planning
