// What appointments have to do with planning and with an engineer's day. Private to the desk.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "desk/pipeline.h"
#include "firstfix/v1/appointment.pb.h"
#include "planning/arrivals.h"
#include "visit/appointment.h"
#include "visit/visit.h"

namespace firstfix::desk {

// An appointment with its case. kConflict if an etag is given that is not the appointment's.
Result<visit::Appointed> appointed(const View& view, const std::string& name, const std::string& etag);
// The case's visit as long as it is not over; none if there is no such.
Result<std::optional<visit::Job>> open_visit(const View& view, const v1::Case& record);
// What a time for the case's visit is looked for with: as it is diagnosed, with the kit of today, and as if its present
// visit were not planned.
Result<Draft> draft_for(Work& work, const v1::Case& record);
// Time and parts that were held are free again.
Status give_back(UnitOfWork& uow, const v1::Appointment& held);
// kConflict if planning was overtaken again and again: a person is waiting, so that it is said at once.
Status not_overtaken(const Command& command);

// The appointment that the case's visit is bound to; none if nothing is promised.
Result<std::optional<v1::Appointment>> promised_to(const View& view, const v1::Case& record);

// A visit was planned, and booked, for the case. If it has an appointment, the customer is told when somebody arrives
// if that is news; the engineer's other customers too, if any waits for one.
Status visit_planned(UnitOfWork& uow, const planning::Travel& travel, const std::string& case_name);
// None could be: an appointment is at risk.
Status visit_not_planned(UnitOfWork& uow, const std::string& case_name, const std::string& reason);
// The lead is there: an appointment is kept, or was missed.
Status visit_begun(UnitOfWork& uow, const std::string& case_name, Instant at);
// The case is over: what was held is given back, what was promised is called off.
Status call_off_appointments(Command& command, const std::string& case_name, const std::string& reason);

// An engineer's day as it goes, in the order in which they go: where they are, where they drive to, and the rest as
// planned. Held time is no stop yet.
struct LiveDayStop {
  std::string visit;
  planning::LiveStop live;
  std::string waits_for_it;  // the case with an appointment that the engineer leads the visit of; else empty
};
std::vector<planning::LiveStop> live_of(const std::vector<LiveDayStop>& day);
Result<std::vector<LiveDayStop>> live_day(const View& view, const std::string& engineer);

// What the engineer is at takes longer or less long than planned: what comes after begins later, or as soon as it was
// planned again. What no longer fits into a shift that way is taken back, to be planned anew at once.
Status push_later(Command& command, const std::string& engineer);

// Works out when the engineer reaches each stop of the day, by what has been heard so far, and tells those customers
// with an appointment to whom it is news. A timer asks again at the minute at which, with nothing more heard, there
// would be something to tell.
Status review_arrivals(UnitOfWork& uow, const planning::Travel& travel, const std::string& engineer);

// Has review_arrivals, for an engineer, or send_another, for an appointment, run then; kNever takes that back.
Status review_soon(UnitOfWork& uow, const std::string& subject, Instant due);

// --- timers ---
// Somebody is expected too late for the appointment. Where visits are offered without a person's yes, whoever can keep
// it is sent instead, if there is anybody and nobody has set out; else it stays at risk.
Status send_another(Command& command, const std::string& appointment);
Status hold_ends(Command& command, const std::string& appointment);
Status window_ends(Command& command, const std::string& appointment);

}  // namespace firstfix::desk
