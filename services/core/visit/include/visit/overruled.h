// Work that was overruled: done, without a connection, on a visit that had meanwhile been given to another or
// cancelled.
#pragma once

#include <string>

#include "base/result.h"
#include "visit/visit.h"

namespace firstfix::visit {

// Was the visit this engineer's, by an accepted offer that was taken back?
bool overruled_by(const v1::Offer& offer, std::string_view engineer);

// What the engineer did, without having heard of it.
struct LateWork {
  std::string what;  // in words: "was at the machine"
  std::string step;  // the ChecklistStep answered; empty if none
  v1::Evidence evidence;
  std::vector<std::string> found_causes;
  Instant at;
};

// Keeps it and tells the case. The dispatcher's word stands: neither visit nor checklist moves. kInvalid for a time
// that cannot be, kTooLarge after 1000 pieces.
Result<Effects> keep_overruled(const Job& job, const v1::Offer& offer, const LateWork& work, std::string_view by,
                               Instant now);

}  // namespace firstfix::visit
