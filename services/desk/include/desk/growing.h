// Sign-offs, level proposals and the growth view.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "desk/command.h"
#include "firstfix/v1/growth.pb.h"
#include "growth/growth.h"

namespace firstfix::desk {

// The mentor's word on one skill practised on one visit; `actor` is the mentor. With it the next level may be proposed.
Result<v1::SignOff> sign_off_visit(Command& command, const std::string& visit, const growth::Assessment& assessment);

// A lead approves or rejects a level. An expired certificate counts for nothing: until it is renewed nothing is
// granted.
Result<v1::LevelProposal> decide_level(Command& command, const std::string& proposal, bool approve,
                                       const std::string& reason);

// Ends a certificate now; bookings that rest on it are taken back.
Result<v1::Certificate> revoke_certificate(Command& command, const std::string& name, const std::string& reason);

// By skill: the supervised visits that the engineer's next level still takes.
Result<std::map<std::string, int>> visits_to_go(const View& view, const v1::Engineer& engineer,
                                                const Knowledge& knowledge);

// One line for each engineer and skill that the engineer holds or is to learn.
Result<std::vector<v1::Growth>> growth_of(const View& view, const Knowledge& knowledge, const Workforce& workforce,
                                          const std::vector<v1::Engineer>& engineers, Instant now);

}  // namespace firstfix::desk
