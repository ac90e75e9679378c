// The figures of a standard's steps follow the change log: a visit is counted when it is completed, and anew when an
// answer comes later; a deviation when it is asked for and when it is decided.
//
// The counts are durable. What has been counted is marked in the same transaction, so that replaying the log, or two
// nodes that follow it at once, count nothing twice; the cursor only saves reading. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "desk/desk.h"

namespace firstfix::desk {

class StepFigures {
 public:
  explicit StepFigures(Desk& desk) : desk_(desk) {}

  // Counts all that the log of the tenant holds now.
  Status catch_up(const std::string& tenant);
  // The log's position up to which all is counted.
  std::uint64_t position(const std::string& tenant) const;

 private:
  struct State {
    bool begun = false;
    store::Cursor cursor;
    std::uint64_t saved = 0;  // the position that a restart begins from
  };

  Status begin(const std::string& tenant, State& state);
  // Counts everything that is recorded; for a log that has been trimmed beyond the cursor.
  Status count_all(const std::string& tenant, State& state);
  Status keep_completed(const std::string& tenant, std::vector<std::string>& visits) const;
  Status count(const std::string& tenant, State& state, const std::vector<std::string>& visits,
               const std::vector<std::string>& deviations);

  Desk& desk_;
  mutable std::mutex mutex_;
  std::map<std::string, State> states_;
};

// The figures of a revision of a standard, step by step; revision 0 is the present one.
Result<std::vector<v1::StepFigure>> step_figures(const View& view, const std::string& standard, std::uint32_t revision);

}  // namespace firstfix::desk
