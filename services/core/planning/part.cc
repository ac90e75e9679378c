#include "part.h"

#include <algorithm>

namespace firstfix::planning {

Part::Part(const Model& whole, const State& state, std::vector<int> engineers, const std::vector<int>& absent)
    : whole_(whole), state_(state), engineers_(std::move(engineers)) {
  engineer_in_.assign(whole.days.size(), kNone);
  for (std::size_t i = 0; i < engineers_.size(); ++i) engineer_in_[at(engineers_[i])] = static_cast<int>(i);
  m_.problem = whole.problem;
  m_.travel_per_second = whole.travel_per_second;
  m_.waiting_per_second = whole.waiting_per_second;
  m_.timed = whole.timed;
  m_.fairness = whole.fairness;
  m_.disturbance = whole.disturbance;
  m_.shift_price = whole.shift_price;
  m_.growth = whole.growth;
  m_.kinds = whole.kinds;
  m_.scarce = whole.scarce;
  number_tasks(absent);
  number_places();
  copy_travel();
  copy_tasks();
  copy_days();
  copy_jobs();
}

void Part::add_task(int task) {
  if (task_in_[at(task)] != kNone) return;
  task_in_[at(task)] = static_cast<int>(tasks_.size());
  tasks_.push_back(task);
}

// Jobs, breaks, depots.
void Part::number_tasks(const std::vector<int>& absent) {
  task_in_.assign(whole_.tasks.size(), kNone);
  for (const int e : engineers_)
    for (const auto& node : state_.routes[at(e)].nodes)
      if (node.task != kNone && node.task < whole_.jobs()) add_task(node.task);
  for (const int job : absent) add_task(job);
  m_.job_count = static_cast<int>(tasks_.size());
  for (const int e : engineers_)
    for (const int rest : whole_.day(e).breaks) add_task(rest);
  m_.first_depot = static_cast<int>(tasks_.size());
  for (int depot = whole_.first_depot; depot < static_cast<int>(whole_.tasks.size()); ++depot) add_task(depot);
}

void Part::add_place(int place) {
  if (place != kNone) place_in_[at(place)] = 0;
}

// In the order of the whole, in which near ones are near.
void Part::number_places() {
  place_in_.assign(whole_.places, kNone);
  for (const int task : tasks_) add_place(whole_.task(task).place);
  for (const int e : engineers_) {
    add_place(whole_.day(e).start);
    add_place(whole_.day(e).end);
  }
  for (std::size_t place = 0; place < whole_.places; ++place) {
    if (place_in_[place] == kNone) continue;
    place_in_[place] = static_cast<int>(places_.size());
    places_.push_back(static_cast<int>(place));
  }
}

void Part::copy_travel() {
  m_.places = places_.size();
  const auto copied = [&](const Seconds* from) {
    auto table = std::make_unique_for_overwrite<Seconds[]>(m_.places * m_.places);
    auto* to = table.get();
    for (const int row : places_)
      for (const int column : places_) *to++ = from[at(row) * whole_.places + at(column)];
    return table;
  };
  m_.table = copied(whole_.out_of);
  m_.out_of = m_.into = m_.table.get();
  if (whole_.into == whole_.out_of) return;
  m_.transposed = copied(whole_.into);
  m_.into = m_.transposed.get();
}

void Part::copy_tasks() {
  m_.tasks.reserve(tasks_.size());
  for (const int task : tasks_) {
    auto& copy = m_.tasks.emplace_back(whole_.task(task));
    if (copy.place != kNone) copy.place = place_in_[at(copy.place)];
    const auto windows = whole_.windows.begin() + copy.first_window;
    copy.first_window = static_cast<int>(m_.windows.size());
    m_.windows.insert(m_.windows.end(), windows, windows + copy.window_count);
    const auto parts = whole_.parts.begin() + copy.first_part;
    copy.first_part = static_cast<int>(m_.parts.size());
    m_.parts.insert(m_.parts.end(), parts, parts + copy.part_count);
  }
}

void Part::copy_days() {
  std::vector<int> twins(whole_.days.size(), kNone);  // the first here of each kind
  for (std::size_t i = 0; i < engineers_.size(); ++i) {
    const auto e = at(engineers_[i]);
    auto& day = m_.days.emplace_back(whole_.days[e]);
    day.start = place_in_[at(day.start)];
    day.end = place_in_[at(day.end)];
    auto& twin = twins[at(day.twin)];
    if (twin == kNone) twin = static_cast<int>(i);
    day.twin = twin;
    for (int& rest : day.breaks) rest = task_in_[at(rest)];
    if (day.tied()) {
      const int days = day.kin_end - day.kin_begin;
      day.kin_begin = engineer_in_[at(day.kin_begin)];
      day.kin_end = day.kin_begin + days;
      m_.has_ties = true;
    }
    m_.pins.push_back(of_part(whole_.pins[e]));
    m_.start.push_back(of_part(whole_.start[e]));
  }
}

std::vector<Pin> Part::of_part(const std::vector<Pin>& pins) const {
  std::vector<Pin> out;
  for (const auto& pin : pins) {
    if (task_in_[at(pin.task)] == kNone) continue;
    out.push_back(pin);
    out.back().task = task_in_[at(pin.task)];
  }
  return out;
}

std::vector<Suitor> Part::of_part(const Suitor* first, const Suitor* last) const {
  std::vector<Suitor> out;
  for (const auto* suitor = first; suitor != last; ++suitor) {
    if (engineer_in_[at(suitor->engineer)] == kNone) continue;
    out.push_back(*suitor);
    out.back().engineer = engineer_in_[at(suitor->engineer)];
  }
  return out;
}

void Part::copy_jobs() {
  const auto jobs = at(m_.job_count);
  m_.who_from.push_back(0);
  m_.near.resize(jobs);
  if (!whole_.learners.empty()) m_.learners.resize(jobs);
  if (!whole_.near_depots.empty()) m_.near_depots.resize(jobs);
  for (std::size_t i = 0; i < jobs; ++i) {
    const int job = tasks_[i];
    const auto range = whole_.suitors(job);
    const auto suitors = of_part(range.first, range.last);
    m_.who.insert(m_.who.end(), suitors.begin(), suitors.end());
    m_.who_from.push_back(m_.who.size());
    for (const int near : whole_.near[at(job)])
      if (task_in_[at(near)] != kNone) m_.near[i].push_back(task_in_[at(near)]);
    m_.crew_of.push_back(whole_.crew_of[at(job)]);
    m_.is_reachable.push_back(whole_.is_reachable[at(job)]);
    m_.unreachable += 1 - m_.is_reachable.back();
    if (!whole_.near_depots.empty()) m_.near_depots[i] = whole_.near_depots[at(job)];
    if (whole_.learners.empty()) continue;
    const auto& novices = whole_.learners[at(job)];
    m_.learners[i] = of_part(novices.data(), novices.data() + novices.size());
  }
  for (const int job : whole_.crews)
    if (task_in_[at(job)] != kNone) m_.crews.push_back(task_in_[at(job)]);
}

State Part::state() const {
  State out;
  out.engineer_of.assign(at(m_.jobs()), kNone);
  for (std::size_t i = 0; i < engineers_.size(); ++i) {
    auto& route = out.routes.emplace_back(state_.routes[at(engineers_[i])]);
    route.engineer = static_cast<int>(i);
    for (auto& node : route.nodes) {
      node.place = place_in_[at(node.place)];
      if (node.task == kNone) continue;
      node.task = task_in_[at(node.task)];
      if (node.task < m_.jobs()) out.engineer_of[at(node.task)] = route.engineer;
    }
    for (auto& fetch : route.fetches)
      if (fetch.job != kNone) fetch.job = task_in_[at(fetch.job)];
  }
  for (int job = 0; job < m_.jobs(); ++job)
    if (out.engineer_of[at(job)] == kNone) out.absent.push_back(job);
  out.score = score_of(m_, out);
  return out;
}

void Part::days_out(const State& part, std::vector<DayRoute>& whole) const {
  for (std::size_t i = 0; i < engineers_.size(); ++i) {
    auto& route = whole[at(engineers_[i])] = part.routes[i];
    route.engineer = engineers_[i];
    for (auto& node : route.nodes) {
      node.place = places_[at(node.place)];
      if (node.task != kNone) node.task = tasks_[at(node.task)];
    }
    for (auto& fetch : route.fetches)
      if (fetch.job != kNone) fetch.job = tasks_[at(fetch.job)];
  }
}

}  // namespace firstfix::planning
