#include "giving_way.h"

#include "appointments.h"
#include "candidates.h"
#include "desk/commands.h"
#include "desk/qualifications.h"
#include "planning/make_room.h"
#include "steps.h"
#include "territory_day.h"

namespace firstfix::desk {
namespace {

// Those in the territory's days that may give way.
struct Neighbours {
  std::vector<planning::Yielding> all;
  std::map<std::string, std::string> case_of, etag_of;
};

Result<Neighbours> neighbours(Work& work, const v1::Case& record) {
  FIRSTFIX_TRY(situation, territory_now(work.command, record.territory(), true));
  Neighbours out;
  for (const auto& stop : situation.day.stops) {
    if (stop.stays) continue;
    out.etag_of[stop.id] = situation.rests_of[stop.id][stop.id];
    out.all.push_back({.id = stop.id,
                       .engineer = stop.engineer,
                       .stop = {stop.starts, stop.ends, stop.position},
                       .priority = stop.priority,
                       .agreed = stop.agreed,
                       .promised = stop.not_after != kNever});
  }
  out.case_of = std::move(situation.case_of);
  return out;
}

Result<std::vector<planning::Yielding>> unasked(const View& view, const Neighbours& near) {
  std::vector<planning::Yielding> out;
  for (const auto& one : near.all) {
    FIRSTFIX_TRY(visit, view.get<v1::Visit>(one.id));
    if (visit.state() == v1::VISIT_STATE_PROPOSED) out.push_back(one);
  }
  return out;
}

using Found = Result<std::optional<planning::Room>>;

Found room_among(Work& work, const v1::Case& record, const planning::Question& asked, const Plan& plan,
                 const Neighbours& near, const std::vector<planning::Yielding>& who) {
  const planning::Ask ask = [&](const planning::Yielding& one) -> Result<planning::Question> {
    FIRSTFIX_TRY(other, work.uow.get<v1::Case>(near.case_of.at(one.id)));
    FIRSTFIX_TRY(anew, draft_for(work, other));
    return question_of(work, anew, other);
  };
  return planning::make_room(asked, priority_of(record.severity()), plan.placement, who, ask, work.travel, work.prices,
                             work.uow.now());
}

// What a person could decide.
void say(const planning::Room& room, Plan& plan) {
  const auto hint = "; " + room.placement.choice.engineer + " could come if " + room.who +
                    " gave way: " + room.what_for + " (approve with make_room)";
  if (plan.placement) {
    plan.placement->reason += hint;
  } else {
    plan.placement = fail(plan.placement.error().code, plan.placement.error().message + hint);
  }
}

}  // namespace

Status find_room(Work& work, const Draft& draft, const v1::Case& record, const planning::Question& asked, Plan& plan) {
  if (!planning::wants_room(asked.job, plan.placement)) return {};
  FIRSTFIX_TRY(near, neighbours(work, record));
  const bool decided = draft.make_room || draft.automation == v1::AUTOMATION_LEVEL_AUTOMATIC;
  auto may = near.all;
  if (!decided) {
    FIRSTFIX_TRY(free, unasked(work.uow, near));
    may = std::move(free);
  }
  FIRSTFIX_TRY(room, room_among(work, record, asked, plan, near, may));
  if (room) {
    for (const auto& visit : room->gives_way) plan.gives_way.emplace_back(visit, near.etag_of[visit]);
    plan.placement = std::move(room->placement);
  } else if (!decided) {
    FIRSTFIX_TRY(possible, room_among(work, record, asked, plan, near, near.all));
    if (possible) say(*possible, plan);
  }
  return {};
}

Result<std::string> room_overtaken(const View& view, const Plan& plan) {
  for (const auto& [visit, planned_on] : plan.gives_way) {
    FIRSTFIX_TRY(version, version_of(view, visit));
    if (version != planned_on) return visit + " has changed";
  }
  return std::string();
}

Status clear_room(Work& work, const v1::Case& record, const Plan& plan) {
  const std::string what = record.severity() == v1::SEVERITY_HAZARD ? "a hazard" : "a machine that stands";
  for (const auto& [visit, etag] : plan.gives_way) {
    FIRSTFIX_TRY(job, job_of(work.uow, visit));
    FIRSTFIX_CHECK(take_back(work.command, job, "it gives way to " + record.name() + ", " + what));
    work.gave_way.push_back(job.record.name());
  }
  return {};
}

Status plan_what_gave_way(Work& work) {
  for (const auto& case_name : work.gave_way) {
    FIRSTFIX_TRY(record, work.uow.get<v1::Case>(case_name));
    FIRSTFIX_TRY(visit, work.uow.get<v1::Visit>(record.visit()));
    // One that was to be planned in this step anyway may have a place again.
    if (visit.engineer().empty()) FIRSTFIX_CHECK(replan(work.command, case_name, true));
  }
  return {};
}

}  // namespace firstfix::desk
