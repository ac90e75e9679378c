#include "casework/convert.h"
#include "desk/commands.h"
#include "desk/signals_follower.h"
#include "desk/step_figures.h"
#include "firstfix/v1/knowledge_service.grpc.pb.h"
#include "growth/growth.h"
#include "masters.h"
#include "services.h"
#include "visit/standard.h"

namespace firstfix::api {
namespace {

using grpc::Status;
using Context = grpc::ServerContext;

firstfix::Status probability(std::string_view field, double value) {
  if (value >= 0 && value <= 1) return {};
  return fail(Code::kInvalid, std::string(field) + " is not a probability from 0 to 1");
}

firstfix::Status check_cause(desk::Command& command, v1::Cause& cause, const v1::Cause*) {
  if (cause.codes_size() > 200 || cause.parts_size() > 200 || cause.skills_size() > 20)
    return fail(Code::kTooLarge, "over 200 codes, 200 parts or 20 skills");
  if (cause.has_rate() && !(cause.rate() > 0 && cause.rate() < 1e9))
    return fail(Code::kInvalid, "rate is not a positive number");
  for (const auto& link : cause.codes()) {
    FIRSTFIX_CHECK(probability("codes[" + link.code() + "].probability", link.probability()));
    FIRSTFIX_CHECK(refers<v1::FaultCode>(command.uow, "codes", link.code()));
  }
  for (auto& link : *cause.mutable_parts()) {
    FIRSTFIX_CHECK(probability("parts[" + link.part() + "].probability", link.probability()));
    FIRSTFIX_CHECK(refers<v1::Part>(command.uow, "parts", link.part()));
    if (link.quantity() == 0) link.set_quantity(1);
  }
  for (const auto& need : cause.skills()) {
    FIRSTFIX_CHECK(refers<v1::Skill>(command.uow, "skills", need.skill()));
    if (need.level() < 1 || need.level() > 5)
      return fail(Code::kInvalid, "skills[" + need.skill() + "].level is not 1 to 5");
  }
  return refers<v1::ServiceStandard>(command.uow, "repair_standard", cause.repair_standard());
}

// A standard that has changed is a new revision; every revision is kept.
firstfix::Status check_standard(desk::Command& command, v1::ServiceStandard& standard, const v1::ServiceStandard* old) {
  standard.set_revision(old == nullptr ? 1 : old->revision() + 1);
  FIRSTFIX_CHECK(visit::validate(standard));
  for (const auto& model : standard.models()) FIRSTFIX_CHECK(refers<v1::AssetModel>(command.uow, "models", model));
  for (const auto& asset : standard.assets()) FIRSTFIX_CHECK(refers<v1::Asset>(command.uow, "assets", asset));
  v1::StandardRevision kept;
  const auto number = std::to_string(standard.revision());
  kept.set_name(standard.name() + "/revisions/" + std::string(6 - number.size(), '0') + number);
  *kept.mutable_standard() = standard;
  *kept.mutable_made_at() = to_proto(command.now());
  kept.set_made_by(command.actor);
  return command.uow.put(std::move(kept));
}

firstfix::Status check_skill(desk::Command&, v1::Skill& skill, const v1::Skill*) {
  if (skill.visits_for_level() <= growth::kMostVisits) return {};
  return fail(Code::kInvalid, "visits_for_level is over 100");
}

class KnowledgeServiceApi final : public v1::KnowledgeService::Service {
 public:
  explicit KnowledgeServiceApi(Edge& edge) : edge_(edge) {}

  Status GetFaultCode(Context* c, const v1::GetFaultCodeRequest* q, v1::FaultCode* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListFaultCodes(Context* c, const v1::ListFaultCodesRequest* q, v1::ListFaultCodesResponse* r) override {
    return list_all<v1::FaultCode>(edge_, c, q, r, &v1::ListFaultCodesResponse::add_fault_codes);
  }
  Status UpdateFaultCode(Context* c, const v1::UpdateFaultCodeRequest* q, v1::FaultCode* r) override {
    return update_one<v1::FaultCode>(edge_, c, q, r, q->fault_code(), "faultCodes");
  }

  Status GetCause(Context* c, const v1::GetCauseRequest* q, v1::Cause* r) override { return get_one(edge_, c, q, r); }
  Status ListCauses(Context* c, const v1::ListCausesRequest* q, v1::ListCausesResponse* r) override {
    return list_all<v1::Cause>(edge_, c, q, r, &v1::ListCausesResponse::add_causes);
  }
  Status UpdateCause(Context* c, const v1::UpdateCauseRequest* q, v1::Cause* r) override {
    return update_one<v1::Cause>(edge_, c, q, r, q->cause(), "causes", check_cause);
  }

  Status GetSkill(Context* c, const v1::GetSkillRequest* q, v1::Skill* r) override { return get_one(edge_, c, q, r); }
  Status ListSkills(Context* c, const v1::ListSkillsRequest* q, v1::ListSkillsResponse* r) override {
    return list_all<v1::Skill>(edge_, c, q, r, &v1::ListSkillsResponse::add_skills);
  }
  Status UpdateSkill(Context* c, const v1::UpdateSkillRequest* q, v1::Skill* r) override {
    return update_one<v1::Skill>(edge_, c, q, r, q->skill(), "skills", check_skill);
  }

  Status GetPart(Context* c, const v1::GetPartRequest* q, v1::Part* r) override { return get_one(edge_, c, q, r); }
  Status ListParts(Context* c, const v1::ListPartsRequest* q, v1::ListPartsResponse* r) override {
    return list_all<v1::Part>(edge_, c, q, r, &v1::ListPartsResponse::add_parts);
  }
  Status UpdatePart(Context* c, const v1::UpdatePartRequest* q, v1::Part* r) override {
    return update_one<v1::Part>(edge_, c, q, r, q->part(), "parts");
  }

  Status GetServiceStandard(Context* c, const v1::GetServiceStandardRequest* q, v1::ServiceStandard* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListServiceStandards(Context* c, const v1::ListServiceStandardsRequest* q,
                              v1::ListServiceStandardsResponse* r) override {
    return list_all<v1::ServiceStandard>(edge_, c, q, r, &v1::ListServiceStandardsResponse::add_service_standards);
  }
  Status UpdateServiceStandard(Context* c, const v1::UpdateServiceStandardRequest* q, v1::ServiceStandard* r) override {
    return update_one<v1::ServiceStandard>(edge_, c, q, r, q->service_standard(), "serviceStandards", check_standard);
  }

  Status GetStandardRevision(Context* c, const v1::GetStandardRevisionRequest* q, v1::StandardRevision* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListStandardRevisions(Context* c, const v1::ListStandardRevisionsRequest* q,
                               v1::ListStandardRevisionsResponse* r) override {
    return list_all<v1::StandardRevision>(edge_, c, q, r, &v1::ListStandardRevisionsResponse::add_standard_revisions,
                                          q->standard() + "/");
  }
  Status GetStepFigures(Context* c, const v1::GetStepFiguresRequest* q, v1::GetStepFiguresResponse* r) override {
    return edge_.read<v1::GetStepFiguresRequest, v1::GetStepFiguresResponse>(
        c, q, r, [&](const Principal&, const desk::View& view) -> Result<v1::GetStepFiguresResponse> {
          FIRSTFIX_TRY(figures, desk::step_figures(view, q->standard(), q->revision()));
          v1::GetStepFiguresResponse out;
          for (auto& figure : figures) *out.add_figures() = std::move(figure);
          return out;
        });
  }

  Status GetOutcome(Context* c, const v1::GetOutcomeRequest* q, v1::Outcome* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListOutcomes(Context* c, const v1::ListOutcomesRequest* q, v1::ListOutcomesResponse* r) override {
    return list_all<v1::Outcome>(edge_, c, q, r, &v1::ListOutcomesResponse::add_outcomes);
  }
  Status CorrectOutcome(Context* c, const v1::CorrectOutcomeRequest* q, v1::Outcome* r) override {
    return edge_.write<v1::CorrectOutcomeRequest, v1::Outcome>(c, q, r, [&](const Principal&, desk::Command& command) {
      return desk::correct_outcome(command, q->outcome());
    });
  }

  Status GetDefectSignal(Context* c, const v1::GetDefectSignalRequest* q, v1::DefectSignal* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListDefectSignals(Context* c, const v1::ListDefectSignalsRequest* q,
                           v1::ListDefectSignalsResponse* r) override {
    return list_all<v1::DefectSignal>(
        edge_, c, q, r, &v1::ListDefectSignalsResponse::add_defect_signals, {}, [&](const v1::DefectSignal& one) {
          return (q->kind() == v1::DEFECT_SIGNAL_KIND_UNSPECIFIED || one.kind() == q->kind()) &&
                 (!q->open_only() || one.state() == v1::DEFECT_SIGNAL_STATE_OPEN);
        });
  }
  Status AcknowledgeDefectSignal(Context* c, const v1::AcknowledgeDefectSignalRequest* q,
                                 v1::DefectSignal* r) override {
    return edge_.write<v1::AcknowledgeDefectSignalRequest, v1::DefectSignal>(
        c, q, r, [&](const Principal&, desk::Command& command) {
          return desk::acknowledge_signal(command, q->name(), q->comment());
        });
  }

 private:
  Edge& edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_knowledge_service(Edge& edge) {
  return std::make_unique<KnowledgeServiceApi>(edge);
}

}  // namespace firstfix::api
