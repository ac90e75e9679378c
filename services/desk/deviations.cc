// Deviations: asked for by the engineer, decided by a lead or the customer.
#include "desk/commands.h"
#include "visit/language.h"

namespace firstfix::desk {
namespace {

// What a refused deviation leaves to do after the visit.
v1::FollowUp owed(const v1::ChecklistStep& step, const std::string& reason) {
  v1::FollowUp out;
  (*out.mutable_summary()->mutable_text())["en"] =
      "do step «" + visit::english(step.template_()) + "», which was left out: " + reason;
  return out;
}

}  // namespace

Result<v1::Deviation> request_deviation(Command& command, visit::DeviationRequest request,
                                        const std::string& signature) {
  auto& uow = command.uow;
  const auto cut = request.step.find("/steps/");
  if (cut == std::string::npos)
    return fail(Code::kInvalid, "'" + request.step + "' is not the name of a step: visits/{visit}/steps/{number}");
  const auto visit_name = request.step.substr(0, cut);
  FIRSTFIX_TRY(job, job_of(uow, visit_name));
  FIRSTFIX_TRY(steps, steps_of(uow, visit_name));
  FIRSTFIX_TRY(index, visit::index_of(steps, request.step));
  FIRSTFIX_TRY(last, uow.find<v1::Deviation>(steps[index].deviation()));
  FIRSTFIX_TRY(signer, uow.find<v1::Contact>(request.signed_by));
  if (!signature.empty()) {
    FIRSTFIX_TRY(proofs, proofs_of(uow, {signature}));
    request.signature = std::move(proofs);
  }
  request.last = last ? &*last : nullptr;
  request.signer = signer ? &*signer : nullptr;
  FIRSTFIX_TRY(effects, visit::request_deviation(job, steps, request, command.actor, command.now()));
  const auto name = effects.deviations.back().name();
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  return uow.get<v1::Deviation>(name);
}

Result<v1::Deviation> decide_deviation(Command& command, const std::string& name,
                                       const visit::DeviationDecision& decision) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(deviation, uow.get<v1::Deviation>(name));
  const auto step_name = name.substr(0, name.find("/deviations/"));
  FIRSTFIX_TRY(job, job_of(uow, name.substr(0, name.find("/steps/"))));
  FIRSTFIX_TRY(step, uow.get<v1::ChecklistStep>(step_name));
  FIRSTFIX_TRY(effects, visit::decide_deviation(job, step, deviation, decision, command.now()));
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  FIRSTFIX_TRY(decided, uow.get<v1::Deviation>(name));
  if (visit::owed_after_refusal(job, step, decided))
    FIRSTFIX_CHECK(open_follow_up(command, job.record, step_name, owed(step, decision.reason)));
  return decided;
}

Status withdraw_deviations(UnitOfWork& uow, const std::string& visit, std::string_view why) {
  FIRSTFIX_TRY(steps, steps_of(uow, visit));
  Effects effects;
  for (const auto& step : steps) {
    FIRSTFIX_TRY(deviation, uow.find<v1::Deviation>(step.deviation()));
    if (deviation) visit::withdraw_deviation(effects, std::move(*deviation), why, uow.now());
  }
  return uow.apply(std::move(effects));
}

}  // namespace firstfix::desk
