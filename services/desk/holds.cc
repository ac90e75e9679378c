#include "holds.h"

#include <algorithm>

#include "casework/case.h"
#include "desk/bookings.h"
#include "firstfix/v1/appointment.pb.h"
#include "visit/visit.h"

namespace firstfix::desk {
namespace {

// The case's appointment that is held; empty if there is none.
Result<std::string> held_of(const View& view, const std::string& case_name) {
  std::vector<std::string> names;
  FIRSTFIX_CHECK(view.each_entry(index::kOpenAppointment, {case_name}, [&](std::string_view name, std::string_view) {
    names.emplace_back(name);
    return true;
  }));
  for (auto& name : names) {
    FIRSTFIX_TRY(one, view.get<v1::Appointment>(name));
    if (one.state() == v1::APPOINTMENT_STATE_HELD) return std::move(name);
  }
  return std::string();
}

Result<internal::v1::UsedParts> needed_by(const View& view, const std::string& appointment) {
  FIRSTFIX_TRY(bytes, view.lookup(index::kHeldKit, {appointment}));
  internal::v1::UsedParts kit;
  if (bytes && !kit.ParseFromString(*bytes))
    return fail(Code::kCorrupt, "the stored kit of " + appointment + " does not parse");
  return kit;
}

std::uint32_t quantity_in(const std::vector<v1::Reservation>& reserved, const internal::v1::UsedPartLine& line) {
  std::uint32_t quantity = 0;
  for (const auto& one : reserved)
    if (one.location() == line.location() && one.part() == line.part()) quantity += one.quantity();
  return quantity;
}

Status keep(UnitOfWork& uow, const std::string& appointment, const std::string& visit) {
  FIRSTFIX_TRY(kit, needed_by(uow, appointment));
  FIRSTFIX_TRY(of_visit, reserved_for(uow, visit));
  FIRSTFIX_TRY(kept, reserved_for(uow, appointment));
  const auto lacks = [&](const internal::v1::UsedPartLine& line) {
    return line.quantity() - std::min(line.quantity(), quantity_in(of_visit, line));
  };
  const bool as_it_is = std::all_of(kit.lines().begin(), kit.lines().end(),
                                    [&](const auto& line) { return quantity_in(kept, line) == lacks(line); });
  if (as_it_is) return {};
  FIRSTFIX_CHECK(release_parts(uow, appointment));
  for (const auto& line : kit.lines()) {
    FIRSTFIX_TRY(free, available(uow, line.location(), line.part()));
    const auto quantity = std::min(free, lacks(line));
    if (quantity > 0) FIRSTFIX_CHECK(reserve(uow, appointment, line.location(), line.part(), quantity));
  }
  return {};
}

}  // namespace

Status hold_parts(UnitOfWork& uow, const std::string& appointment, const std::string& case_name,
                  const std::vector<Taking>& takings) {
  internal::v1::UsedParts kit;
  for (const auto& taking : takings) {
    if (taking.location.empty()) continue;
    auto& line = *kit.add_lines();
    line.set_part(taking.part);
    line.set_location(taking.location);
    line.set_quantity(taking.quantity);
  }
  if (kit.lines().empty()) return {};
  FIRSTFIX_CHECK(uow.put_index(index::kHeldKit, {appointment}, kit.SerializeAsString()));
  FIRSTFIX_TRY(record, uow.get<v1::Case>(case_name));
  return keep(uow, appointment, record.visit());
}

Status give_parts_back(UnitOfWork& uow, const std::string& appointment) {
  FIRSTFIX_CHECK(uow.erase_index(index::kHeldKit, {appointment}));
  return release_parts(uow, appointment);
}

Status lend_held_parts(UnitOfWork& uow, const std::string& case_name) {
  FIRSTFIX_TRY(held, held_of(uow, case_name));
  if (held.empty()) return {};
  FIRSTFIX_TRY(kit, needed_by(uow, held));
  return kit.lines().empty() ? Status{} : release_parts(uow, held);
}

Status settle_held_parts(UnitOfWork& uow, const std::string& case_name) {
  FIRSTFIX_TRY(held, held_of(uow, case_name));
  if (held.empty()) return {};
  FIRSTFIX_TRY(record, uow.get<v1::Case>(case_name));
  // There is nothing left to come for: what the visit did not use is for others.
  if (casework::closed(record) || casework::work_done(record)) return {};
  return keep(uow, held, record.visit());
}

}  // namespace firstfix::desk
