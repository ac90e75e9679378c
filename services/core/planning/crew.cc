#include "planning/crew.h"

#include <algorithm>
#include <set>

namespace firstfix::planning {
namespace {

bool on_site(const CrewPlace& place) {
  return place.role != Role::kRemoteExpert;
}

bool mentored(const CrewPlace& novice, const SkillNeed& need, const Crew& crew, Interval when) {
  return std::any_of(crew.begin(), crew.end(), [&](const auto& other) {
    return other.who != novice.who && on_site(other) && may_mentor(*other.who, need, when);
  });
}

std::string misshapen(const Crew& crew) {
  if (crew.empty()) return "nobody goes";
  if (crew.size() > kLargestCrew) return "a crew has at most " + std::to_string(kLargestCrew) + " members";
  std::set<std::string> ids;
  for (std::size_t i = 0; i < crew.size(); ++i) {
    if (!ids.insert(crew[i].who->id).second) return crew[i].who->id + " cannot be two members of one crew";
    if ((crew[i].role == Role::kLead) != (i == 0)) return "a crew has one lead, who is named first";
  }
  return {};
}

// Why nobody in the crew covers the need; empty if somebody does.
std::string uncovered(const SkillNeed& need, const Crew& crew, Interval when) {
  std::string reasons;
  for (const auto& place : crew) {
    auto reason = why_not(*place.who, need, when);
    if (reason.empty() && !on_site(place) && !need.remote) reason = need.skill + " cannot be brought from afar";
    if (reason.empty()) return {};
    reasons += (reasons.empty() ? "" : "; ") + place.who->id + ": " + reason;
  }
  return reasons;
}

bool useful(const CrewPlace& place, const std::vector<SkillNeed>& needs, const Crew& crew, Interval when) {
  return std::any_of(needs.begin(), needs.end(), [&](const auto& need) {
    if (covers(*place.who, need, when)) return on_site(place) || need.remote;
    return place.role == Role::kSecond && practises(*place.who, need, when) && mentored(place, need, crew, when);
  });
}

std::string useless(const CrewPlace& place) {
  switch (place.role) {
    case Role::kLead:
      return " leads, but covers none of the skills";
    case Role::kSecond:
      return " covers none of the skills, and no mentor of one to practise is there";
    default:
      return " can bring none of the skills from afar";
  }
}

}  // namespace

std::string unfit(const std::vector<SkillNeed>& needs, const Crew& crew, Interval when) {
  if (auto reason = misshapen(crew); !reason.empty()) return reason;
  for (const auto& need : needs)
    if (auto reason = uncovered(need, crew, when); !reason.empty()) return reason;
  for (const auto& place : crew) {
    const bool alone_without_needs = needs.empty() && place.role == Role::kLead;
    if (!alone_without_needs && !useful(place, needs, crew, when)) return place.who->id + useless(place);
  }
  return {};
}

std::vector<Duty> duties(const std::vector<SkillNeed>& needs, const Crew& crew, Interval when) {
  std::vector<Duty> all(crew.size());
  for (const auto& need : needs) {
    bool answered = false;
    for (std::size_t i = 0; i < crew.size(); ++i) {
      const bool can = covers(*crew[i].who, need, when) && (on_site(crew[i]) || need.remote);
      if (can && !answered) {
        all[i].covers.push_back(need);
        answered = true;
      } else if (!can && crew[i].role == Role::kSecond && practises(*crew[i].who, need, when) &&
                 mentored(crew[i], need, crew, when)) {
        all[i].trains.push_back(need);
      }
    }
  }
  return all;
}

std::vector<SkillNeed> nobody_has(const std::vector<SkillNeed>& needs, const std::vector<const Person*>& people,
                                  const std::vector<bool>& comes, Instant from) {
  std::vector<SkillNeed> missing;
  for (const auto& need : needs) {
    bool found = false;
    for (std::size_t i = 0; i < people.size() && !found; ++i)
      found = (comes[i] || need.remote) && ever_covers(*people[i], need, from);
    if (!found) missing.push_back(need);
  }
  return missing;
}

}  // namespace firstfix::planning
