// Instants and durations. The core never asks what time it is: `now` is always a parameter.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace firstfix {

using Duration = std::chrono::microseconds;

// A point in time, UTC, microseconds since 1970.
struct Instant {
  std::int64_t micros = 0;

  friend auto operator<=>(const Instant&, const Instant&) = default;
  friend Instant operator+(Instant t, Duration d) { return {t.micros + d.count()}; }
  friend Instant operator-(Instant t, Duration d) { return {t.micros - d.count()}; }
  friend Duration operator-(Instant a, Instant b) { return Duration{a.micros - b.micros}; }
};

inline constexpr Instant kNever{INT64_MAX};

// "2026-03-01T08:15:30.250Z"; the fraction is left out when it is zero.
std::string to_iso8601(Instant t);
// Accepts what to_iso8601 writes, a space for the T, any fraction to microseconds, and a missing Z (taken as UTC).
Result<Instant> parse_iso8601(std::string_view text);

// Where `now` comes from, at the edges only. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

}  // namespace firstfix
