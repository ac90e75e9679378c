// Rosters and reservations: what is promised to whom. No engineer is booked twice, no part reserved twice.
#pragma once

#include <optional>
#include <string>

#include "desk/unit_of_work.h"
#include "firstfix/v1/inventory.pb.h"

namespace firstfix::desk {

// The stops that an engineer is booked for.
Result<internal::v1::Roster> roster_of(const View& view, const std::string& engineer);

// When the engineer sets out for a stop, by the plan: not before the stop before it ends, which may have been booked
// since.
std::int64_t sets_out_us(const internal::v1::Roster& roster, const internal::v1::RosterStop& stop);

// Is it time held for an appointment, and no visit?
bool holds_time(const internal::v1::RosterStop& stop);

// Books a stop; the others stay as they are, so that unbook() restores exactly what was. kConflict if it overlaps
// another one.
Status book(UnitOfWork& uow, const std::string& engineer, const internal::v1::RosterStop& stop);
// Marks a stop as begun, so that planning does not touch it.
Status freeze(UnitOfWork& uow, const std::string& engineer, const std::string& visit);
// A stop that has begun will end then, whatever was booked after it: nothing more is planned before.
Status set_end(UnitOfWork& uow, const std::string& engineer, const std::string& visit, Instant ends);
// Where parts are fetched on the way to a booked stop is there and then, in this order.
Status set_meets(UnitOfWork& uow, const std::string& engineer, const std::string& visit,
                 const std::vector<internal::v1::MeetingPoint>& points);
Status unbook(UnitOfWork& uow, const std::string& engineer, const std::string& visit);

std::string line_name(const std::string& location, const std::string& part);
// How many of a part are free at a location.
Result<std::uint32_t> available(const View& view, const std::string& location, const std::string& part);
// The holder of parts is a visit, or an appointment for as long as it is held.
// The same for a holder that counts its own as free; it may be empty.
Result<std::uint32_t> available_to(const View& view, const std::string& holder, const std::string& location,
                                   const std::string& part);
// Reserves parts. kConflict if so many are not free.
Status reserve(UnitOfWork& uow, const std::string& holder, const std::string& location, const std::string& part,
               std::uint32_t quantity);
// What the holder has reserved.
Result<std::vector<v1::Reservation>> reserved_for(const View& view, const std::string& holder);
// Ends all held reservations of the holder, or those at one place: gives the parts back.
Status release_parts(UnitOfWork& uow, const std::string& holder, const std::string& location = {});
// Takes what was used from stock and gives the rest of the visit's reservations back.
Status consume_parts(UnitOfWork& uow, const std::string& visit, const internal::v1::UsedParts& used);
// The books after a word about used parts was replaced by another: takes what is more, as far as the books have it
// free, and gives back what is less.
Status change_stock(UnitOfWork& uow, const internal::v1::UsedParts& before, const internal::v1::UsedParts& now);

}  // namespace firstfix::desk
