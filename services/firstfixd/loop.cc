#include "firstfixd/loop.h"

namespace firstfix::firstfixd {
namespace {

// What is committed meanwhile is followed at once, in one transaction instead of many: those who wait for an answer go
// first. Well below the second within which a closure teaches.
constexpr auto kGathering = std::chrono::milliseconds{50};

}  // namespace

void Loop::start() {
  thread_ = std::thread([this] { run(); });
}

void Loop::poke() {
  {
    std::lock_guard lock(mutex_);
    poked_ = true;
  }
  wake_.notify_one();
}

void Loop::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Loop::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const auto wait = work_();
    lock.lock();
    if (wake_.wait_for(lock, wait, [&] { return poked_ || stopping_; }))
      wake_.wait_for(lock, kGathering, [&] { return stopping_.load(); });
    poked_ = false;
  }
}

}  // namespace firstfix::firstfixd
