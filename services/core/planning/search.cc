#include "search.h"

#include <algorithm>
#include <cmath>

#include "days.h"

namespace firstfix::planning {
namespace {

bool same_stop(const Node& a, const Node& b) {
  return a.task == b.task && a.pin == b.pin && a.pickup == b.pickup && a.extra == b.extra;
}

bool same_day(const DayRoute& a, const DayRoute& b) {
  return a.from == b.from && a.to == b.to && a.fetches == b.fetches &&
         std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(), same_stop);
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
  adds_only_ = m_.waiting_per_second == 0 && m_.crews.empty();
  set_point_price(1);
}

void Search::set_point_price(double seconds) {
  value_price_ = seconds * static_cast<double>(std::max<Units>(1, m_.travel_per_second)) / kValuePerPoint;
}

void Search::begin(State state) {
  now_ = std::move(state);
  seeds_.clear();
  restless_.clear();
  int used = 0, stops = 0;
  for (const auto& route : now_.routes) {
    used += !route.empty();
    stops += route.stops();
    for (const auto& node : route.nodes) {
      if (node.task == kNone || node.task >= m_.jobs() || node.pin != kNone) continue;
      seeds_.push_back(node.task);
      if (m_.shift_price > 0 && (node.planned == kNone || shifted(node))) restless_.push_back(node.task);
    }
  }
  if (m_.has_ties) tie_all();
  seeds_.insert(seeds_.end(), now_.absent.begin(), now_.absent.end());
  if (m_.shift_price > 0) restless_.insert(restless_.end(), now_.absent.begin(), now_.absent.end());
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

void Search::depots_changed() {
  if (m_.scarce) stock_ = ++stocks_;
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
  for (int e = 0; e < m_.engineers(); ++e)
    if (m_.day(e).kin_begin == e) tie(e);
  for (const int e : touched_) is_touched_[at(e)] = 0;
  touched_.clear();
}

void Search::keep() {
  for (std::size_t i = 0; i < touched_.size(); ++i) {
    const int e = touched_[i];
    is_touched_[at(e)] = 0;
    // Most of what is taken out goes back where it was: what is known of such a day still holds.
    if (same_day(now_.routes[at(e)], saved_[i])) continue;
    now_.routes[at(e)].version = ++versions_;
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

bool Search::accepts(const Score& score) const {
  return score < before_ || energy(score) < allowed_;
}

bool Search::is_hopeless(Value to_come) const {
  return adds_only_ && !accepts({now_.score.lost - to_come, now_.score.cost});
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
  allowed_ = energy(before_) - temperature * std::log(1 - random_.unit());
  if (ruin() && recreate() && !torn_ && accepts(now_.score)) return keep();
  undo();
}

}  // namespace firstfix::planning
