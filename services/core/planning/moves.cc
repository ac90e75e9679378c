#include "moves.h"

#include <algorithm>

namespace firstfix::planning {
namespace {

Units saved(Units dearer) {
  return dearer >= kImpossible ? -kImpossible : -dearer;
}

// Two days that give each other pieces.
struct Pair {
  Patch first, second;
  bool whole = false;  // all of it may move
};

Pair pieces(Days& days, Patch one, Patch other) {
  other.jobs = days.piece(one.engineer, one.first, one.count, days.memory(0));
  one.jobs = days.piece(other.engineer, other.first, other.count, days.memory(1));
  const bool whole =
      static_cast<int>(other.jobs.size()) == one.count && static_cast<int>(one.jobs.size()) == other.count;
  return {one, other, whole && one.engineer != other.engineer};
}

Units gain_of(Days& days, const Pair& pair) {
  if (!pair.whole) return -kImpossible;
  const auto one = days.dearer(pair.first);
  if (one >= kImpossible) return -kImpossible;
  const auto other = days.dearer(pair.second);
  return other >= kImpossible ? -kImpossible : -(one + other);
}

bool is_valid(Days& days, const Pair& pair) {
  return pair.whole && days.possible(pair.first) && days.possible(pair.second);
}

void apply_pair(Days& days, const Pair& pair) {
  days.apply(pair.first);
  days.apply(pair.second);
}

Pair exchanged(Days& days, const Exchange& move) {
  return pieces(days, {days.engineer_of(move.one), days.position(move.one), 1, {}},
                {days.engineer_of(move.other), days.position(move.other), 1, {}});
}

Pair tails(Days& days, const TailSwap& move) {
  const auto behind = [&](int e, int after) { return Patch{e, after + 1, days.day(e).stops() - after, {}}; };
  return pieces(days, behind(move.engineer, move.after), behind(move.other, move.other_after));
}

// The stops of a day about what moves, in their new order; none if one of them may not move.
Patch shifted(Days& days, const Shift& move) {
  auto& jobs = days.memory(0);
  const bool back = move.after < move.first;
  const int first = back ? move.after + 1 : move.first;
  const int end = back ? move.first + move.count : move.after + 1;
  if (days.piece(move.engineer, first, end - first, jobs).empty()) return {};
  std::rotate(jobs.begin(), jobs.begin() + (back ? move.first - first : move.count), jobs.end());
  return {move.engineer, first, end - first, jobs};
}

Shift within(const Days& days, const Relocate& move) {
  return {move.engineer, days.position(move.job), 1, move.after};
}

Pair relocated(Days& days, const Relocate& move) {
  return pieces(days, {days.engineer_of(move.job), days.position(move.job), 1, {}},
                {move.engineer, move.after + 1, 0, {}});
}

}  // namespace

// Only the ways and who comes cost something.
bool Days::priced_by_ways(const DayRoute& route) const {
  return !m_.timed && m_.shift_price == 0 && m_.day(route.engineer).simple && !prices_work(m_, route);
}

// What comes before the patch and after it is known by its earliest and latest starts. Not where breaks move about, or
// where who has begun nothing more may have set out before now.
bool Days::timed_by_slack(const DayRoute& route, const Patch& patch) const {
  const auto& day = m_.day(route.engineer);
  if (!day.breaks.empty() || day.max_work < kForever) return false;
  const auto& before = route.nodes[at(patch.first) - 1];
  const auto& next = route.nodes[at(patch.first + patch.count)];
  return !patch.jobs.empty() || (!before.begun && next.pin == kNone);
}

bool Days::movable(const DayRoute& route, const Patch& patch) const {
  if (route.last_pickup > 0 || m_.day(route.engineer).tied() || patch.first <= route.first_free) return false;
  for (int i = patch.first; i < patch.first + patch.count; ++i) {
    const auto& node = route.nodes[at(i)];
    if (node.pin != kNone || node.task == kNone || node.task >= m_.jobs()) return false;
  }
  return true;
}

// The van has what the new jobs need, with what those that leave do not.
bool Days::stocked_for(const DayRoute& route, const Patch& patch) const {
  if (route.stock.empty()) return true;
  const auto wanted = [&](int job, int part) {
    int sum = 0;
    const auto& task = m_.task(job);
    for (int i = 0; i < task.part_count; ++i)
      if (const auto& need = m_.parts[at(task.first_part + i)]; need.part == part) sum += need.quantity;
    return sum;
  };
  for (const int job : patch.jobs) {
    const auto& task = m_.task(job);
    for (int i = 0; i < task.part_count; ++i) {
      const int part = m_.parts[at(task.first_part + i)].part;
      int left = route.stock[at(part)];
      for (int k = patch.first; k < patch.first + patch.count; ++k) left += wanted(route.nodes[at(k)].task, part);
      for (const int other : patch.jobs) left -= wanted(other, part);
      if (left < 0) return false;
    }
  }
  return true;
}

Units Days::dearer(const Patch& patch) {
  const auto& route = day(patch.engineer);
  Units extra = 0;
  for (const int job : patch.jobs) {
    const auto* suitor = m_.find_suitor(job, patch.engineer);
    if (suitor == nullptr || m_.for_two(job)) return kImpossible;
    extra += suitor->extra;
  }
  if (!priced_by_ways(route)) return time(patch) ? trial_.cost - route.cost : kImpossible;
  Seconds longer = 0;
  for (int i = patch.first; i <= patch.first + patch.count; ++i) {
    longer -= route.nodes[at(i) - 1].leg;
    if (i < patch.first + patch.count) extra -= route.nodes[at(i)].extra;
  }
  if (route.stops() - patch.count + static_cast<int>(patch.jobs.size()) > 0) {
    int place = route.nodes[at(patch.first) - 1].place;
    for (const int job : patch.jobs) {
      longer += m_.travel(place, m_.task(job).place);
      place = m_.task(job).place;
    }
    longer += m_.travel(place, route.nodes[at(patch.first + patch.count)].place);
  }
  return m_.travel_per_second * longer + extra;
}

bool Days::possible(const Patch& patch) {
  const auto& route = day(patch.engineer);
  if (!movable(route, patch) || !stocked_for(route, patch)) return false;
  for (const int job : patch.jobs)
    if (m_.for_two(job) || m_.find_suitor(job, patch.engineer) == nullptr) return false;
  if (!timed_by_slack(route, patch)) return time(patch);
  const auto& before = route.nodes[at(patch.first) - 1];
  const auto& next = route.nodes[at(patch.first + patch.count)];
  int place = before.place;
  auto free = before.depart;
  for (const int job : patch.jobs) {
    const auto& task = m_.task(job);
    const auto start = m_.open_from(task, free + m_.travel(place, task.place));
    if (start > std::min(task.to, m_.find_suitor(job, patch.engineer)->latest)) return false;
    free = start + task.service;
    place = task.place;
  }
  return free + m_.travel(place, next.place) <= next.latest;
}

// The day as it would be, in trial_. False if it breaks a rule of time, or cannot be touched.
bool Days::time(const Patch& patch) {
  const auto& route = day(patch.engineer);
  if (!movable(route, patch)) return false;
  trial_ = route;
  replace(trial_, patch);
  return schedule(m_, trial_);
}

void Days::replace(DayRoute& route, const Patch& patch) {
  for (int i = 0; i < patch.count; ++i) take(m_, route, patch.first, state_.depots);
  int after = patch.first - 1;
  for (const int job : patch.jobs) put(m_, route, job, after++);
}

void Days::apply(const Patch& patch) {
  auto& route = state_.routes[at(patch.engineer)];
  const auto cost = route.cost;
  replace(route, patch);
  schedule(m_, route);
  state_.score.cost += route.cost - cost;
  for (const int job : patch.jobs) state_.engineer_of[at(job)] = patch.engineer;
}

std::span<const int> Days::piece(int engineer, int first, int count, std::vector<int>& memory) const {
  const auto& route = day(engineer);
  memory.clear();
  if (first <= route.first_free) return {};
  for (int i = first; i < first + count; ++i) {
    const auto& node = route.nodes[at(i)];
    if (node.pin != kNone || node.task == kNone || node.task >= m_.jobs()) {
      memory.clear();
      return {};
    }
    memory.push_back(node.task);
  }
  return memory;
}

void Days::set_absent(int job, bool absent) {
  if (absent) {
    state_.engineer_of[at(job)] = kNone;
    state_.absent.push_back(job);
    state_.score.lost += m_.task(job).value;
  } else {
    state_.absent.erase(std::find(state_.absent.begin(), state_.absent.end(), job));
    state_.score.lost -= m_.task(job).value;
  }
}

Units Relocate::gain(Days& days) const {
  if (engineer == days.engineer_of(job)) return within(days, *this).gain(days);
  return gain_of(days, relocated(days, *this));
}
bool Relocate::valid(Days& days) const {
  if (engineer == days.engineer_of(job)) return within(days, *this).valid(days);
  return is_valid(days, relocated(days, *this));
}
void Relocate::apply(Days& days) const {
  if (engineer == days.engineer_of(job)) return within(days, *this).apply(days);
  apply_pair(days, relocated(days, *this));
}

Units Exchange::gain(Days& days) const {
  return gain_of(days, exchanged(days, *this));
}
bool Exchange::valid(Days& days) const {
  return is_valid(days, exchanged(days, *this));
}
void Exchange::apply(Days& days) const {
  apply_pair(days, exchanged(days, *this));
}

Units TailSwap::gain(Days& days) const {
  return gain_of(days, tails(days, *this));
}
bool TailSwap::valid(Days& days) const {
  return is_valid(days, tails(days, *this));
}
void TailSwap::apply(Days& days) const {
  apply_pair(days, tails(days, *this));
}

Units Shift::gain(Days& days) const {
  const auto patch = shifted(days, *this);
  return patch.engineer == kNone ? -kImpossible : saved(days.dearer(patch));
}
bool Shift::valid(Days& days) const {
  const auto patch = shifted(days, *this);
  return patch.engineer != kNone && days.possible(patch);
}
void Shift::apply(Days& days) const {
  days.apply(shifted(days, *this));
}

Value Replace::worth(const Days& days) const {
  return days.model().task(absent).value - days.model().task(served).value;
}
Units Replace::gain(Days& days) const {
  return saved(days.dearer({days.engineer_of(served), days.position(served), 1, {&absent, 1}}));
}
bool Replace::valid(Days& days) const {
  return days.possible({days.engineer_of(served), days.position(served), 1, {&absent, 1}});
}
void Replace::apply(Days& days) const {
  const Patch patch{days.engineer_of(served), days.position(served), 1, {&absent, 1}};
  days.set_absent(served, true);
  days.set_absent(absent, false);
  days.apply(patch);
}

}  // namespace firstfix::planning
