// Steps of a visit: answered, corrected, added to.
#include "casework/case.h"
#include "casework/convert.h"
#include "desk/commands.h"
#include "desk/pipeline.h"
#include "visit/crew.h"
#include "visit/language.h"
#include "visit/standard.h"

namespace firstfix::desk {
namespace {

Result<std::string> visit_of_step(const std::string& step) {
  const auto cut = step.find("/steps/");
  if (cut != std::string::npos) return step.substr(0, cut);
  return fail(Code::kInvalid, "'" + step + "' is not the name of a step: visits/{visit}/steps/{number}");
}

// An answer to a step of a visit that had been taken back meanwhile.
Result<v1::ChecklistStep> keep_late_answer(Command& command, const visit::Job& job, const v1::Offer& offer,
                                           const v1::ChecklistStep& step, const v1::Evidence& evidence) {
  const auto at = evidence.has_taken_at() ? to_instant(evidence.taken_at()) : command.now();
  const visit::LateWork work{.what = "answered step «" + visit::english(step.template_()) +
                                     "»: " + visit::in_words(step.template_(), evidence),
                             .step = step.name(),
                             .evidence = evidence,
                             .at = at};
  FIRSTFIX_TRY(effects, visit::keep_overruled(job, offer, work, command.actor, command.now()));
  FIRSTFIX_CHECK(command.uow.apply(std::move(effects)));
  return step;
}

}  // namespace

Result<std::vector<visit::Proof>> proofs_of(const View& view, const std::vector<std::string>& blobs) {
  std::vector<visit::Proof> proofs;
  for (const auto& name : blobs) {
    FIRSTFIX_TRY(blob, view.get<v1::Blob>(name));
    FIRSTFIX_TRY(used, view.lookup(index::kProves, {name}));
    proofs.push_back({std::move(blob), used.value_or("")});
  }
  return proofs;
}

Result<std::optional<v1::Offer>> taken_back_from(const Command& command, const v1::Visit& visit, Instant at) {
  const auto& uow = command.uow;
  if (visit::is_member(visit, command.actor) && visit.state() != v1::VISIT_STATE_CANCELLED)
    return std::optional<v1::Offer>{};
  std::vector<std::string> names;
  FIRSTFIX_CHECK(uow.each_entry(index::kOfferOfVisit, {visit.name()}, [&](std::string_view name, std::string_view) {
    names.emplace_back(name);
    return true;
  }));
  std::optional<v1::Offer> last;
  for (const auto& name : names) {
    FIRSTFIX_TRY(offer, uow.get<v1::Offer>(name));
    if (visit::overruled_by(offer, command.actor)) last = std::move(offer);
  }
  if (last && at >= command.now() - visit::kClockSkew)
    return fail(Code::kState, visit.name() + " is not the visit of " + command.actor + " any more: " + last->reason());
  return last;
}

Status open_follow_up(Command& command, const v1::Case& from, const std::string& step, const v1::FollowUp& wanted) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(place, find_place(uow, from.asset()));
  const casework::Opening opening{
      .name = command.fresh("cases"),
      .asset = &place.asset,
      .site = place.site ? &*place.site : nullptr,
      .customer = place.customer ? &*place.customer : nullptr,
      .summary = visit::text_in(wanted.summary(), "en"),
      .severity = wanted.severity() == v1::SEVERITY_UNSPECIFIED ? v1::SEVERITY_MAJOR : wanted.severity(),
      .opened_at = command.now(),
      .actor = std::string(kFirstFix)};
  auto opened = casework::open(opening, command.now());
  opened.cases.back().set_follow_up_of(from.name());
  opened.cases.back().set_presumed_cause(wanted.cause());
  FIRSTFIX_CHECK(uow.apply(std::move(opened)));
  FIRSTFIX_TRY(origin, uow.get<v1::Case>(from.name()));
  FIRSTFIX_TRY(left, uow.get<v1::ChecklistStep>(step));
  Effects told;
  tell(origin, told, v1::TIMELINE_KIND_DECISION,
       "opened " + opening.name + " («" + opening.summary + "») for what step «" + visit::english(left.template_()) +
           "» has left to do",
       kFirstFix, opening.name, command.now());
  left.set_follow_up(opening.name);
  told.cases.push_back(std::move(origin));
  told.steps.push_back(std::move(left));
  FIRSTFIX_CHECK(uow.apply(std::move(told)));
  return replan(command, opening.name, false);
}

Result<v1::ChecklistStep> complete_step(Command& command, const std::string& name, const v1::Evidence& evidence) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(visit_name, visit_of_step(name));
  FIRSTFIX_TRY(job, job_of(uow, visit_name));
  FIRSTFIX_TRY(steps, steps_of(uow, visit_name));
  FIRSTFIX_TRY(index, visit::index_of(steps, name));
  const auto at = evidence.has_taken_at() ? to_instant(evidence.taken_at()) : command.now();
  FIRSTFIX_TRY(overruled, taken_back_from(command, job.visit, at));
  if (overruled) return keep_late_answer(command, job, *overruled, steps[index], evidence);
  FIRSTFIX_TRY(proofs, proofs_of(uow, visit::blobs_of(evidence)));
  FIRSTFIX_TRY(signer, uow.find<v1::Contact>(evidence.signed_by()));
  FIRSTFIX_TRY(asked, uow.find<v1::Deviation>(steps[index].deviation()));
  const visit::Answering answering{.step = name,
                                   .evidence = evidence,
                                   .proofs = std::move(proofs),
                                   .signer = signer ? &*signer : nullptr,
                                   .asked = asked ? &*asked : nullptr};
  FIRSTFIX_TRY(effects, visit::answer(job, steps, answering, command.actor, command.now()));
  const bool owes = visit::follow_up_due(steps[index], effects.evidence.back());
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  if (owes) FIRSTFIX_CHECK(open_follow_up(command, job.record, name, steps[index].template_().follow_up()));
  return uow.get<v1::ChecklistStep>(name);
}

Result<std::vector<v1::ChecklistStep>> add_repair(Command& command, const std::string& name, const std::string& cause) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(job, job_of(uow, name));
  FIRSTFIX_TRY(steps, steps_of(uow, name));
  FIRSTFIX_TRY(found, uow.get<v1::Cause>(cause));
  FIRSTFIX_TRY(asset, uow.get<v1::Asset>(job.visit.asset()));
  FIRSTFIX_TRY(knowledge, command.minds.knowledge(uow));
  const auto standards = visit::choose(knowledge->standards, {&asset, &found});
  FIRSTFIX_TRY(effects, visit::add_repair(job, steps, standards, cause, command.actor, command.now()));
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  return steps_of(uow, name);
}

}  // namespace firstfix::desk
