// Planning: who goes when, with which parts from where; then the booking.
#include <algorithm>

#include "appointments.h"
#include "candidates.h"
#include "casework/case.h"
#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/commands.h"
#include "desk/qualifications.h"
#include "giving_way.h"
#include "meetings.h"
#include "planning/place.h"
#include "planning/relax.h"
#include "steps.h"
#include "visit/due_work.h"
#include "visit/standard.h"

namespace firstfix::desk {
namespace {

// Where each wanted part of the kit is taken: from the van, else fetched on the way, else nowhere.
std::vector<Taking> takings_of(const v1::PartsPlan& kit) {
  std::vector<Taking> takings;
  for (const auto& line : kit.lines())
    if (line.chosen() && !line.has_arrives_at()) takings.push_back({line.part(), "", line.quantity()});
  return takings;
}

Status place_takings(const View& view, const Draft& draft, const planning::Choice& choice, const std::string& van,
                     std::vector<Taking>& takings) {
  for (auto& taking : takings) {
    auto location = van;
    for (const auto& [source, parts, position, when, colleague, visit] : choice.pickups)
      if (std::find(parts.begin(), parts.end(), taking.part) != parts.end()) location = source;
    if (location.empty()) continue;
    FIRSTFIX_TRY(free, available_to(view, draft.free_of, location, taking.part));
    if (free >= taking.quantity) taking.location = location;
  }
  return {};
}

// Reserves the kit as planned, and says so in it.
Status reserve_kit(Work& work, Draft& draft, const Plan& plan, v1::Visit& visit) {
  const auto& choice = plan.placement->choice;
  auto taking = plan.kit.begin();
  visit.clear_shipments();
  for (auto& line : *draft.kit.mutable_lines()) {
    if (!line.chosen()) continue;
    if (line.has_arrives_at()) {
      auto& shipment = *visit.add_shipments();
      shipment.set_part(line.part());
      shipment.set_quantity(line.quantity());
      *shipment.mutable_arrives_at() = line.arrives_at();
      continue;
    }
    if (taking->location.empty()) {
      line.set_chosen(false);
      line.set_reason(line.reason() + "; not to be had on the way of " + choice.engineer);
    } else {
      FIRSTFIX_CHECK(reserve(work.uow, visit.name(), taking->location, line.part(), line.quantity()));
      line.set_location(taking->location);
    }
    ++taking;
  }
  visit.clear_pickups();
  for (const auto& fetched : choice.pickups) {
    auto& pickup = *visit.add_pickups();
    pickup.set_location(fetched.location);
    pickup.mutable_parts()->Assign(fetched.parts.begin(), fetched.parts.end());
    if (!fetched.visit.empty())
      FIRSTFIX_CHECK(arrange_meeting(work.uow, fetched, choice.engineer, visit.name(), pickup));
  }
  return {};
}

std::string called(const Knowledge& knowledge, std::string_view part) {
  const auto known = knowledge.parts.find(part);
  if (known != knowledge.parts.end() && !known->second.display_name().empty()) return known->second.display_name();
  return std::string(id_of(part));
}

// The checklist as the standards are now, and what the kit holds because it is due.
Status write_checklist(Work& work, const Knowledge& knowledge, const v1::Cause* cause, const v1::PartsPlan& kit,
                       v1::Visit& visit) {
  FIRSTFIX_TRY(asset, work.uow.get<v1::Asset>(visit.asset()));
  auto chosen = visit::choose(knowledge.standards, {&asset, cause});
  const auto due = visit::due_work(kit, [&](std::string_view part) { return called(knowledge, part); });
  if (!due.steps().empty()) chosen.push_back(&due);
  const auto steps = visit::compose(visit.name(), chosen);
  visit.clear_standards();
  for (const auto* standard : chosen) visit.add_standards(visit::pinned(*standard));
  visit.set_step_count(static_cast<std::uint32_t>(steps.size()));
  for (const auto& step : steps) FIRSTFIX_CHECK(work.uow.put(step));
  return {};
}

// The case's visit that is only proposed; none if there is no such.
Result<std::optional<v1::Visit>> proposed_visit(const View& view, const v1::Case& record) {
  if (record.visit().empty()) return std::optional<v1::Visit>{};
  FIRSTFIX_TRY(found, view.find<v1::Visit>(record.visit()));
  if (!found || found->state() != v1::VISIT_STATE_PROPOSED) return std::optional<v1::Visit>{};
  return std::move(found);
}

Status release_proposed(Work& work, const v1::Case& record) {
  FIRSTFIX_TRY(visit, proposed_visit(work.uow, record));
  if (!visit) return {};
  FIRSTFIX_CHECK(release_visit(work.uow, *visit));
  visit->clear_engineer();
  visit->clear_crew();
  visit->clear_assignment();
  return work.uow.put(std::move(*visit));
}

// The proposed visit, to be planned anew, or a new one.
Result<v1::Visit> visit_for(Work& work, const v1::Case& record) {
  FIRSTFIX_TRY(proposed, proposed_visit(work.uow, record));
  if (proposed) return std::move(*proposed);
  v1::Visit visit;
  visit.set_name("visits/" + new_id(work.uow.now(), work.entropy));
  visit.set_case_name(record.name());
  visit.set_asset(record.asset());
  visit.set_site(record.site());
  visit.set_territory(record.territory());
  return visit;
}

// What the work takes, as the diagnosis and the catalogue are now.
Result<std::vector<planning::SkillNeed>> needs_for(Work& work, const Draft& draft, const Place& place) {
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(work.uow));
  return needs_of(*knowledge, draft.diagnosis, place.asset.model());
}

std::vector<planning::SkillNeed> missing_skills(const planning::Question& asked, Instant now) {
  std::vector<const planning::Person*> people;
  std::vector<bool> on_site;
  for (const auto& candidate : asked.candidates) {
    people.push_back(&candidate.person);
    on_site.push_back(candidate.on_site);
  }
  return planning::nobody_has(asked.job.skills, people, on_site, now);
}

template <class Field>
void write_needs(const std::vector<planning::SkillNeed>& needs, Field& out) {
  out.Clear();
  for (const auto& need : needs) {
    auto& requirement = *out.Add();
    requirement.set_skill(need.skill);
    requirement.set_level(static_cast<std::uint32_t>(need.level));
  }
}

std::string etag_of_site(const Place& place) {
  return place.site ? place.site->etag() : std::string();
}

// Plans one case on what this view shows. A plan that says that nobody can is a plan too.
Result<Plan> make_plan(Work& work, const Draft& draft, const v1::Case& record, const Place& place,
                       const v1::Cause* cause) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(version, uow.version(kWorkforceGroup));
  FIRSTFIX_TRY(needs, needs_for(work, draft, place));
  Plan plan{.case_etag = record.etag(),
            .site_etag = etag_of_site(place),
            .cause = cause == nullptr ? "" : cause->name(),
            .needs = needs,
            .workforce_version = version,
            .kit = takings_of(draft.kit)};
  FIRSTFIX_TRY(asked, question(work, draft, record, place, cause, needs));
  // Outside the transaction, where one may wait; see Plans::Mode::kMake.
  work.travel.prefetch(ways_of(asked));
  plan.placement = planning::place(asked.job, asked.candidates, work.travel, work.prices.one, uow.now());
  FIRSTFIX_CHECK(find_room(work, draft, record, asked, plan));
  if (!plan.placement) {
    plan.missing = missing_skills(asked, uow.now());
    if (const auto least = planning::cheapest_relaxation(asked, work.travel, work.prices, uow.now()))
      plan.relaxation = least->text;
    return plan;
  }
  const auto& choice = plan.placement->choice;
  FIRSTFIX_TRY(engineer, uow.get<v1::Engineer>(choice.engineer));
  FIRSTFIX_CHECK(place_takings(uow, draft, choice, engineer.van(), plan.kit));
  for (const auto& member : choice.crew) {
    FIRSTFIX_TRY(roster, roster_of(uow, member.engineer));
    plan.roster_versions[member.engineer] = roster.version();
  }
  for (const auto& pickup : choice.pickups) {
    if (pickup.colleague.empty()) continue;
    FIRSTFIX_TRY(roster, roster_of(uow, pickup.colleague));
    plan.roster_versions[pickup.colleague] = roster.version();
  }
  return plan;
}

// Why a plan that was made outside does not fit what this transaction sees; empty if it does.
Result<std::string> overtaken(Work& work, const Draft& draft, const v1::Case& record, const Place& place,
                              const v1::Cause* cause, const Plan& plan) {
  auto& uow = work.uow;
  if (plan.case_etag != record.etag()) return record.name() + " has changed";
  if (plan.site_etag != etag_of_site(place)) return std::string("the site has changed");
  if (plan.cause != (cause == nullptr ? "" : cause->name())) return std::string("the diagnosis has changed");
  FIRSTFIX_TRY(needs, needs_for(work, draft, place));
  if (plan.needs != needs) return std::string("the skills that it takes have changed");
  FIRSTFIX_TRY(version, uow.version(kWorkforceGroup));
  if (plan.workforce_version != version) return std::string("engineers, shifts or depots have changed");
  const auto wanted = takings_of(draft.kit);
  const auto same = [](const Taking& a, const Taking& b) { return a.part == b.part && a.quantity == b.quantity; };
  if (!std::equal(wanted.begin(), wanted.end(), plan.kit.begin(), plan.kit.end(), same))
    return std::string("the kit has changed");
  if (!plan.placement) return std::string();
  for (const auto& [engineer, planned_on] : plan.roster_versions) {
    FIRSTFIX_TRY(roster, roster_of(uow, engineer));
    if (roster.version() != planned_on) return engineer + " has been booked meanwhile";
  }
  for (const auto& taking : plan.kit) {
    if (taking.location.empty()) continue;
    FIRSTFIX_TRY(free, available_to(uow, draft.free_of, taking.location, taking.part));
    if (free < taking.quantity) return taking.part + " is gone from " + taking.location;
  }
  return room_overtaken(uow, plan);
}

// The plan to take now: kConflict through Plans::miss if it has to be made outside first.
Result<const Plan*> plan_for(Work& work, const Draft& draft, const v1::Case& record, const Place& place,
                             const v1::Cause* cause) {
  if (work.plans.mode() == Plans::Mode::kMake) {
    FIRSTFIX_TRY(made, make_plan(work, draft, record, place, cause));
    return &work.plans.keep(record.asset(), std::move(made));
  }
  const auto* plan = work.plans.find(record.asset());
  if (plan == nullptr) return work.plans.miss("no plan yet");
  FIRSTFIX_TRY(why_not, overtaken(work, draft, record, place, cause, *plan));
  if (!why_not.empty()) return work.plans.miss(why_not);
  return plan;
}

// Keeps the case with planning due: in some minutes, or at once if it was only overtaken.
Status keep_plan_due(Work& work, v1::Case record, const std::string& reason, bool at_once,
                     const std::string& relaxation = {}) {
  Effects effects;
  const auto name = record.name();
  casework::plan_due(record, effects, reason, work.uow.now());
  record.set_plan_relaxation(relaxation);
  if (at_once) effects.timers.push_back({internal::v1::TIMER_KIND_PLAN_DUE, name, work.uow.now()});
  effects.cases.push_back(std::move(record));
  return work.uow.apply(std::move(effects));
}

Status book_plan(Work& work, Draft& draft, const v1::Case& record, const v1::Cause* cause, const Plan& plan) {
  auto& uow = work.uow;
  const auto& choice = plan.placement->choice;
  FIRSTFIX_CHECK(clear_room(work, record, plan));
  FIRSTFIX_TRY(visit, visit_for(work, record));
  FIRSTFIX_CHECK(reserve_kit(work, draft, plan, visit));
  FIRSTFIX_CHECK(uow.put(draft.kit));
  write_needs(plan.needs, *visit.mutable_skills());
  visit.set_named_by(draft.engineer.empty() ? "" : uow.actor());
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(uow));
  FIRSTFIX_CHECK(write_checklist(work, *knowledge, cause, draft.kit, visit));
  for (auto& [engineer, stop] : stops_of(choice)) {
    stop.set_visit(visit.name());
    FIRSTFIX_CHECK(book(uow, engineer, stop));
  }
  auto planned = record;
  planned.clear_missing_skills();
  planned.set_parts_plan(draft.kit.name());
  auto proposed = to_visit_plan(*plan.placement);
  for (const auto& [other, etag] : plan.gives_way) proposed.assignment.add_gave_way(other);
  FIRSTFIX_CHECK(uow.apply(visit::propose({std::move(visit), std::move(planned), {}}, proposed, uow.now())));
  return visit_planned(uow, work.travel, record.name());
}

// What the visit is planned for: the most probable cause; without a code, what a failed check points to.
const v1::Cause* planned_cause(const Knowledge& knowledge, const Draft& draft, const v1::Case& record) {
  if (draft.seen.codes.empty() && !record.presumed_cause().empty()) return knowledge.cause(record.presumed_cause());
  return draft.diagnosis.causes().empty() ? nullptr : knowledge.cause(draft.diagnosis.causes(0).cause());
}

Status choose_engineer_for(Work& work, Draft& draft) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(record, uow.get<v1::Case>(draft.case_name));
  FIRSTFIX_TRY(place, find_place(uow, record.asset()));
  draft.automation = level_for(place.territory ? &*place.territory : nullptr, draft.diagnosis);
  record.set_automation(draft.automation);
  FIRSTFIX_TRY(promise, promised_to(uow, record));
  if (draft.automation == v1::AUTOMATION_LEVEL_OBSERVE && !draft.forced && !promise) {
    draft.plan = false;
    return uow.put(std::move(record));
  }
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(uow));
  const auto* cause = planned_cause(*knowledge, draft, record);
  // A proposed visit is planned anew: what it holds is free for that.
  FIRSTFIX_CHECK(release_proposed(work, record));
  if (work.plans.mode() == Plans::Mode::kPutOff) {
    draft.plan = false;
    return keep_plan_due(work, std::move(record), "others were booked first; it is planned again at once", true);
  }
  FIRSTFIX_TRY(plan, plan_for(work, draft, record, place, cause));
  if (plan->placement) return book_plan(work, draft, record, cause, *plan);
  draft.plan = false;
  write_needs(plan->missing, *record.mutable_missing_skills());
  FIRSTFIX_CHECK(keep_plan_due(work, std::move(record), plan->placement.error().message, false, plan->relaxation));
  return visit_not_planned(uow, draft.case_name, plan->placement.error().message);
}

}  // namespace

Result<const Plan*> plan_case(Work& work, const Draft& draft, const v1::Case& record) {
  FIRSTFIX_TRY(place, find_place(work.uow, record.asset()));
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(work.uow));
  return plan_for(work, draft, record, place, planned_cause(*knowledge, draft, record));
}

Result<planning::Question> question_of(Work& work, const Draft& draft, const v1::Case& record) {
  FIRSTFIX_TRY(place, find_place(work.uow, record.asset()));
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(work.uow));
  FIRSTFIX_TRY(needs, needs_for(work, draft, place));
  FIRSTFIX_TRY(asked, question(work, draft, record, place, planned_cause(*knowledge, draft, record), needs));
  work.travel.prefetch(ways_of(asked));
  return std::move(asked);
}

std::vector<std::pair<std::string, internal::v1::RosterStop>> stops_of(const planning::Choice& choice) {
  std::vector<std::pair<std::string, internal::v1::RosterStop>> out;
  for (const auto& member : choice.crew) {
    auto& stop = out.emplace_back(member.engineer, internal::v1::RosterStop{}).second;
    stop.set_travel_starts_us(member.travel_starts.micros);
    stop.set_starts_us(choice.starts.micros);
    stop.set_ends_us(choice.ends.micros);
    stop.set_latitude_deg(member.position.latitude_deg);
    stop.set_longitude_deg(member.position.longitude_deg);
    if (out.size() == 1)
      for (auto& point : meeting_points(choice)) *stop.add_meets() = std::move(point);
  }
  return out;
}

Status book_planned(Work& work, Draft& draft, const v1::Case& record, const Plan& plan) {
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(work.uow));
  return book_plan(work, draft, record, planned_cause(*knowledge, draft, record), plan);
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

Duration offer_timeout(const Place& place) {
  return place.territory && place.territory->has_offer_timeout() ? to_duration(place.territory->offer_timeout())
                                                                 : visit::kDefaultOfferTimeout;
}

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
    FIRSTFIX_TRY(effects, visit::offer(job, "offers/" + new_id(uow.now(), work.entropy), offer_timeout(place),
                                       kFirstFix, uow.now()));
    FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  }
  return {};
}

}  // namespace firstfix::desk
