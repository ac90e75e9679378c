// Learning follows the change log: a visit is learnt when its case has closed, and corrected or undone when the case
// opens again or a lead corrects what was found.
//
// What is learnt is a function of the records alone, so a restart that reads them anew comes to the same counts.
// Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "desk/desk.h"

namespace firstfix::desk {

class LearningFollower {
 public:
  explicit LearningFollower(Desk& desk) : desk_(desk) {}

  // Deals with all that the log of the tenant holds now, and has the model estimated anew if that taught anything.
  // Returns the position that it has reached.
  Result<std::uint64_t> catch_up(const std::string& tenant);
  std::map<std::string, std::uint64_t> positions() const;

 private:
  // One outcome as its records tell it and as it was learnt.
  struct Lesson {
    Instant completed_at;
    Instant known_since;               // when the machine's records begin; completed_at if that is not known
    std::optional<Instant> warned_at;  // when it was asked whether the machine will fail, if it was
    bool visited = true;               // else it was a warning that went away
    learning::Visit visit;
    learning::Visit warning;
    bool learnt = false;
  };
  struct State {
    bool begun = false;
    store::Cursor cursor;
    std::map<std::string, std::map<std::string, Lesson>> lessons;  // by asset, then outcome
    std::map<std::string, std::string> assets;                     // by outcome
  };

  Status begin(const std::string& tenant, State& state);
  Status follow(const std::string& tenant, State& state);
  // Brings one outcome to what the records say of it, and what came after it on the same machine with it.
  Status settle(const View& view, const std::string& outcome, State& state);
  static Lesson lesson_of(const v1::Outcome& outcome, bool visited);
  static void unlearn(Experience& experience, const Lesson& lesson);
  static void learn(Experience& experience, const Lesson& lesson);
  void relearn(const std::string& tenant, const std::string& asset, State& state);

  Desk& desk_;
  mutable std::mutex mutex_;
  std::map<std::string, State> states_;
};

}  // namespace firstfix::desk
