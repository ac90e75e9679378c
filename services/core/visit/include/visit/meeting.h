// Meetings on the way to a visit: somebody fetches its parts where a colleague works.
#pragma once

#include <string>
#include <vector>

#include "firstfix/v1/visit.pb.h"

namespace firstfix::visit {

// The visits at which parts are handed over and may no longer be, because the time or the crew of one of the two has
// changed: the visit itself, if parts are handed over there, and the one where its own are.
std::vector<std::string> meetings_touched(const v1::Visit& before, const v1::Visit& now);

}  // namespace firstfix::visit
