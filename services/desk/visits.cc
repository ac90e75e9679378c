// What an engineer does on a visit.
#include "appointments.h"
#include "casework/case.h"
#include "casework/closure.h"
#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/commands.h"
#include "desk/qualifications.h"
#include "desk/warnings.h"
#include "visit/crew.h"
#include "visit/standard.h"

namespace firstfix::desk {
namespace {

struct Answered {
  v1::Offer offer;
  visit::Job job;
};

Result<Answered> offered(const Command& command, const std::string& name) {
  FIRSTFIX_TRY(offer, command.uow.get<v1::Offer>(name));
  if (offer.engineer() != command.actor)
    return fail(Code::kNotFound, "there is no Offer named '" + name + "' for " + command.actor);
  FIRSTFIX_TRY(job, job_of(command.uow, offer.visit()));
  return Answered{std::move(offer), std::move(job)};
}

// What a person reported off a display cannot clear itself; the engineer's word that the machine works ends it.
Status clear_reports_by_hand(UnitOfWork& uow, const std::string& case_name) {
  std::vector<std::string> names;
  FIRSTFIX_CHECK(uow.each_entry(index::kEpisodeOfCase, {case_name}, [&](std::string_view name, std::string_view) {
    names.emplace_back(name);
    return true;
  }));
  for (const auto& name : names) {
    FIRSTFIX_TRY(episode, uow.get<v1::FaultEpisode>(name));
    if (!episode.device().empty() || episode.state() == v1::EPISODE_STATE_CLEARED) continue;
    episode.set_state(v1::EPISODE_STATE_CLEARED);
    *episode.mutable_cleared_at() = to_proto(uow.now());
    FIRSTFIX_CHECK(uow.put(episode));
    FIRSTFIX_TRY(record, uow.get<v1::Case>(case_name));
    FIRSTFIX_CHECK(uow.apply(casework::fault_cleared(record, episode, uow.now())));
  }
  return {};
}

// Is the engineer's part of the visit in this state?
bool stands(const v1::Visit& visit, const std::string& engineer, v1::VisitState state) {
  const auto* member = visit::member_of(visit, engineer);
  return member != nullptr ? member->state() == state : visit.engineer() == engineer && visit.state() == state;
}

// Whoever sets out or arrives must be qualified then. If the crew is not, the visit is taken back and planned anew; the
// answer is the visit without a state, with the reason.
Result<std::optional<v1::Visit>> take_back_if_unfit(Command& command, const visit::Job& job, Instant at) {
  FIRSTFIX_TRY(knowledge, command.minds.knowledge(command.uow));
  FIRSTFIX_TRY(reason, unfit(command.uow, *knowledge, job.visit, needs_of(*knowledge, job.visit), planning::just(at)));
  if (reason.empty()) return std::optional<v1::Visit>{};
  FIRSTFIX_CHECK(take_back(command, job, reason));
  FIRSTFIX_CHECK(replan(command, job.record.name(), false));
  FIRSTFIX_TRY(visit, command.uow.get<v1::Visit>(job.visit.name()));
  visit.clear_state();
  visit.set_taken_back_reason(reason);
  return std::optional<v1::Visit>{std::move(visit)};
}

// The outcome as learning will read it when the case closes.
Status write_outcome(Command& command, const v1::Visit& visit, const v1::Asset& asset,
                     const internal::v1::UsedParts& used) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(record, uow.get<v1::Case>(visit.case_name()));
  FIRSTFIX_TRY(diagnosis, uow.find<v1::Diagnosis>(record.diagnosis()));
  v1::Outcome outcome;
  outcome.set_name("outcomes/" + std::string(id_of(visit.name())));
  outcome.set_case_name(visit.case_name());
  outcome.set_asset(visit.asset());
  outcome.set_model(asset.model());
  if (diagnosis) keep_seen(*diagnosis, outcome);
  *outcome.mutable_causes() = visit.found_causes();
  for (const auto& line : used.lines()) outcome.add_parts(line.part());
  *outcome.mutable_completed_at() = visit.completed_at();
  if (asset.has_commissioned_at()) *outcome.mutable_known_since() = asset.commissioned_at();
  FIRSTFIX_CHECK(add_warning(uow, outcome));
  return uow.put(std::move(outcome));
}

// What was done on a visit that had been taken back meanwhile is kept; the visit is returned as it is.
Result<v1::Visit> keep_late(Command& command, const visit::Job& job, const v1::Offer& offer,
                            const visit::LateWork& work) {
  FIRSTFIX_TRY(effects, visit::keep_overruled(job, offer, work, command.actor, command.now()));
  FIRSTFIX_CHECK(command.uow.apply(std::move(effects)));
  return command.uow.get<v1::Visit>(job.visit.name());
}

// Those of the causes whose repair puts data at risk.
Result<std::vector<std::string>> at_risk(Command& command, const std::vector<std::string>& causes) {
  std::vector<std::string> out;
  for (const auto& name : causes) {
    FIRSTFIX_TRY(cause, command.uow.get<v1::Cause>(name));
    FIRSTFIX_TRY(repair, command.uow.find<v1::ServiceStandard>(cause.repair_standard()));
    if (visit::data_at_risk(cause, repair ? &*repair : nullptr)) out.push_back(name);
  }
  return out;
}

std::string said_to_be_done(const visit::Completion& completion) {
  std::string what = completion.restored ? "completed the work" : "ended the work, the machine does not work yet";
  for (const auto& cause : completion.found_causes) what += ", found " + cause;
  return completion.work_summary.empty() ? what : what + ", «" + completion.work_summary + "»";
}

}  // namespace

Result<v1::Offer> accept_offer(Command& command, const std::string& name) {
  FIRSTFIX_TRY(found, offered(command, name));
  if (found.offer.state() == v1::OFFER_STATE_ACCEPTED) return found.offer;
  FIRSTFIX_TRY(effects, visit::accept(found.job, found.offer, command.actor, command.now()));
  FIRSTFIX_CHECK(command.uow.apply(std::move(effects)));
  return command.uow.get<v1::Offer>(name);
}

Result<v1::Offer> decline_offer(Command& command, const std::string& name, const std::string& reason) {
  FIRSTFIX_TRY(found, offered(command, name));
  if (found.offer.state() == v1::OFFER_STATE_DECLINED) return found.offer;
  FIRSTFIX_TRY(effects, visit::decline(found.job, found.offer, reason, command.actor, command.now()));
  FIRSTFIX_CHECK(not_taken(command, found.job, found.offer, std::move(effects)));
  return command.uow.get<v1::Offer>(name);
}

Result<v1::Visit> start_travel(Command& command, const std::string& name, Instant at) {
  FIRSTFIX_TRY(job, job_of(command.uow, name));
  FIRSTFIX_TRY(overruled, taken_back_from(command, job.visit, at));
  if (overruled) return keep_late(command, job, *overruled, {.what = "set out", .at = at});
  if (stands(job.visit, command.actor, v1::VISIT_STATE_TRAVELLING)) return job.visit;
  FIRSTFIX_TRY(effects, visit::travel(job, command.actor, at, command.now()));
  const bool sets_out = !effects.timeline.empty();  // told late, it only fills its time
  if (sets_out) {
    FIRSTFIX_TRY(taken_back, take_back_if_unfit(command, job, at));
    if (taken_back) return std::move(*taken_back);
  }
  FIRSTFIX_CHECK(command.uow.apply(std::move(effects)));
  if (!sets_out) return command.uow.get<v1::Visit>(name);
  FIRSTFIX_CHECK(freeze(command.uow, command.actor, name));
  FIRSTFIX_CHECK(review_arrivals(command.uow, command.travel, command.actor));
  return command.uow.get<v1::Visit>(name);
}

Result<v1::Visit> arrive(Command& command, const std::string& name, Instant at) {
  FIRSTFIX_TRY(job, job_of(command.uow, name));
  FIRSTFIX_TRY(overruled, taken_back_from(command, job.visit, at));
  if (overruled) return keep_late(command, job, *overruled, {.what = "was at the machine", .at = at});
  if (stands(job.visit, command.actor, v1::VISIT_STATE_ON_SITE)) return job.visit;
  FIRSTFIX_TRY(effects, visit::arrive(job, command.actor, at, command.now()));
  FIRSTFIX_TRY(taken_back, take_back_if_unfit(command, job, at));
  if (taken_back) return std::move(*taken_back);
  FIRSTFIX_CHECK(command.uow.apply(std::move(effects)));
  FIRSTFIX_CHECK(freeze(command.uow, command.actor, name));
  if (command.actor == job.visit.engineer()) FIRSTFIX_CHECK(visit_begun(command.uow, job.record.name(), at));
  FIRSTFIX_CHECK(review_arrivals(command.uow, command.travel, command.actor));
  return command.uow.get<v1::Visit>(name);
}

Result<v1::Visit> estimate_completion(Command& command, const std::string& name, Instant done_at) {
  FIRSTFIX_TRY(job, job_of(command.uow, name));
  FIRSTFIX_TRY(effects, visit::estimate(job, command.actor, done_at, command.now()));
  FIRSTFIX_CHECK(command.uow.apply(std::move(effects)));
  FIRSTFIX_CHECK(set_end(command.uow, command.actor, name, done_at));
  FIRSTFIX_CHECK(push_later(command, command.actor));
  FIRSTFIX_CHECK(review_arrivals(command.uow, command.travel, command.actor));
  return command.uow.get<v1::Visit>(name);
}

Result<v1::Visit> complete_visit(Command& command, const std::string& name, visit::Completion completion) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(job, job_of(uow, name));
  FIRSTFIX_TRY(overruled, taken_back_from(command, job.visit, completion.at));
  if (overruled)
    return keep_late(
        command, job, *overruled,
        {.what = said_to_be_done(completion), .found_causes = completion.found_causes, .at = completion.at});
  if (job.visit.state() == v1::VISIT_STATE_COMPLETED && job.visit.engineer() == command.actor) return job.visit;
  FIRSTFIX_TRY(risky, at_risk(command, completion.found_causes));
  completion.at_risk = std::move(risky);
  FIRSTFIX_TRY(steps, steps_of(uow, name));
  FIRSTFIX_TRY(effects, visit::complete(job, steps, completion, command.actor, command.now()));
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  for (const auto& member : job.visit.crew()) FIRSTFIX_CHECK(unbook(uow, member.engineer(), name));
  FIRSTFIX_CHECK(unbook(uow, command.actor, name));
  FIRSTFIX_CHECK(push_later(command, command.actor));
  FIRSTFIX_CHECK(review_arrivals(uow, command.travel, command.actor));
  FIRSTFIX_CHECK(withdraw_deviations(uow, name, "the visit was completed without it"));
  FIRSTFIX_TRY(used, used_on(uow, name));
  FIRSTFIX_CHECK(consume_parts(uow, name, used));
  FIRSTFIX_TRY(place, find_place(uow, job.visit.asset()));
  FIRSTFIX_TRY(done, uow.get<v1::Visit>(name));
  if (!completion.restored) {
    FIRSTFIX_TRY(record, uow.get<v1::Case>(done.case_name()));
    Effects again;
    record.clear_visit();
    record.clear_declined_by();
    casework::enter(record, again, v1::CASE_STATE_OPEN, "the machine does not work yet; a further visit is needed",
                    command.actor, command.now());
    again.cases.push_back(std::move(record));
    FIRSTFIX_CHECK(uow.apply(std::move(again)));
    FIRSTFIX_CHECK(replan(command, done.case_name(), false));
    return done;
  }
  FIRSTFIX_CHECK(write_outcome(command, done, place.asset, used));
  FIRSTFIX_CHECK(clear_reports_by_hand(uow, done.case_name()));
  FIRSTFIX_TRY(record, uow.get<v1::Case>(done.case_name()));
  FIRSTFIX_TRY(model, uow.find<v1::AssetModel>(place.asset.model()));
  FIRSTFIX_TRY(device, device_of(uow, place.asset));
  // No code of the machine speaks for what a check has found: there the customer's word counts alone.
  const bool heard = device && record.follow_up_of().empty();
  FIRSTFIX_CHECK(uow.apply(casework::work_done_on(record, model ? &*model : nullptr, heard ? &*device : nullptr,
                                                  command.actor, command.now())));
  return done;
}

}  // namespace firstfix::desk
