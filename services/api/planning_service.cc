#include "desk/replanning.h"
#include "firstfix/v1/planning_service.grpc.pb.h"
#include "masters.h"
#include "services.h"

namespace firstfix::api {
namespace {

using Context = grpc::ServerContext;

class PlanningServiceApi final : public v1::PlanningService::Service {
 public:
  explicit PlanningServiceApi(Edge& edge) : edge_(edge) {}

  grpc::Status GetPlanProposal(Context* c, const v1::GetPlanProposalRequest* q, v1::PlanProposal* r) override {
    return get_one(edge_, c, q, r);
  }
  grpc::Status ListPlanProposals(Context* c, const v1::ListPlanProposalsRequest* q,
                                 v1::ListPlanProposalsResponse* r) override {
    return list_all<v1::PlanProposal>(
        edge_, c, q, r, &v1::ListPlanProposalsResponse::add_plan_proposals, "", [&](const v1::PlanProposal& one) {
          return (q->territory().empty() || one.territory() == q->territory()) &&
                 (q->state() == v1::PLAN_PROPOSAL_STATE_UNSPECIFIED || one.state() == q->state());
        });
  }

  grpc::Status ReplanTerritory(Context* c, const v1::ReplanTerritoryRequest* q,
                               v1::ReplanTerritoryResponse* r) override {
    return edge_.write<v1::ReplanTerritoryRequest, v1::ReplanTerritoryResponse>(
        c, q, r, [&](const Principal&, desk::Command& command) -> Result<v1::ReplanTerritoryResponse> {
          FIRSTFIX_TRY(found, desk::replan_territory(command, q->territory()));
          v1::ReplanTerritoryResponse response;
          response.set_none_reason(found.none_reason);
          if (found.proposal) *response.mutable_proposal() = std::move(*found.proposal);
          return response;
        });
  }

  // That it was overtaken is kept, so that the transaction is no failure; the call is.
  grpc::Status CommitPlanProposal(Context* c, const v1::CommitPlanProposalRequest* q, v1::PlanProposal* r) override {
    auto done = edge_.write<v1::CommitPlanProposalRequest, v1::PlanProposal>(
        c, q, r, [&](const Principal&, desk::Command& command) {
          return desk::commit_plan_proposal(command, q->name(), q->etag());
        });
    if (!done.ok() || r->state() != v1::PLAN_PROPOSAL_STATE_OVERTAKEN) return done;
    const Error error{Code::kState, r->name() + " is overtaken, and nothing was moved: " + r->settled_reason()};
    r->Clear();
    return to_grpc(error);
  }

  grpc::Status RejectPlanProposal(Context* c, const v1::RejectPlanProposalRequest* q, v1::PlanProposal* r) override {
    return edge_.write<v1::RejectPlanProposalRequest, v1::PlanProposal>(
        c, q, r, [&](const Principal&, desk::Command& command) {
          return desk::reject_plan_proposal(command, q->name(), q->reason(), q->etag());
        });
  }

 private:
  Edge& edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_planning_service(Edge& edge) {
  return std::make_unique<PlanningServiceApi>(edge);
}

}  // namespace firstfix::api
