// The days of a territory as planning sees them: who works when, what is booked, and what of it may still move. Private
// to the desk.
#pragma once

#include <map>
#include <string>

#include "desk/command.h"
#include "planning/replan.h"

namespace firstfix::desk {

// What a proposal about these days would rest on.
struct TerritoryNow {
  planning::TerritoryDay day;
  std::map<std::string, std::string> case_of;                          // by visit
  std::map<std::string, std::map<std::string, std::string>> rests_of;  // by visit or engineer: records and versions
};

// Only a visit that one engineer does alone and that no person has given to this one may move, and of those that its
// engineer has agreed to only, if `agreed_too`, what is not to begin soon; all else that takes time stays.
Result<TerritoryNow> territory_now(Command& command, const std::string& territory, bool agreed_too);

// The version by which a record named in rests_on is known: its etag, or of a roster its count; empty if it is gone.
Result<std::string> version_of(const View& view, const std::string& record);

}  // namespace firstfix::desk
