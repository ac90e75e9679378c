// Instants and durations. The core never asks what time it is: `now` is always a parameter.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace firstfix {

using Duration = std::chrono::microseconds;

// A point in time, UTC, microseconds since 1970. Sums and differences beyond the type's ends stay at them: times come
// from outside, and «before everything» and «never» are such ends.
struct Instant {
  std::int64_t micros = 0;

  friend auto operator<=>(const Instant&, const Instant&) = default;
  friend Instant operator+(Instant t, Duration d) { return {sum(t.micros, d.count())}; }
  friend Instant operator-(Instant t, Duration d) { return {difference(t.micros, d.count())}; }
  friend Duration operator-(Instant a, Instant b) { return Duration{difference(a.micros, b.micros)}; }

 private:
  static std::int64_t sum(std::int64_t a, std::int64_t b) {
    std::int64_t out = 0;
    return __builtin_add_overflow(a, b, &out) ? (b < 0 ? INT64_MIN : INT64_MAX) : out;
  }
  static std::int64_t difference(std::int64_t a, std::int64_t b) {
    std::int64_t out = 0;
    return __builtin_sub_overflow(a, b, &out) ? (b < 0 ? INT64_MAX : INT64_MIN) : out;
  }
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
