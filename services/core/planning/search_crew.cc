// Jobs for two: both are put in at one time or not at all, and taken out together. In between, each half stands in its
// day with its start pinned. Each carries the parts: who will need them is not known beforehand.
#include <algorithm>

#include "search.h"

namespace firstfix::planning {
namespace {

constexpr std::size_t kMostSeats = 200;

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

int position_of(const DayRoute& route, int job) {
  for (int i = 1; i <= route.stops(); ++i)
    if (route.nodes[at(i)].task == job) return i;
  return kNone;
}

}  // namespace

void Search::take_crew(int job) {
  if (now_.engineer_of[at(job)] == kNone) return;
  int members[2] = {kNone, kNone};
  int count = 0;
  for (const auto& suitor : m_.suitors(job)) {
    const int position = position_of(now_.routes[at(suitor.engineer)], job);
    if (position == kNone) continue;
    const auto& node = now_.routes[at(suitor.engineer)].nodes[at(position)];
    const auto& pins = m_.pins[at(suitor.engineer)];
    const bool frozen =
        node.begun || std::any_of(pins.begin(), pins.end(), [&](const Pin& pin) { return pin.task == job; });
    if (frozen || !active_[at(suitor.engineer)] || count == 2) return;
    members[count++] = suitor.engineer;
  }
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

// Two seats that overlap in time, the cheapest first.
void Search::place_crew(int job) {
  const auto& task = m_.task(job);
  seats_.clear();
  for (const auto& suitor : m_.suitors(job)) {
    const auto& route = now_.routes[at(suitor.engineer)];
    if (!active_[at(suitor.engineer)] || (task.part_count > 0 && !stocked(m_, route, job))) continue;
    for (int i = route.first_free; i <= route.stops(); ++i) {
      const auto& node = route.nodes[at(i)];
      const auto& next = route.nodes[at(i) + 1];
      const auto there = m_.travel(node.place, task.place), onward = m_.travel(task.place, next.place);
      Seat seat{m_.travel_per_second * (there + onward - node.leg) + suitor.extra, suitor.engineer, i};
      seat.from = m_.open_from(task, node.depart + there);
      seat.to = m_.open_until(task, std::min(suitor.latest, next.latest - onward - task.service));
      if (seat.from <= seat.to) seats_.push_back(seat);
    }
  }
  std::sort(seats_.begin(), seats_.end(), [](const Seat& a, const Seat& b) {
    return a.cost != b.cost ? a.cost < b.cost : std::pair(a.engineer, a.after) < std::pair(b.engineer, b.after);
  });
  if (seats_.size() > kMostSeats) seats_.resize(kMostSeats);
  for (std::size_t sum = 1; sum < 2 * seats_.size(); ++sum) {
    for (std::size_t i = sum >= seats_.size() ? sum - seats_.size() + 1 : 0; 2 * i < sum; ++i)
      if (put_crew(job, seats_[i], seats_[sum - i])) return;
  }
}

bool Search::put_crew(int job, const Seat& one, const Seat& other) {
  const auto start = m_.open_from(m_.task(job), std::max(one.from, other.from));
  if (one.engineer == other.engineer || start > std::min(one.to, other.to)) return false;
  DayRoute days[2];
  for (int i = 0; i < 2; ++i) {
    const auto& seat = i == 0 ? one : other;
    days[i] = now_.routes[at(seat.engineer)];
    put(m_, days[i], job, seat.after);
    days[i].nodes[at(seat.after) + 1].pin = start;
    if (!schedule(m_, days[i])) return false;
  }
  for (auto& day : days) {
    const int e = day.engineer;
    touch(e);
    now_.score.cost += day.cost - now_.routes[at(e)].cost;
    now_.routes[at(e)] = std::move(day);
  }
  now_.engineer_of[at(job)] = one.engineer;
  now_.score.lost -= m_.task(job).value;
  return true;
}

}  // namespace firstfix::planning
