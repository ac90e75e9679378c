// The end of a case: the work is done, the machine proves it, the customer confirms it.
//
// Silence is not health: proving time grows only by what the machine has demonstrably worked, while its device is
// connected and none of the case's faults is active. Pure functions, as in case.h.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "casework/effects.h"
#include "firstfix/v1/fleet.pb.h"

namespace firstfix::casework {

inline constexpr Duration kDefaultProvingTime = std::chrono::hours{1};
// The stated rule for a customer who does not answer: asked this often, a day apart, and this long after the proof.
inline constexpr std::uint32_t kAskedAtLeast = 3;
inline constexpr Duration kUnansweredAfter = std::chrono::hours{24 * 7};

// The engineer says that the work is done. `device` is null for a machine without telemetry.
Effects work_done_on(const v1::Case& current, const v1::AssetModel* model, const v1::Device* device,
                     std::string_view actor, Instant now);

// The faults of a watched case have gone away by themselves: the machine has to prove that as it would a repair.
Effects went_away(const v1::Case& current, const v1::AssetModel* model, const v1::Device* device, Instant now);

// The asset's device reported, connected or vanished. `counted_at` is when its operating count was taken.
// Returns no effects if nothing changes for the case.
std::optional<Effects> machine_reported(const v1::Case& current, const v1::Device& device, Instant counted_at,
                                        Instant now);

// The customer's word.
Result<Effects> customer_says(const v1::Case& current, bool solved, std::string_view comment, std::string_view by,
                              Instant now);

// The reminder is due: ask again, or close as unconfirmed under the stated rule.
std::optional<Effects> reminder_due(const v1::Case& current, Instant now);

}  // namespace firstfix::casework
