// Planning: who goes when, with which parts from where; then the booking.
#include <algorithm>

#include "casework/case.h"
#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/commands.h"
#include "planning/place.h"
#include "steps.h"
#include "visit/checklist.h"

namespace firstfix::desk {
namespace {

constexpr Duration kDefaultRepair = std::chrono::hours{1};
constexpr std::size_t kRunnersUp = 5, kImpossible = 20;
constexpr Duration kHorizon = std::chrono::hours{24 * 7};

planning::Skill plain(const v1::SkillLevel& level) {
  return {static_cast<int>(level.level()),
          level.has_certificate_until() ? to_instant(level.certificate_until()) : kNever};
}

Position plain(const v1::LatLng& p) {
  return {p.latitude_deg(), p.longitude_deg()};
}

v1::AutomationLevel level_for(const v1::Territory* territory, const v1::Diagnosis& diagnosis) {
  if (territory == nullptr) return v1::AUTOMATION_LEVEL_PROPOSE;
  if (!diagnosis.causes().empty())
    for (const auto& rule : territory->automation_rules())
      if (rule.cause() == diagnosis.causes(0).cause() && rule.level() != v1::AUTOMATION_LEVEL_UNSPECIFIED)
        return rule.level();
  return territory->automation() == v1::AUTOMATION_LEVEL_UNSPECIFIED ? v1::AUTOMATION_LEVEL_PROPOSE
                                                                     : territory->automation();
}

Result<planning::Candidate> candidate(const View& view, const Worker& worker, const v1::PartsPlan& kit, Instant now) {
  planning::Candidate out{.id = worker.engineer.name(), .home = plain(worker.engineer.home())};
  for (const auto& level : worker.engineer.skills()) out.skills[level.skill()] = plain(level);
  for (const auto& shift : worker.shifts) {
    const planning::Interval span{to_instant(shift.starts_at()), to_instant(shift.ends_at())};
    if (span.to > now && span.from < now + kHorizon) out.shifts.push_back(span);
  }
  FIRSTFIX_TRY(roster, roster_of(view, worker.engineer.name()));
  for (const auto& stop : roster.stops())
    out.route.push_back({Instant{stop.starts_us()},
                         Instant{stop.ends_us()},
                         {stop.latitude_deg(), stop.longitude_deg()},
                         stop.frozen()});
  if (worker.engineer.van().empty()) return out;
  for (const auto& line : kit.lines()) {
    if (!line.chosen()) continue;
    FIRSTFIX_TRY(free, available(view, worker.engineer.van(), line.part()));
    if (free >= line.quantity()) out.van_parts.push_back(line.part());
  }
  return out;
}

Result<planning::Job> job_for(const Work& work, const Draft& draft, const v1::Case& record, const Place& place,
                              const Workforce& workforce, const v1::Cause* cause) {
  planning::Job job{
      .service = cause != nullptr && cause->has_repair_time() ? to_duration(cause->repair_time()) : kDefaultRepair,
      .only = draft.engineer,
      .respond_by = to_instant(record.respond_by())};
  if (place.site) job.position = plain(place.site->position());
  if (cause != nullptr)
    for (const auto& need : cause->skills()) job.skills.push_back({need.skill(), static_cast<int>(need.level())});
  if (draft.engineer.empty()) job.excluded.assign(record.declined_by().begin(), record.declined_by().end());
  for (const auto& line : draft.kit.lines())
    if (line.chosen()) job.parts.push_back(line.part());
  const auto depots = workforce.depots.find(record.territory());
  if (depots == workforce.depots.end()) return job;
  for (const auto& depot : depots->second) {
    planning::Depot out{depot.name(), plain(depot.position()), {}};
    for (const auto& line : draft.kit.lines()) {
      if (!line.chosen()) continue;
      FIRSTFIX_TRY(free, available(work.uow, depot.name(), line.part()));
      if (free >= line.quantity()) out.parts.push_back(line.part());
    }
    if (!out.parts.empty()) job.depots.push_back(std::move(out));
  }
  return job;
}

visit::Plan to_plan(const planning::Placement& placement) {
  const auto& choice = placement.choice;
  visit::Plan plan{choice.engineer, choice.travel_starts, choice.starts, choice.ends, {}};
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

// Reserves the kit where it is: on the van first, then at the depot on the way. Says so in the kit.
Status reserve_kit(Work& work, Draft& draft, const v1::Engineer& engineer, const planning::Choice& choice,
                   v1::Visit& visit) {
  for (auto& line : *draft.kit.mutable_lines()) {
    if (!line.chosen()) continue;
    const bool fetched = std::find(choice.fetched.begin(), choice.fetched.end(), line.part()) != choice.fetched.end();
    const auto& location = fetched ? choice.depot : engineer.van();
    if (!location.empty()) {
      FIRSTFIX_TRY(free, available(work.uow, location, line.part()));
      if (free >= line.quantity()) {
        FIRSTFIX_CHECK(reserve(work.uow, visit.name(), location, line.part(), line.quantity()));
        line.set_location(location);
        continue;
      }
    }
    line.set_chosen(false);
    line.set_reason(line.reason() + "; not to be had on the way of " + engineer.name());
  }
  visit.clear_pickups();
  if (choice.depot.empty()) return {};
  auto& pickup = *visit.add_pickups();
  pickup.set_location(choice.depot);
  pickup.mutable_parts()->Assign(choice.fetched.begin(), choice.fetched.end());
  return {};
}

// The checklist as the standards are now.
Status write_checklist(Work& work, const Knowledge& knowledge, const v1::Cause* cause, v1::Visit& visit) {
  std::vector<const v1::ServiceStandard*> chosen;
  for (const auto& standard : knowledge.standards)
    if (standard.kind() != v1::STANDARD_KIND_REPAIR ||
        (cause != nullptr && standard.name() == cause->repair_standard()))
      chosen.push_back(&standard);
  const auto steps = visit::compose(visit.name(), chosen);
  visit.clear_standards();
  for (const auto* standard : chosen)
    visit.add_standards(standard->name() + "@" + std::to_string(standard->revision()));
  visit.set_step_count(static_cast<std::uint32_t>(steps.size()));
  for (const auto& step : steps) FIRSTFIX_CHECK(work.uow.put(step));
  return {};
}

// The case's visit that has not begun, or a new one.
Result<v1::Visit> visit_for(Work& work, const v1::Case& record) {
  if (!record.visit().empty()) {
    FIRSTFIX_TRY(found, work.uow.find<v1::Visit>(record.visit()));
    if (found && found->state() == v1::VISIT_STATE_PROPOSED) {
      FIRSTFIX_CHECK(release_visit(work.uow, *found));
      return std::move(*found);
    }
  }
  v1::Visit visit;
  visit.set_name("visits/" + new_id(work.uow.now(), work.entropy));
  visit.set_case_name(record.name());
  visit.set_asset(record.asset());
  visit.set_site(record.site());
  visit.set_territory(record.territory());
  return visit;
}

Status keep_plan_due(Work& work, const std::string& case_name, const std::string& reason) {
  FIRSTFIX_TRY(record, work.uow.get<v1::Case>(case_name));
  Effects effects;
  casework::plan_due(record, effects, reason, work.uow.now());
  effects.cases.push_back(std::move(record));
  return work.uow.apply(std::move(effects));
}

Status book_placement(Work& work, Draft& draft, const v1::Case& record, v1::Visit visit,
                      const planning::Placement& placement, const v1::Engineer& engineer, const planning::Job& job,
                      const Knowledge& knowledge, const v1::Cause* cause) {
  auto& uow = work.uow;
  FIRSTFIX_CHECK(reserve_kit(work, draft, engineer, placement.choice, visit));
  FIRSTFIX_CHECK(uow.put(draft.kit));
  *visit.mutable_skills() = cause == nullptr ? decltype(cause->skills()){} : cause->skills();
  FIRSTFIX_CHECK(write_checklist(work, knowledge, cause, visit));
  internal::v1::RosterStop stop;
  stop.set_visit(visit.name());
  stop.set_travel_starts_us(placement.choice.travel_starts.micros);
  stop.set_starts_us(placement.choice.starts.micros);
  stop.set_ends_us(placement.choice.ends.micros);
  stop.set_latitude_deg(job.position.latitude_deg);
  stop.set_longitude_deg(job.position.longitude_deg);
  FIRSTFIX_CHECK(book(uow, engineer.name(), stop));
  auto planned = record;
  planned.set_parts_plan(draft.kit.name());
  return uow.apply(visit::propose({std::move(visit), std::move(planned)}, to_plan(placement), uow.now()));
}

Status choose_engineer_for(Work& work, Draft& draft) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(record, uow.get<v1::Case>(draft.case_name));
  FIRSTFIX_TRY(place, find_place(uow, record.asset()));
  draft.automation = level_for(place.territory ? &*place.territory : nullptr, draft.diagnosis);
  record.set_automation(draft.automation);
  if (draft.automation == v1::AUTOMATION_LEVEL_OBSERVE && !draft.forced) {
    draft.plan = false;
    return uow.put(std::move(record));
  }
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(uow));
  FIRSTFIX_TRY(workforce, work.minds.workforce(uow));
  const auto* cause = draft.diagnosis.causes().empty() ? nullptr : knowledge->cause(draft.diagnosis.causes(0).cause());
  FIRSTFIX_TRY(visit, visit_for(work, record));
  FIRSTFIX_TRY(job, job_for(work, draft, record, place, *workforce, cause));
  std::vector<planning::Candidate> candidates;
  const auto workers = workforce->by_territory.find(record.territory());
  if (workers != workforce->by_territory.end()) {
    for (const auto& worker : workers->second) {
      FIRSTFIX_TRY(one, candidate(uow, worker, draft.kit, uow.now()));
      candidates.push_back(std::move(one));
    }
  }
  const auto placement = planning::place(job, candidates, planning::GreatCircleTravel{}, {}, uow.now());
  if (!placement) {
    draft.plan = false;
    FIRSTFIX_CHECK(uow.put(std::move(record)));
    return keep_plan_due(work, draft.case_name, placement.error().message);
  }
  const auto chosen = std::find_if(workers->second.begin(), workers->second.end(),
                                   [&](const auto& w) { return w.engineer.name() == placement->choice.engineer; });
  return book_placement(work, draft, record, std::move(visit), *placement, chosen->engineer, job, *knowledge, cause);
}

}  // namespace

Status choose_engineers(Work& work) {
  for (auto& draft : work.drafts)
    if (draft.plan) FIRSTFIX_CHECK(choose_engineer_for(work, draft));
  return {};
}

Status offer_visits(Work& work) {
  auto& uow = work.uow;
  for (const auto& draft : work.drafts) {
    if (!draft.plan || draft.automation != v1::AUTOMATION_LEVEL_AUTOMATIC) continue;
    FIRSTFIX_TRY(record, uow.get<v1::Case>(draft.case_name));
    FIRSTFIX_TRY(job, job_of(uow, record.visit()));
    FIRSTFIX_TRY(place, find_place(uow, record.asset()));
    const auto timeout = place.territory && place.territory->has_offer_timeout()
                             ? to_duration(place.territory->offer_timeout())
                             : visit::kDefaultOfferTimeout;
    FIRSTFIX_TRY(effects,
                 visit::offer(job, "offers/" + new_id(uow.now(), work.entropy), timeout, kFirstFix, uow.now()));
    FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  }
  return {};
}

}  // namespace firstfix::desk
