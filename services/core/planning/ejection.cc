#include "ejection.h"

#include <algorithm>
#include <cmath>

#include "pickup.h"

namespace firstfix::planning {
namespace {

constexpr int kMostEjected = 4;  // neighbours in one day
constexpr int kShakes = 40;      // moves tried between two steps
constexpr int kNearby = 20;      // neighbours of a job that it may go to then

}  // namespace

// Where it costs least. False if there is no place.
bool Ejection::place(Days& days, State& state, int job) {
  Spot best;
  const Suitor* who = nullptr;
  for (const auto& suitor : m_.suitors(job)) {
    if (m_.day(suitor.engineer).tied()) continue;
    const auto spot = best_spot(m_, days.day(suitor.engineer), job, suitor, state.depots, scratch_);
    if (spot.cost < best.cost && spot.after >= 0) best = spot, who = &suitor;
  }
  if (who == nullptr) return false;
  days.set_absent(job, false);
  days.apply({who->engineer, best.after + 1, 0, {&job, 1}});
  return true;
}

// The stops from nodes[first] on that the job may take the place of.
void Ejection::consider(Days& days, int job, int engineer, int first, Way& best, int& ties) {
  const auto& route = days.day(engineer);
  int hard = 0;
  for (int count = 1; count <= kMostEjected && first + count - 1 <= route.stops(); ++count) {
    const auto& node = route.nodes[at(first + count - 1)];
    if (node.task >= m_.jobs() || node.pin != kNone) return;
    hard += hard_[at(node.task)];
    if (best.engineer != kNone && hard > best.hard) return;
    if (!days.possible({engineer, first, count, {&job, 1}})) continue;
    ties = best.engineer != kNone && hard == best.hard ? ties + 1 : 1;
    if (random_.below(ties) == 0) best = {engineer, first, count, hard};
    return;
  }
}

Ejection::Way Ejection::find_way(Days& days, int job) {
  Way best;
  int ties = 0;
  for (const auto& suitor : m_.suitors(job)) {
    const auto& route = days.day(suitor.engineer);
    for (int first = route.first_free + 1; first <= route.stops(); ++first)
      consider(days, job, suitor.engineer, first, best, ties);
  }
  return best;
}

void Ejection::make_room(Days& days, int job, const Way& way) {
  const auto& nodes = days.day(way.engineer).nodes;
  for (int i = way.first; i < way.first + way.count; ++i) days.set_absent(nodes[at(i)].task, true);
  days.set_absent(job, false);
  days.apply({way.engineer, way.first, way.count, {&job, 1}});
}

// Stops go beside a neighbour, or change places with one, if that is not much dearer.
void Ejection::shake(Days& days, double heat) {
  const auto jobs = m_.jobs();
  for (int i = 0; i < kShakes; ++i) {
    const int job = random_.below(jobs);
    const auto& near = m_.near[at(job)];
    const int other = near[at(random_.below(std::min(kNearby, static_cast<int>(near.size()))))];
    if (other == job || days.engineer_of(job) == kNone || days.engineer_of(other) == kNone) continue;
    if (days.engineer_of(job) == days.engineer_of(other)) continue;
    const auto allowed = heat * std::log(1 - random_.unit());
    const auto try_out = [&](const auto& move) {
      if (static_cast<double>(move.gain(days)) > allowed && move.valid(days)) move.apply(days);
    };
    if (random_.below(2) == 0) {
      try_out(Exchange{job, other});
    } else {
      try_out(Relocate{job, days.engineer_of(other), days.position(other) - random_.below(2)});
    }
  }
}

bool Ejection::improve(State& state, int steps, double heat) {
  auto now = state;
  Days days(m_, now);
  bool found = false;
  // Nobody can do these, or they take another way.
  std::vector<int> given_up;
  const auto hopeless = [&](int job) { return m_.for_two(job) || !m_.is_reachable[at(job)]; };
  for (const int job : now.absent)
    if (hopeless(job)) given_up.push_back(job);
  now.absent.erase(std::remove_if(now.absent.begin(), now.absent.end(), hopeless), now.absent.end());
  for (int step = 0; step < steps && !now.absent.empty(); ++step) {
    const int job = now.absent.back();
    if (!place(days, now, job)) {
      ++hard_[at(job)];
      const auto way = find_way(days, job);
      if (way.engineer == kNone) {
        std::rotate(now.absent.begin(), now.absent.end() - 1, now.absent.end());
      } else {
        make_room(days, job, way);
      }
      shake(days, heat);
    }
    if (now.score.lost >= state.score.lost) continue;
    found = true;
    state = now;
    state.absent.insert(state.absent.end(), given_up.begin(), given_up.end());
  }
  return found;
}

}  // namespace firstfix::planning
