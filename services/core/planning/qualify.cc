#include "planning/qualify.h"

#include <algorithm>

namespace firstfix::planning {
namespace {

void ask_for(std::vector<SkillNeed>& needs, const SkillNeed& more) {
  const auto same =
      std::find_if(needs.begin(), needs.end(), [&](const auto& need) { return need.skill == more.skill; });
  if (same == needs.end()) {
    needs.push_back(more);
  } else {
    same->level = std::max(same->level, more.level);
  }
}

bool certified(const Holding& held, Interval when) {
  return std::any_of(held.certified.begin(), held.certified.end(),
                     [&](const auto& span) { return span.from <= when.from && when.to <= span.to; });
}

}  // namespace

std::vector<SkillNeed> needs_of(const std::vector<ProbableCause>& most_probable_first,
                                const std::vector<SkillNeed>& always) {
  std::vector<SkillNeed> needs;
  for (const auto& need : always) ask_for(needs, need);
  for (std::size_t i = 0; i < most_probable_first.size(); ++i) {
    const auto& cause = most_probable_first[i];
    if (i > 0 && cause.probability < kProbableEnough) continue;
    for (const auto& need : cause.skills) ask_for(needs, need);
  }
  return needs;
}

int level_in(const Person& who, const std::string& skill, Interval when) {
  const auto held = who.skills.find(skill);
  return held != who.skills.end() && certified(held->second, when) ? held->second.level : 0;
}

bool covers(const Person& who, const SkillNeed& need, Interval when) {
  return level_in(who, need.skill, when) >= need.level;
}

bool ever_covers(const Person& who, const SkillNeed& need, Instant from) {
  const auto held = who.skills.find(need.skill);
  return held != who.skills.end() && held->second.level >= need.level &&
         std::any_of(held->second.certified.begin(), held->second.certified.end(),
                     [&](const auto& span) { return span.to > from; });
}

std::string why_not(const Person& who, const SkillNeed& need, Interval when) {
  const auto held = who.skills.find(need.skill);
  if (held == who.skills.end()) return "lacks " + need.skill;
  if (held->second.level < need.level)
    return need.skill + " at level " + std::to_string(held->second.level) + ", " + std::to_string(need.level) +
           " needed";
  if (certified(held->second, when)) return {};
  const bool ended = std::all_of(held->second.certified.begin(), held->second.certified.end(),
                                 [&](const auto& span) { return span.to <= when.from; });
  if (ended) return "certificate for " + need.skill + " has expired, was revoked or is missing";
  return "certificate for " + need.skill + " does not cover the visit";
}

bool may_mentor(const Person& who, const SkillNeed& need, Interval when) {
  return who.mentors.count(need.skill) > 0 && covers(who, need, when);
}

bool practises(const Person& who, const SkillNeed& need, Interval when) {
  if (covers(who, need, when)) return false;
  return who.skills.count(need.skill) > 0 || who.learns.count(need.skill) > 0;
}

std::string in_words(const SkillNeed& need) {
  return need.skill + " at level " + std::to_string(need.level);
}

}  // namespace firstfix::planning
