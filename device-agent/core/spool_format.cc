#include "agent/spool_format.h"

#include <algorithm>
#include <array>

namespace firstfix::agent {
namespace {

constexpr std::string_view kMagic = "FFSPOOL1";
constexpr std::size_t kEntryHeaderBytes = 8;
enum Kind : std::uint8_t { kCommit = 1, kLedger = 2 };

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}
void put_text(std::string& out, std::string_view text) {
  put(out, text.size(), 4);
  out += text;
}

// Reads numbers and texts off the front; once something is missing, it stays not ok.
class Cutter {
 public:
  explicit Cutter(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number(int bytes) {
    const std::string_view raw = cut(static_cast<std::size_t>(bytes));
    std::uint64_t value = 0;
    for (std::size_t i = raw.size(); i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(raw[i]);
    return value;
  }
  std::string_view text() { return cut(number(4)); }
  std::size_t left() const { return rest_.size(); }
  bool ok() const { return ok_; }

 private:
  std::string_view cut(std::size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view rest_;
  bool ok_ = true;
};

std::string framed(const std::string& body) {
  std::string out;
  put(out, body.size(), 4);
  put(out, crc32c(body), 4);
  return out + body;
}

std::optional<Entry> decode_commit(Cutter& in) {
  Commit commit;
  commit.first_sequence = in.number(8);
  const std::uint64_t count = in.number(4);
  if (count > in.left() / 4) return std::nullopt;  // each record takes four bytes at least
  commit.records.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) commit.records.push_back(in.text());
  commit.checkpoint = in.text();
  const bool sound = commit.first_sequence != 0 && commit.first_sequence < UINT64_MAX - count;
  if (!in.ok() || in.left() != 0 || !sound) return std::nullopt;
  return commit;
}

std::optional<Entry> decode_ledger(Cutter& in) {
  Ledger ledger;
  const std::uint64_t epochs = in.number(4);
  for (std::uint64_t i = 0; i < epochs && in.ok(); ++i) {
    EpochStanding standing;
    standing.epoch.id = in.number(8);
    standing.epoch.started.micros = static_cast<std::int64_t>(in.number(8));
    standing.acknowledged = in.number(8);
    standing.last = in.number(8);
    if (standing.epoch.id == 0 || standing.acknowledged > standing.last || standing.last == UINT64_MAX)
      return std::nullopt;
    ledger.epochs.push_back(standing);
  }
  const std::uint64_t ranges = in.number(4);
  for (std::uint64_t i = 0; i < ranges && in.ok(); ++i) {
    DroppedRange range;
    range.epoch = in.number(8);
    range.from = in.number(8);
    range.to = in.number(8);
    range.at.micros = static_cast<std::int64_t>(in.number(8));
    range.reason = in.text();
    if (range.from == 0 || range.from > range.to || range.to == UINT64_MAX) return std::nullopt;
    ledger.dropped.push_back(std::move(range));
  }
  if (!in.ok() || in.left() != 0) return std::nullopt;
  return ledger;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr auto kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0x82F6'3B78u : 0);
      table[i] = value;
    }
    return table;
  }();
  std::uint32_t crc = ~0u;
  for (const char c : bytes) crc = crc >> 8 ^ kTable[(crc ^ static_cast<std::uint8_t>(c)) & 0xFF];
  return ~crc;
}

std::string encode(const SegmentHeader& header) {
  std::string out(kMagic);
  put(out, header.ordinal, 8);
  put(out, header.epoch.id, 8);
  put(out, static_cast<std::uint64_t>(header.epoch.started.micros), 8);
  put(out, header.first_sequence, 8);
  put(out, crc32c(out), 4);
  return out;
}

std::string encode(const Commit& commit) {
  std::string body(1, kCommit);
  put(body, commit.first_sequence, 8);
  put(body, commit.records.size(), 4);
  for (const std::string_view record : commit.records) put_text(body, record);
  put_text(body, commit.checkpoint);
  return framed(body);
}

std::string encode(const Ledger& ledger) {
  std::string body(1, kLedger);
  put(body, ledger.epochs.size(), 4);
  for (const EpochStanding& standing : ledger.epochs) {
    put(body, standing.epoch.id, 8);
    put(body, static_cast<std::uint64_t>(standing.epoch.started.micros), 8);
    put(body, standing.acknowledged, 8);
    put(body, standing.last, 8);
  }
  put(body, ledger.dropped.size(), 4);
  for (const DroppedRange& range : ledger.dropped) {
    put(body, range.epoch, 8);
    put(body, range.from, 8);
    put(body, range.to, 8);
    put(body, static_cast<std::uint64_t>(range.at.micros), 8);
    put_text(body, range.reason);
  }
  return framed(body);
}

std::optional<SegmentHeader> decode_header(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderBytes || !bytes.starts_with(kMagic)) return std::nullopt;
  Cutter in(bytes.substr(kMagic.size(), kSegmentHeaderBytes - kMagic.size()));
  SegmentHeader header;
  header.ordinal = in.number(8);
  header.epoch.id = in.number(8);
  header.epoch.started.micros = static_cast<std::int64_t>(in.number(8));
  header.first_sequence = in.number(8);
  if (in.number(4) != crc32c(bytes.substr(0, kSegmentHeaderBytes - 4))) return std::nullopt;
  if (header.epoch.id == 0 || header.first_sequence == 0) return std::nullopt;
  return header;
}

ReadEntry read_entry(std::string_view bytes) {
  Cutter in(bytes.substr(0, kEntryHeaderBytes));
  const std::uint64_t size = in.number(4), crc = in.number(4);
  if (!in.ok()) return {.damage = Damage::kCutShort, .entry = {}};
  if (size == 0 || size > kMaxEntryBytes) return {.damage = Damage::kBroken, .entry = {}};
  if (size > bytes.size() - kEntryHeaderBytes) return {.damage = Damage::kCutShort, .entry = {}};
  const std::string_view body = bytes.substr(kEntryHeaderBytes, size);
  // The kind is looked at first: whoever searches a damaged file for what is left of it tries every byte.
  if ((body[0] != kCommit && body[0] != kLedger) || crc32c(body) != crc)
    return {.damage = Damage::kBroken, .entry = {}};
  Cutter content(body);
  const std::uint64_t kind = content.number(1);
  auto entry = kind == kCommit ? decode_commit(content) : decode_ledger(content);
  if (!entry) return {.damage = Damage::kBroken, .entry = {}};
  return {Damage::kNone, std::move(*entry), kEntryHeaderBytes + size};
}

SegmentScan scan_segment(std::string_view bytes) {
  SegmentScan scan;
  scan.header = decode_header(bytes);
  if (!scan.header) return scan;
  std::size_t at = scan.readable = kSegmentHeaderBytes;
  while (at < bytes.size()) {
    const ReadEntry read = read_entry(bytes.substr(at));
    if (read.damage != Damage::kNone) {
      // The first damage names the tail; should something readable follow, it was a hole and not the tail.
      if (scan.tail == Damage::kNone) {
        const std::string_view rest = bytes.substr(at);
        const bool never_written = rest.find_first_not_of('\0') == std::string_view::npos;
        scan.tail = never_written ? Damage::kCutShort : read.damage;
        if (never_written) break;
      }
      ++at;
      continue;
    }
    if (scan.tail != Damage::kNone) scan.hole = true;
    scan.tail = Damage::kNone;
    if (const auto* commit = std::get_if<Commit>(&read.entry)) {
      scan.checkpoint = commit->checkpoint;
      if (!commit->records.empty()) scan.commits.push_back({at, *commit});
    } else {
      scan.ledger = std::get<Ledger>(read.entry);
    }
    at += read.size;
    scan.readable = at;
  }
  return scan;
}

}  // namespace firstfix::agent
