#include "base/geo.h"
#include "casework/convert.h"
#include "desk/growing.h"
#include "desk/qualifications.h"
#include "firstfix/v1/workforce_service.grpc.pb.h"
#include "masters.h"
#include "services.h"

namespace firstfix::api {
namespace {

using grpc::Status;
using Context = grpc::ServerContext;

constexpr Duration kLongestShift = std::chrono::hours{16}, kLongestBreak = std::chrono::hours{4};

firstfix::Status check_engineer(desk::Command& command, v1::Engineer& engineer, const v1::Engineer*) {
  FIRSTFIX_CHECK(refers<v1::Territory>(command.uow, "territory", engineer.territory()));
  FIRSTFIX_CHECK(refers<v1::StockLocation>(command.uow, "van", engineer.van()));
  if (engineer.skills_size() > 200) return fail(Code::kTooLarge, "skills has over 200 entries");
  for (const auto& held : engineer.skills()) {
    FIRSTFIX_CHECK(refers<v1::Skill>(command.uow, "skills", held.skill()));
    if (held.level() < 1 || held.level() > 5)
      return fail(Code::kInvalid, "skills[" + held.skill() + "].level is not 1 to 5");
  }
  if (engineer.mentor_skills_size() > 200 || engineer.learning_skills_size() > 200)
    return fail(Code::kTooLarge, "mentor_skills or learning_skills has over 200 entries");
  for (const auto& skill : engineer.mentor_skills())
    FIRSTFIX_CHECK(refers<v1::Skill>(command.uow, "mentor_skills", skill));
  for (const auto& skill : engineer.learning_skills())
    FIRSTFIX_CHECK(refers<v1::Skill>(command.uow, "learning_skills", skill));
  if (!valid(Position{engineer.home().latitude_deg(), engineer.home().longitude_deg()}))
    return fail(Code::kInvalid, "home is not on the Earth");
  if (!valid(Position{engineer.end_location().latitude_deg(), engineer.end_location().longitude_deg()}))
    return fail(Code::kInvalid, "end_location is not on the Earth");
  return {};
}

firstfix::Status check_break(const v1::Shift& shift) {
  const auto& rest = shift.meal_break();
  const auto earliest = to_instant(rest.earliest_at()), latest = to_instant(rest.latest_at());
  const auto takes = to_duration(rest.takes());
  if (shift.on_call()) return fail(Code::kInvalid, "meal_break: a shift on call has none");
  if (takes <= Duration{0} || takes > kLongestBreak)
    return fail(Code::kInvalid, "meal_break.takes is over 0 and at most 4 h");
  if (earliest < to_instant(shift.starts_at()) || latest < earliest || latest + takes > to_instant(shift.ends_at()))
    return fail(Code::kInvalid,
                "meal_break begins from earliest_at to latest_at, which is no sooner, and lies within the shift");
  return {};
}

firstfix::Status check_shift(desk::Command& command, v1::Shift& shift, const v1::Shift*) {
  FIRSTFIX_CHECK(refers<v1::Engineer>(command.uow, "engineer", shift.engineer()));
  const auto length = to_instant(shift.ends_at()) - to_instant(shift.starts_at());
  if (length <= Duration{0} || length > kLongestShift)
    return fail(Code::kInvalid, "a shift ends after it starts, at most 16 h later");
  return shift.has_meal_break() ? check_break(shift) : firstfix::Status{};
}

firstfix::Status check_certificate(desk::Command& command, v1::Certificate& certificate, const v1::Certificate* old) {
  if (certificate.engineer().empty() || certificate.skill().empty())
    return fail(Code::kInvalid, "engineer and skill are needed");
  FIRSTFIX_CHECK(refers<v1::Engineer>(command.uow, "engineer", certificate.engineer()));
  FIRSTFIX_CHECK(refers<v1::Skill>(command.uow, "skill", certificate.skill()));
  FIRSTFIX_CHECK(refers<v1::Blob>(command.uow, "document", certificate.document()));
  if (certificate.issuer().empty() || certificate.issuer().size() > 200)
    return fail(Code::kInvalid, "issuer is needed, at most 200 bytes");
  if (!certificate.has_valid_until()) return fail(Code::kInvalid, "valid_until is needed");
  if (certificate.has_valid_from() && to_instant(certificate.valid_until()) <= to_instant(certificate.valid_from()))
    return fail(Code::kInvalid, "valid_until is not after valid_from");
  if (old != nullptr && (old->engineer() != certificate.engineer() || old->skill() != certificate.skill()))
    return fail(Code::kInvalid, "a certificate stays with its engineer and skill: write another one");
  // Revoking has its own method, and is not undone by writing.
  certificate.clear_revoked_at();
  certificate.clear_revoke_reason();
  if (old == nullptr) return {};
  if (old->has_revoked_at()) *certificate.mutable_revoked_at() = old->revoked_at();
  certificate.set_revoke_reason(old->revoke_reason());
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
    return edge_.write<v1::UpdateEngineerRequest, v1::Engineer>(
        c, q, r, [&](const Principal&, desk::Command& command) -> Result<v1::Engineer> {
          FIRSTFIX_TRY(written, upsert<v1::Engineer>(command, "engineers", q->engineer(), [&](auto& one, auto* old) {
                         return check_engineer(command, one, old);
                       }));
          FIRSTFIX_CHECK(desk::review_bookings(command, written.name()));
          return std::move(written);
        });
  }

  Status GetShift(Context* c, const v1::GetShiftRequest* q, v1::Shift* r) override { return get_one(edge_, c, q, r); }
  Status ListShifts(Context* c, const v1::ListShiftsRequest* q, v1::ListShiftsResponse* r) override {
    return list_all<v1::Shift>(edge_, c, q, r, &v1::ListShiftsResponse::add_shifts);
  }
  Status UpdateShift(Context* c, const v1::UpdateShiftRequest* q, v1::Shift* r) override {
    return edge_.write<v1::UpdateShiftRequest, v1::Shift>(
        c, q, r, [&](const Principal&, desk::Command& command) -> Result<v1::Shift> {
          std::optional<v1::Shift> before;
          FIRSTFIX_TRY(written, upsert<v1::Shift>(command, "shifts", q->shift(), [&](auto& one, auto* old) {
                         if (old != nullptr) before = *old;
                         return check_shift(command, one, old);
                       }));
          if (before) FIRSTFIX_CHECK(desk::review_shift(command, *before));
          return std::move(written);
        });
  }

  Status GetCertificate(Context* c, const v1::GetCertificateRequest* q, v1::Certificate* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListCertificates(Context* c, const v1::ListCertificatesRequest* q, v1::ListCertificatesResponse* r) override {
    return list_all<v1::Certificate>(edge_, c, q, r, &v1::ListCertificatesResponse::add_certificates, "",
                                     [&](const auto& one) { return of(*q, one); });
  }
  Status UpdateCertificate(Context* c, const v1::UpdateCertificateRequest* q, v1::Certificate* r) override {
    return edge_.write<v1::UpdateCertificateRequest, v1::Certificate>(
        c, q, r, [&](const Principal&, desk::Command& command) -> Result<v1::Certificate> {
          FIRSTFIX_TRY(written,
                       upsert<v1::Certificate>(command, "certificates", q->certificate(), [&](auto& one, auto* old) {
                         return check_certificate(command, one, old);
                       }));
          FIRSTFIX_CHECK(desk::review_bookings(command, written.engineer()));
          return std::move(written);
        });
  }
  Status RevokeCertificate(Context* c, const v1::RevokeCertificateRequest* q, v1::Certificate* r) override {
    return edge_.write<v1::RevokeCertificateRequest, v1::Certificate>(
        c, q, r, [&](const Principal&, desk::Command& command) {
          return desk::revoke_certificate(command, q->name(), q->reason());
        });
  }
  Status ListUnfitBookings(Context* c, const v1::ListUnfitBookingsRequest* q,
                           v1::ListUnfitBookingsResponse* r) override {
    return edge_.read<v1::ListUnfitBookingsRequest, v1::ListUnfitBookingsResponse>(
        c, q, r, [&](const Principal&, const desk::View& view) -> Result<v1::ListUnfitBookingsResponse> {
          FIRSTFIX_TRY(knowledge, edge_.desk().minds().knowledge(view));
          FIRSTFIX_TRY(found, desk::unfit_bookings(view, *knowledge, edge_.desk().clock().now()));
          v1::ListUnfitBookingsResponse out;
          for (auto& one : found) {
            auto& booking = *out.add_bookings();
            *booking.mutable_visit() = std::move(one.visit);
            booking.set_reason(std::move(one.reason));
          }
          return out;
        });
  }

  Status SignOffVisit(Context* c, const v1::SignOffVisitRequest* q, v1::SignOff* r) override {
    return edge_.write<v1::SignOffVisitRequest, v1::SignOff>(c, q, r, [&](const Principal&, desk::Command& command) {
      return desk::sign_off_visit(command, q->visit(), {q->engineer(), q->skill(), q->passed(), q->words()});
    });
  }
  Status ListSignOffs(Context* c, const v1::ListSignOffsRequest* q, v1::ListSignOffsResponse* r) override {
    return list_all<v1::SignOff>(edge_, c, q, r, &v1::ListSignOffsResponse::add_sign_offs, "", [&](const auto& one) {
      return of(*q, one) && (q->skill().empty() || one.skill() == q->skill());
    });
  }
  Status GetLevelProposal(Context* c, const v1::GetLevelProposalRequest* q, v1::LevelProposal* r) override {
    return get_one(edge_, c, q, r);
  }
  Status ListLevelProposals(Context* c, const v1::ListLevelProposalsRequest* q,
                            v1::ListLevelProposalsResponse* r) override {
    return list_all<v1::LevelProposal>(
        edge_, c, q, r, &v1::ListLevelProposalsResponse::add_level_proposals, "", [&](const auto& one) {
          return of(*q, one) && (q->state() == v1::LEVEL_PROPOSAL_STATE_UNSPECIFIED || one.state() == q->state());
        });
  }
  Status DecideLevelProposal(Context* c, const v1::DecideLevelProposalRequest* q, v1::LevelProposal* r) override {
    return edge_.write<v1::DecideLevelProposalRequest, v1::LevelProposal>(
        c, q, r, [&](const Principal&, desk::Command& command) {
          return desk::decide_level(command, q->name(), q->approve(), q->reason());
        });
  }

  Status ListGrowth(Context* c, const v1::ListGrowthRequest* q, v1::ListGrowthResponse* r) override {
    return edge_.read<v1::ListGrowthRequest, v1::ListGrowthResponse>(
        c, q, r, [&](const Principal&, const desk::View& view) -> Result<v1::ListGrowthResponse> {
          FIRSTFIX_TRY(knowledge, edge_.desk().minds().knowledge(view));
          FIRSTFIX_TRY(workforce, edge_.desk().minds().workforce(view));
          v1::ListGrowthResponse out;
          std::vector<v1::Engineer> engineers;
          FIRSTFIX_CHECK(list_page<v1::Engineer>(
              view, "", q->page_size(), q->page_token(),
              [&](const auto& one) {
                return !one.inactive() && (q->engineer().empty() || one.name() == q->engineer());
              },
              [&](v1::Engineer&& one) { engineers.push_back(std::move(one)); }, out.mutable_next_page_token()));
          FIRSTFIX_TRY(lines, desk::growth_of(view, *knowledge, *workforce, engineers, edge_.desk().clock().now()));
          for (auto& line : lines)
            if (q->skill().empty() || line.skill() == q->skill()) *out.add_growth() = std::move(line);
          return out;
        });
  }

 private:
  // Is the record of the engineer asked for?
  template <class Request, class M>
  static bool of(const Request& request, const M& one) {
    return request.engineer().empty() || one.engineer() == request.engineer();
  }

  Edge& edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_workforce_service(Edge& edge) {
  return std::make_unique<WorkforceServiceApi>(edge);
}

}  // namespace firstfix::api
