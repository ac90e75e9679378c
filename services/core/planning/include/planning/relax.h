// A job that nobody can do: what would have to give so that somebody could, and the cheapest of that.
//
// Rules that keep people or customers safe do not give: rest, certificates in date, who may supervise whom, who is not
// wanted at a site, when parts arrive. Pure and thread-safe.
#pragma once

#include <optional>
#include <string>

#include "planning/prices.h"

namespace firstfix::planning {
inline namespace one_job {

inline constexpr Duration kMostOvertime = std::chrono::hours{4};  // what asks for more is no relaxation
inline constexpr Duration kMostLate = std::chrono::hours{4};      // likewise

struct Relaxation {
  enum class Gives { kShift, kCallOut, kPromise, kAccess, kDecline, kSkill };
  Gives gives = Gives::kShift;
  std::string engineer;  // who would lead
  Duration by{};         // so much more of the shift, or after what was promised
  std::string text;      // "with engineers/li until 2026-03-02 18:30 (UTC): 45 minutes of overtime"
};

// None if the job can be done as it is, or nothing that may give would help. Another skill is only told if nothing else
// would.
std::optional<Relaxation> cheapest_relaxation(const Question& asked, const Travel& travel, const Prices& prices,
                                              Instant now);

}  // namespace one_job
}  // namespace firstfix::planning
