// Visits that give way to what cannot wait. Private to the desk.
#pragma once

#include <string>

#include "desk/pipeline.h"

namespace firstfix::desk {

// Where the case wants room that it does not find as things are: what may give way without a person's word goes into
// the plan; what else might, the plan's reason names.
Status find_room(Work& work, const Draft& draft, const v1::Case& record, const planning::Question& asked, Plan& plan);

// What has changed of those that the plan says give way; empty if nothing.
Result<std::string> room_overtaken(const View& view, const Plan& plan);

// Takes them back; the pipeline's last step plans them anew.
Status clear_room(Work& work, const v1::Case& record, const Plan& plan);

}  // namespace firstfix::desk
