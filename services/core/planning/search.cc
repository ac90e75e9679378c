#include "search.h"

#include <algorithm>
#include <cmath>

#include "days.h"
#include "pickup.h"

namespace firstfix::planning {
namespace {

constexpr double kBlinkRate = 0.01;
constexpr double kCrewRate = 0.1;    // of rounds that take a crew apart
constexpr double kWantedRate = 0.3;  // of rounds that make room for an absent job, if there are few,
constexpr double kHolders = 0.3;     // of these rounds that empty one day for it,
constexpr double kStays = 0.2;       // where so many stay that may go,
constexpr double kSuitors = 0.35;    // and of these rounds that look for room with whoever may do it
constexpr double kMostWanted = 0.5;  // and of all absent jobs together the share for one
constexpr double kRemovedOnAverage = 10;
constexpr double kLongestString = 10;
constexpr int kMostTries = 30;  // of jobs that were absent before, in one round

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

Search::Search(const Model& model, std::uint64_t seed)
    : m_(model),
      random_(seed),
      known_(model.who.size()),
      empty_seen_(model.days.size()),
      differs_(model.days.size()),
      is_touched_(model.days.size()),
      saved_(model.days.size()) {
  if (m_.scarce) known_stock_.resize(model.who.size());
  set_point_price(1);
}

void Search::set_point_price(double seconds) {
  value_price_ = seconds * static_cast<double>(std::max<Units>(1, m_.travel_per_second)) / kValuePerPoint;
}

void Search::begin(State state, std::vector<char> active) {
  now_ = std::move(state);
  active_ = active.empty() ? std::vector<char>(m_.days.size(), 1) : std::move(active);
  seeds_.clear();
  int used = 0, stops = 0;
  for (std::size_t e = 0; e < active_.size(); ++e) {
    if (!active_[e]) continue;
    const auto& route = now_.routes[e];
    used += !route.empty();
    stops += route.stops();
    for (const auto& node : route.nodes)
      if (node.task != kNone && node.task < m_.jobs() && node.pin == kNone) seeds_.push_back(node.task);
  }
  if (m_.has_ties) tie_all();
  seeds_.insert(seeds_.end(), now_.absent.begin(), now_.absent.end());
  stops_per_route_ = used > 0 ? std::max(1.0, 1.0 * stops / used) : 1;
  for (auto& route : now_.routes) route.version = ++versions_;
  depots_changed();
  best_ = now_;
  differing_.clear();
  std::fill(differs_.begin(), differs_.end(), 0);
  if (!now_.absent.empty()) construct();
}

double Search::energy(const Score& score) const {
  return static_cast<double>(score.lost) * value_price_ + static_cast<double>(score.cost);
}

bool Search::blinks() {
  if (--next_blink_ > 0) return false;
  next_blink_ = static_cast<int>(std::log(1 - random_.unit()) / std::log(1 - kBlinkRate)) + 1;
  return true;
}

const Search::Known& Search::known(int job, const Suitor& suitor) {
  const auto index = m_.suitor_index(suitor);
  auto& known = known_[index];
  const auto& route = now_.routes[at(suitor.engineer)];
  bool valid = known.version == route.version;
  // What has to be fetched, or cannot be, depends on the depots too.
  if (m_.scarce && valid && known.after < 0 && m_.task(job).part_count > 0) valid = known_stock_[index] == stock_;
  if (!valid) {
    const auto spot = best_spot(m_, route, job, suitor, now_.depots, scratch_);
    known = {spot.cost, spot.after, route.version};
    if (m_.scarce) known_stock_[index] = stock_;
  }
  return known;
}

void Search::depots_changed() {
  if (m_.scarce) stock_ = ++stocks_;
}

Search::Choice Search::best_choice(int job) {
  bool blinked = false;
  const auto choice = look(job, [&] {
    if (!blinks()) return false;
    blinked = true;
    return true;
  });
  // A job is left out only if there is no place for it: what has no place now is not looked at again in routes that
  // stay as they are.
  return choice.engineer == kNone && blinked ? look(job, [] { return false; }) : choice;
}

template <class Blink>
Search::Choice Search::look(int job, Blink blink) {
  Choice best;
  ++looks_;
  for (const auto& suitor : m_.suitors(job)) {
    const auto e = at(suitor.engineer);
    if (!active_[e] || blink()) continue;
    const auto& route = now_.routes[e];
    if (route.empty()) {
      auto& seen = empty_seen_[at(m_.day(suitor.engineer).twin)];
      if (seen == looks_) continue;
      seen = looks_;
    }
    if (is_touched_[e]) {
      const auto spot = best_spot(m_, route, job, suitor, now_.depots, scratch_);
      if (spot.cost < best.cost) best = {spot.cost, suitor.engineer, spot.after};
    } else {
      const auto& spot = known(job, suitor);
      if (spot.cost < best.cost) best = {spot.cost, suitor.engineer, spot.after};
    }
  }
  return best;
}

// For a job that found no place before: only what has changed can have one now.
Search::Choice Search::best_touched_choice(int job) {
  Choice best;
  for (const int e : touched_) {
    const auto* suitor = m_.find_suitor(job, e);
    if (suitor == nullptr) continue;
    const auto spot = best_spot(m_, now_.routes[at(e)], job, *suitor, now_.depots, scratch_);
    if (spot.cost < best.cost) best = {spot.cost, e, spot.after};
  }
  return best;
}

void Search::touch(int engineer) {
  if (is_touched_[at(engineer)]) return;
  is_touched_[at(engineer)] = 1;
  saved_[touched_.size()] = now_.routes[at(engineer)];
  touched_.push_back(engineer);
}

// The engineer's other days give way to what this one has become.
void Search::tie(int engineer) {
  const auto& day = m_.day(engineer);
  if (!day.tied()) return;
  Units cost = 0;
  for (int e = day.kin_begin; e < day.kin_end; ++e) {
    touch(e);
    cost -= now_.routes[at(e)].cost;
  }
  torn_ = !tie_days(m_, engineer, Tie::kHomes, now_.routes) || torn_;
  for (int e = day.kin_begin; e < day.kin_end; ++e) cost += now_.routes[at(e)].cost;
  now_.score.cost += cost;
}

void Search::tie_touched() {
  const auto seen = [&](std::size_t i) {
    const auto& day = m_.day(touched_[i]);
    return std::any_of(touched_.begin(), touched_.begin() + static_cast<std::ptrdiff_t>(i),
                       [&](int e) { return e >= day.kin_begin && e < day.kin_end; });
  };
  for (std::size_t i = 0; i < touched_.size(); ++i)
    if (!seen(i)) tie(touched_[i]);
}

// At the beginning of a search.
void Search::tie_all() {
  touched_.clear();
  for (std::size_t e = 0; e < active_.size(); ++e)
    if (active_[e] && m_.days[e].kin_begin == static_cast<int>(e)) tie(static_cast<int>(e));
  for (const int e : touched_) is_touched_[at(e)] = 0;
  touched_.clear();
}

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
    const auto& node = nodes[at(i)];
    if (i <= route.first_free || node.pin != kNone || node.task >= m_.jobs()) continue;
    take_out(route, i);
  }
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
  if (random_.unit() >= std::min(kWantedRate, kMostWanted / count)) return;
  wanted_ = saved_absent_[at(random_.below(count))];
}

void Search::ruin_near(int seed, int strings, int longest, int wanted) {
  for (const int job : m_.near[at(seed)]) {
    if (static_cast<int>(touched_.size()) >= strings) break;
    const int e = now_.engineer_of[at(job)];
    if (e == kNone || !active_[at(e)] || is_touched_[at(e)]) continue;
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
    if (!active_[at(e)] || is_touched_[at(e)] || route.empty()) continue;
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
  if (!active_[at(e)] || route.empty()) return;
  touch(e);
  const auto others = [&](int job) { return m_.suitors(job).last - m_.suitors(job).first; };
  int seed = wanted_;
  for (int i = route.stops(); i > route.first_free; --i) {
    const auto& node = route.nodes[at(i)];
    if (node.pin != kNone || node.task >= m_.jobs() || others(node.task) <= count || random_.unit() < kStays) continue;
    if (seed == wanted_ || random_.unit() < 0.5) seed = node.task;
    take_out(route, i);
  }
  ruin_near(seed, strings, longest, kNone);
}

// False if a route cannot be driven without what was taken out (travel that a detour makes shorter).
bool Search::ruin() {
  const double longest = std::min(kLongestString, stops_per_route_);
  const double most_strings = 4 * kRemovedOnAverage / (1 + longest) - 1;
  const int strings = static_cast<int>(random_.unit() * most_strings + 1);
  const int seed = seeds_[at(random_.below(static_cast<int>(seeds_.size())))];
  choose_wanted();
  if (!m_.crews.empty() && random_.unit() < kCrewRate)
    take_crew(m_.crews[at(random_.below(static_cast<int>(m_.crews.size())))]);
  const double way = wanted_ != kNone ? random_.unit() : 1;
  if (way < kHolders) {
    ruin_holder(strings, static_cast<int>(longest));
  } else if (way < kHolders + kSuitors) {
    ruin_suitors(strings, static_cast<int>(longest));
  } else {
    ruin_near(wanted_ != kNone ? wanted_ : seed, strings, static_cast<int>(longest), wanted_);
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

std::int64_t Search::order_key(Order order, int job, int reference) {
  const auto& task = m_.task(job);
  switch (order) {
    case Order::kRandom:
      return static_cast<std::int64_t>(random_.next() >> 1);
    case Order::kWorth:
      return -task.value;
    case Order::kSize: {
      std::int64_t parts = 0;
      for (int i = 0; i < task.part_count; ++i) parts += m_.parts[at(task.first_part + i)].quantity;
      return -parts * 100'000 - task.service;
    }
    case Order::kFar:
      return -m_.travel(task.place, reference);
    case Order::kClose:
      return m_.travel(task.place, reference);
    case Order::kNarrow:
      return static_cast<std::int64_t>(task.to) - task.from;
    case Order::kOpensFirst:
      return task.from;
    case Order::kClosesLast:
      return -static_cast<std::int64_t>(task.to);
    case Order::kRare:
      return static_cast<std::int64_t>(m_.suitors(job).last - m_.suitors(job).first);
    default:
      return -task.value / (task.service + 600);
  }
}

Search::Order Search::draw_order() {
  constexpr std::pair<Order, int> kWeights[] = {{Order::kRandom, 4},      {Order::kWorth, 4},      {Order::kSize, 3},
                                                {Order::kFar, 2},         {Order::kClose, 1},      {Order::kNarrow, 2},
                                                {Order::kOpensFirst, 2},  {Order::kClosesLast, 2}, {Order::kRare, 1},
                                                {Order::kWorthForTime, 3}};
  constexpr int kAll = 24;
  int draw = random_.below(kAll);
  for (const auto& [order, weight] : kWeights)
    if ((draw -= weight) < 0) return order;
  return Order::kRandom;
}

void Search::order_waiting() {
  const auto order = draw_order();
  const int reference = m_.task(waiting_.empty() ? 0 : waiting_.front()).place;
  order_.clear();
  const bool crews_first = !m_.crews.empty() && random_.unit() < 0.5;  // while there is room for two at once
  const auto add = [&](int job) {
    const auto key = order_key(order, job, reference);
    order_.emplace_back(m_.for_two(job) && crews_first ? INT64_MIN : key, job);
  };
  if (wanted_ != kNone) order_.emplace_back(INT64_MIN, wanted_);
  for (const int job : waiting_) add(job);
  const int absent = static_cast<int>(saved_absent_.size());
  const int offset = absent > kMostTries ? random_.below(absent) : 0;
  for (int i = 0; i < std::min(absent, kMostTries); ++i)
    if (const int job = saved_absent_[at((offset + i) % absent)]; job != wanted_) add(job);
  std::sort(order_.begin(), order_.end());
}

void Search::place(int job, const Choice& choice) {
  touch(choice.engineer);
  auto& route = now_.routes[at(choice.engineer)];
  const auto cost = route.cost;
  if (choice.after == kFetching) {
    put_at(m_, route, job, *m_.find_suitor(job, choice.engineer), choice.after, now_.depots, scratch_);
    depots_changed();
  } else {
    put(m_, route, job, choice.after);
  }
  schedule(m_, route);
  now_.score.cost += route.cost - cost;
  if (m_.has_ties) tie(choice.engineer);
  now_.score.lost -= m_.task(job).value;
  now_.engineer_of[at(job)] = choice.engineer;
}

void Search::recreate() {
  order_waiting();
  const auto taken_out = [&](int job) { return std::find(waiting_.begin(), waiting_.end(), job) != waiting_.end(); };
  for (const auto& [key, job] : order_) {
    if (m_.for_two(job)) {
      place_crew(job);
      continue;
    }
    const auto choice = saved_absent_.empty() || taken_out(job) ? best_choice(job) : best_touched_choice(job);
    if (m_.may_teach(job) && place_pair(job, choice.cost)) continue;
    if (choice.engineer != kNone) place(job, choice);
  }
  now_.absent.clear();
  for (const auto* list : {&saved_absent_, &waiting_})
    for (const int job : *list)
      if (now_.engineer_of[at(job)] == kNone) now_.absent.push_back(job);
}

void Search::keep() {
  for (const int e : touched_) {
    now_.routes[at(e)].version = ++versions_;
    is_touched_[at(e)] = 0;
    if (differs_[at(e)]) continue;
    differs_[at(e)] = 1;
    differing_.push_back(e);
  }
  if (now_.score < best_.score) remember_best();
}

void Search::remember_best() {
  for (const int e : differing_) {
    best_.routes[at(e)] = now_.routes[at(e)];
    differs_[at(e)] = 0;
  }
  differing_.clear();
  best_.engineer_of = now_.engineer_of;
  best_.absent = now_.absent;
  best_.score = now_.score;
  best_.depots = now_.depots;
}

void Search::return_to_best() {
  for (const int e : differing_) {
    now_.routes[at(e)] = best_.routes[at(e)];
    now_.routes[at(e)].version = ++versions_;
    differs_[at(e)] = 0;
  }
  differing_.clear();
  now_.engineer_of = best_.engineer_of;
  now_.absent = best_.absent;
  now_.score = best_.score;
  now_.depots = best_.depots;
  depots_changed();
}

void Search::undo() {
  for (const int job : waiting_) now_.engineer_of[at(job)] = kNone;
  for (const auto& [key, job] : order_) now_.engineer_of[at(job)] = kNone;
  for (std::size_t i = 0; i < touched_.size(); ++i) {
    const int e = touched_[i];
    std::swap(now_.routes[at(e)], saved_[i]);
    is_touched_[at(e)] = 0;
    for (const auto& node : now_.routes[at(e)].nodes)
      if (node.task != kNone && node.task < m_.jobs()) now_.engineer_of[at(node.task)] = e;
  }
  now_.absent = saved_absent_;
  now_.score = before_;
  now_.depots = saved_depots_;
  stock_ = saved_stock_;
}

void Search::iterate(double temperature) {
  if (seeds_.empty()) return;
  before_ = now_.score;
  saved_absent_ = now_.absent;
  saved_depots_ = now_.depots;
  saved_stock_ = stock_;
  touched_.clear();
  waiting_.clear();
  order_.clear();
  torn_ = false;
  if (!ruin()) return undo();
  recreate();
  if (torn_) return undo();
  const double allowed = -temperature * std::log(1 - random_.unit());
  if (now_.score < before_ || energy(now_.score) < energy(before_) + allowed) return keep();
  undo();
}

void Search::construct() {
  touched_.clear();
  waiting_ = now_.absent;
  std::sort(waiting_.begin(), waiting_.end(), [&](int a, int b) {
    const auto x = m_.task(a).value, y = m_.task(b).value;
    return x != y ? x > y : a < b;
  });
  for (const int job : waiting_) {
    if (m_.for_two(job)) {
      place_crew(job);
    } else if (const auto choice = best_choice(job); choice.engineer != kNone) {
      place(job, choice);
    }
    keep();
    touched_.clear();
  }
  now_.absent.clear();
  for (const int job : waiting_)
    if (now_.engineer_of[at(job)] == kNone) now_.absent.push_back(job);
  remember_best();
}

}  // namespace firstfix::planning
