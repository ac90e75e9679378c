// Moving the visits of a proposal, all at once. Private to the desk.
#pragma once

#include <string>

#include "desk/command.h"
#include "firstfix/v1/plan_proposal.pb.h"

namespace firstfix::desk {

// What has changed of what the proposal rests on; empty if it still holds.
Result<std::string> overtaken(Command& command, const v1::PlanProposal& proposal);

// Moves them. The proposal has to hold; an error leaves nothing to be committed.
Status move_visits(Command& command, const v1::PlanProposal& proposal);

}  // namespace firstfix::desk
