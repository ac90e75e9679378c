// The bytes of a spool's segment files. Pure; the files themselves are agent_io/spool.h's.
//
// A segment is a header and then entries, each a length, a CRC-32C and a body; numbers are little-endian.
//   commit: records with consecutive sequences, and the checkpoint of the source after them; the two live or die
//   together ledger: up to where the records are acknowledged, and which had to be dropped
// Every segment begins with a ledger and with a commit of the newest checkpoint, so older segments may go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"

namespace firstfix::agent {

inline constexpr std::size_t kMaxRecordBytes = 64 << 10;
inline constexpr std::size_t kMaxCheckpointBytes = 4 << 20;
inline constexpr std::size_t kMaxEntryBytes = 16 << 20;
inline constexpr std::size_t kSegmentHeaderBytes = 44;

std::uint32_t crc32c(std::string_view bytes);  // Castagnoli polynomial, as in RFC 3720

struct Epoch {
  std::uint64_t id = 0;  // random, never 0
  Instant started;
  friend bool operator==(const Epoch&, const Epoch&) = default;
};

struct SegmentHeader {
  std::uint64_t ordinal = 0;  // rises by one with each segment
  Epoch epoch;
  std::uint64_t first_sequence = 1;  // of the first record that this segment may hold
  friend bool operator==(const SegmentHeader&, const SegmentHeader&) = default;
};

struct Commit {
  std::uint64_t first_sequence = 0;
  std::vector<std::string_view> records;
  std::string_view checkpoint;

  std::uint64_t end_sequence() const { return first_sequence + records.size(); }
};

// Records that had to go before they were delivered.
struct DroppedRange {
  std::uint64_t epoch = 0;
  std::uint64_t from = 0, to = 0;  // both inclusive
  Instant at;
  std::string reason;
  friend bool operator==(const DroppedRange&, const DroppedRange&) = default;
};

struct EpochStanding {
  Epoch epoch;
  std::uint64_t acknowledged = 0;  // all up to here is the receiver's
  std::uint64_t last = 0;          // the last sequence given when the ledger was written
  friend bool operator==(const EpochStanding&, const EpochStanding&) = default;
};

struct Ledger {
  std::vector<EpochStanding> epochs;  // oldest first; the last one is where new records go
  std::vector<DroppedRange> dropped;
  friend bool operator==(const Ledger&, const Ledger&) = default;
};

using Entry = std::variant<Commit, Ledger>;

std::string encode(const SegmentHeader& header);
std::string encode(const Commit& commit);
std::string encode(const Ledger& ledger);

// Nothing if the bytes do not begin with a whole header of this format.
std::optional<SegmentHeader> decode_header(std::string_view bytes);

enum class Damage {
  kNone,
  kCutShort,  // the bytes end before the entry does: a write that was under way (as a tail also: zeros to the end)
  kBroken,    // the entry is all there and is not what was written
};

struct ReadEntry {
  Damage damage = Damage::kNone;
  Entry entry;           // points into the bytes; only without damage
  std::size_t size = 0;  // bytes taken; only without damage
};
ReadEntry read_entry(std::string_view bytes);

// All that can still be read of a segment.
struct SegmentScan {
  std::optional<SegmentHeader> header;
  struct Place {
    std::size_t offset = 0;
    Commit commit;
  };
  std::vector<Place> commits;                  // in the order written; point into the bytes
  std::optional<Ledger> ledger;                // the last one
  std::optional<std::string_view> checkpoint;  // the last one
  bool hole = false;                           // something broken lies before something readable
  Damage tail = Damage::kNone;                 // what follows the last readable entry
  std::size_t readable = 0;                    // bytes up to the end of the last readable entry
};
SegmentScan scan_segment(std::string_view bytes);

}  // namespace firstfix::agent
