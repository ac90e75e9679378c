// Who may do each job, at what price beyond travel and time.
#include <algorithm>

#include "compile.h"

namespace firstfix::planning {
namespace {

bool contains(const std::vector<int>& list, int item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

void Compiler::find_suitors() {
  m_.crew_of.reserve(p_.jobs.size());
  for (int j = 0; j < m_.job_count; ++j) m_.crew_of.push_back(crew_of(j));
  m_.who_from.push_back(0);
  for (int j = 0; j < m_.job_count; ++j) {
    for (int e = 0; e < m_.engineers(); ++e)
      if (auto suitor = suit(p_.jobs[at(j)], j, e); suitor.latest >= m_.tasks[at(j)].from) m_.who.push_back(suitor);
    m_.who_from.push_back(m_.who.size());
  }
  m_.growth = units(p_.weights.growth);
  for (int j = 0; j < m_.job_count; ++j)
    if (p_.jobs[at(j)].supervised && (m_.growth > 0 || m_.is_lesson(j))) find_novices(j);
}

Model::Crew Compiler::crew_of(int j) const {
  const auto& job = p_.jobs[at(j)];
  if (job.crew > 1) return Model::Crew::kTwo;
  bool able = false, learns = false;
  for (int e = 0; job.supervised && e < m_.engineers(); ++e) {
    if (job.fixed_engineer == kNone || person(p_, e) != person(p_, job.fixed_engineer)) continue;
    able = able || suit(job, j, e).latest >= 0;
    learns = learns || suit(job, j, e, true).latest >= 0;
  }
  const bool lesson = learns && !able;
  return lesson ? Model::Crew::kLesson : Model::Crew::kOne;
}

bool Compiler::teaches(int j, int e) const {
  const auto& skills = p_.jobs[at(j)].skills;
  return std::all_of(skills.begin(), skills.end(),
                     [&](const NeededSkill& need) { return contains(p_.engineers[at(e)].mentor_of, need.skill); });
}

bool Compiler::fixed_to_others(const Job& job, int j, int e, bool learns) const {
  if (job.fixed_engineer == kNone || person(p_, job.fixed_engineer) == person(p_, e)) return false;
  if (learns) return m_.is_lesson(j);
  return !m_.is_lesson(j) || !teaches(j, e);
}

void Compiler::find_novices(int j) {
  const auto first = m_.who.begin() + static_cast<std::ptrdiff_t>(m_.who_from[at(j)]);
  const auto last = m_.who.begin() + static_cast<std::ptrdiff_t>(m_.who_from[at(j) + 1]);
  for (auto suitor = first; suitor != last; ++suitor) suitor->teaches = teaches(j, suitor->engineer);
  if (std::none_of(first, last, [](const Suitor& suitor) { return suitor.teaches; })) return;
  if (m_.learners.empty()) m_.learners.resize(p_.jobs.size());
  for (int e = 0; e < m_.engineers(); ++e)
    if (auto novice = suit(p_.jobs[at(j)], j, e, true); novice.latest >= 0 && m_.find_suitor(j, e) == nullptr)
      m_.learners[at(j)].push_back(novice);
  if (!m_.learners[at(j)].empty()) m_.crews.push_back(j);
}

Units Compiler::move_price(int j) const {
  const auto& w = p_.weights;
  const bool early = announced_[at(j)] - p_.now >= w.notice;
  return units(early ? kEarlyMove * w.moved_stops : w.moved_stops);
}

Suitor Compiler::suit(const Job& job, int j, int e, bool learns) const {
  const auto& engineer = p_.engineers[at(e)];
  Suitor out{.engineer = e, .extra = 0, .latest = -1};
  if (!can_rest(e)) return out;
  if (names(p_, job.excluded, e) || fixed_to_others(job, j, e, learns)) return out;
  if (engineer.on_call && !cannot_wait(job)) return out;
  if (job.territory != kNone && engineer.territory != kNone && job.territory != engineer.territory) return out;
  if (pinned_[at(j)] && !contains(planned_for_[at(j)], e)) return out;
  Seconds latest = kForever;
  const auto& w = p_.weights;
  double money = 0;
  for (const auto& need : job.skills) {
    const auto held = std::find_if(engineer.skills.begin(), engineer.skills.end(),
                                   [&](const HeldSkill& has) { return has.skill == need.skill; });
    const bool able = held != engineer.skills.end() && held->level >= need.level;
    if (!able && learns) continue;
    if (!able) return out;
    if (held->certified_until < kForever && !learns) latest = std::min(latest, held->certified_until - job.service);
    money += w.over_qualification * (held->level - need.level);
  }
  const bool preferred = names(p_, job.preferred, e);
  const bool stranger =
      (!job.preferred.empty() && !preferred) ||
      (job.previous_engineer != kNone && person(p_, job.previous_engineer) != person(p_, e) && !preferred);
  if (stranger) money += w.continuity;
  if (!planned_for_[at(j)].empty() && !contains(planned_for_[at(j)], e)) out.moves = move_price(j);
  for (const auto& [who, start] : planned_starts_[at(j)])
    if (who == e) out.planned = start;
  if (job.supervised && !learns) money += w.growth;
  out.extra = units(money) + out.moves;
  out.latest = latest;
  return out;
}

void Compiler::find_unreachable() {
  for (int j = 0; j < m_.job_count; ++j) {
    const auto suitors = m_.suitors(j);
    const bool reachable =
        std::any_of(suitors.begin(), suitors.end(), [&](const Suitor& suitor) { return reaches(suitor, j); });
    m_.is_reachable.push_back(reachable || pinned_[at(j)] ? 1 : 0);
    m_.unreachable += 1 - m_.is_reachable.back();
  }
}

// In time, going there first and home then, from where the day has come to. Breaks are not thought of, nor parts.
bool Compiler::reaches(const Suitor& suitor, int j) const {
  const auto& day = m_.days[at(suitor.engineer)];
  const auto& task = m_.tasks[at(j)];
  int place = day.start;
  auto free = day.from;
  for (const auto& pin : m_.pins[at(suitor.engineer)]) {
    if (!pin.begun) break;
    const auto& begun = m_.tasks[at(pin.task)];
    if (begun.place != kNone) place = begun.place;
    free = std::max(p_.now, pin.start + begun.service);
  }
  const auto start = m_.open_from(task, free + m_.travel(place, task.place));
  return start <= std::min(task.to, suitor.latest) && start + task.service + m_.travel(task.place, day.end) <= day.to;
}

}  // namespace firstfix::planning
