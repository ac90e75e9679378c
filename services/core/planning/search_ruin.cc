// What a round takes out: strings of stops near a job, what is in the way of one that is left out or costs much where
// it is, or what makes a day another than it was in the plan that is kept.
#include <algorithm>

#include "pickup.h"
#include "search.h"

namespace firstfix::planning {
namespace {

constexpr double kRestless = 0.5;    // of rounds that begin where a kept plan has changed already
constexpr double kCrewRate = 0.1;    // of rounds that take a crew apart
constexpr double kWantedRate = 0.3;  // of rounds that make room for an absent job, if there are few,
constexpr double kHolders = 0.3;     // of these rounds that empty one day for it,
constexpr double kStays = 0.2;       // where so many stay that may go,
constexpr double kSuitors = 0.35;    // and of these rounds that look for room with whoever may do it
constexpr double kMostWanted = 0.5;  // and of all absent jobs together the share for one
// Of rounds that make room for an absent emergency or hazard: among many others it would seldom be drawn.
constexpr double kUrgentRate = 0.05;
constexpr double kDearRate = 0.25;  // of all other rounds, that make room for a stop that costs much where it is:
constexpr int kDrawn = 10;          // the dearest of so many
constexpr double kBackRate = 0.3;   // of those still, where a plan is kept, that give somebody a day back as it was,
constexpr double kLeft = 0.2;       // but for so many of its stops
constexpr double kRemovedOnAverage = 10;
constexpr double kLongestString = 10;

}  // namespace

void Search::take_string(DayRoute& route, int job, int most) {
  auto& nodes = route.nodes;
  const int stops = route.stops();
  int here = 1;
  while (nodes[at(here)].task != job) ++here;
  const int length = 1 + random_.below(std::min(most, stops));
  int kept = 0;  // in the middle of a split string
  if (length > 1 && length < stops && random_.unit() < 0.5) {
    kept = 1;
    while (length + kept < stops && random_.unit() < 0.01) ++kept;
  }
  const int span = length + kept;
  const int first_possible = std::max(1, here - span + 1), last_possible = std::min(here, stops - span + 1);
  const int first = first_possible + random_.below(last_possible - first_possible + 1);
  const int skip_from = kept > 0 ? first + 1 + random_.below(length - 1) : stops + 1;
  for (int i = first + span - 1; i >= first; --i) {
    if (i >= skip_from && i < skip_from + kept) continue;
    if (may_go(route, i)) take_out(route, i);
  }
}

bool Search::may_go(const DayRoute& route, int position) const {
  const auto& node = route.nodes[at(position)];
  return position > route.first_free && node.pin == kNone && node.task < m_.jobs();
}

void Search::take_out(DayRoute& route, int position) {
  const int job = route.nodes[at(position)].task;
  waiting_.push_back(job);
  now_.engineer_of[at(job)] = kNone;
  now_.score.lost += m_.task(job).value;
  if (!route.fetches.empty()) depots_changed();
  take(m_, route, position, now_.depots);
}

// Now and then a round makes room for one absent job: the oftener, the fewer there are.
void Search::choose_wanted() {
  wanted_ = kNone;
  if (saved_absent_.empty()) return;
  const auto count = static_cast<int>(saved_absent_.size());
  const bool urgent = random_.unit() < kUrgentRate;
  if (!urgent && random_.unit() >= std::min(kWantedRate, kMostWanted / count)) return;
  const int first = random_.below(count);
  for (int i = 0; i < (urgent ? count : 1) && wanted_ == kNone; ++i) {
    const int job = saved_absent_[at((first + i) % count)];
    if (m_.is_reachable[at(job)] && (!urgent || m_.task(job).urgent)) wanted_ = job;
  }
}

// Or for a stop that costs much where it is: what was put in at any price, while there was no room near, stays there
// otherwise, since to bring it near takes several stops at once that are nothing to it.
void Search::choose_dear() {
  if (wanted_ != kNone || random_.unit() >= kDearRate) return;
  Seconds most = 0;
  DayRoute* from = nullptr;
  int position = kNone;
  for (int i = 0; i < kDrawn; ++i) {
    const int job = seeds_[at(random_.below(static_cast<int>(seeds_.size())))];
    const int e = now_.engineer_of[at(job)];
    if (e == kNone || m_.for_two(job)) continue;
    auto& route = now_.routes[at(e)];
    const int here = position_of(route, job);
    if (!may_go(route, here) || detour(m_, route, here) <= most) continue;
    most = detour(m_, route, here);
    from = &route;
    position = here;
  }
  if (from == nullptr) return;
  wanted_ = from->nodes[at(position)].task;
  touch(from->engineer);
  take_out(*from, position);
}

// A day as the plan that is kept had it: what else stands there goes out, and what stands elsewhere comes back first.
// False if that is not for this round.
bool Search::ruin_to_plan() {
  if (restless_.empty() || random_.unit() >= kBackRate) return false;
  const int e = m_.planned_for(restless_[at(random_.below(static_cast<int>(restless_.size())))]);
  if (e == kNone) return false;
  touch(e);
  auto& route = now_.routes[at(e)];
  const auto leaves = [&](const DayRoute& from, int position) {
    return may_go(from, position) && !m_.for_two(from.nodes[at(position)].task) && random_.unit() >= kLeft;
  };
  for (int i = route.stops(); i > 0; --i)
    if (route.nodes[at(i)].planned == kNone && leaves(route, i)) take_out(route, i);
  for (const auto& stop : m_.start[at(e)]) {
    const int other = stop.task < m_.jobs() ? now_.engineer_of[at(stop.task)] : kNone;
    if (other == kNone || other == e) continue;
    auto& from = now_.routes[at(other)];
    const int here = position_of(from, stop.task);
    if (!leaves(from, here)) continue;
    touch(other);
    take_out(from, here);
  }
  returning_ = e;
  return true;
}

void Search::ruin_near(int seed, int strings, int longest, int wanted) {
  for (const int job : m_.near[at(seed)]) {
    if (static_cast<int>(touched_.size()) >= strings) break;
    const int e = now_.engineer_of[at(job)];
    if (e == kNone || is_touched_[at(e)]) continue;
    if (wanted != kNone && m_.find_suitor(wanted, e) == nullptr) continue;
    touch(e);
    take_string(now_.routes[at(e)], job, longest);
  }
}

// Somewhere in the days of those who may do the wanted job, near or not.
void Search::ruin_suitors(int strings, int longest) {
  const auto suitors = m_.suitors(wanted_);
  const auto count = static_cast<int>(suitors.last - suitors.first);
  for (int tries = 0; count > 0 && tries < 2 * strings; ++tries) {
    const int e = suitors.first[random_.below(count)].engineer;
    auto& route = now_.routes[at(e)];
    if (is_touched_[at(e)] || route.empty()) continue;
    const int job = route.nodes[at(1 + random_.below(route.stops()))].task;
    touch(e);
    take_string(route, job, longest);
  }
}

// What more others may do of one day of somebody who may do the wanted job, and some of what lies about one of these.
void Search::ruin_holder(int strings, int longest) {
  const auto suitors = m_.suitors(wanted_);
  const auto count = static_cast<int>(suitors.last - suitors.first);
  if (count == 0) return;
  const int e = suitors.first[random_.below(count)].engineer;
  auto& route = now_.routes[at(e)];
  if (route.empty()) return;
  touch(e);
  const auto others = [&](int job) { return m_.suitors(job).last - m_.suitors(job).first; };
  int seed = wanted_;
  for (int i = route.stops(); i > 0; --i) {
    const int job = route.nodes[at(i)].task;
    if (!may_go(route, i) || others(job) <= count || random_.unit() < kStays) continue;
    if (seed == wanted_ || random_.unit() < 0.5) seed = job;
    take_out(route, i);
  }
  ruin_near(seed, strings, longest, kNone);
}

// Room for the wanted job, in one of three ways.
void Search::ruin_for_wanted(int strings, int longest) {
  const double way = random_.unit();
  if (way < kHolders) {
    ruin_holder(strings, longest);
  } else if (way < kHolders + kSuitors) {
    ruin_suitors(strings, longest);
  } else {
    ruin_near(wanted_, strings, longest, wanted_);
  }
}

int Search::draw_seed() {
  const auto& list = !restless_.empty() && random_.unit() < kRestless ? restless_ : seeds_;
  return list[at(random_.below(static_cast<int>(list.size())))];
}

// False if a route cannot be driven without what was taken out (travel that a detour makes shorter).
bool Search::ruin() {
  const double longest = std::min(kLongestString, stops_per_route_);
  const double most_strings = 4 * kRemovedOnAverage / (1 + longest) - 1;
  const int strings = static_cast<int>(random_.unit() * most_strings + 1);
  const int seed = draw_seed();
  choose_wanted();
  choose_dear();
  if (!m_.crews.empty() && random_.unit() < kCrewRate)
    take_crew(m_.crews[at(random_.below(static_cast<int>(m_.crews.size())))]);
  returning_ = kNone;
  if (wanted_ != kNone) {
    ruin_for_wanted(strings, static_cast<int>(longest));
  } else if (!ruin_to_plan()) {
    ruin_near(seed, strings, static_cast<int>(longest), kNone);
  }
  for (const int e : touched_) {
    auto& route = now_.routes[at(e)];
    const auto cost = route.cost;
    drop_idle_pickups(route);
    if (!schedule(m_, route)) return false;
    now_.score.cost += route.cost - cost;
  }
  if (m_.has_ties) tie_touched();
  return !torn_;
}

}  // namespace firstfix::planning
