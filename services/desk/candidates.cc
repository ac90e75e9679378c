#include "candidates.h"

#include <algorithm>

#include "appointments.h"
#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/growing.h"
#include "desk/qualifications.h"
#include "desk/site_access.h"
#include "desk/zones.h"
#include "familiar.h"
#include "meetings.h"
#include "planning/emergency.h"
#include "planning/windows.h"
#include "steps.h"
#include "visit/appointment.h"
#include "working_times.h"

namespace firstfix::desk {
namespace {

constexpr Duration kDefaultRepair = std::chrono::hours{1};
constexpr std::size_t kRunnersUp = 5, kImpossible = 20;
constexpr Duration kUsualRest = std::chrono::hours{11};  // directive 2003/88/EC, article 3

Result<planning::Candidate> candidate(const View& view, const Worker& worker, const Knowledge& knowledge,
                                      const std::string& free_of, Instant now) {
  const auto& engineer = worker.engineer;
  planning::Candidate out{.person = person_of(engineer, worker.certificates, knowledge),
                          .home = position_of(engineer.home())};
  auto times = working_times(worker, now, now + kPlanningHorizon);
  out.shifts = std::move(times.regular);
  out.on_call = std::move(times.on_call);
  out.breaks = std::move(times.breaks);
  if (engineer.has_end_location()) out.end = position_of(engineer.end_location());
  FIRSTFIX_TRY(roster, roster_of(view, engineer.name()));
  for (const auto& stop : roster.stops()) {
    if (stop.visit() == free_of) continue;
    const auto add = [&](const auto& one) {
      out.route.push_back(
          {Instant{one.starts_us()}, Instant{one.ends_us()}, {one.latitude_deg(), one.longitude_deg()}, stop.frozen()});
    };
    for (const auto& point : stop.meets()) add(point);
    add(stop);
  }
  std::stable_sort(out.route.begin(), out.route.end(),
                   [](const auto& a, const auto& b) { return a.starts < b.starts; });
  return out;
}

// May the engineer of another territory bring one of the needed skills from afar?
bool helps_from_afar(const planning::Person& person, const std::vector<planning::SkillNeed>& needs, Instant now) {
  return std::any_of(needs.begin(), needs.end(),
                     [&](const auto& need) { return need.remote && planning::ever_covers(person, need, now); });
}

// The window within which the work has to begin; none if nothing was promised.
Result<std::optional<planning::Interval>> window_for(const View& view, const Draft& draft, const v1::Case& record) {
  if (draft.window) return draft.window;
  FIRSTFIX_TRY(promise, promised_to(view, record));
  if (!promise) return std::optional<planning::Interval>{};
  const auto window = visit::window_of(*promise);
  return std::optional<planning::Interval>({window.from, window.to});
}

void obey_site(const v1::Site& site, Instant now, planning::Job& job) {
  job.position = position_of(site.position());
  job.not_wanted.assign(site.excluded_engineers().begin(), site.excluded_engineers().end());
  job.access = access_ahead(site, job.zone, now);
}

Result<planning::Job> job_for(Work& work, const Draft& draft, const v1::Case& record, const Place& place,
                              const Workforce& workforce, const v1::Cause* cause) {
  planning::Job job{
      .service = cause != nullptr && cause->has_repair_time() ? to_duration(cause->repair_time()) : kDefaultRepair,
      .only = draft.engineer,
      .train = place.territory && place.territory->train(),
      // A time that somebody chooses from those offered is nothing to call an engineer out for.
      .urgent = planning::cannot_wait(priority_of(record.severity())) && !draft.window,
      .hazard = record.severity() == v1::SEVERITY_HAZARD,
      .respond_by = late_from(record, work.uow.now()),
      .late_cost_per_hour = work.prices.day.late_per_hour};
  FIRSTFIX_TRY(zone, zone_in(work.uow, record.territory()));
  job.zone = std::move(zone);
  if (place.site) obey_site(*place.site, work.uow.now(), job);
  FIRSTFIX_TRY(familiar, familiar_with(work.uow, record, place.site ? &*place.site : nullptr));
  job.preferred = std::move(familiar);
  FIRSTFIX_TRY(second_visit, second_visit_cost(work.uow, record.customer()));
  if (draft.engineer.empty()) job.excluded.assign(record.declined_by().begin(), record.declined_by().end());
  for (const auto& line : draft.kit.lines())
    if (line.chosen() && line.has_arrives_at())
      job.not_before = std::max(job.not_before, to_instant(line.arrives_at()));
    else if (line.chosen())
      job.parts.push_back(line.part()), job.without[line.part()] = second_visit * line.probability();
  FIRSTFIX_TRY(meetings, meetings_for(work, draft, place.territory ? &*place.territory : nullptr));
  job.meetings = std::move(meetings);
  FIRSTFIX_TRY(window, window_for(work.uow, draft, record));
  if (window) job = planning::within(std::move(job), *window);
  const auto depots = workforce.depots.find(record.territory());
  if (depots == workforce.depots.end()) return job;
  for (const auto& depot : depots->second) {
    FIRSTFIX_TRY(parts, free_parts(work.uow, depot.name(), draft));
    if (!parts.empty()) job.depots.push_back({depot.name(), position_of(depot.position()), std::move(parts)});
  }
  return job;
}

v1::CrewRole role_of(planning::Role role) {
  switch (role) {
    case planning::Role::kSecond:
      return v1::CREW_ROLE_SECOND;
    case planning::Role::kRemoteExpert:
      return v1::CREW_ROLE_REMOTE_EXPERT;
    default:
      return v1::CREW_ROLE_LEAD;
  }
}

v1::CrewMember member_of(const planning::Member& member) {
  v1::CrewMember out;
  out.set_engineer(member.engineer);
  out.set_role(role_of(member.role));
  *out.mutable_travel_starts_at() = to_proto(member.travel_starts);
  const auto add = [](const auto& needs, auto adder) {
    for (const auto& need : needs) {
      v1::SkillRequirement& requirement = *adder();
      requirement.set_skill(need.skill);
      requirement.set_level(static_cast<std::uint32_t>(need.level));
    }
  };
  add(member.duty.covers, [&] { return out.add_covers(); });
  add(member.duty.trains, [&] { return out.add_trains(); });
  return out;
}

}  // namespace

Result<std::vector<std::string>> free_parts(const View& view, const std::string& location, const Draft& draft) {
  std::vector<std::string> out;
  if (location.empty()) return out;
  for (const auto& line : draft.kit.lines()) {
    if (!line.chosen()) continue;
    FIRSTFIX_TRY(free, available_to(view, draft.free_of, location, line.part()));
    if (free >= line.quantity()) out.push_back(line.part());
  }
  return out;
}

Result<planning::Question> question(Work& work, const Draft& draft, const v1::Case& record, const Place& place,
                                    const v1::Cause* cause, const std::vector<planning::SkillNeed>& needs) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(workforce, work.minds.workforce(uow));
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(uow));
  FIRSTFIX_TRY(job, job_for(work, draft, record, place, *workforce, cause));
  planning::Question out{std::move(job), {}};
  out.job.skills = needs;
  const bool any_remote = std::any_of(needs.begin(), needs.end(), [](const auto& need) { return need.remote; });
  for (const auto& [territory, workers] : workforce->by_territory) {
    const bool on_site = territory == record.territory();
    if (!on_site && !any_remote) continue;
    FIRSTFIX_TRY(rest, min_rest_in(uow, territory));
    for (const auto& worker : workers) {
      if (!on_site && !helps_from_afar(person_of(worker.engineer, worker.certificates, *knowledge), needs, uow.now()))
        continue;
      FIRSTFIX_TRY(one, candidate(uow, worker, *knowledge, draft.free_of, uow.now()));
      one.on_site = on_site;
      one.min_rest = rest;
      if (on_site) {
        FIRSTFIX_TRY(parts, free_parts(uow, worker.engineer.van(), draft));
        one.van_parts = std::move(parts);
      }
      if (on_site && out.job.train) {
        FIRSTFIX_TRY(to_go, visits_to_go(uow, worker.engineer, *knowledge));
        one.visits_to_go = std::move(to_go);
      }
      out.candidates.push_back(std::move(one));
    }
  }
  return out;
}

std::vector<planning::Interval> access_ahead(const v1::Site& site, const Zone& zone, Instant now) {
  constexpr Duration kLastShift = std::chrono::hours{24};
  return access_within(site, zone, now, now + kPlanningHorizon + kLastShift);
}

int priority_of(v1::Severity severity) {
  switch (severity) {
    case v1::SEVERITY_HAZARD:
      return 100;
    case v1::SEVERITY_CRITICAL:
      return 90;
    case v1::SEVERITY_MAJOR:
      return 60;
    case v1::SEVERITY_MINOR:
      return 40;
    case v1::SEVERITY_INFORMATION:
      return 20;
    default:
      return 50;
  }
}

Instant late_from(const v1::Case& record, Instant now) {
  const auto by_contract = record.has_respond_by() ? to_instant(record.respond_by()) : kNever;
  return record.severity() == v1::SEVERITY_HAZARD ? std::min(by_contract, now) : by_contract;
}

Result<Duration> min_rest_in(const View& view, const std::string& territory) {
  FIRSTFIX_TRY(found, view.find<v1::Territory>(territory));
  return found && found->has_min_rest() ? to_duration(found->min_rest()) : kUsualRest;
}

std::vector<planning::Ways> ways_of(const planning::Question& asked) {
  planning::Ways there{{}, {asked.job.position}}, back{{asked.job.position}, {}};
  const auto add_source = [&](const auto& source) {
    there.from.push_back(source.position);
    there.to.push_back(source.position);
  };
  std::for_each(asked.job.depots.begin(), asked.job.depots.end(), add_source);
  std::for_each(asked.job.meetings.begin(), asked.job.meetings.end(), add_source);
  std::vector<planning::Ways> days;
  for (const auto& candidate : asked.candidates) {
    if (!candidate.on_site) continue;
    planning::Ways day{{candidate.home}, {candidate.end.value_or(candidate.home)}};
    for (const auto& stop : candidate.route) {
      day.from.push_back(stop.position);
      day.to.push_back(stop.position);
    }
    there.from.insert(there.from.end(), day.from.begin(), day.from.end());
    back.to.insert(back.to.end(), day.to.begin(), day.to.end());
    if (!candidate.route.empty()) days.push_back(std::move(day));
  }
  // What matters most first, in case that there is no time for all.
  days.insert(days.begin(), {std::move(there), std::move(back)});
  return days;
}

visit::Plan to_visit_plan(const planning::Placement& placement) {
  const auto& choice = placement.choice;
  visit::Plan plan{choice.engineer, choice.travel_starts, choice.starts, choice.ends, {}, {}};
  for (const auto& member : choice.crew) plan.crew.push_back(member_of(member));
  plan.assignment.set_reason(placement.reason);
  plan.assignment.set_cost(choice.cost);
  *plan.assignment.mutable_travel() = to_proto(choice.travel);
  const auto tell_others = [](const auto& others, std::size_t most, auto add) {
    for (std::size_t i = 0; i < std::min(most, others.size()); ++i) {
      v1::RunnerUp& out = *add();
      out.set_engineer(others[i].engineer);
      out.set_extra_cost(others[i].extra_cost);
      out.set_reason(others[i].reason);
    }
  };
  tell_others(placement.runners_up, kRunnersUp, [&] { return plan.assignment.add_runners_up(); });
  tell_others(placement.impossible, kImpossible, [&] { return plan.assignment.add_impossible(); });
  return plan;
}

}  // namespace firstfix::desk
