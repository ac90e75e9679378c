// Who is qualified for what, and when. Pure and thread-safe.
//
// A level counts only while a certificate covers it, from the beginning of the work to its end: one that ends in
// between, or has been revoked, counts for nothing.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"

namespace firstfix::planning {

// From `from` to before `to`.
struct Interval {
  Instant from, to;
};
inline Interval just(Instant t) {
  return {t, t + Duration{1}};
}

struct SkillNeed {
  std::string skill;
  int level = 1;
  bool remote = false;  // an expert can bring it from afar
  bool operator==(const SkillNeed&) const = default;
};

// A skill held. `certified`: when it counts; a skill that needs no certificate counts always.
struct Holding {
  int level = 0;
  std::vector<Interval> certified = {{Instant{INT64_MIN}, kNever}};
};

struct Person {
  std::string id;
  std::map<std::string, Holding> skills;
  std::set<std::string> mentors;  // skills that the person may mentor
  std::set<std::string> learns;   // skills that the person is to learn, even without any level yet
};

// What a job takes. The rule: the skills of the most probable cause and of every other cause that is at least this
// probable, each at the highest level that one of them asks for; and what the machine itself takes whatever the cause.
inline constexpr double kProbableEnough = 0.25;

struct ProbableCause {
  double probability = 0;
  std::vector<SkillNeed> skills;
};
std::vector<SkillNeed> needs_of(const std::vector<ProbableCause>& most_probable_first,
                                const std::vector<SkillNeed>& always);

// The level that counts during the whole of `when`; 0 for none.
int level_in(const Person& who, const std::string& skill, Interval when);
bool covers(const Person& who, const SkillNeed& need, Interval when);
// Is there a time after `from` at which the person covers the need?
bool ever_covers(const Person& who, const SkillNeed& need, Instant from);
// Why the person does not cover the need, in words; empty if they do.
std::string why_not(const Person& who, const SkillNeed& need, Interval when);

// May the person supervise somebody who practises the needed skill? Who does not cover the need may not.
bool may_mentor(const Person& who, const SkillNeed& need, Interval when);
// Would the work teach the person the needed skill? Whoever is below the level, and holds the skill or is to learn it.
bool practises(const Person& who, const SkillNeed& need, Interval when);

// "skills/gas at level 2".
std::string in_words(const SkillNeed& need);

}  // namespace firstfix::planning
