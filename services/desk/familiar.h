// Whom a customer knows, or whom a machine is known to. Private to the desk.
#pragma once

#include <string>
#include <vector>

#include "desk/unit_of_work.h"
#include "firstfix/v1/case.pb.h"
#include "firstfix/v1/fleet.pb.h"

namespace firstfix::desk {

// The engineers whom the case's site prefers; where it prefers none (or there is none, null) those who were at its
// machine last, at a visit that is completed, of this case or of one of the machine's few before it. Empty if nobody is
// known.
Result<std::vector<std::string>> familiar_with(const View& view, const v1::Case& record, const v1::Site* site);

}  // namespace firstfix::desk
