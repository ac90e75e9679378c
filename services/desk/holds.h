// The parts of a time that is held. Private to the desk.
//
// What a held appointment's visit would take along is reserved for the appointment or for the case's present visit,
// whichever has it: the two are one job, and only one of them takes place.
#pragma once

#include <string>
#include <vector>

#include "desk/pipeline.h"

namespace firstfix::desk {

// Keeps the parts of the hold's plan, as far as the case's present visit does not have them.
Status hold_parts(UnitOfWork& uow, const std::string& appointment, const std::string& case_name,
                  const std::vector<Taking>& takings);
// It is held no longer: its parts are free.
Status give_parts_back(UnitOfWork& uow, const std::string& appointment);
// The case's visit is about to be planned: what its hold keeps is free for that. UnitOfWork::finish keeps again what
// the visit does not take.
Status lend_held_parts(UnitOfWork& uow, const std::string& case_name);
// What the case's hold needs and its visit does not have, or not any more, is reserved for the hold, as far as it is
// free.
Status settle_held_parts(UnitOfWork& uow, const std::string& case_name);

}  // namespace firstfix::desk
