// How an engineer grows: supervised visits, signed off by the mentor who was there, make a proposal; a lead grants it.
// All functions are pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "firstfix/v1/growth.pb.h"
#include "firstfix/v1/knowledge.pb.h"
#include "firstfix/v1/visit.pb.h"
#include "firstfix/v1/workforce.pb.h"

namespace firstfix::growth {

inline constexpr std::uint32_t kDefaultVisits = 5, kMostVisits = 100, kTopLevel = 5;
inline constexpr std::size_t kMaxWordsBytes = 2000;

// How many supervised visits the next level of the skill takes.
std::uint32_t visits_needed(const v1::Skill& skill);
// The level written down for the engineer, 0 for none; whether it counts is another question.
std::uint32_t level_of(const v1::Engineer& engineer, const std::string& skill);

struct Assessment {
  std::string engineer;  // who practised
  std::string skill;
  bool passed = false;
  std::string words;
};

// The mentor's word on a completed visit. `level` is the one that counted for the trainee then. Refused: a visit that
// is not completed, a trainee or mentor who was not there, a skill that was not practised, no words. Whether the mentor
// may mentor the skill is for the caller to know.
Result<v1::SignOff> sign_off(const v1::Visit& visit, const Assessment& assessment, std::uint32_t level,
                             std::string_view mentor, Instant now);

// The visits that count toward the level after `level`: passed at that level, and not yet counted for a proposal.
std::vector<v1::SignOff> counted(const std::vector<v1::SignOff>& all, std::uint32_t level);

// A proposal, with the sign-offs that it uses up; none if there are not enough, or there is no higher level.
struct Proposed {
  v1::LevelProposal proposal;
  std::vector<v1::SignOff> sign_offs;
};
std::optional<Proposed> propose(std::string_view name, const v1::Engineer& engineer, const v1::Skill& skill,
                                const std::vector<v1::SignOff>& all, Instant now);

// A lead's decision. Approved: the engineer holds the level, and the level says which proposal granted it. kState if it
// was decided already, or the engineer's level has changed since.
struct Decided {
  v1::LevelProposal proposal;
  v1::Engineer engineer;
};
Result<Decided> decide(const v1::LevelProposal& proposal, const v1::Engineer& engineer, bool approve,
                       std::string_view reason, std::string_view lead, Instant now);

}  // namespace firstfix::growth
