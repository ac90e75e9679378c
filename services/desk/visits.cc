// What an engineer does on a visit.
#include "casework/case.h"
#include "casework/closure.h"
#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/commands.h"
#include "desk/qualifications.h"
#include "visit/checklist.h"
#include "visit/crew.h"

namespace firstfix::desk {
namespace {

constexpr int kMaxUsedParts = 100;

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

Result<internal::v1::UsedParts> used_on(const View& view, const std::string& visit) {
  FIRSTFIX_TRY(bytes, view.reader().get(store::Table::kSystem, store::key({view.tenant(), system::kUsedParts, visit})));
  internal::v1::UsedParts used;
  if (bytes && !used.ParseFromString(*bytes))
    return fail(Code::kCorrupt, "the parts used on " + visit + " do not parse");
  return used;
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

// Whose visit it was is told why it is not any more.
Status still_theirs(const Command& command, const v1::Visit& visit) {
  if (visit::is_member(visit, command.actor) || visit.taken_back_reason().empty()) return {};
  return fail(Code::kState, visit.name() + " is not the visit of " + command.actor +
                                " any more; it was taken back: " + visit.taken_back_reason());
}

// Is the engineer's part of the visit in this state?
bool stands(const v1::Visit& visit, const std::string& engineer, v1::VisitState state) {
  const auto* member = visit::member_of(visit, engineer);
  return member != nullptr ? member->state() == state : visit.engineer() == engineer && visit.state() == state;
}

// Whoever sets out or arrives must be qualified then. If the crew is not, the visit is taken back and planned anew.
Result<bool> take_back_if_unfit(Command& command, const visit::Job& job, Instant at) {
  FIRSTFIX_TRY(knowledge, command.minds.knowledge(command.uow));
  FIRSTFIX_TRY(reason, unfit(command.uow, *knowledge, job.visit, needs_of(*knowledge, job.visit), {at, at}));
  if (reason.empty()) return false;
  FIRSTFIX_CHECK(take_back(command, job, reason));
  FIRSTFIX_CHECK(replan(command, job.record.name(), false));
  return true;
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
  if (diagnosis) *outcome.mutable_codes() = diagnosis->codes();
  *outcome.mutable_causes() = visit.found_causes();
  for (const auto& line : used.lines()) outcome.add_parts(line.part());
  *outcome.mutable_completed_at() = visit.completed_at();
  if (asset.has_commissioned_at()) *outcome.mutable_known_since() = asset.commissioned_at();
  return uow.put(std::move(outcome));
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
  FIRSTFIX_CHECK(still_theirs(command, job.visit));
  if (stands(job.visit, command.actor, v1::VISIT_STATE_TRAVELLING)) return job.visit;
  FIRSTFIX_TRY(effects, visit::travel(job, command.actor, at, command.now()));
  FIRSTFIX_TRY(taken_back, take_back_if_unfit(command, job, at));
  if (taken_back) return command.uow.get<v1::Visit>(name);
  FIRSTFIX_CHECK(command.uow.apply(std::move(effects)));
  FIRSTFIX_CHECK(freeze(command.uow, command.actor, name));
  return command.uow.get<v1::Visit>(name);
}

Result<v1::Visit> arrive(Command& command, const std::string& name, Instant at) {
  FIRSTFIX_TRY(job, job_of(command.uow, name));
  FIRSTFIX_CHECK(still_theirs(command, job.visit));
  if (stands(job.visit, command.actor, v1::VISIT_STATE_ON_SITE)) return job.visit;
  FIRSTFIX_TRY(effects, visit::arrive(job, command.actor, at, command.now()));
  FIRSTFIX_TRY(taken_back, take_back_if_unfit(command, job, at));
  if (taken_back) return command.uow.get<v1::Visit>(name);
  FIRSTFIX_CHECK(command.uow.apply(std::move(effects)));
  FIRSTFIX_CHECK(freeze(command.uow, command.actor, name));
  return command.uow.get<v1::Visit>(name);
}

Result<v1::ChecklistStep> complete_step(Command& command, const std::string& name, const v1::Evidence& evidence) {
  auto& uow = command.uow;
  const auto cut = name.find("/steps/");
  if (cut == std::string::npos)
    return fail(Code::kInvalid, "'" + name + "' is not the name of a step: visits/{visit}/steps/{number}");
  const auto visit_name = name.substr(0, cut);
  FIRSTFIX_TRY(visit, uow.get<v1::Visit>(visit_name));
  FIRSTFIX_TRY(steps, steps_of(uow, visit_name));
  std::size_t index = 0;
  while (index < steps.size() && steps[index].name() != name) ++index;
  if (index == steps.size()) return fail(Code::kNotFound, "there is no ChecklistStep named '" + name + "'");
  if (evidence.has_blob()) FIRSTFIX_CHECK(uow.get<v1::Blob>(evidence.blob()).map([](auto&&) {}));
  FIRSTFIX_TRY(step, visit::answer(visit, steps, index, evidence, command.actor, command.now()));
  FIRSTFIX_CHECK(uow.put(step));
  return uow.get<v1::ChecklistStep>(name);
}

Result<internal::v1::UsedParts> record_parts(Command& command, const std::string& name,
                                             const internal::v1::UsedParts& wanted) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(visit, uow.get<v1::Visit>(name));
  if (!visit::is_member(visit, command.actor))
    return fail(Code::kDenied, name + " is not the visit of " + command.actor);
  if (visit.state() != v1::VISIT_STATE_ON_SITE)
    return fail(Code::kState,
                name + " is " + std::string(visit::state_name(visit.state())) + ": parts are recorded on site");
  FIRSTFIX_CHECK(visit::may_work(visit, command.actor));
  if (wanted.lines_size() > kMaxUsedParts) return fail(Code::kTooLarge, "parts has over 100 entries");
  FIRSTFIX_TRY(engineer, uow.get<v1::Engineer>(command.actor));
  auto used = wanted;
  for (auto& line : *used.mutable_lines()) {
    FIRSTFIX_CHECK(uow.get<v1::Part>(line.part()).map([](auto&&) {}));
    if (line.quantity() == 0) line.set_quantity(1);
    if (line.location().empty()) line.set_location(engineer.van());
    if (line.location().empty())
      return fail(Code::kInvalid, "say where " + line.part() + " came from: " + engineer.name() + " has no van");
    FIRSTFIX_CHECK(uow.get<v1::StockLocation>(line.location()).map([](auto&&) {}));
  }
  FIRSTFIX_CHECK(uow.put_system(system::kUsedParts, {name}, used.SerializeAsString()));
  return used;
}

Result<v1::Visit> complete_visit(Command& command, const std::string& name, const visit::Completion& completion) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(job, job_of(uow, name));
  if (job.visit.state() == v1::VISIT_STATE_COMPLETED && job.visit.engineer() == command.actor) return job.visit;
  for (const auto& cause : completion.found_causes) FIRSTFIX_CHECK(uow.get<v1::Cause>(cause).map([](auto&&) {}));
  FIRSTFIX_TRY(steps, steps_of(uow, name));
  FIRSTFIX_TRY(effects, visit::complete(job, steps, completion, command.actor, command.now()));
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  for (const auto& member : job.visit.crew()) FIRSTFIX_CHECK(unbook(uow, member.engineer(), name));
  FIRSTFIX_CHECK(unbook(uow, command.actor, name));
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
  FIRSTFIX_CHECK(uow.apply(casework::work_done_on(record, model ? &*model : nullptr, device ? &*device : nullptr,
                                                  command.actor, command.now())));
  return done;
}

}  // namespace firstfix::desk
