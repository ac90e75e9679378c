// Learning follows the change log: a visit is learnt when its case has closed, and corrected or undone when the case
// opens again or a lead corrects what was found.
//
// What is learnt is a function of the records alone, so a restart that reads them anew comes to the same counts.
// Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "desk/desk.h"

namespace firstfix::desk {

class LearningFollower {
 public:
  explicit LearningFollower(Desk& desk) : desk_(desk) {}

  // Deals with all that the log of the tenant holds now. Returns the position that it has reached.
  Result<std::uint64_t> catch_up(const std::string& tenant);
  std::map<std::string, std::uint64_t> positions() const;

 private:
  struct State {
    bool begun = false;
    store::Cursor cursor;
    std::map<std::string, learning::Outcome> learnt;  // by outcome
    learning::Counts counts;
  };

  Status begin(const std::string& tenant, State& state);
  Status follow(const std::string& tenant, State& state, bool& changed);
  // Brings one outcome to what the records say of it.
  Status settle(const View& view, const std::string& outcome, State& state);

  Desk& desk_;
  mutable std::mutex mutex_;
  std::map<std::string, State> states_;
};

}  // namespace firstfix::desk
