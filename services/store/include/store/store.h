// The store: transactions, snapshots and one change log. Nothing above this header knows which engine is behind it.
//
// Thread-safe, but for Transaction, which lives within one call of transact(). Errors are values; no engine's
// exception comes through.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/cursor.h"
#include "store/reads.h"

namespace firstfix::store {

// Limits; beyond them a write is kTooLarge.
inline constexpr std::size_t kMaxKeyBytes = 1024;
inline constexpr std::size_t kMaxValueBytes = 1024 * 1024;
inline constexpr std::size_t kMaxTransactionBytes = 16 * 1024 * 1024;

using Visitor = std::function<bool(std::string_view key, std::string_view value)>;

class Reader {
 public:
  virtual ~Reader() = default;
  virtual Result<std::optional<std::string>> get(Table table, std::string_view key) const = 0;
  // Visits the keys from `from` up to, not including, `to` (empty: to the end), in order, until the visitor says false.
  virtual Status scan(Table table, std::string_view from, std::string_view to, const Visitor& visit) const = 0;
};

// A consistent view of one moment. Give it back soon: it keeps old versions alive.
class Snapshot : public Reader {};

// Reads see the transaction's own writes.
class Transaction : public Reader {
 public:
  virtual Status put(Table table, std::string_view key, std::string_view value) = 0;
  virtual Status erase(Table table, std::string_view key) = 0;
  // Adds an entry to the change log; it gets the partition's next position at the commit.
  virtual Status append_log(const Partition& partition, std::string entry) = 0;
  // Is all that was read from the snapshot as it was? If so, what was made of it may be written as it is. An engine
  // that cannot tell, or does not remember that far back, says no.
  virtual bool unchanged(const Snapshot& since, const Reads& reads) const = 0;
};

struct LogEntry {
  std::uint64_t position = 0;  // from 1, without a gap within the partition
  Instant committed_at;
  std::string entry;
  Cursor after;  // go on from here
};

// Keeps a subscription while it lives. Once it is gone nobody is woken any more, so what the wake refers to may go
// next.
using Subscription = std::shared_ptr<void>;

class Store {
 public:
  virtual ~Store() = default;

  // Runs `fn` as a serialisable transaction and returns when it is durable. An error of `fn` is returned and nothing
  // is written. `fn` may be run on another thread and more than once, and must have no effect but on the transaction.
  virtual Status transact(const std::function<Status(Transaction&)>& fn) = 0;

  virtual std::shared_ptr<const Snapshot> snapshot() const = 0;

  // The log's entries after the cursor, oldest first, at most `limit`. kExpired if the log has been trimmed beyond it:
  // begin again from a snapshot. kInvalid if the cursor is not one of this store and partition.
  virtual Result<std::vector<LogEntry>> tail(const Partition& partition, const Cursor& after,
                                             std::size_t limit) const = 0;
  virtual Cursor head(const Partition& partition) const = 0;             // after the last entry
  virtual Cursor beginning(const Partition& partition) const = 0;        // before the first entry that is kept
  virtual std::uint64_t position(const Partition& partition) const = 0;  // of the last entry; 0 if there is none
  // A cursor's form outside, and back; kInvalid for a token of another store or partition, or an altered one.
  virtual std::string token(const Partition& partition, Cursor cursor) const = 0;
  virtual Result<Cursor> parse_cursor(const Partition& partition, std::string_view token) const = 0;
  // A snapshot and the cursor that belongs to it: what the snapshot shows is what the log says up to there.
  virtual std::pair<std::shared_ptr<const Snapshot>, Cursor> snapshot_with_head(const Partition& partition) const = 0;

  // Drops the entries that were committed before `before`; the newest always stays.
  virtual Status trim(const Partition& partition, Instant before) = 0;

  // Calls `wake` after every commit that added to a log, on the committing thread: it must be quick, and must neither
  // call the store nor give a subscription back.
  [[nodiscard]] virtual Subscription subscribe(std::function<void()> wake) = 0;

  // Writes a copy that can be opened as a store to a directory that does not exist yet.
  virtual Status checkpoint(const std::string& directory) = 0;
};

}  // namespace firstfix::store
