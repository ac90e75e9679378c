// A thread that does the same work again and again: whenever it is poked, and at the latest when the work itself says.
//
// Thread-safe, but for start().
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/time.h"

namespace firstfix::firstfixd {

class Loop {
 public:
  // `work` returns how long to wait at most before it is called again.
  explicit Loop(std::function<Duration()> work) : work_(std::move(work)) {}
  ~Loop() { stop(); }

  void start();
  void poke();
  void stop();  // idempotent; waits until the work that has begun is done
  // Long work looks whether it should come to an end.
  bool stopping() const { return stopping_; }

 private:
  void run();

  std::function<Duration()> work_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool poked_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace firstfix::firstfixd
