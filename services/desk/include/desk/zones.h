// Time zones by name, by the data that the system keeps (Debian: tzdata). Thread-safe; a zone's file is read once.
#pragma once

#include <string>

#include "base/zone.h"
#include "desk/unit_of_work.h"

namespace firstfix::desk {

// An IANA zone; UTC for an empty name. kInvalid with what would be right if there is none of that name.
Result<Zone> zone_named(const std::string& name);

// The zone of a territory; UTC if it has none, or one that the system's data do not know any more.
Result<Zone> zone_in(const View& view, const std::string& territory);

}  // namespace firstfix::desk
