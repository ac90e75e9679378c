#include "desk/commands.h"
#include "firstfix/v1/inventory_service.grpc.pb.h"
#include "masters.h"
#include "services.h"

namespace firstfix::api {
namespace {

using grpc::Status;
using Context = grpc::ServerContext;

firstfix::Status check_location(desk::Command& command, v1::StockLocation& location, const v1::StockLocation*) {
  if (location.kind() == v1::STOCK_LOCATION_KIND_UNSPECIFIED)
    return fail(Code::kInvalid, "kind is not stated: van or depot");
  return refers<v1::Territory>(command.uow, "territory", location.territory());
}

class InventoryServiceApi final : public v1::InventoryService::Service {
 public:
  explicit InventoryServiceApi(Edge& edge) : edge_(edge) {}

  Status GetStockLocation(Context* c, const v1::GetStockLocationRequest* q, v1::StockLocation* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListStockLocations(Context* c, const v1::ListStockLocationsRequest* q,
                            v1::ListStockLocationsResponse* r) override {
    return list_all<v1::StockLocation>(edge_, c, q, r, &v1::ListStockLocationsResponse::add_stock_locations);
  }
  Status UpdateStockLocation(Context* c, const v1::UpdateStockLocationRequest* q, v1::StockLocation* r) override {
    return update_one<v1::StockLocation>(edge_, c, q, r, q->stock_location(), "stockLocations", check_location);
  }

  Status SetStock(Context* c, const v1::SetStockRequest* q, v1::StockLine* r) override {
    return edge_.write<v1::SetStockRequest, v1::StockLine>(c, q, r, [&](const Principal&, desk::Command& command) {
      return desk::set_stock(command, q->location(), q->part(), q->on_hand());
    });
  }
  Status ListStockLines(Context* c, const v1::ListStockLinesRequest* q, v1::ListStockLinesResponse* r) override {
    const auto prefix = q->location().empty() ? "" : q->location() + "/lines/";
    return list_all<v1::StockLine>(edge_, c, q, r, &v1::ListStockLinesResponse::add_stock_lines, prefix);
  }
  Status ListReservations(Context* c, const v1::ListReservationsRequest* q, v1::ListReservationsResponse* r) override {
    return list_all<v1::Reservation>(edge_, c, q, r, &v1::ListReservationsResponse::add_reservations);
  }

 private:
  Edge& edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_inventory_service(Edge& edge) {
  return std::make_unique<InventoryServiceApi>(edge);
}

}  // namespace firstfix::api
