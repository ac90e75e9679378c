#include "casework/convert.h"
#include "firstfix/v1/admin_service.grpc.pb.h"
#include "services.h"

namespace firstfix::api {
namespace {

constexpr Duration kFurthest = std::chrono::hours{24 * 3653};

class AdminServiceApi final : public v1::AdminService::Service {
 public:
  AdminServiceApi(Edge& edge, const Operations& operations) : edge_(edge), operations_(operations) {}

  grpc::Status GetStatus(grpc::ServerContext* c, const v1::GetStatusRequest* q, v1::GetStatusResponse* r) override {
    return edge_.read<v1::GetStatusRequest, v1::GetStatusResponse>(
        c, q, r, [&](const Principal& principal, const desk::View& view) -> Result<v1::GetStatusResponse> {
          v1::GetStatusResponse out;
          out.set_version(operations_.version);
          *out.mutable_now() = to_proto(edge_.desk().clock().now());
          out.set_manual_clock(operations_.manual_clock);
          out.set_log_position(edge_.desk().store().position({principal.tenant, 0}));
          for (const auto& [name, position] : operations_.followers(principal.tenant)) {
            auto& follower = *out.add_followers();
            follower.set_name(name);
            follower.set_position(position);
          }
          std::uint64_t timers = 0;
          FIRSTFIX_CHECK(view.each_entry(desk::index::kTimerDue, {}, [&](auto, auto) { return ++timers < 1'000'000; }));
          out.set_open_timers(timers);
          return out;
        });
  }

  grpc::Status AdvanceClock(grpc::ServerContext* c, const v1::AdvanceClockRequest* q,
                            v1::AdvanceClockResponse* r) override {
    const auto principal = edge_.admit(*c, v1::AdvanceClockRequest::descriptor());
    if (!principal) return to_grpc(principal.error());
    const auto by = to_duration(q->by());
    if (by < Duration{0} || by > kFurthest) return to_grpc({Code::kInvalid, "by is negative or over 10 years"});
    const auto fired = operations_.advance_clock(by);
    if (!fired) return to_grpc(fired.error());
    *r->mutable_now() = to_proto(edge_.desk().clock().now());
    r->set_timers_fired(*fired);
    return grpc::Status::OK;
  }

 private:
  Edge& edge_;
  const Operations& operations_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_admin_service(Edge& edge, const Operations& operations) {
  return std::make_unique<AdminServiceApi>(edge, operations);
}

}  // namespace firstfix::api
