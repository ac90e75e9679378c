// The rule of who may go together, in one place. Planning forms crews by it; setting out and arriving are checked
// against it again. Pure and thread-safe.
//
//   1. Every skill that the job needs is covered, at its level, by somebody on site, or, if the skill allows it, by a
//      remote expert.
//   2. The lead covers at least one needed skill: nobody is talked through a whole job by phone.
//   3. A second covers a needed skill too, or practises one under a mentor who is on site: a novice never goes alone.
//   4. A remote expert covers a skill that can be brought from afar.
//   5. At most four, nobody twice, one lead, who is named first.
#pragma once

#include <string>
#include <vector>

#include "planning/qualify.h"

namespace firstfix::planning {

inline constexpr std::size_t kLargestCrew = 4;

enum class Role { kLead, kSecond, kRemoteExpert };

// People are not owned: they outlive the crew.
struct CrewPlace {
  const Person* who = nullptr;
  Role role = Role::kLead;
};
using Crew = std::vector<CrewPlace>;

// What each member is there for, in the crew's order.
struct Duty {
  std::vector<SkillNeed> covers;  // answers for these
  std::vector<SkillNeed> trains;  // practises these under a mentor on site
};

// Why the crew may not do the job during `when`, in words; empty if it may.
std::string unfit(const std::vector<SkillNeed>& needs, const Crew& crew, Interval when);

// Who answers for what: the lead for all that he covers, then the seconds, then the experts for what is left.
std::vector<Duty> duties(const std::vector<SkillNeed>& needs, const Crew& crew, Interval when);

// The needs that none of the people could ever cover from `from` on: on site, or from afar where the skill allows it.
// `on_site[i]` says whether people[i] could come.
std::vector<SkillNeed> nobody_has(const std::vector<SkillNeed>& needs, const std::vector<const Person*>& people,
                                  const std::vector<bool>& on_site, Instant from);

}  // namespace firstfix::planning
