// A clock and an entropy that repeat themselves.
#pragma once

#include <atomic>

#include "base/ids.h"
#include "base/time.h"

namespace firstfix::agent::testing {

class ManualClock : public Clock {
 public:
  Instant now() const override { return Instant{micros}; }
  std::atomic<std::int64_t> micros = 1'700'000'000'000'000;
};

class CountingEntropy : public Entropy {
 public:
  std::uint64_t next() override { return ++state_ * 0x9E37'79B9'7F4A'7C15u; }

 private:
  std::atomic<std::uint64_t> state_ = 0;
};

}  // namespace firstfix::agent::testing
