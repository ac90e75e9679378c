// The clocks and the randomness of a running process.
#pragma once

#include <atomic>
#include <mutex>
#include <random>

#include "base/ids.h"
#include "base/time.h"

namespace firstfix::firstfixd {

class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

// Stands still until it is moved. Thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start.micros) {}
  Instant now() const override { return {now_.load()}; }
  // Never backwards.
  void move_to(Instant t);

 private:
  std::atomic<std::int64_t> now_;
};

// The system's generator. Thread-safe.
class SystemEntropy final : public Entropy {
 public:
  SystemEntropy();
  std::uint64_t next() override;

 private:
  std::mutex mutex_;
  std::mt19937_64 generator_;
};

}  // namespace firstfix::firstfixd
