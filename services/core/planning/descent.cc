#include "descent.h"

#include <algorithm>

namespace firstfix::planning {
namespace {

constexpr int kBeside = 12;  // neighbours that a job is tried beside
constexpr int kLongestShift = 3;

}  // namespace

void Descent::queue(int engineer) {
  if (queued_[at(engineer)]) return;
  queued_[at(engineer)] = 1;
  queue_.push_back(engineer);
}

template <class Move>
bool Descent::gains(Days& days, const Move& move) {
  if (move.gain(days) <= 0 || !move.valid(days)) return false;
  move.apply(days);
  return true;
}

// So that the job comes to stand beside the other.
bool Descent::across(Days& days, int job, int other) {
  const int e = days.engineer_of(job), f = days.engineer_of(other);
  const int here = days.position(job), there = days.position(other);
  if (gains(days, Relocate{job, f, there}) || gains(days, Relocate{job, f, there - 1})) return true;
  if (gains(days, TailSwap{e, here, f, there - 1}) || gains(days, TailSwap{f, there, e, here - 1})) return true;
  const auto& nodes = days.day(f).nodes;
  for (const int beside : {nodes[at(there) - 1].task, nodes[at(there) + 1].task})
    if (beside != kNone && beside < m_.jobs() && gains(days, Exchange{job, beside})) return true;
  return false;
}

bool Descent::within(Days& days, int job, int other) {
  const int e = days.engineer_of(job);
  const int first = days.position(job), there = days.position(other);
  for (int count = 1; count <= kLongestShift && first + count - 1 <= days.day(e).stops(); ++count)
    for (const int after : {there, there - 1})
      if ((after < first - 1 || after >= first + count) && gains(days, Shift{e, first, count, after})) return true;
  return false;
}

bool Descent::improve_about(Days& days, int job) {
  const auto& near = m_.near[at(job)];
  const auto count = std::min(near.size(), at(kBeside) + 1);
  for (std::size_t i = 1; i < count; ++i) {
    const int other = near[i], f = days.engineer_of(other), e = days.engineer_of(job);
    if (f == kNone) continue;
    if (e == f ? within(days, job, other) : across(days, job, other)) {
      queue(e);
      queue(f);
      return true;
    }
  }
  return false;
}

void Descent::improve(State& state, const std::function<bool()>& stop) {
  Days days(m_, state);
  for (int e = 0; e < m_.engineers(); ++e) queue(e);
  for (std::size_t next = 0; next < queue_.size() && !stop(); ++next) {
    const int e = queue_[next];
    queued_[at(e)] = 0;
    jobs_.clear();
    for (const auto& node : days.day(e).nodes)
      if (node.task != kNone && node.task < m_.jobs() && node.pin == kNone) jobs_.push_back(node.task);
    for (const int job : jobs_)
      while (days.engineer_of(job) != kNone && improve_about(days, job)) {
      }
  }
  queue_.clear();
  std::fill(queued_.begin(), queued_.end(), 0);
}

}  // namespace firstfix::planning
