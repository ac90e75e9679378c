// New identifiers. Time and randomness are passed in, so that a test can repeat a run exactly.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace firstfix {

// Where randomness comes from, at the edges only.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual std::uint64_t next() = 0;  // 64 fresh random bits; thread-safe
};

// 26 characters of Crockford base 32 in lower case: 48 bits of milliseconds, then 80 random bits (the ULID layout),
// so that identifiers sort by the time of their making.
std::string new_id(Instant now, Entropy& entropy);

}  // namespace firstfix
