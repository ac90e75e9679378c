#include "reasons.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "pickup.h"

namespace firstfix::planning {
namespace {

constexpr Seconds kMostOvertime = 4 * 3600;  // a relaxation that asks for more is none

std::string skill_name(const Problem& p, int skill) {
  return at(skill) < p.skill_names.size() ? p.skill_names[at(skill)] : "skill " + std::to_string(skill);
}

std::string engineer_name(const Problem& p, int engineer) {
  return "engineer " + std::to_string(p.engineers[at(engineer)].id);
}

std::string minutes(Seconds seconds) {
  const auto count = (seconds + 59) / 60;
  return std::to_string(count) + (count == 1 ? " minute" : " minutes");
}

std::string lacking(const Problem& p, const Job& job, const Engineer& engineer) {
  for (const auto& need : job.skills) {
    const auto held = std::find_if(engineer.skills.begin(), engineer.skills.end(),
                                   [&](const HeldSkill& has) { return has.skill == need.skill; });
    const auto name = skill_name(p, need.skill);
    if (held == engineer.skills.end()) return "lacks " + name;
    if (held->level < need.level)
      return "holds " + name + " at level " + std::to_string(held->level) + ", " + std::to_string(need.level) +
             " needed";
    const auto first = job.windows.empty() ? p.now : job.windows.front().from;
    if (held->certified_until < first + job.service)
      return "is certified for " + name + " only until " + clock_time(held->certified_until);
  }
  return {};
}

// What one engineer's day would have to give for a job.
struct Relaxation {
  Seconds by = kForever;
  std::string text;
};

// The times if the job came after nodes[after]: its start, and when the engineer is home; kForever if a later stop
// would start too late.
struct Trial {
  Seconds start = 0, home = kForever;
};

Trial try_at(const Model& m, const DayRoute& route, int job, int after) {
  const auto& task = m.task(job);
  const auto& before = route.nodes[at(after)];
  Trial trial;
  trial.start = std::max(task.from, before.depart + m.travel(before.place, task.place));
  Seconds free = trial.start + task.service;
  int place = task.place;
  for (int i = after + 1; i <= route.stops(); ++i) {
    const auto& node = route.nodes[at(i)];
    const auto& next = m.task(node.task);
    const bool rests = next.place == kNone;
    const auto start = m.open_from(next, free + (rests ? 0 : m.travel(place, next.place)));
    if (start > node.until || start >= kForever || (node.pin != kNone && start > node.pin)) return trial;
    free = std::max(start, node.pin) + next.service;
    if (!rests) place = next.place;
  }
  trial.home = free + m.travel(place, m.day(route.engineer).end);
  return trial;
}

// The least that this engineer's shift or the job's window would have to give.
Relaxation relax(const Model& m, const DayRoute& route, int job, Seconds until) {
  const auto& p = *m.problem;
  const auto& task = m.task(job);
  const auto& day = m.day(route.engineer);
  Relaxation best;
  for (int after = route.first_free; after <= route.stops(); ++after) {
    const auto trial = try_at(m, route, job, after);
    const auto late = std::max(0, trial.start - std::min(task.to, until));
    const auto over = std::max(0, trial.home - route.to);
    if (trial.home >= kForever || late + over >= best.by || over > kMostOvertime || late > kMostOvertime) continue;
    best.by = late + over;
    best.text = "with " + engineer_name(p, route.engineer);
    if (over > 0)
      best.text += " until " + clock_time(trial.home) + ": " + minutes(over) +
                   (trial.home > day.to ? " overtime" : " too little rest before the next day");
    if (late > 0)
      best.text += std::string(over > 0 ? ", and" : "") + " at " + clock_time(trial.start) + ": " + minutes(late) +
                   " after its window";
  }
  return best;
}

std::string join(const std::map<std::string, int>& reasons) {
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [reason, count] : reasons) order.emplace_back(-count, reason);
  std::sort(order.begin(), order.end());
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, order.size()); ++i)
    out += (i > 0 ? "; " : "") + std::to_string(-order[i].first) + " × " + order[i].second;
  return out;
}

// Nobody may do it: who is nearest to being allowed.
Unassigned nobody_suited(const Problem& p, int job) {
  std::map<std::string, int> reasons;
  std::string relaxation;
  for (int e = 0; e < static_cast<int>(p.engineers.size()); ++e) {
    const auto reason = unsuited(p, job, e);
    ++reasons[reason];
    if (relaxation.empty() && reason.rfind("lacks", 0) == 0)
      relaxation = "if " + engineer_name(p, e) + " did not lack " + reason.substr(6);
    if (reason.rfind("holds", 0) == 0 || reason.rfind("is certified", 0) == 0)
      relaxation = engineer_name(p, e) + " is nearest: " + reason;
  }
  return {job, p.engineers.empty() ? "there is no engineer" : "no engineer may do it: " + join(reasons), relaxation};
}

std::string wanted_parts(const Problem& p, int job) {
  std::string out;
  for (std::size_t k = 0; k < p.jobs[at(job)].parts.size(); ++k)
    if (const int n = p.jobs[at(job)].parts[k]; n > 0)
      out += (out.empty() ? "" : ", ") + std::to_string(n) + " of part " + std::to_string(k);
  return out;
}

// Of those who may do a job, how many lack parts of it and can fetch them, and how many cannot.
struct Suited {
  int count = 0, fetching = 0, unstocked = 0;
};

std::string why_no_crew(const Problem& p, int job, const Suited& who) {
  const auto two = " two of the " + std::to_string(who.count) + " who may do it have ";
  const auto parts = wanted_parts(p, job);
  if (who.count - who.unstocked < 2) return "not" + two + "or can fetch " + parts;
  const bool both_have = who.count - who.unstocked - who.fetching >= 2;
  return "no" + two + "time together in its windows" + (both_have ? "" : ", or the parts (" + parts + ")");
}

}  // namespace

std::string clock_time(Seconds t) {
  char text[48];
  const int day = t / 86'400, minute = t % 86'400 / 60;
  if (day > 0)
    std::snprintf(text, sizeof text, "%d d %02d:%02d", day, minute / 60, minute % 60);
  else
    std::snprintf(text, sizeof text, "%02d:%02d", minute / 60, minute % 60);
  return text;
}

std::string unsuited(const Problem& p, int j, int e) {
  const auto& job = p.jobs[at(j)];
  const auto& engineer = p.engineers[at(e)];
  if (names(p, job.excluded, e)) return "is excluded";
  if (job.fixed_engineer != kNone && person(p, job.fixed_engineer) != person(p, e))
    return "is not the engineer to whom it is fixed";
  if (job.territory != kNone && engineer.territory != kNone && job.territory != engineer.territory)
    return "serves another territory";
  if (engineer.on_call && !cannot_wait(job)) return "is on call, and it can wait";
  return lacking(p, job, engineer);
}

Unassigned why_absent(const Model& m, const State& state, int job) {
  const auto& p = *m.problem;
  const auto suitors = m.suitors(job);
  if (suitors.first == suitors.last) return nobody_suited(p, job);
  int unstocked = 0, fetching = 0, impossible = 0, count = 0;
  Relaxation best;
  DayRoute scratch;
  for (const auto& suitor : suitors) {
    ++count;
    const auto& route = state.routes[at(suitor.engineer)];
    auto empty = empty_route(m, suitor.engineer);
    schedule(m, empty);
    const bool has_parts = stocked(m, route, job);
    if (!has_parts && !supply(m, state.depots, route, job)) {
      ++unstocked;
      continue;
    }
    impossible += !best_spot(m, empty, job, suitor, state.depots, scratch).possible();
    fetching += !has_parts;
    if (!has_parts) continue;
    if (auto relaxed = relax(m, route, job, suitor.latest); relaxed.by < best.by) best = std::move(relaxed);
  }
  if (m.for_two(job)) return {job, why_no_crew(p, job, {count, fetching, unstocked}), ""};
  Unassigned out{job, "", best.text};
  const auto of = " of the " + std::to_string(count) + " who may do it ";
  if (unstocked == count) {
    out.reason = "no van of the " + std::to_string(count) + " who may do it" +
                 (p.depots.empty() ? " has " : ", and no depot, has ") + wanted_parts(p, job) + " left";
  } else if (impossible + unstocked == count) {
    out.reason = "none" + of + "can be there in its windows within the shift";
  } else {
    out.reason = "none" + of + "has time left in its windows";
    if (unstocked > 0) out.reason += ", or the parts (" + wanted_parts(p, job) + ")";
  }
  return out;
}

}  // namespace firstfix::planning
