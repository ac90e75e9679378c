// The improver follows the change log: where an engineer's, a shift's or a visit's record has changed, it sets a timer
// at which the territory's days are looked at as a whole (replanning.h), one a territory and minute.
//
// All that it does is to set that timer, if none is set, and to move its cursor, in one transaction; after a crash some
// territories are looked at once more. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>

#include "desk/desk.h"

namespace firstfix::desk {

class Improver {
 public:
  explicit Improver(Desk& desk) : desk_(desk) {}

  // Deals with all that the log holds.
  Status catch_up(const std::string& tenant);
  std::map<std::string, std::uint64_t> positions() const;

 private:
  struct State {
    bool begun = false;
    store::Cursor cursor;    // what has been read
    std::uint64_t kept = 0;  // the position that the store knows of
  };

  Status begin(const std::string& tenant, State& state);
  // Has these territories looked at soon, and keeps the cursor.
  Status wake(const std::string& tenant, const std::set<std::string>& territories, State& state);

  Desk& desk_;
  mutable std::mutex mutex_;
  std::map<std::string, State> states_;
};

}  // namespace firstfix::desk
