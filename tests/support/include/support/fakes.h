// A clock that is moved by hand and an entropy that repeats itself.
#pragma once

#include <atomic>

#include "base/ids.h"
#include "base/time.h"

namespace firstfix::testing {

inline constexpr Instant kMorning{1'780'300'800'000'000};  // 2026-06-01T08:00:00Z, a Monday

class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start = kMorning) : micros_(start.micros) {}
  Instant now() const override { return {micros_.load()}; }
  void advance(Duration by) { micros_ += by.count(); }
  void set(Instant t) { micros_ = t.micros; }

 private:
  std::atomic<std::int64_t> micros_;
};

class CountingEntropy final : public Entropy {
 public:
  std::uint64_t next() override { return ++count_ * 0x9E37'79B9'7F4A'7C15u; }

 private:
  std::atomic<std::uint64_t> count_ = 0;
};

}  // namespace firstfix::testing
