#include "casework/convert.h"
#include "desk/commands.h"
#include "firstfix/v1/appointment_service.grpc.pb.h"
#include "masters.h"
#include "services.h"

namespace firstfix::api {
namespace {

using Context = grpc::ServerContext;

class AppointmentServiceApi final : public v1::AppointmentService::Service {
 public:
  explicit AppointmentServiceApi(Edge& edge) : edge_(edge) {}

  grpc::Status SearchSlots(Context* c, const v1::SearchSlotsRequest* q, v1::SearchSlotsResponse* r) override {
    return edge_.what_if<v1::SearchSlotsRequest, v1::SearchSlotsResponse>(
        c, q, r, [&](const Principal& who, desk::Command& command) -> Result<v1::SearchSlotsResponse> {
          FIRSTFIX_CHECK(seen_case(who, command.uow, q->case_name()));
          v1::SearchSlotsResponse response;
          const auto slots = desk::search_slots(command, search_of(*q));
          if (!slots && slots.error().code != Code::kUnavailable) return fail(slots.error());
          if (!slots) response.set_none_reason(slots.error().message);
          if (slots) response.mutable_slots()->Assign(slots->begin(), slots->end());
          return response;
        });
  }

  grpc::Status HoldSlot(Context* c, const v1::HoldSlotRequest* q, v1::Appointment* r) override {
    return edge_.write<v1::HoldSlotRequest, v1::Appointment>(
        c, q, r, [&](const Principal& who, desk::Command& command) -> Result<v1::Appointment> {
          FIRSTFIX_CHECK(seen_case(who, command.uow, q->case_name()));
          return desk::hold_slot(command, q->case_name(), {to_instant(q->starts_at()), to_instant(q->ends_at())});
        });
  }

  grpc::Status BookAppointment(Context* c, const v1::BookAppointmentRequest* q, v1::Appointment* r) override {
    return edge_.write<v1::BookAppointmentRequest, v1::Appointment>(
        c, q, r, [&](const Principal& who, desk::Command& command) -> Result<v1::Appointment> {
          FIRSTFIX_CHECK(seen(who, command.uow, q->name()).map([](auto&&) {}));
          return desk::book_appointment(command, q->name(), q->etag());
        });
  }

  grpc::Status RescheduleAppointment(Context* c, const v1::RescheduleAppointmentRequest* q,
                                     v1::Appointment* r) override {
    return edge_.write<v1::RescheduleAppointmentRequest, v1::Appointment>(
        c, q, r, [&](const Principal& who, desk::Command& command) -> Result<v1::Appointment> {
          FIRSTFIX_CHECK(seen(who, command.uow, q->name()).map([](auto&&) {}));
          return desk::reschedule_appointment(command, q->name(),
                                              {to_instant(q->starts_at()), to_instant(q->ends_at())}, q->etag());
        });
  }

  grpc::Status CancelAppointment(Context* c, const v1::CancelAppointmentRequest* q, v1::Appointment* r) override {
    return edge_.write<v1::CancelAppointmentRequest, v1::Appointment>(
        c, q, r, [&](const Principal& who, desk::Command& command) -> Result<v1::Appointment> {
          FIRSTFIX_CHECK(seen(who, command.uow, q->name()).map([](auto&&) {}));
          return desk::cancel_appointment(command, q->name(), q->reason(), q->etag());
        });
  }

  grpc::Status GetAppointment(Context* c, const v1::GetAppointmentRequest* q, v1::Appointment* r) override {
    return edge_.read<v1::GetAppointmentRequest, v1::Appointment>(
        c, q, r, [&](const Principal& who, const desk::View& view) { return seen(who, view, q->name()); });
  }

  grpc::Status ListAppointments(Context* c, const v1::ListAppointmentsRequest* q,
                                v1::ListAppointmentsResponse* r) override {
    return edge_.read<v1::ListAppointmentsRequest, v1::ListAppointmentsResponse>(
        c, q, r, [&](const Principal& who, const desk::View& view) -> Result<v1::ListAppointmentsResponse> {
          v1::ListAppointmentsResponse page;
          const auto wanted = [&](const v1::Appointment& one) {
            return (q->case_name().empty() || one.case_name() == q->case_name()) &&
                   (q->state() == v1::APPOINTMENT_STATE_UNSPECIFIED || one.state() == q->state()) &&
                   seen_case(who, view, one.case_name()).has_value();
          };
          FIRSTFIX_CHECK(list_page<v1::Appointment>(
              view, "", q->page_size(), q->page_token(), wanted,
              [&](v1::Appointment&& one) { *page.add_appointments() = std::move(one); },
              page.mutable_next_page_token()));
          return page;
        });
  }

 private:
  static desk::SlotSearch search_of(const v1::SearchSlotsRequest& request) {
    desk::SlotSearch search{.case_name = request.case_name(), .most = request.max_slots()};
    if (request.has_earliest_at()) search.earliest = to_instant(request.earliest_at());
    if (request.has_latest_at()) search.latest = to_instant(request.latest_at());
    if (request.has_window()) search.window = to_duration(request.window());
    return search;
  }

  static Status seen_case(const Principal& who, const desk::View& view, const std::string& name) {
    FIRSTFIX_TRY(record, view.get<v1::Case>(name));
    return may_see(who, view, record);
  }

  static Result<v1::Appointment> seen(const Principal& who, const desk::View& view, const std::string& name) {
    FIRSTFIX_TRY(appointment, view.get<v1::Appointment>(name));
    if (seen_case(who, view, appointment.case_name())) return std::move(appointment);
    return fail(Code::kNotFound, "there is no Appointment named '" + name + "'");
  }

  Edge& edge_;
};

}  // namespace

std::unique_ptr<grpc::Service> make_appointment_service(Edge& edge) {
  return std::make_unique<AppointmentServiceApi>(edge);
}

}  // namespace firstfix::api
