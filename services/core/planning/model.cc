#include "model.h"

#include <algorithm>
#include <cmath>

#include "compile.h"

namespace firstfix::planning {

Model Model::compile(const Problem& problem, const Plan* current) {
  return Compiler(problem, current).run();
}

void Model::price_disturbance(double share) {
  const auto at_share = [](Units price, double part) { return std::llround(static_cast<double>(price) * part); };
  const auto reprice = [&](Suitor& suitor) {
    suitor.extra += at_share(suitor.moves, share) - at_share(suitor.moves, disturbance);
  };
  std::for_each(who.begin(), who.end(), reprice);
  for (auto& list : learners) std::for_each(list.begin(), list.end(), reprice);
  disturbance = share;
  if (shift_price > 0)
    shift_price = units(share * std::min(problem->weights.shifted_stops, problem->weights.moved_stops));
}

Seconds Model::open_from(const Task& task, Seconds t) const {
  if (task.simple) return t <= task.to ? std::max(t, task.from) : kForever;
  for (int w = 0; w < task.window_count; ++w) {
    const auto& window = windows[at(task.first_window + w)];
    if (t <= window.to) return std::max(t, window.from);
  }
  return kForever;
}

Seconds Model::open_until(const Task& task, Seconds t) const {
  if (task.simple) return t >= task.from ? std::min(t, task.to) : -1;
  for (int w = task.window_count; w-- > 0;) {
    const auto& window = windows[at(task.first_window + w)];
    if (t >= window.from) return std::min(t, window.to);
  }
  return -1;
}

const Suitor* Model::find_member(int job, int engineer) const {
  const auto* suitor = find_suitor(job, engineer);
  if (suitor != nullptr || !may_teach(job)) return suitor;
  for (const auto& novice : novices(job))
    if (novice.engineer == engineer) return &novice;
  return nullptr;
}

const Suitor* Model::find_suitor(int job, int engineer) const {
  const auto range = suitors(job);
  const auto* found =
      std::lower_bound(range.first, range.last, engineer, [](const Suitor& s, int e) { return s.engineer < e; });
  return found != range.last && found->engineer == engineer ? found : nullptr;
}

int Model::planned_for(int job) const {
  for (const auto& suitor : suitors(job))
    if (suitor.planned != kNone) return suitor.engineer;
  return kNone;
}

}  // namespace firstfix::planning
