// What the device has to say, on disk until FirstFix has said that it is durable there.
//
// Records get gapless sequences from 1 within an epoch; a new epoch begins when the spool was lost or is so damaged
// that a sequence might be given twice. Records and the checkpoint of the source after them are written as one entry,
// so after a kill -9 the source goes on exactly behind the last record. Read returns only what was synced.
// A full spool drops its oldest segment and keeps a range in place of the records in it. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/spool_format.h"
#include "agent_io/file.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"

namespace firstfix::agent {

inline constexpr std::uint64_t kMinSpoolBytes = 64 << 10;

struct SpoolOptions {
  std::filesystem::path folder;
  std::uint64_t limit_bytes = 64 << 20;  // of all segments together; at least kMinSpoolBytes
  bool wait_when_full = false;           // append() waits for acknowledgements instead of dropping
};

struct SpoolItem {
  std::uint64_t sequence = 0;
  std::string record;                   // as appended; empty if dropped
  std::optional<DroppedRange> dropped;  // in place of records; `sequence` is its last
};

struct SpoolBatch {
  Epoch epoch;
  std::vector<SpoolItem> items;  // ascending, without a gap
};

class Spool {
 public:
  // Reads what is there, however damaged, and begins a new segment. `reports` says what was found wrong, for people.
  // kState: another process has this spool open.
  static Result<std::unique_ptr<Spool>> open(SpoolOptions options, const Clock& clock, Entropy& entropy,
                                             std::vector<std::string>& reports);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // Writes records (none is allowed) together with the checkpoint that follows them. Not yet synced. The first error
  // of the disk leaves the spool as it was before; the call may be repeated. kExpired: closed while it waited for room.
  Status append(std::span<const std::string> records, std::string_view checkpoint);
  // Returns when everything appended before the call is on disk.
  Status sync();

  // Records of the oldest epoch not yet acknowledged in full, only what is synced: from `from` on if `epoch` is that
  // epoch, else from the first not acknowledged. No items: there is nothing more for now.
  Result<SpoolBatch> read(std::uint64_t epoch, std::uint64_t from, std::size_t max_records, std::size_t max_bytes);

  // The receiver has everything up to `through` of `epoch` for good: it goes. True if anything was waiting for that.
  // kNotFound: the epoch is not the one being delivered. kCorrupt: `through` was never given out, so this spool is an
  // older copy of itself; call begin_epoch().
  Result<bool> acknowledge(std::uint64_t epoch, std::uint64_t through);
  // Gives new sequences, in a new epoch, to all that is not acknowledged.
  Status begin_epoch();

  // Ends waiting appends with kExpired.
  void close();

  struct Standing {
    Epoch epoch;                     // being delivered
    std::uint64_t acknowledged = 0;  // in that epoch
    std::uint64_t last = 0;          // the last sequence given in that epoch
    bool delivered = false;          // nothing at all is waiting
    std::uint64_t bytes = 0;         // on disk
    std::uint64_t dropped = 0;       // records, since the spool was opened
  };
  Standing standing() const;
  std::string checkpoint() const;  // the last one appended; empty if none

 private:
  struct Segment {
    std::uint64_t ordinal = 0;
    Epoch epoch;
    std::uint64_t first = 1;  // sequence of its first record
    std::uint64_t end = 1;    // after its last one
    std::uint64_t bytes = 0;
  };
  struct Cursor {  // where a commit begins, so that reading on need not search
    std::uint64_t ordinal = 0;
    std::uint64_t sequence = 0;
    std::uint64_t offset = 0;
  };

  Spool(SpoolOptions options, const Clock& clock, Entropy& entropy);

  // spool_recovery.cc
  Status lock_folder();
  Status recover(std::vector<std::string>& reports);
  struct Found;
  Result<Found> scan_files(std::vector<std::string>& reports);
  void settle_epochs(const Found& found);
  void mark_holes(const Found& found, std::vector<std::string>& reports);

  // spool.cc; all with the lock held
  void push_epoch();
  std::filesystem::path path_of(std::uint64_t ordinal) const;
  Ledger ledger() const;
  Status begin_segment();
  Status write(std::string_view bytes);
  Status sync_now();
  Status make_room(std::uint64_t bytes, std::unique_lock<std::mutex>& lock);
  Status drop_oldest();
  void drop_range(DroppedRange range);
  void remove_delivered();
  void remove_front();
  Status append_locked(std::span<const std::string> records, std::string_view checkpoint,
                       std::unique_lock<std::mutex>& lock);
  Result<SpoolBatch> read_locked(std::uint64_t from, std::size_t max_records, std::size_t max_bytes);
  struct Reading;
  Status read_segment(const Segment& segment, Reading& reading);
  std::uint64_t total_bytes() const;
  std::uint64_t segment_bytes() const;
  const DroppedRange* dropped_at(std::uint64_t epoch, std::uint64_t sequence) const;
  EpochStanding* standing_of(std::uint64_t epoch);
  bool all_delivered() const;

  const SpoolOptions options_;
  const Clock& clock_;
  Entropy& entropy_;

  mutable std::mutex mutex_;
  std::condition_variable room_;
  File lock_file_;
  std::shared_ptr<File> file_;        // of the last segment; shared, so that a sync may outlive its rotation
  std::deque<Segment> segments_;      // oldest first
  std::deque<EpochStanding> epochs_;  // oldest first; the front is being delivered, the back takes new records
  std::uint64_t synced_ = 0;          // of the last epoch; all others are synced
  std::vector<DroppedRange> dropped_;
  std::uint64_t dropped_records_ = 0;
  std::uint64_t handed_out_ = 0;  // of the front epoch, the last sequence ever read
  std::string checkpoint_;
  Cursor cursor_;
  bool closed_ = false;
};

}  // namespace firstfix::agent
