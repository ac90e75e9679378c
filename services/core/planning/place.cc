#include "planning/place.h"

#include <algorithm>
#include <cstdio>
#include <optional>

namespace firstfix::planning {
namespace {

double hours(Duration d) {
  return std::chrono::duration<double, std::ratio<3600>>(d).count();
}
long minutes(Duration d) {
  return static_cast<long>(std::chrono::duration_cast<std::chrono::minutes>(d).count());
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// Why the engineer may not do the job at all; empty if they may.
std::string unqualified(const Job& job, const Candidate& who, Instant now) {
  if (!job.only.empty() && who.id != job.only) return "another was named";
  if (contains(job.excluded, who.id)) return "has declined";
  for (const auto& need : job.skills) {
    const auto held = who.skills.find(need.skill);
    if (held == who.skills.end()) return "lacks " + need.skill;
    if (held->second.level < need.level)
      return need.skill + " at level " + std::to_string(held->second.level) + ", " + std::to_string(need.level) +
             " needed";
    if (held->second.certified_until <= now) return "certificate for " + need.skill + " has expired";
  }
  return {};
}

struct Fetch {
  const Depot* depot = nullptr;
  std::vector<std::string> parts;
};

// The depots that hold most of what the van lacks; no depot is a choice if the van has all, or nobody has more.
std::vector<Fetch> fetches(const Job& job, const Candidate& who) {
  std::vector<std::string> missing;
  for (const auto& part : job.parts)
    if (!contains(who.van_parts, part)) missing.push_back(part);
  std::vector<Fetch> all;
  std::size_t most = 0;
  for (const auto& depot : job.depots) {
    Fetch fetch{&depot, {}};
    for (const auto& part : missing)
      if (contains(depot.parts, part)) fetch.parts.push_back(part);
    if (fetch.parts.empty() || fetch.parts.size() < most) continue;
    if (fetch.parts.size() > most) all.clear();
    most = fetch.parts.size();
    all.push_back(std::move(fetch));
  }
  if (all.empty()) all.push_back({});
  return all;
}

struct Gap {
  Instant from, to;     // free between
  Position start, end;  // where the engineer is before, and has to be after
};

// The free times of a shift, between what is booked.
std::vector<Gap> gaps(const Candidate& who, const Interval& shift, Instant now) {
  std::vector<Gap> all;
  Instant free_from = std::max(shift.from, now);
  Position at = who.home;
  for (const auto& stop : who.route) {
    if (stop.ends <= shift.from) continue;
    if (stop.starts >= shift.to) break;
    // The journey to the next stop begins at the new job then: it has to be there when work starts.
    if (stop.starts > free_from && !stop.begun) all.push_back({free_from, stop.starts, at, stop.position});
    free_from = std::max(free_from, stop.ends);
    at = stop.position;
  }
  if (free_from < shift.to) all.push_back({free_from, shift.to, at, who.home});
  return all;
}

// The earliest way through one gap; none if the job does not fit.
std::optional<Choice> fit(const Job& job, const Candidate& who, const Fetch& fetch, const Gap& gap,
                          const Travel& travel, const Weights& weights) {
  Duration there{};
  Duration stay{};
  if (fetch.depot != nullptr) {
    there = travel.time(gap.start, fetch.depot->position, gap.from);
    stay = weights.pickup;
    there += travel.time(fetch.depot->position, job.position, gap.from + there + stay);
  } else {
    there = travel.time(gap.start, job.position, gap.from);
  }
  Choice choice;
  choice.engineer = who.id;
  choice.travel_starts = gap.from;
  choice.starts = gap.from + there + stay;
  choice.ends = choice.starts + job.service;
  choice.travel = there;
  const auto onward = travel.time(job.position, gap.end, choice.ends);
  if (choice.ends + onward > gap.to) return std::nullopt;
  choice.travel += onward - std::min(onward, travel.time(gap.start, gap.end, gap.from));
  if (fetch.depot != nullptr) choice.depot = fetch.depot->id, choice.fetched = fetch.parts;
  return choice;
}

double cost_of(const Job& job, const Candidate& who, const Choice& choice, const Weights& weights, Instant now) {
  double cost = weights.travel_per_hour * hours(choice.travel) + weights.wait_per_hour * hours(choice.starts - now);
  if (choice.starts > job.respond_by) cost += job.late_cost_per_hour * hours(choice.starts - job.respond_by);
  for (const auto& need : job.skills)
    cost += weights.over_qualification * (who.skills.at(need.skill).level - need.level);
  return cost;
}

std::optional<Choice> best_for(const Job& job, const Candidate& who, const Travel& travel, const Weights& weights,
                               Instant now) {
  std::optional<Choice> best;
  for (const auto& shift : who.shifts) {
    if (shift.to <= now) continue;
    for (const auto& gap : gaps(who, shift, now)) {
      for (const auto& fetch : fetches(job, who)) {
        auto choice = fit(job, who, fetch, gap, travel, weights);
        if (!choice) continue;
        // The certificate has to be good on the day of the visit.
        const bool certified = std::all_of(job.skills.begin(), job.skills.end(), [&](const auto& need) {
          return who.skills.at(need.skill).certified_until >= choice->ends;
        });
        if (!certified) continue;
        choice->cost = cost_of(job, who, *choice, weights, now);
        if (!best || choice->cost < best->cost) best = std::move(choice);
      }
    }
    if (best) break;  // a later shift only makes the customer wait longer
  }
  return best;
}

std::string describe(const Choice& choice, Instant now) {
  char text[200];
  std::snprintf(text, sizeof text, "there in %ld min (%ld min of travel), cost %.1f", minutes(choice.starts - now),
                minutes(choice.travel), choice.cost);
  std::string out = choice.engineer + ": " + text;
  if (!choice.depot.empty())
    out += ", fetches " + std::to_string(choice.fetched.size()) + " part(s) at " + choice.depot;
  return out;
}

std::string why_later(const Choice& chosen, const Choice& other) {
  char text[160];
  const auto later = minutes(other.starts - chosen.starts);
  std::snprintf(text, sizeof text, "%.1f dearer: there %ld min %s, %ld min of travel", other.cost - chosen.cost,
                std::abs(later), later < 0 ? "sooner" : "later", minutes(other.travel));
  return text;
}

std::string nobody(const std::vector<Other>& impossible) {
  std::map<std::string, int> reasons;
  for (const auto& other : impossible) ++reasons[other.reason];
  std::vector<std::pair<int, std::string>> ordered;
  for (const auto& [reason, count] : reasons) ordered.emplace_back(-count, reason);
  std::sort(ordered.begin(), ordered.end());
  std::string out = "no engineer can: ";
  for (std::size_t i = 0; i < std::min<std::size_t>(3, ordered.size()); ++i)
    out += (i ? "; " : "") + std::to_string(-ordered[i].first) + " × " + ordered[i].second;
  return impossible.empty() ? "no engineer serves this territory" : out;
}

}  // namespace

Result<Placement> place(const Job& job, const std::vector<Candidate>& candidates, const Travel& travel,
                        const Weights& weights, Instant now) {
  std::vector<Choice> choices;
  Placement placement;
  for (const auto& who : candidates) {
    auto reason = unqualified(job, who, now);
    if (reason.empty()) {
      if (auto choice = best_for(job, who, travel, weights, now)) {
        choices.push_back(std::move(*choice));
        continue;
      }
      reason = "no time for it within the shifts planned";
    }
    placement.impossible.push_back({who.id, 0, std::move(reason)});
  }
  if (choices.empty()) return fail(Code::kUnavailable, nobody(placement.impossible));
  std::stable_sort(choices.begin(), choices.end(), [](const auto& a, const auto& b) {
    return a.cost != b.cost ? a.cost < b.cost : a.engineer < b.engineer;
  });
  placement.choice = choices.front();
  placement.reason = describe(placement.choice, now);
  for (std::size_t i = 1; i < choices.size(); ++i)
    placement.runners_up.push_back(
        {choices[i].engineer, choices[i].cost - placement.choice.cost, why_later(placement.choice, choices[i])});
  return placement;
}

}  // namespace firstfix::planning
