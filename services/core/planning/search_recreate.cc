// What a round puts back: in one of several orders, each job where it costs least, now and then not looking closely.
#include <algorithm>
#include <cmath>

#include "errand.h"
#include "search.h"

namespace firstfix::planning {
namespace {

constexpr double kBlinkRate = 0.02;
constexpr double kRegretRounds = 0.05;  // where nobody works in a crew
constexpr int kMostTries = 30;          // of jobs that were absent before, in one round

}  // namespace

void Search::draw_blink() {
  next_blink_ = static_cast<int>(std::log(1 - random_.unit()) / std::log(1 - kBlinkRate)) + 1;
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
    if (blink()) continue;
    const auto& route = now_.routes[e];
    if (route.empty()) {
      auto& seen = empty_seen_[at(m_.day(suitor.engineer).twin)];
      if (seen == looks_) continue;
      seen = looks_;
    }
    const auto consider = [&](Units cost, int after) {
      if (cost < best.cost) {
        best = {cost, suitor.engineer, after, best.cost};
      } else {
        best.next = std::min(best.next, cost);
      }
    };
    if (is_touched_[e]) {
      const auto spot = best_spot(m_, route, job, suitor, now_.depots, scratch_);
      consider(spot.cost, spot.after);
    } else {
      const auto& spot = known(job, suitor);
      consider(spot.cost, spot.after);
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
    // What returns to its day comes first, in the day's order.
    const auto* suitor = returning_ != kNone ? m_.find_suitor(job, returning_) : nullptr;
    const bool returns = suitor != nullptr && suitor->planned != kNone;
    const auto key = returns ? INT64_MIN + 1 + suitor->planned : order_key(order, job, reference);
    order_.emplace_back(m_.for_two(job) && crews_first ? INT64_MIN : key, job);
  };
  if (wanted_ != kNone) order_.emplace_back(INT64_MIN, wanted_);
  for (const int job : waiting_)
    if (job != wanted_) add(job);
  const int absent = static_cast<int>(saved_absent_.size());
  const int offset = absent > kMostTries ? random_.below(absent) : 0;
  for (int i = 0; i < std::min(absent, kMostTries); ++i)
    if (const int job = saved_absent_[at((offset + i) % absent)]; job != wanted_ && m_.is_reachable[at(job)]) add(job);
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

// Puts back first, again and again, the job that loses most if its best engineer is not to be had later (Potvin and
// Rousseau, «A parallel route building algorithm for the vehicle routing and scheduling problem with time windows»,
// European Journal of Operational Research 66, 1993).
void Search::put_back_by_regret() {
  auto& left = regretting_;
  left = waiting_;
  while (!left.empty()) {
    std::size_t first = 0;
    Choice chosen;
    Units most = -1;
    for (std::size_t i = 0; i < left.size(); ++i) {
      const auto choice = best_choice(left[i]);
      if (choice.engineer == kNone || choice.next - choice.cost <= most) continue;
      most = choice.next - choice.cost;
      chosen = choice;
      first = i;
    }
    if (chosen.engineer == kNone) return;
    place(left[first], chosen);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(first));
  }
}

void Search::put_back(int job) {
  if (m_.for_two(job)) return place_crew(job);
  const bool taken_out = std::find(waiting_.begin(), waiting_.end(), job) != waiting_.end();
  const auto choice = saved_absent_.empty() || taken_out ? best_choice(job) : best_touched_choice(job);
  if (m_.may_teach(job) && place_pair(job, choice.cost)) return;
  if (choice.engineer != kNone) place(job, choice);
}

bool Search::recreate() {
  order_waiting();
  if (m_.crews.empty() && wanted_ == kNone && random_.unit() < kRegretRounds) put_back_by_regret();
  const auto by_regret = [&](int job) { return m_.crews.empty() && now_.engineer_of[at(job)] != kNone; };
  Value to_come = 0;
  for (const auto& [key, job] : order_)
    if (!by_regret(job)) to_come += m_.task(job).value;
  for (const auto& [key, job] : order_) {
    if (by_regret(job)) continue;
    if (is_hopeless(to_come)) return false;
    to_come -= m_.task(job).value;
    put_back(job);
  }
  now_.absent.clear();
  for (const auto* list : {&saved_absent_, &waiting_})
    for (const int job : *list)
      if (now_.engineer_of[at(job)] == kNone) now_.absent.push_back(job);
  return true;
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
