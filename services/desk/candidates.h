// What planning is asked about one case: the job, and who could do it. Private to the desk.
#pragma once

#include <vector>

#include "base/zone.h"
#include "desk/pipeline.h"
#include "planning/place.h"
#include "visit/visit.h"

namespace firstfix::desk {

inline Position position_of(const v1::LatLng& p) {
  return {p.latitude_deg(), p.longitude_deg()};
}

Result<planning::Question> question(Work& work, const Draft& draft, const v1::Case& record, const Place& place,
                                    const v1::Cause* cause, const std::vector<planning::SkillNeed>& needs);

// Of the kit's parts, those that are free at the location; none if it is empty.
Result<std::vector<std::string>> free_parts(const View& view, const std::string& location, const Draft& draft);

// The ways whose times planning will ask for.
std::vector<planning::Ways> ways_of(const planning::Question& asked);

// How far ahead a visit is planned.
inline constexpr Duration kPlanningHorizon = std::chrono::hours{24 * 7};
// The hours in which work may begin at the site for whatever is planned now: for as long as the last shift may go on.
std::vector<planning::Interval> access_ahead(const v1::Site& site, const Zone& zone, Instant now);

// 0 to 100, as planning counts them; those that planning::cannot_wait() are of machines that stand, and of hazards.
int priority_of(v1::Severity severity);

// From when on waiting for somebody is late: by contract; a hazard's from now on.
Instant late_from(const v1::Case& record, Instant now);

// The rest that is due between the days of the territory's engineers.
Result<Duration> min_rest_in(const View& view, const std::string& territory);

// The plan in the words of the schema.
visit::Plan to_visit_plan(const planning::Placement& placement);

}  // namespace firstfix::desk
