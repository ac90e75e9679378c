#include "firstfixd/clocks.h"

namespace firstfix::firstfixd {

Instant SystemClock::now() const {
  return {std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

void ManualClock::move_to(Instant t) {
  auto seen = now_.load();
  while (seen < t.micros && !now_.compare_exchange_weak(seen, t.micros)) {
  }
}

SystemEntropy::SystemEntropy() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
  generator_.seed(seed);
}

std::uint64_t SystemEntropy::next() {
  std::lock_guard lock(mutex_);
  return generator_();
}

}  // namespace firstfix::firstfixd
