// Jobs for two, and supervised ones at which a novice is there too: both are put in at one time or not at all, and
// taken out together. In between, each half stands in its day with its start pinned. Each carries the parts, and
// fetches what the van lacks: who will need them is not known beforehand.
#include <algorithm>

#include "errand.h"
#include "search.h"

namespace firstfix::planning {
namespace {

constexpr std::size_t kMostSeats = 200;

}  // namespace

void Search::take_crew(int job) {
  if (now_.engineer_of[at(job)] == kNone) return;
  int members[2] = {kNone, kNone};
  int count = 0;
  const auto add = [&](int engineer) {
    const int position = position_of(now_.routes[at(engineer)], job);
    if (position == kNone) return true;
    const auto& node = now_.routes[at(engineer)].nodes[at(position)];
    const auto& pins = m_.pins[at(engineer)];
    const bool frozen =
        node.begun || std::any_of(pins.begin(), pins.end(), [&](const Pin& pin) { return pin.task == job; });
    if (frozen || count == 2) return false;
    members[count++] = engineer;
    return true;
  };
  for (const auto& suitor : m_.suitors(job))
    if (!add(suitor.engineer)) return;
  if (m_.may_teach(job))
    for (const auto& novice : m_.novices(job))
      if (!add(novice.engineer)) return;
  if (count != 2) return;
  for (const int e : members) {
    touch(e);
    auto& route = now_.routes[at(e)];
    if (!route.fetches.empty()) depots_changed();
    take(m_, route, position_of(route, job), now_.depots);
  }
  now_.engineer_of[at(job)] = kNone;
  now_.score.lost += m_.task(job).value;
  waiting_.push_back(job);
}

// The day with the stops that fetch what the van lacks for the job, where these fit best if one goes alone. False if
// there is no way to have it.
bool Search::add_supplied(int job, const Suitor& suitor) {
  if (now_.depots.left.empty()) return false;
  const auto& route = now_.routes[at(suitor.engineer)];
  const auto spot = best_fetch({m_, route, job, suitor, now_.depots, scratch_});
  if (!spot.possible()) return false;
  auto left = now_.depots;
  put_stops(m_, supplied_.emplace_back(route), job, spot, left);
  return schedule(m_, supplied_.back());
}

// The places in a day for one of several who come at one time.
void Search::find_seats(int job, const Suitor& suitor, bool learns) {
  const auto& task = m_.task(job);
  const auto& now = now_.routes[at(suitor.engineer)];
  const bool fetches = task.part_count > 0 && !stocked(m_, now, job);
  if (fetches && !add_supplied(job, suitor)) return;
  const auto& route = fetches ? supplied_.back() : now;
  const auto extra = suitor.extra + route.cost - now.cost;
  for (int i = fetches ? last_fetch(route, job) : route.first_free; i <= route.stops(); ++i) {
    const auto& node = route.nodes[at(i)];
    const auto& next = route.nodes[at(i) + 1];
    const auto there = m_.travel(node.place, task.place), onward = m_.travel(task.place, next.place);
    const auto longer = there + onward - node.leg;
    Seat seat{m_.travel_per_second * longer + extra + dearer_by_work(m_, route, longer + task.service), suitor.engineer,
              i};
    seat.from = m_.open_from(task, node.depart + there);
    seat.to = m_.open_until(task, std::min(suitor.latest, next.latest - onward - task.service));
    seat.learns = learns;
    if (fetches) seat.supplied = static_cast<int>(supplied_.size()) - 1;
    if (seat.from <= seat.to) seats_.push_back(seat);
  }
}

void Search::sort_seats() {
  std::sort(seats_.begin(), seats_.end(), [](const Seat& a, const Seat& b) {
    return a.cost != b.cost ? a.cost < b.cost : std::pair(a.engineer, a.after) < std::pair(b.engineer, b.after);
  });
  if (seats_.size() > kMostSeats) seats_.resize(kMostSeats);
}

// Two seats that overlap in time, the cheapest first.
void Search::place_crew(int job) {
  if (m_.is_lesson(job)) {
    if (m_.may_teach(job)) place_pair(job, kImpossible);
    return;
  }
  seats_.clear();
  supplied_.clear();
  for (const auto& suitor : m_.suitors(job)) find_seats(job, suitor, false);
  sort_seats();
  for (std::size_t sum = 1; sum < 2 * seats_.size(); ++sum) {
    for (std::size_t i = sum >= seats_.size() ? sum - seats_.size() + 1 : 0; 2 * i < sum; ++i)
      if (put_crew(job, seats_[i], seats_[sum - i])) return;
  }
}

// A mentor and a novice, if that costs less than `below`, what somebody alone would.
bool Search::place_pair(int job, Units below) {
  seats_.clear();
  supplied_.clear();
  for (const auto& suitor : m_.suitors(job))
    if (suitor.teaches) find_seats(job, suitor, false);
  for (const auto& novice : m_.novices(job)) find_seats(job, novice, true);
  sort_seats();
  for (std::size_t i = 1; i < seats_.size(); ++i)
    for (std::size_t k = 0; k < i; ++k) {
      const auto &one = seats_[k], &other = seats_[i];
      if (one.learns == other.learns || one.cost + other.cost - m_.growth >= below) continue;
      if (one.learns ? put_crew(job, other, one, m_.growth) : put_crew(job, one, other, m_.growth)) return true;
    }
  return false;
}

const DayRoute& Search::day_of(const Seat& seat) const {
  return seat.supplied == kNone ? now_.routes[at(seat.engineer)] : supplied_[at(seat.supplied)];
}

// What is left with both days as they are to be. False if that is less than nothing: each was supplied as if alone.
bool Search::draw_on_depots(const Seat& one, const Seat& other, DepotStock& left) const {
  for (const auto* seat : {&one, &other}) {
    draw(m_, now_.routes[at(seat->engineer)], -1, left);
    draw(m_, day_of(*seat), 1, left);
  }
  return std::all_of(left.left.begin(), left.left.end(), [](int quantity) { return quantity >= 0; });
}

// At one time or not at all. `saved`: of the first one's extra.
bool Search::put_crew(int job, const Seat& one, const Seat& other, Units saved) {
  const auto start = m_.open_from(m_.task(job), std::max(one.from, other.from));
  if (one.engineer == other.engineer || start > std::min(one.to, other.to)) return false;
  const bool fetches = one.supplied != kNone || other.supplied != kNone;
  auto left = fetches ? now_.depots : DepotStock{};
  if (fetches && !draw_on_depots(one, other, left)) return false;
  DayRoute days[2];
  for (int i = 0; i < 2; ++i) {
    const auto& seat = i == 0 ? one : other;
    days[i] = day_of(seat);
    put(m_, days[i], job, seat.after);
    auto& node = days[i].nodes[at(seat.after) + 1];
    node.pin = start;
    if (i == 0) node.extra -= saved;
    if (!schedule(m_, days[i])) return false;
  }
  if (fetches) {
    now_.depots = std::move(left);
    depots_changed();
  }
  for (auto& day : days) {
    const int e = day.engineer;
    touch(e);
    now_.score.cost += day.cost - now_.routes[at(e)].cost;
    now_.routes[at(e)] = std::move(day);
    if (m_.has_ties) tie(e);
  }
  now_.engineer_of[at(job)] = one.engineer;
  now_.score.lost -= m_.task(job).value;
  return true;
}

}  // namespace firstfix::planning
