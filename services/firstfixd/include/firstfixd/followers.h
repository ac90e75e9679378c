// What happens after a commit: learning, signals, figures and the improver follow the log, timers fall due, old things
// are forgotten. What thinks long (a look at a territory's days) has a thread of its own, so that nothing waits for it.
#pragma once

#include <mutex>

#include "desk/desk.h"
#include "desk/improver.h"
#include "desk/learning_follower.h"
#include "desk/signals_follower.h"
#include "desk/step_figures.h"
#include "desk/timer_watch.h"
#include "firstfixd/clocks.h"
#include "firstfixd/loop.h"

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
  // Catches up and fires what is due; returns how long to wait for the next at most.
  Duration follow();
  // Fires what is due and takes long; returns likewise.
  Duration think();
  // How long it is until the next timer falls due, `longest` at most.
  Duration wait_for(Result<Instant> next, Duration longest) const;
  // Fires what is due of those that are watched; returns when the next falls due at the earliest.
  Result<Instant> keep_timers(desk::TimerWatch& timers, desk::Timers which);
  // Fires what is due; returns how many.
  Result<std::size_t> fire_due(const std::string& tenant, desk::Timers which);
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
  desk::TimerWatch timers_, long_timers_;
  std::mutex following_;  // one at a time catches up and fires what is done at once,
  std::mutex thinking_;   // and one what takes long; whoever moves the clock does both
  Instant tidied_{0};
  Loop follower_, thinker_;
  store::Subscription subscription_;
};

}  // namespace firstfix::firstfixd
