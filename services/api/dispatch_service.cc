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

  grpc::Status GetDeviation(Context* c, const v1::GetDeviationRequest* q, v1::Deviation* r) override {
    return edge_.read<v1::GetDeviationRequest, v1::Deviation>(
        c, q, r, [&](const Principal& who, const desk::View& view) -> Result<v1::Deviation> {
          FIRSTFIX_CHECK(may_see_visit(who, view, visit_of(q->name())));
          return view.get<v1::Deviation>(q->name());
        });
  }
  grpc::Status ListDeviations(Context* c, const v1::ListDeviationsRequest* q, v1::ListDeviationsResponse* r) override {
    return edge_.read<v1::ListDeviationsRequest, v1::ListDeviationsResponse>(
        c, q, r, [&](const Principal& who, const desk::View& view) -> Result<v1::ListDeviationsResponse> {
          if (q->visit().empty()) return undecided(who, view, *q);
          FIRSTFIX_CHECK(may_see_visit(who, view, q->visit()));
          v1::ListDeviationsResponse page;
          FIRSTFIX_CHECK(list_page<v1::Deviation>(
              view, q->visit() + "/", q->page_size(), q->page_token(), [](const auto&) { return true; },
              [&](v1::Deviation&& one) { *page.add_deviations() = std::move(one); }, page.mutable_next_page_token()));
          return page;
        });
  }
  grpc::Status DecideDeviation(Context* c, const v1::DecideDeviationRequest* q, v1::Deviation* r) override {
    return edge_.write<v1::DecideDeviationRequest, v1::Deviation>(
        c, q, r, [&](const Principal& who, desk::Command& command) -> Result<v1::Deviation> {
          FIRSTFIX_CHECK(may_see_visit(who, command.uow, visit_of(q->name())));
          return desk::decide_deviation(command, q->name(),
                                        {q->approve(), q->reason(), who.role == v1::ROLE_CUSTOMER, who.subject});
        });
  }
  grpc::Status ListOverruledWork(Context* c, const v1::ListOverruledWorkRequest* q,
                                 v1::ListOverruledWorkResponse* r) override {
    return list_all<v1::OverruledWork>(edge_, c, q, r, &v1::ListOverruledWorkResponse::add_overruled_work,
                                       q->visit() + "/");
  }

 private:
  static std::string visit_of(const std::string& deviation) { return deviation.substr(0, deviation.find("/steps/")); }

  // Those that wait for a decision and that the principal may see.
  static Result<v1::ListDeviationsResponse> undecided(const Principal& who, const desk::View& view,
                                                      const v1::ListDeviationsRequest& request) {
    FIRSTFIX_TRY(size, checked_page_size(request.page_size()));
    FIRSTFIX_TRY(after, name_from_page_token(request.page_token()));
    std::vector<std::string> names;
    FIRSTFIX_CHECK(view.each_entry(desk::index::kUndecided, {}, [&](std::string_view name, std::string_view) {
      if (name > after) names.emplace_back(name);
      return true;
    }));
    v1::ListDeviationsResponse page;
    for (const auto& name : names) {
      if (page.deviations_size() == size) {
        page.set_next_page_token(page_token_of(page.deviations(size - 1).name()));
        break;
      }
      if (!may_see_visit(who, view, visit_of(name))) continue;
      FIRSTFIX_TRY(deviation, view.get<v1::Deviation>(name));
      *page.add_deviations() = std::move(deviation);
    }
    return page;
  }

  Edge& edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_dispatch_service(Edge& edge) {
  return std::make_unique<DispatchServiceApi>(edge);
}

}  // namespace firstfix::api
