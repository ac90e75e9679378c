#include "compile.h"

#include <algorithm>
#include <numeric>

namespace firstfix::planning {
namespace {

constexpr Value kHazardPoints = 1'000'000, kCommittedPoints = 10'000, kEmergencyPoints = 1'000;

// In order and apart, cut to the limits.
std::vector<Span> tidy(std::vector<Span> windows, Span limits) {
  if (windows.empty()) windows.push_back({0, kForever});
  std::sort(windows.begin(), windows.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
  std::vector<Span> out;
  for (auto window : windows) {
    window = {std::max(window.from, limits.from), std::min(window.to, limits.to)};
    if (window.from > window.to) continue;
    if (!out.empty() && window.from <= out.back().to) {
      out.back().to = std::max(out.back().to, window.to);
    } else {
      out.push_back(window);
    }
  }
  return out;
}

}  // namespace

Model Compiler::run() {
  m_.problem = &p_;
  m_.job_count = static_cast<int>(p_.jobs.size());
  m_.travel_per_second = per_second(p_.weights.travel);
  m_.waiting_per_second = per_second(p_.weights.waiting);
  m_.fairness = per_second(p_.weights.fairness);
  m_.kinds = at(p_.part_count);
  m_.first_depot = m_.job_count;
  for (const auto& engineer : p_.engineers) {
    first_break_.push_back(m_.first_depot);
    m_.first_depot += static_cast<int>(engineer.breaks.size());
  }
  limits_.assign(p_.jobs.size(), Span{p_.now, kForever});
  planned_for_.resize(p_.jobs.size());
  planned_starts_.resize(p_.jobs.size());
  announced_.assign(p_.jobs.size(), kForever);
  pinned_.assign(p_.jobs.size(), false);
  promised_.assign(p_.jobs.size(), false);
  read_current();
  m_.shift_price = current_ != nullptr ? units(std::min(p_.weights.shifted_stops, p_.weights.moved_stops)) : 0;
  copy_travel();
  for (int j = 0; j < m_.job_count; ++j) add_job(j);
  for (int e = 0; e < static_cast<int>(p_.engineers.size()); ++e) add_day(e);
  add_depots();
  tie_days();
  find_twins();
  find_suitors();
  find_unreachable();
  find_neighbours();
  m_.timed = m_.waiting_per_second > 0 || std::any_of(m_.tasks.begin(), m_.tasks.end(), [](const Task& task) {
               return task.due < task.to && task.late_per_second > 0;
             });
  return std::move(m_);
}
void Compiler::read_current() {
  m_.pins.resize(p_.engineers.size());
  m_.start.resize(p_.engineers.size());
  if (current_ == nullptr) return;
  for (const auto& route : current_->routes) {
    int place = kNone;
    Seconds free = 0;
    for (const auto& stop : route.stops) {
      const bool at_time = follow(route.engineer, stop, place, free);
      if (stop.kind == Stop::Kind::kPickup)
        m_.start[at(route.engineer)].push_back({m_.depot_task(stop.what), stop.start, false, stop.parts, false});
      if (stop.kind == Stop::Kind::kBreak)
        m_.start[at(route.engineer)].push_back(
            {first_break_[at(route.engineer)] + stop.what, stop.start, false, {}, false});
      if (stop.kind != Stop::Kind::kJob) continue;
      const auto job = at(stop.what);
      planned_for_[job].push_back(route.engineer);
      announced_[job] = std::min(announced_[job], stop.start);
      if (at_time) planned_starts_[job].emplace_back(route.engineer, stop.start);
      if (stop.state == StopState::kPromised) {
        promised_[job] = true;
        limits_[job] = {std::max(p_.now, stop.promised.from), std::max(p_.now, stop.promised.to)};
      }
      if (stop.state >= StopState::kLocked) pinned_[job] = true;
      m_.start[at(route.engineer)].push_back({stop.what, stop.start, false, {}, false});
    }
  }
}

bool Compiler::follow(int engineer, const Stop& stop, int& place, Seconds& free) const {
  const bool job = stop.kind == Stop::Kind::kJob, rests = stop.kind == Stop::Kind::kBreak;
  int where = place;
  if (!rests) where = job ? p_.jobs[at(stop.what)].place : p_.depots[at(stop.what)].place;
  const auto arrives = free + (place != kNone ? p_.travel(place, where) : 0);
  place = where;
  if (rests) {
    free = stop.start + p_.engineers[at(engineer)].breaks[at(stop.what)].duration;
  } else {
    free = stop.start + (job ? p_.jobs[at(stop.what)].service : p_.depots[at(stop.what)].pickup);
  }
  return stop.start >= arrives;
}

// What may be asked of the depots at most, of each kind of part: by every job, and by fetching that has begun, whose
// job may be no more.
std::vector<std::int64_t> Compiler::most_asked() const {
  std::vector<std::int64_t> most(m_.kinds);
  for (int j = 0; j < m_.job_count; ++j) {
    const bool two_may_come = p_.jobs[at(j)].crew > 1 || p_.jobs[at(j)].supervised;  // each takes all that it needs
    for (int i = 0; i < m_.task(j).part_count; ++i) {
      const auto& need = m_.parts[at(m_.task(j).first_part + i)];
      most[at(need.part)] += need.quantity * (two_may_come ? 2 : 1);
    }
  }
  for (const auto& pins : m_.pins)
    for (const auto& pin : pins)
      for (std::size_t k = 0; k < pin.parts.size(); ++k) most[k] += pin.parts[k];
  return most;
}

void Compiler::add_depots() {
  if (p_.depots.empty()) return;
  const auto asked = most_asked();
  for (const auto& depot : p_.depots) {
    m_.tasks.push_back(
        {.place = renamed(depot.place), .service = depot.pickup, .from = depot.open.from, .to = depot.open.to});
    for (std::size_t k = 0; k < depot.stock.size(); ++k)
      m_.scarce = m_.scarce || (depot.stock[k] > 0 && depot.stock[k] < asked[k]);
  }
  m_.near_depots.resize(p_.jobs.size());
  for (int j = 0; j < m_.job_count; ++j) {
    if (m_.task(j).part_count == 0) continue;
    auto& near = m_.near_depots[at(j)];
    near.resize(p_.depots.size());
    std::iota(near.begin(), near.end(), 0);
    const auto* to = m_.to_place(m_.task(j).place);
    std::stable_sort(near.begin(), near.end(), [&](int a, int b) {
      return to[renamed(p_.depots[at(a)].place)] < to[renamed(p_.depots[at(b)].place)];
    });
  }
}

void Compiler::add_job(int j) {
  const auto& job = p_.jobs[at(j)];
  Task task{.place = renamed(job.place), .service = job.service};
  auto limits = limits_[at(j)];
  if (job.fixed_start) limits = {*job.fixed_start, *job.fixed_start};
  if (pinned_[at(j)]) limits = {0, kForever};  // it stands where it stands
  auto windows = tidy(job.windows, limits);
  if (windows.empty()) windows.push_back({kForever, kForever - 1});  // never
  task.from = windows.front().from;
  task.to = windows.back().to;
  task.first_window = static_cast<int>(m_.windows.size());
  task.window_count = static_cast<int>(windows.size());
  task.simple = windows.size() == 1;
  task.urgent = cannot_wait(job);
  m_.windows.insert(m_.windows.end(), windows.begin(), windows.end());
  task.due = job.due;
  task.late_per_second = per_second(job.late_cost_per_hour * p_.weights.lateness);
  Value points = job.priority;
  if (job.hazard) points += kHazardPoints;
  if (job.fixed_engineer != kNone || promised_[at(j)] || pinned_[at(j)]) points += kCommittedPoints;
  if (job.priority >= kEmergencyPriority) points += kEmergencyPoints;
  task.value = points * kValuePerPoint + 1;
  task.first_part = static_cast<int>(m_.parts.size());
  for (int k = 0; k < static_cast<int>(job.parts.size()); ++k)
    if (job.parts[at(k)] > 0) m_.parts.push_back({k, job.parts[at(k)]});
  task.part_count = static_cast<int>(m_.parts.size()) - task.first_part;
  m_.tasks.push_back(task);
  if (job.crew > 1) m_.crews.push_back(j);
}

}  // namespace firstfix::planning
