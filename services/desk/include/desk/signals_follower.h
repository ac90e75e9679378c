// Signals follow the change log: what cases tell is counted, streams that have changed are judged, and a signal is
// raised, kept up or withdrawn.
//
// Counts, signals and the cursor are written together in one transaction that holds only if the cursor is still where
// it was: a restart goes on where it stopped, and of two nodes only one moves on. Reading and judging are done outside
// of it, on a snapshot. What is counted is a function of the records (signal_facts.h), so that counting a case again
// changes nothing; a log that was trimmed beyond the cursor is made good by counting all cases anew. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>

#include "desk/desk.h"
#include "desk/signal_verdicts.h"

namespace firstfix::desk {

class SignalsFollower {
 public:
  explicit SignalsFollower(Desk& desk) : desk_(desk) {}

  // Deals with at most one batch of the tenant's log. Returns whether there may be more.
  Result<bool> step(const std::string& tenant);
  // Deals with all that the log holds.
  Status catch_up(const std::string& tenant);
  std::map<std::string, std::uint64_t> positions() const;

 private:
  struct State {
    bool begun = false;
    store::Cursor cursor;                // what has been read
    std::uint64_t kept = 0;              // the position that the store knows of
    std::shared_ptr<const Fleet> fleet;  // as of the last Asset in the log; none: to be read
  };

  Status begin(const std::string& tenant, State& state);
  Status recount(const std::string& tenant, State& state);
  // Counts the cases, judges what has changed and moves the cursor.
  Status settle(const View& view, const std::set<std::string>& cases, store::Cursor to, State& state);

  Desk& desk_;
  mutable std::mutex mutex_;
  std::map<std::string, State> states_;
};

// What counting some cases changes, worked out on a snapshot.
struct SignalChanges {
  std::map<std::string, Facts> cases;  // what each case that has changed tells now
  Facts added;                         // new or altered facts
  std::set<std::string> removed;       // keys of facts that are gone
  std::optional<learning::Day> first_day;
  struct Verdict {
    StreamId stream;
    learning::Day from_day = 0;
    std::vector<v1::DefectSignal> signals;  // those for which there is evidence: one at most, but of a part one a lot
  };
  std::vector<Verdict> verdicts;
};
Result<SignalChanges> count_cases(const View& view, const std::set<std::string>& cases, const Fleet& fleet);
// Writes it. kConflict if somebody has acknowledged a signal in between: count again.
Status write_changes(Command& command, const SignalChanges& changes);

// A lead takes an open signal over, with what is done about it; its stream begins anew.
Result<v1::DefectSignal> acknowledge_signal(Command& command, const std::string& name, const std::string& comment);

}  // namespace firstfix::desk
