#include "planning/place.h"

#include <algorithm>
#include <cstdio>

#include "together.h"

namespace firstfix::planning {
inline namespace one_job {
namespace {

long minutes(Duration d) {
  return static_cast<long>(std::chrono::duration_cast<std::chrono::minutes>(d).count());
}

bool not_wanted(const Job& job, const Candidate& who) {
  return std::find(job.not_wanted.begin(), job.not_wanted.end(), who.person.id) != job.not_wanted.end();
}

}  // namespace

std::string unqualified(const Job& job, const Candidate& who, Instant now) {
  if (!job.only.empty() && who.person.id != job.only) return "another was named";
  if (not_wanted(job, who)) return "is not wanted at the site";
  if (std::find(job.excluded.begin(), job.excluded.end(), who.person.id) != job.excluded.end()) return "has declined";
  for (const auto& need : job.skills)
    if (!ever_covers(who.person, need, now)) return why_not(who.person, need, just(now));
  return {};
}

namespace {

std::string no_time(const Job& job) {
  std::string within = "the shifts planned";
  if (job.not_after != kNever) within = in_words(job.not_before, job.not_after, job.zone) + " and " + within;
  return "no time for it within " + within + ", with certificates valid then";
}

// Which rule keeps somebody from doing it who is qualified.
std::string no_time_for(const Setting& setting, const Candidate& who) {
  const auto would_do = [&](const Job& other) {
    return alone({other, setting.travel, setting.weights, setting.now}, who).has_value();
  };
  auto other = setting.job;
  other.urgent = true;
  if (!setting.job.urgent && !who.on_call.empty() && would_do(other))
    return "has time for it only on call, and the job can wait";
  other = setting.job;
  other.access.clear();
  if (!setting.job.access.empty() && would_do(other)) return "has no time for it when work may begin at the site";
  return no_time(setting.job);
}

std::string list(const std::vector<SkillNeed>& needs) {
  std::string out;
  for (std::size_t i = 0; i < needs.size(); ++i) out += (i == 0 ? "" : " and ") + in_words(needs[i]);
  return out;
}

std::string task(const Member& member) {
  if (member.role == Role::kRemoteExpert) return " helps from afar with " + list(member.duty.covers);
  if (member.role == Role::kLead) return " leads with " + list(member.duty.covers);
  if (!member.duty.covers.empty()) return " is second with " + list(member.duty.covers);
  return " comes along to learn " + list(member.duty.trains);
}

bool crew_is_needed(const Choice& choice) {
  return std::any_of(choice.crew.begin() + 1, choice.crew.end(), [](const auto& m) { return !m.duty.covers.empty(); });
}

std::string describe(const Job& job, const Choice& choice, Instant now) {
  char text[200];
  std::snprintf(text, sizeof text, "there in %ld min (%ld min of travel), cost %.1f", minutes(choice.starts - now),
                minutes(choice.travel), choice.cost);
  std::string out = choice.engineer + ": " + text;
  for (const auto& pickup : choice.pickups) {
    const auto parts = std::to_string(pickup.parts.size()) + " part(s) ";
    out += pickup.visit.empty()
               ? ", fetches " + parts + "at " + pickup.location
               : ", takes " + parts + "out of the van of " + pickup.colleague + ", at work on " + pickup.visit;
  }
  if (choice.crew.size() < 2) return out;
  if (crew_is_needed(choice)) out += "; no one engineer has " + list(job.skills) + " with time for it";
  for (const auto& member : choice.crew) out += "; " + member.engineer + task(member);
  return out;
}

std::string why_later(const Choice& chosen, const Choice& other) {
  char text[160];
  const auto later = minutes(other.starts - chosen.starts);
  std::snprintf(text, sizeof text, "%.1f dearer: there %ld min %s, %ld min of travel", other.cost - chosen.cost,
                std::abs(later), later < 0 ? "sooner" : "later", minutes(other.travel));
  std::string out = text;
  for (std::size_t i = 1; i < other.crew.size(); ++i) out += "; " + other.crew[i].engineer + task(other.crew[i]);
  return out;
}

std::string most_frequent(const std::vector<Other>& impossible) {
  std::map<std::string, int> reasons;
  for (const auto& other : impossible) ++reasons[other.reason];
  std::vector<std::pair<int, std::string>> ordered;
  for (const auto& [reason, count] : reasons) ordered.emplace_back(-count, reason);
  std::sort(ordered.begin(), ordered.end());
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, ordered.size()); ++i)
    out += (i ? "; " : "") + std::to_string(-ordered[i].first) + " × " + ordered[i].second;
  return out;
}

// A skill that no one has comes first: nothing but another engineer, or learning, helps against that.
std::string nobody(const Job& job, const std::vector<Candidate>& candidates, const std::vector<Other>& impossible,
                   Instant now) {
  if (impossible.empty()) return "no engineer serves this territory";
  std::vector<const Person*> people;
  std::vector<bool> on_site;
  for (const auto& who : candidates) {
    people.push_back(&who.person);
    on_site.push_back(who.on_site);
  }
  const auto missing = nobody_has(job.skills, people, on_site, now);
  if (!missing.empty()) return "nobody has " + list(missing) + ": " + most_frequent(impossible);
  return "no engineer can, alone or in a crew: " + most_frequent(impossible);
}

}  // namespace

Result<Placement> place(const Job& job, const std::vector<Candidate>& candidates, const Travel& travel,
                        const Weights& weights, Instant now) {
  const Setting setting{job, travel, weights, now};
  std::vector<Choice> choices;
  Placement placement;
  for (const auto& who : candidates) {
    if (!who.on_site) continue;
    auto reason = unqualified(job, who, now);
    if (reason.empty()) {
      if (auto choice = alone(setting, who)) {
        choices.push_back(std::move(*choice));
        continue;
      }
      reason = no_time_for(setting, who);
    }
    placement.impossible.push_back({who.person.id, 0, std::move(reason)});
  }
  if (choices.empty()) choices = together(setting, candidates);
  if (choices.empty()) return fail(Code::kUnavailable, nobody(job, candidates, placement.impossible, now));
  std::stable_sort(choices.begin(), choices.end(), [](const auto& a, const auto& b) {
    return a.cost != b.cost ? a.cost < b.cost : a.engineer < b.engineer;
  });
  placement.choice = choices.front();
  if (job.train) add_trainee(setting, candidates, placement.choice);
  placement.reason = describe(job, placement.choice, now);
  for (std::size_t i = 1; i < choices.size(); ++i)
    placement.runners_up.push_back(
        {choices[i].engineer, choices[i].cost - placement.choice.cost, why_later(placement.choice, choices[i])});
  return placement;
}

}  // namespace one_job
}  // namespace firstfix::planning
