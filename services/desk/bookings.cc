#include "desk/bookings.h"

#include <algorithm>

namespace firstfix::desk {
namespace {

constexpr std::string_view kRoster = "roster";

// Time and parts are kept for visits, and for appointments that are held.
bool is_appointment(const std::string& name) {
  return name.rfind("appointments/", 0) == 0;
}

Status write_roster(UnitOfWork& uow, const std::string& engineer, internal::v1::Roster roster) {
  roster.set_version(roster.version() + 1);
  return uow.put_system(kRoster, {engineer}, roster.SerializeAsString());
}

Result<v1::StockLine> line_of(const View& view, const std::string& location, const std::string& part) {
  const auto name = line_name(location, part);
  FIRSTFIX_TRY(found, view.find<v1::StockLine>(name));
  if (found) return std::move(*found);
  v1::StockLine line;
  line.set_name(name);
  line.set_location(location);
  line.set_part(part);
  return line;
}

std::string reservation_name(const std::string& holder, const std::string& location, const std::string& part) {
  return "reservations/" + std::string(id_of(holder)) + "." + std::string(id_of(part)) + "." +
         std::string(id_of(location));
}

// Ends a reservation. `used` of its parts leave the stock, the others are free again.
Status settle(UnitOfWork& uow, v1::Reservation reservation, std::uint32_t used) {
  FIRSTFIX_TRY(line, line_of(uow, reservation.location(), reservation.part()));
  used = std::min(used, reservation.quantity());
  line.set_reserved(line.reserved() - std::min(line.reserved(), reservation.quantity()));
  line.set_on_hand(line.on_hand() - std::min(line.on_hand(), used));
  reservation.set_state(used > 0 ? v1::RESERVATION_STATE_CONSUMED : v1::RESERVATION_STATE_RELEASED);
  FIRSTFIX_CHECK(uow.put(std::move(line)));
  return uow.put(std::move(reservation));
}

}  // namespace

Result<internal::v1::Roster> roster_of(const View& view, const std::string& engineer) {
  FIRSTFIX_TRY(bytes, view.reader().get(store::Table::kSystem, store::key({view.tenant(), kRoster, engineer})));
  internal::v1::Roster roster;
  if (bytes && !roster.ParseFromString(*bytes))
    return fail(Code::kCorrupt, "the stored roster of " + engineer + " does not parse");
  return roster;
}

Status book(UnitOfWork& uow, const std::string& engineer, const internal::v1::RosterStop& stop) {
  FIRSTFIX_TRY(roster, roster_of(uow, engineer));
  auto& stops = *roster.mutable_stops();
  for (const auto& other : stops) {
    if (other.visit() == stop.visit()) return fail(Code::kConflict, stop.visit() + " is booked already");
    if (other.visit() == stop.beside()) continue;
    const auto busy_from = other.frozen() ? other.travel_starts_us() : other.starts_us();
    const bool meets = std::any_of(other.meets().begin(), other.meets().end(), [&](const auto& point) {
      return stop.travel_starts_us() < point.ends_us() && point.starts_us() < stop.ends_us();
    });
    if (meets || (stop.travel_starts_us() < other.ends_us() && busy_from < stop.ends_us()))
      return fail(Code::kConflict, engineer + " is booked for " + other.visit() + " at that time");
  }
  *stops.Add() = stop;
  std::sort(stops.begin(), stops.end(), [](const auto& a, const auto& b) { return a.starts_us() < b.starts_us(); });
  return write_roster(uow, engineer, std::move(roster));
}

bool holds_time(const internal::v1::RosterStop& stop) {
  return is_appointment(stop.visit());
}

std::int64_t sets_out_us(const internal::v1::Roster& roster, const internal::v1::RosterStop& stop) {
  auto out = stop.travel_starts_us();
  for (const auto& other : roster.stops())
    if (other.ends_us() <= stop.starts_us()) out = std::max(out, other.ends_us());
  return out;
}

Status freeze(UnitOfWork& uow, const std::string& engineer, const std::string& visit) {
  FIRSTFIX_TRY(roster, roster_of(uow, engineer));
  for (auto& stop : *roster.mutable_stops()) {
    if (stop.visit() != visit) continue;
    stop.set_travel_starts_us(sets_out_us(roster, stop));
    stop.set_frozen(true);
  }
  return write_roster(uow, engineer, std::move(roster));
}

Status set_end(UnitOfWork& uow, const std::string& engineer, const std::string& visit, Instant ends) {
  FIRSTFIX_TRY(roster, roster_of(uow, engineer));
  for (auto& stop : *roster.mutable_stops())
    if (stop.visit() == visit) stop.set_ends_us(std::max(ends.micros, stop.starts_us()));
  return write_roster(uow, engineer, std::move(roster));
}

Status set_meets(UnitOfWork& uow, const std::string& engineer, const std::string& visit,
                 const std::vector<internal::v1::MeetingPoint>& points) {
  FIRSTFIX_TRY(roster, roster_of(uow, engineer));
  for (auto& stop : *roster.mutable_stops())
    if (stop.visit() == visit) stop.mutable_meets()->Assign(points.begin(), points.end());
  return write_roster(uow, engineer, std::move(roster));
}

Status unbook(UnitOfWork& uow, const std::string& engineer, const std::string& visit) {
  if (engineer.empty()) return {};
  FIRSTFIX_TRY(roster, roster_of(uow, engineer));
  auto& stops = *roster.mutable_stops();
  const auto gone = std::remove_if(stops.begin(), stops.end(), [&](const auto& stop) { return stop.visit() == visit; });
  if (gone == stops.end()) return {};
  stops.erase(gone, stops.end());
  return write_roster(uow, engineer, std::move(roster));
}

std::string line_name(const std::string& location, const std::string& part) {
  return location + "/lines/" + std::string(id_of(part));
}

Result<std::uint32_t> available_to(const View& view, const std::string& holder, const std::string& location,
                                   const std::string& part) {
  FIRSTFIX_TRY(free, available(view, location, part));
  if (holder.empty()) return free;
  FIRSTFIX_TRY(held, view.find<v1::Reservation>(reservation_name(holder, location, part)));
  return held && held->state() == v1::RESERVATION_STATE_HELD ? free + held->quantity() : free;
}

Result<std::uint32_t> available(const View& view, const std::string& location, const std::string& part) {
  FIRSTFIX_TRY(line, line_of(view, location, part));
  return line.on_hand() - std::min(line.on_hand(), line.reserved());
}

Status reserve(UnitOfWork& uow, const std::string& holder, const std::string& location, const std::string& part,
               std::uint32_t quantity) {
  FIRSTFIX_TRY(line, line_of(uow, location, part));
  if (line.on_hand() < line.reserved() || line.on_hand() - line.reserved() < quantity)
    return fail(Code::kConflict, std::to_string(quantity) + " of " + part + " are not free at " + location);
  line.set_reserved(line.reserved() + quantity);
  v1::Reservation reservation;
  reservation.set_name(reservation_name(holder, location, part));
  if (is_appointment(holder))
    reservation.set_appointment(holder);
  else
    reservation.set_visit(holder);
  reservation.set_part(part);
  reservation.set_location(location);
  reservation.set_quantity(quantity);
  reservation.set_state(v1::RESERVATION_STATE_HELD);
  FIRSTFIX_CHECK(uow.put(std::move(line)));
  return uow.put(std::move(reservation));
}

Result<std::vector<v1::Reservation>> reserved_for(const View& view, const std::string& holder) {
  std::vector<std::string> names;
  FIRSTFIX_CHECK(view.each_entry(index::kReservationOf, {holder}, [&](std::string_view name, std::string_view) {
    names.emplace_back(name);
    return true;
  }));
  std::vector<v1::Reservation> held;
  for (const auto& name : names) {
    FIRSTFIX_TRY(reservation, view.get<v1::Reservation>(name));
    if (reservation.state() == v1::RESERVATION_STATE_HELD) held.push_back(std::move(reservation));
  }
  return held;
}

Status release_parts(UnitOfWork& uow, const std::string& holder, const std::string& location) {
  FIRSTFIX_TRY(held, reserved_for(uow, holder));
  for (auto& reservation : held)
    if (location.empty() || reservation.location() == location) FIRSTFIX_CHECK(settle(uow, std::move(reservation), 0));
  return {};
}

Status consume_parts(UnitOfWork& uow, const std::string& visit, const internal::v1::UsedParts& used) {
  FIRSTFIX_TRY(held, reserved_for(uow, visit));
  auto rest = used;
  for (auto& reservation : held) {
    std::uint32_t taken = 0;
    for (auto& line : *rest.mutable_lines()) {
      if (line.part() != reservation.part() || line.location() != reservation.location()) continue;
      const auto part = std::min(line.quantity(), reservation.quantity() - taken);
      taken += part;
      line.set_quantity(line.quantity() - part);
    }
    FIRSTFIX_CHECK(settle(uow, std::move(reservation), taken));
  }
  return change_stock(uow, {}, rest);  // used without a reservation: it leaves the stock all the same
}

Status change_stock(UnitOfWork& uow, const internal::v1::UsedParts& before, const internal::v1::UsedParts& now) {
  std::map<std::pair<std::string, std::string>, std::int64_t> taken;
  for (const auto& line : now.lines()) taken[{line.location(), line.part()}] += line.quantity();
  for (const auto& line : before.lines()) taken[{line.location(), line.part()}] -= line.quantity();
  for (const auto& [place, quantity] : taken) {
    if (quantity == 0) continue;
    FIRSTFIX_TRY(stock, line_of(uow, place.first, place.second));
    const std::int64_t free = stock.on_hand() - std::min(stock.on_hand(), stock.reserved());
    stock.set_on_hand(static_cast<std::uint32_t>(stock.on_hand() - std::min(free, quantity)));
    FIRSTFIX_CHECK(uow.put(std::move(stock)));
  }
  return {};
}

}  // namespace firstfix::desk
