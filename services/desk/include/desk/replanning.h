// Re-planning a territory's days as a whole: proposals, and what becomes of them. See ARCHITECTURE.md.
//
// A proposal is worked out outside any transaction (plans.h) and moves nothing. Committing it is one transaction that
// first checks that all it rests on is as it was: either all of its visits move, or none.
#pragma once

#include <optional>
#include <string>

#include "desk/command.h"
#include "firstfix/v1/plan_proposal.pb.h"

namespace firstfix::desk {

inline constexpr Duration kReplanEvery = std::chrono::minutes{1};  // a territory, at most, and only after changes

// Of a territory's settled proposals the last so many are kept, none longer than that; the others go when the next is
// settled.
inline constexpr std::size_t kSettledKept = 50;
inline constexpr Duration kSettledKeptFor = std::chrono::hours{24 * 30};

struct Replanned {
  std::optional<v1::PlanProposal> proposal;  // the territory's open one
  std::string none_reason;                   // if there is none
};

// Looks now, for a person. The territory's open proposal, an earlier one that is no worse included, or why there is
// none.
Result<Replanned> replan_territory(Command& command, const std::string& territory);

// A timer: something has changed. Keeps a better plan ready as a proposal; where the territory is automatic, commits
// it.
Status improve_territory(Command& command, const std::string& territory);

// Moves all visits. If something that it rests on has changed, nothing moves, and the proposal comes back OVERTAKEN
// with what has changed. kState if it is not open, kConflict if the etag is another.
Result<v1::PlanProposal> commit_plan_proposal(Command& command, const std::string& name, const std::string& etag);

Result<v1::PlanProposal> reject_plan_proposal(Command& command, const std::string& name, const std::string& reason,
                                              const std::string& etag);

}  // namespace firstfix::desk
