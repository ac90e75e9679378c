#include "casework/case.h"
#include "change_stream.h"
#include "desk/commands.h"
#include "firstfix/v1/case_service.grpc.pb.h"
#include "masters.h"
#include "services.h"

namespace firstfix::api {
namespace {

using Context = grpc::ServerContext;
using Watched = v1::WatchCasesResponse;

Result<std::vector<Watched>> open_cases(const desk::View& view) {
  std::vector<std::string> cases, visits, deviations, appointments, proposals;
  FIRSTFIX_CHECK(view.each_entry(desk::index::kOpenCase, {},
                                 [&](std::string_view name, auto) { return cases.emplace_back(name), true; }));
  FIRSTFIX_CHECK(view.each_entry(desk::index::kOpenVisit, {},
                                 [&](std::string_view name, auto) { return visits.emplace_back(name), true; }));
  FIRSTFIX_CHECK(view.each_entry(desk::index::kUndecided, {},
                                 [&](std::string_view name, auto) { return deviations.emplace_back(name), true; }));
  FIRSTFIX_CHECK(view.each_entry(desk::index::kOpenAppointment, {},
                                 [&](std::string_view name, auto) { return appointments.emplace_back(name), true; }));
  FIRSTFIX_CHECK(view.each_entry(desk::index::kOpenProposal, {},
                                 [&](auto, std::string_view name) { return proposals.emplace_back(name), true; }));
  std::vector<Watched> out;
  for (const auto& name : cases) {
    FIRSTFIX_TRY(record, view.get<v1::Case>(name));
    *out.emplace_back().mutable_case_() = std::move(record);
  }
  for (const auto& name : visits) {
    FIRSTFIX_TRY(visit, view.get<v1::Visit>(name));
    *out.emplace_back().mutable_visit() = std::move(visit);
  }
  for (const auto& name : deviations) {
    FIRSTFIX_TRY(deviation, view.get<v1::Deviation>(name));
    *out.emplace_back().mutable_deviation() = std::move(deviation);
  }
  for (const auto& name : appointments) {
    FIRSTFIX_TRY(appointment, view.get<v1::Appointment>(name));
    *out.emplace_back().mutable_appointment() = std::move(appointment);
  }
  for (const auto& name : proposals) {
    FIRSTFIX_TRY(proposal, view.get<v1::PlanProposal>(name));
    *out.emplace_back().mutable_plan_proposal() = std::move(proposal);
  }
  return out;
}

Result<std::vector<Watched>> case_changes(Feed&, const Entry& entry) {
  std::vector<Watched> out;
  for (int i = 0; i < entry.size(); ++i) {
    FIRSTFIX_TRY(record, entry.record<v1::Case>(i));
    if (record != nullptr) *out.emplace_back().mutable_case_() = *record;
    FIRSTFIX_TRY(visit, entry.record<v1::Visit>(i));
    if (visit != nullptr) *out.emplace_back().mutable_visit() = *visit;
    FIRSTFIX_TRY(deviation, entry.record<v1::Deviation>(i));
    if (deviation != nullptr) *out.emplace_back().mutable_deviation() = *deviation;
    FIRSTFIX_TRY(appointment, entry.record<v1::Appointment>(i));
    if (appointment != nullptr) *out.emplace_back().mutable_appointment() = *appointment;
    FIRSTFIX_TRY(proposal, entry.record<v1::PlanProposal>(i));
    if (proposal != nullptr) *out.emplace_back().mutable_plan_proposal() = *proposal;
  }
  return out;
}

class CaseServiceApi final : public v1::CaseService::WithCallbackMethod_WatchCases<v1::CaseService::Service> {
 public:
  CaseServiceApi(Edge& edge, Feed& feed) : edge_(edge), feed_(feed) {}

  grpc::Status GetCase(Context* c, const v1::GetCaseRequest* q, v1::Case* r) override {
    return edge_.read<v1::GetCaseRequest, v1::Case>(
        c, q, r, [&](const Principal& who, const desk::View& view) { return seen(who, view, q->name()); });
  }

  grpc::Status ListCases(Context* c, const v1::ListCasesRequest* q, v1::ListCasesResponse* r) override {
    return edge_.read<v1::ListCasesRequest, v1::ListCasesResponse>(
        c, q, r, [&](const Principal& who, const desk::View& view) -> Result<v1::ListCasesResponse> {
          v1::ListCasesResponse page;
          const auto wanted = [&](const v1::Case& one) {
            return (q->state() == v1::CASE_STATE_UNSPECIFIED || one.state() == q->state()) &&
                   (q->asset().empty() || one.asset() == q->asset()) && (!q->open_only() || !casework::closed(one)) &&
                   may_see(who, view, one).has_value();
          };
          FIRSTFIX_CHECK(list_page<v1::Case>(
              view, "", q->page_size(), q->page_token(), wanted,
              [&](v1::Case&& one) { *page.add_cases() = std::move(one); }, page.mutable_next_page_token()));
          return page;
        });
  }

  grpc::ServerWriteReactor<Watched>* WatchCases(grpc::CallbackServerContext* context,
                                                const v1::WatchCasesRequest* request) override {
    return open_stream<Watched>(edge_, feed_, *context, *request, [](const Principal&) {
      StreamKind<Watched> kind{&open_cases, &case_changes, {}};
      kind.synced.set_synced(true);
      return kind;
    });
  }

  grpc::Status CreateCase(Context* c, const v1::CreateCaseRequest* q, v1::Case* r) override {
    return edge_.write<v1::CreateCaseRequest, v1::Case>(
        c, q, r, [&](const Principal& who, desk::Command& command) -> Result<v1::Case> {
          if (who.role == v1::ROLE_CUSTOMER) FIRSTFIX_CHECK(own_asset(who, command.uow, q->asset()));
          return desk::create_case(command,
                                   {q->asset(), q->summary(), q->severity(), {q->codes().begin(), q->codes().end()}});
        });
  }

  grpc::Status ApproveCase(Context* c, const v1::ApproveCaseRequest* q, v1::Case* r) override {
    return edge_.write<v1::ApproveCaseRequest, v1::Case>(c, q, r, [&](const Principal&, desk::Command& command) {
      return desk::approve_case(command, q->name(), q->make_room());
    });
  }

  grpc::Status CancelCase(Context* c, const v1::CancelCaseRequest* q, v1::Case* r) override {
    return edge_.write<v1::CancelCaseRequest, v1::Case>(c, q, r, [&](const Principal&, desk::Command& command) {
      return desk::cancel_case(command, q->name(), q->reason());
    });
  }

  grpc::Status ConfirmCase(Context* c, const v1::ConfirmCaseRequest* q, v1::Case* r) override {
    return edge_.write<v1::ConfirmCaseRequest, v1::Case>(
        c, q, r, [&](const Principal& who, desk::Command& command) -> Result<v1::Case> {
          FIRSTFIX_CHECK(seen(who, command.uow, q->name()).map([](auto&&) {}));
          return desk::confirm_case(command, q->name(), q->solved(), q->comment(), q->channel());
        });
  }

  grpc::Status RecordRemoteCheck(Context* c, const v1::RecordRemoteCheckRequest* q, v1::Case* r) override {
    return edge_.write<v1::RecordRemoteCheckRequest, v1::Case>(c, q, r, [&](const Principal&, desk::Command& command) {
      return desk::record_remote_check(command, q->name(), q->will_fail(), q->finding());
    });
  }

  grpc::Status ListTimelineEntries(Context* c, const v1::ListTimelineEntriesRequest* q,
                                   v1::ListTimelineEntriesResponse* r) override {
    return edge_.read<v1::ListTimelineEntriesRequest, v1::ListTimelineEntriesResponse>(
        c, q, r, [&](const Principal& who, const desk::View& view) -> Result<v1::ListTimelineEntriesResponse> {
          FIRSTFIX_CHECK(seen(who, view, q->case_name()).map([](auto&&) {}));
          v1::ListTimelineEntriesResponse page;
          FIRSTFIX_CHECK(list_page<v1::TimelineEntry>(
              view, q->case_name() + "/timeline/", q->page_size(), q->page_token(), [](const auto&) { return true; },
              [&](v1::TimelineEntry&& one) { *page.add_timeline_entries() = std::move(one); },
              page.mutable_next_page_token()));
          return page;
        });
  }

  grpc::Status GetDiagnosis(Context* c, const v1::GetDiagnosisRequest* q, v1::Diagnosis* r) override {
    return get_one(edge_, c, q, r);
  }
  grpc::Status GetPartsPlan(Context* c, const v1::GetPartsPlanRequest* q, v1::PartsPlan* r) override {
    return get_one(edge_, c, q, r);
  }
  grpc::Status GetFaultEpisode(Context* c, const v1::GetFaultEpisodeRequest* q, v1::FaultEpisode* r) override {
    return get_one(edge_, c, q, r);
  }
  grpc::Status ListFaultEpisodes(Context* c, const v1::ListFaultEpisodesRequest* q,
                                 v1::ListFaultEpisodesResponse* r) override {
    return list_all<v1::FaultEpisode>(edge_, c, q, r, &v1::ListFaultEpisodesResponse::add_fault_episodes, "",
                                      [&](const v1::FaultEpisode& one) {
                                        return (q->asset().empty() || one.asset() == q->asset()) &&
                                               (q->case_name().empty() || one.case_name() == q->case_name()) &&
                                               (!q->active_only() || one.state() != v1::EPISODE_STATE_CLEARED);
                                      });
  }

 private:
  static Result<v1::Case> seen(const Principal& who, const desk::View& view, const std::string& name) {
    FIRSTFIX_TRY(record, view.get<v1::Case>(name));
    FIRSTFIX_CHECK(may_see(who, view, record));
    return std::move(record);
  }

  static Status own_asset(const Principal& who, const desk::View& view, const std::string& asset) {
    v1::Case as_if;
    FIRSTFIX_TRY(place, desk::find_place(view, asset));
    as_if.set_name(asset);
    if (place.site) as_if.set_customer(place.site->customer());
    return may_see(who, view, as_if);
  }

  Edge& edge_;
  Feed& feed_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_case_service(Edge& edge, Feed& feed) {
  return std::make_unique<CaseServiceApi>(edge, feed);
}

}  // namespace firstfix::api
