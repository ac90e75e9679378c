// Appointments: windows of time that a customer was given, from holding one to keeping it.
//
// All functions are pure. Each takes the appointment with its case, refuses what the appointment's state does not allow
// with the state in the message, and returns the effects; effects.appointments.back() and effects.cases.back() are the
// two as they shall be.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/zone.h"
#include "casework/effects.h"

namespace firstfix::visit {

inline constexpr Duration kDefaultHold = std::chrono::minutes{5}, kLongestHold = std::chrono::hours{1};
inline constexpr Duration kShortestWindow = std::chrono::minutes{15}, kLongestWindow = std::chrono::hours{24};
inline constexpr Duration kAppointmentHorizon = std::chrono::hours{24 * 7};  // shifts are planned so far
inline constexpr Duration kWorthTelling = std::chrono::minutes{15};          // of a time of arrival that moves,
inline constexpr int kMostDoublings = 2;  // doubled each time that a later one is told, so often at most

struct Window {
  Instant from, to;  // somebody arrives at or after, at or before
  bool holds(Instant t) const { return from <= t && t <= to; }
};

struct Appointed {
  v1::Appointment appointment;
  v1::Case record;
  Zone zone;  // the customer's, in which times are said
};

Window window_of(const v1::Appointment& appointment);
// "2026-03-02 10:00 to 12:00 (Europe/Berlin)", for people.
std::string in_words(const Window& window, const Zone& zone);
// kInvalid, with the field, for a window that cannot be given to anybody.
Status check_window(const Window& window, Instant now);

// Is it held or promised?
bool open(const v1::Appointment& appointment);
// Is planning bound to it: booked, or at risk?
bool promised(const v1::Appointment& appointment);

// The time of these engineers is kept free until then. Of the appointment nothing is there yet but its name.
Effects hold(Appointed one, const Window& window, const std::vector<std::string>& engineers, Instant until,
             std::string_view actor, Instant now);
// What was held is promised, until it is kept or its window is over. kExpired if the hold is.
Result<Effects> book(const Appointed& held, std::string_view actor, Instant now);
Result<Effects> reschedule(const Appointed& booked, const Window& window, std::string_view actor, Instant now);
// A reason is needed once it is promised.
Result<Effects> cancel(const Appointed& one, std::string_view reason, std::string_view actor, Instant now);
// The hold is over; another was not booked in time. None if it was, or was called off.
std::optional<Effects> expire(const Appointed& one);

// What planning has found: a visit that arrives then, or nobody, and why. None if that is what is known already.
std::optional<Effects> planned(const Appointed& one, Instant arrives, Instant now);
std::optional<Effects> nobody_can(const Appointed& one, std::string_view reason, Instant now);

// Is another time of arrival worth telling the customer? It is if it comes to lie outside the window or inside again,
// or is more than kWorthTelling off what was told last; where that was a later one already, a still later one is from
// twice that on, then four times: who is told every quarter of an hour that it takes another one hears nothing new.
// Once a later one is, all still later ones are.
bool worth_telling(const v1::Appointment& appointment, Instant arrives);
// Somebody is now expected then. None if that is no news; it is told, on the timeline too, if it is worth it.
std::optional<Effects> expected(const Appointed& one, Instant arrives, std::string_view why, Instant now);

// Somebody is there: it is kept, or was missed if the window is over. The word may come after the window's end.
std::optional<Effects> arrived(const Appointed& one, Instant at, Instant now);
// The window is over. Missed, unless somebody has arrived, or there is nothing left to come for.
std::optional<Effects> window_over(const Appointed& one, Instant now);

// "booked", for people.
std::string_view state_name(v1::AppointmentState state);

}  // namespace firstfix::visit
