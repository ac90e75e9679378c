// A machine that warns but still does its work: it is watched, looked at from afar, or visited before it fails.
//
// Watching has an end: the fault goes away and the machine proves it, or it lasts and somebody goes. Pure functions, as
// in case.h.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "casework/effects.h"
#include "firstfix/v1/fleet.pb.h"

namespace firstfix::casework {

inline constexpr Duration kWatchFor = std::chrono::hours{24};      // then it is asked again
inline constexpr Duration kLookWithin = std::chrono::hours{2};     // from afar; else somebody goes
inline constexpr Duration kWatchAtMost = std::chrono::hours{168};  // a fault that lasts is not watched for ever

// Is it asked whether the machine will fail, rather than why it has? `device` is null for a machine that cannot speak.
bool warns(const v1::Case& record, const v1::Device* device);

// No visit is worth its cost yet: the case is watched, with a time to look again. For any action but a visit.
Effects watch(const v1::Case& current, const v1::WarningAdvice& advice, Instant now);

// Somebody has looked from afar. Will it fail, a visit is wanted, and the caller plans it.
Result<Effects> looked_at(const v1::Case& current, bool will_fail, std::string_view finding, std::string_view actor,
                          Instant now);

// It is time to look again: nobody has looked from afar, or the fault has lasted too long, so that a visit is wanted;
// none if the question is to be asked again.
std::optional<Effects> watched_long_enough(const v1::Case& current, Instant now);

// Somebody, or a rule, wants a visit whatever a warning would cost. Tells nothing.
void want_visit(v1::Case& record, Effects& effects);

}  // namespace firstfix::casework
