#include "desk/commands.h"
#include "firstfix/v1/dispatch_service.grpc.pb.h"
#include "masters.h"
#include "services.h"

namespace firstfix::api {
namespace {

using Context = grpc::ServerContext;

class DispatchServiceApi final : public v1::DispatchService::Service {
 public:
  explicit DispatchServiceApi(Edge& edge) : edge_(edge) {}

  grpc::Status GetVisit(Context* c, const v1::GetVisitRequest* q, v1::Visit* r) override {
    return get_one(edge_, c, q, r);
  }
  grpc::Status ListVisits(Context* c, const v1::ListVisitsRequest* q, v1::ListVisitsResponse* r) override {
    return list_all<v1::Visit>(edge_, c, q, r, &v1::ListVisitsResponse::add_visits, "", [&](const v1::Visit& one) {
      return (q->case_name().empty() || one.case_name() == q->case_name()) &&
             (q->state() == v1::VISIT_STATE_UNSPECIFIED || one.state() == q->state());
    });
  }

  grpc::Status ReassignVisit(Context* c, const v1::ReassignVisitRequest* q, v1::Visit* r) override {
    return edge_.write<v1::ReassignVisitRequest, v1::Visit>(c, q, r, [&](const Principal&, desk::Command& command) {
      return desk::reassign_visit(command, q->name(), q->engineer(), q->reason());
    });
  }

  grpc::Status CancelVisit(Context* c, const v1::CancelVisitRequest* q, v1::Visit* r) override {
    return edge_.write<v1::CancelVisitRequest, v1::Visit>(c, q, r, [&](const Principal&, desk::Command& command) {
      return desk::cancel_visit(command, q->name(), q->reason());
    });
  }

  grpc::Status GetOffer(Context* c, const v1::GetOfferRequest* q, v1::Offer* r) override {
    return get_one(edge_, c, q, r);
  }
  grpc::Status ListOffers(Context* c, const v1::ListOffersRequest* q, v1::ListOffersResponse* r) override {
    return list_all<v1::Offer>(edge_, c, q, r, &v1::ListOffersResponse::add_offers, "",
                               [&](const v1::Offer& one) { return q->visit().empty() || one.visit() == q->visit(); });
  }

 private:
  Edge& edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_dispatch_service(Edge& edge) {
  return std::make_unique<DispatchServiceApi>(edge);
}

}  // namespace firstfix::api
