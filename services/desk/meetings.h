// Parts out of a colleague's van: where colleagues can be met at work, and what becomes of a meeting when one of its
// two visits changes. Private to the desk.
//
// The parts are reserved in the colleague's van for the visit that they are for. That visit says where they are fetched
// (Visit.pickups), the colleague's that somebody comes (Visit.hand_overs), the roster of who comes where and when. A
// visit may have its parts from several colleagues, each met once; what becomes of one meeting leaves the others alone.
#pragma once

#include <string>
#include <vector>

#include "desk/pipeline.h"
#include "planning/place.h"

namespace firstfix::desk {

// The colleagues who have parts of the kit in their vans, at the visits of the next 24 hours that they have agreed to.
// None if the territory does not say how long a hand-over takes.
Result<std::vector<planning::Meeting>> meetings_for(Work& work, const Draft& draft, const v1::Territory* territory);

// Writes a meeting into the pick-up of the visit that the parts are for, to which the engineer goes, and into the
// colleague's visit.
Status arrange_meeting(UnitOfWork& uow, const planning::Pickup& planned, const std::string& engineer,
                       const std::string& visit, v1::Pickup& pickup);
// Where the lead fetches parts, as it stands in the roster; see RosterStop.meets.
std::vector<internal::v1::MeetingPoint> meeting_points(const planning::Choice& choice);

// The visit that the parts are for is given back: nobody comes to the visit of any of the colleagues.
Status call_off_meetings(UnitOfWork& uow, const v1::Visit& visit);

// A timer: each visit that cannot have its parts at this one any more is planned anew, and listed until it is. Whoever
// has set out already goes on without them, and the case says so.
Status review_meetings(Command& command, const std::string& at_visit);

}  // namespace firstfix::desk
