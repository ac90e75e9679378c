// Knows when the next timer of a tenant falls due without looking for it after every commit: most timers are taken away
// before they fall due, and a search from the earliest on would pass over every one of them again and again. It reads
// in the change log what each commit has set, and searches only when the time that it knows has come.
#pragma once

#include <map>
#include <string>

#include "desk/desk.h"

namespace firstfix::desk {

// Not thread-safe.
class TimerWatch {
 public:
  explicit TimerWatch(const Desk& desk, Timers which = Timers::kAll) : desk_(desk), which_(which) {}

  // Not later than the tenant's next timer of those falls due, by all that is committed now; kNever if there is none.
  Result<Instant> next(const std::string& tenant);
  // What was due has been fired: the next has to be searched.
  void forget(const std::string& tenant) { states_.erase(tenant); }

 private:
  struct State {
    store::Cursor cursor;
    Instant next = kNever;
  };

  Result<State> search(const std::string& tenant) const;

  const Desk& desk_;
  const Timers which_;
  std::map<std::string, State> states_;
};

}  // namespace firstfix::desk
