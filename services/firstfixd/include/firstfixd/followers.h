// What happens after a commit: learning, signals, figures and the improver follow the log, timers fall due, old things
// are forgotten.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "desk/desk.h"
#include "desk/improver.h"
#include "desk/learning_follower.h"
#include "desk/signals_follower.h"
#include "desk/step_figures.h"
#include "desk/timer_watch.h"
#include "firstfixd/clocks.h"

namespace firstfix::firstfixd {

class Followers {
 public:
  Followers(desk::Desk& desk, ManualClock* manual, Duration log_retention);
  ~Followers();

  void start();
  void stop();  // idempotent

  // Moves the manual clock, firing each timer at its own time, in order, and lets the followers catch up. Returns how
  // many timers fell due. kState with the system's clock.
  Result<std::size_t> advance(Duration by);

  std::map<std::string, std::uint64_t> positions(const std::string& tenant) const;

 private:
  void run();
  // Catches up and fires what is due; returns how long to wait for the next at most.
  Duration work();
  // Fires what is due; returns when the next falls due at the earliest.
  Result<Instant> keep_timers();
  // Fires what is due; returns how many.
  Result<std::size_t> fire_due(const std::string& tenant);
  Result<std::size_t> fire_all_due();
  Status catch_up();
  // Takes the signals one batch further, so that a long log holds up nothing else; returns whether there is more.
  bool step_signals();
  void tidy(Instant now);

  desk::Desk& desk_;
  ManualClock* manual_;
  const Duration log_retention_;
  desk::LearningFollower learning_;
  desk::SignalsFollower signals_;
  desk::StepFigures step_figures_;
  desk::Improver improver_;
  desk::TimerWatch timers_;
  std::mutex advancing_;  // one at a time catches up, fires timers and moves the clock
  std::mutex mutex_;
  std::condition_variable wake_;
  bool poked_ = false, stopping_ = false;
  Instant tidied_{0};
  store::Subscription subscription_;
  std::thread thread_;
};

}  // namespace firstfix::firstfixd
