// What engineers are qualified for, as their records and certificates say, and what follows when that changes.
#pragma once

#include <string>
#include <vector>

#include "desk/command.h"
#include "firstfix/v1/growth.pb.h"
#include "planning/crew.h"
#include "visit/visit.h"

namespace firstfix::desk {

// The engineer as planning sees one.
planning::Person person_of(const v1::Engineer& engineer, const std::vector<v1::Certificate>& certificates,
                           const Knowledge& knowledge);
// The same from the records as this view shows them, not from what is cached.
Result<planning::Person> person_now(const View& view, const std::string& engineer, const Knowledge& knowledge);
Result<std::vector<v1::Certificate>> certificates_of(const View& view, const std::string& engineer);
Result<std::vector<v1::Shift>> shifts_of(const View& view, const std::string& engineer);

// What the work on a case takes, by the rule of planning/qualify.h: the probable causes' skills and the model's own.
std::vector<planning::SkillNeed> needs_of(const Knowledge& knowledge, const v1::Diagnosis& diagnosis,
                                          const std::string& model);

// Why the visit's crew may not do what `needs` says during `when`, or somebody of it is not at work at all; empty if it
// may.
Result<std::string> unfit(const View& view, const Knowledge& knowledge, const v1::Visit& visit,
                          const std::vector<planning::SkillNeed>& needs, planning::Interval when);
// What the visit was planned for.
std::vector<planning::SkillNeed> needs_of(const Knowledge& knowledge, const v1::Visit& visit);

// Takes a visit that has not ended back from its crew: parts and times are free again, the offers are withdrawn.
Status take_back(Command& command, const visit::Job& job, const std::string& reason);

// The same, and it is planned again at once: nobody has set out for it, and it cannot stay as it is.
Status plan_anew(Command& command, const visit::Job& job, const std::string& reason);

// After the engineer, a skill or a certificate has changed, or a certificate begins or ends: takes back every visit
// that the engineer has not set out for and whose crew is no longer qualified, to be planned again at once; has the
// cases planned that waited for one of the engineer's skills; and sets the timer for the next time that a certificate
// begins or ends.
Status review_bookings(Command& command, const std::string& engineer);

// After a shift has changed that was as `before`: takes back every visit that lay within it, that the engineer has not
// set out for and that lies within no shift any longer, to be planned again at once. What was never within a shift was
// somebody's decision, and stays.
Status review_shift(Command& command, const v1::Shift& before);

// The visits, not over, of whose crews somebody is not qualified now, or will not be when the work begins.
struct Unfit {
  v1::Visit visit;
  std::string reason;
};
Result<std::vector<Unfit>> unfit_bookings(const View& view, const Knowledge& knowledge, Instant now);

}  // namespace firstfix::desk
