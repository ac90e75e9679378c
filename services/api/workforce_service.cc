#include "base/geo.h"
#include "casework/convert.h"
#include "firstfix/v1/workforce_service.grpc.pb.h"
#include "masters.h"
#include "services.h"

namespace firstfix::api {
namespace {

using grpc::Status;
using Context = grpc::ServerContext;

constexpr Duration kLongestShift = std::chrono::hours{16};

firstfix::Status check_engineer(desk::Command& command, v1::Engineer& engineer, const v1::Engineer*) {
  FIRSTFIX_CHECK(refers<v1::Territory>(command.uow, "territory", engineer.territory()));
  FIRSTFIX_CHECK(refers<v1::StockLocation>(command.uow, "van", engineer.van()));
  if (engineer.skills_size() > 200) return fail(Code::kTooLarge, "skills has over 200 entries");
  for (const auto& held : engineer.skills()) {
    FIRSTFIX_CHECK(refers<v1::Skill>(command.uow, "skills", held.skill()));
    if (held.level() < 1 || held.level() > 5)
      return fail(Code::kInvalid, "skills[" + held.skill() + "].level is not 1 to 5");
  }
  if (!valid(Position{engineer.home().latitude_deg(), engineer.home().longitude_deg()}))
    return fail(Code::kInvalid, "home is not on the Earth");
  return {};
}

firstfix::Status check_shift(desk::Command& command, v1::Shift& shift, const v1::Shift*) {
  FIRSTFIX_CHECK(refers<v1::Engineer>(command.uow, "engineer", shift.engineer()));
  const auto length = to_instant(shift.ends_at()) - to_instant(shift.starts_at());
  if (length <= Duration{0} || length > kLongestShift)
    return fail(Code::kInvalid, "a shift ends after it starts, at most 16 h later");
  return {};
}

class WorkforceServiceApi final : public v1::WorkforceService::Service {
 public:
  explicit WorkforceServiceApi(Edge& edge) : edge_(edge) {}

  Status GetEngineer(Context* c, const v1::GetEngineerRequest* q, v1::Engineer* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListEngineers(Context* c, const v1::ListEngineersRequest* q, v1::ListEngineersResponse* r) override {
    return list_all<v1::Engineer>(edge_, c, q, r, &v1::ListEngineersResponse::add_engineers);
  }
  Status UpdateEngineer(Context* c, const v1::UpdateEngineerRequest* q, v1::Engineer* r) override {
    return update_one<v1::Engineer>(edge_, c, q, r, q->engineer(), "engineers", check_engineer);
  }

  Status GetShift(Context* c, const v1::GetShiftRequest* q, v1::Shift* r) override { return get_one(edge_, c, q, r); }
  Status ListShifts(Context* c, const v1::ListShiftsRequest* q, v1::ListShiftsResponse* r) override {
    return list_all<v1::Shift>(edge_, c, q, r, &v1::ListShiftsResponse::add_shifts);
  }
  Status UpdateShift(Context* c, const v1::UpdateShiftRequest* q, v1::Shift* r) override {
    return update_one<v1::Shift>(edge_, c, q, r, q->shift(), "shifts", check_shift);
  }

 private:
  Edge& edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_workforce_service(Edge& edge) {
  return std::make_unique<WorkforceServiceApi>(edge);
}

}  // namespace firstfix::api
