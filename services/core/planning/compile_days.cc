// What each engineer's day allows: limits, breaks, what is pinned, rest between days, and who is the same as who.
#include <algorithm>
#include <tuple>

#include "compile.h"

namespace firstfix::planning {
void Compiler::add_day(int e) {
  const auto& engineer = p_.engineers[at(e)];
  Day day{.start = renamed(engineer.start),
          .end = renamed(engineer.end),
          .from = std::max(engineer.shift.from, p_.now),
          .to = engineer.shift.to,
          .shift_begin = engineer.shift.from,
          .shift_end = engineer.shift.to,
          .max_work = engineer.max_work};
  if (engineer.overtime) {
    day.to = engineer.overtime->until;
    day.overtime_per_second = per_second(engineer.overtime->cost_per_hour * p_.weights.overtime);
  }
  if (engineer.on_call) day.call_out = units(p_.weights.call_out);
  for (const auto& rest : engineer.breaks) {
    day.breaks.push_back(static_cast<int>(m_.tasks.size()));
    m_.tasks.push_back({.service = rest.duration, .from = rest.from, .to = rest.to});
  }
  add_pins(e, day);
  if (!m_.pins[at(e)].empty() && m_.pins[at(e)].front().begun) day.from = day.shift_begin;
  day.simple = day.breaks.empty() && day.max_work >= kForever && day.overtime_per_second == 0;
  m_.days.push_back(std::move(day));
}

void Compiler::add_pins(int e, const Day& day) {
  if (current_ == nullptr) return;
  auto& pins = m_.pins[at(e)];
  for (const auto& route : current_->routes) {
    if (route.engineer != e) continue;
    std::size_t fixed = 0;  // pins up to the last job that may not change
    for (const auto& stop : route.stops) {
      const bool begun = stop.state > StopState::kLocked;
      if (stop.kind == Stop::Kind::kPickup) {
        pins.push_back({m_.depot_task(stop.what), stop.start, begun, stop.parts, false});
        if (begun) fixed = pins.size();
      } else if (stop.kind == Stop::Kind::kBreak) {
        if (stop.start >= p_.now) continue;
        pins.push_back({day.breaks[at(stop.what)], stop.start, true, {}, false});
        fixed = pins.size();
      } else if (stop.state >= StopState::kLocked) {
        pins.push_back({stop.what, stop.start, begun, {}, false});
        fixed = pins.size();
      }
    }
    pins.resize(fixed);
  }
}

bool Compiler::can_rest(int e) const {
  const auto& day = m_.days[at(e)];
  return std::all_of(day.breaks.begin(), day.breaks.end(), [&](int rest) {
    const auto& task = m_.tasks[at(rest)];
    const auto& pins = m_.pins[at(e)];
    const bool over = std::any_of(pins.begin(), pins.end(), [&](const Pin& pin) { return pin.task == rest; });
    const auto earliest = std::max(task.from, day.from);
    const bool home_in_time = !pins.empty() || earliest + task.service + m_.travel(day.start, day.end) <= day.to;
    return over || (earliest <= task.to && task.from <= day.to && home_in_time);
  });
}

Seconds Compiler::rest_before(int e) const {
  const auto& engineer = p_.engineers[at(e)];
  return engineer.on_call ? 0 : engineer.min_rest;
}

void Compiler::tie_days() {
  for (int first = 0, end = 0; first < m_.engineers(); first = end) {
    bool short_rest = false;
    for (end = first + 1; end < m_.engineers() && p_.engineers[at(end)].first_day == first; ++end)
      for (int e = first; e < end; ++e) short_rest = short_rest || m_.day(end).from - rest_before(end) < m_.day(e).to;
    if (!short_rest) continue;
    m_.has_ties = true;
    for (int e = first; e < end; ++e) {
      auto& day = m_.days[at(e)];
      day.kin_begin = first;
      day.kin_end = end;
      day.min_rest = rest_before(e);
      if (e > first) respect_pins(e);
    }
  }
}

void Compiler::respect_pins(int e) {
  const auto& pins = m_.pins[at(e)];
  const auto pin =
      std::find_if(pins.begin(), pins.end(), [&](const Pin& p) { return m_.tasks[at(p.task)].place != kNone; });
  if (pin == pins.end() || pins.front().begun) return;
  const auto& day = m_.days[at(e)];
  const auto leaves = pin->start - m_.travel(day.start, m_.tasks[at(pin->task)].place);
  for (int before = day.kin_begin; before < e; ++before) {
    auto& to = m_.days[at(before)].to;
    to = std::max(begun_until(before), std::min(to, leaves - day.min_rest));
  }
}

Seconds Compiler::begun_until(int e) const {
  const auto& day = m_.days[at(e)];
  auto until = day.from;
  for (const auto& pin : m_.pins[at(e)]) {
    const auto& task = m_.tasks[at(pin.task)];
    if (pin.begun && task.place != kNone)
      until = std::max(until, pin.start + task.service + m_.travel(task.place, day.end));
  }
  return until;
}

void Compiler::find_twins() {
  for (int e = 0; e < m_.engineers(); ++e) {
    auto& day = m_.days[at(e)];
    day.twin = e;
    if (!day.simple || day.tied()) continue;
    for (int other = 0; other < e; ++other)
      if (m_.days[at(other)].twin == other && !m_.days[at(other)].tied() && same(e, other)) {
        day.twin = other;
        break;
      }
  }
}

bool Compiler::same(int e, int f) const {
  const auto &a = p_.engineers[at(e)], &b = p_.engineers[at(f)];
  const auto skills = [](const Engineer& x) {
    std::vector<std::tuple<int, int, Seconds>> out;
    for (const auto& held : x.skills) out.emplace_back(held.skill, held.level, held.certified_until);
    return out;
  };
  return a.start == b.start && a.end == b.end && a.shift == b.shift && m_.days[at(f)].simple &&
         a.van_stock == b.van_stock && a.territory == b.territory && a.mentor_of == b.mentor_of &&
         a.on_call == b.on_call && skills(a) == skills(b);
}

}  // namespace firstfix::planning
