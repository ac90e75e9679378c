#include "agent_io/spool.h"

#include <fcntl.h>

#include <algorithm>
#include <cstdio>

namespace firstfix::agent {
namespace {

constexpr std::size_t kReadBytes = 256 << 10;
constexpr std::uint64_t kMinSegmentBytes = 8 << 10, kMaxSegmentBytes = 8 << 20;

}  // namespace

std::filesystem::path Spool::path_of(std::uint64_t ordinal) const {
  char name[40];
  std::snprintf(name, sizeof name, "%020llu.segment", static_cast<unsigned long long>(ordinal));
  return options_.folder / name;
}

std::uint64_t Spool::segment_bytes() const {
  return std::clamp(options_.limit_bytes / 8, kMinSegmentBytes, kMaxSegmentBytes);
}

std::uint64_t Spool::total_bytes() const {
  std::uint64_t bytes = 0;
  for (const Segment& segment : segments_) bytes += segment.bytes;
  return bytes;
}

const DroppedRange* Spool::dropped_at(std::uint64_t epoch, std::uint64_t sequence) const {
  for (const DroppedRange& range : dropped_)
    if (range.epoch == epoch && range.from <= sequence && sequence <= range.to) return &range;
  return nullptr;
}

EpochStanding* Spool::standing_of(std::uint64_t epoch) {
  const auto found = std::find_if(epochs_.begin(), epochs_.end(), [&](auto& e) { return e.epoch.id == epoch; });
  return found == epochs_.end() ? nullptr : &*found;
}

bool Spool::all_delivered() const {
  return epochs_.size() == 1 && epochs_.front().acknowledged == epochs_.front().last;
}

Ledger Spool::ledger() const {
  return {{epochs_.begin(), epochs_.end()}, dropped_};
}

void Spool::push_epoch() {
  std::uint64_t id = 0;
  while (id == 0) id = entropy_.next();
  epochs_.push_back({{id, clock_.now()}, 0, 0});
  synced_ = 0;
}

// --- writing

Status Spool::begin_segment() {
  if (file_) FIRSTFIX_CHECK(sync_now());
  const EpochStanding& current = epochs_.back();
  Segment segment{.ordinal = segments_.empty() ? 1 : segments_.back().ordinal + 1,
                  .epoch = current.epoch,
                  .first = current.last + 1,
                  .end = current.last + 1};
  const std::string bytes = encode(SegmentHeader{segment.ordinal, segment.epoch, segment.first}) + encode(ledger()) +
                            encode(Commit{segment.first, {}, checkpoint_});
  FIRSTFIX_CHECK(replace_file(path_of(segment.ordinal), bytes));
  FIRSTFIX_TRY(file, open_file(path_of(segment.ordinal), O_RDWR));
  file_ = std::make_shared<File>(std::move(file));
  segment.bytes = bytes.size();
  segments_.push_back(segment);
  remove_delivered();
  return {};
}

Status Spool::write(std::string_view bytes) {
  Segment& segment = segments_.back();
  Status written = write_at(*file_, segment.bytes, bytes);
  if (!written) {
    (void)truncate(*file_, segment.bytes);  // what stays of a half-written entry is cut off at the next start
    return written;
  }
  segment.bytes += bytes.size();
  return {};
}

Status Spool::sync_now() {
  FIRSTFIX_CHECK(sync_data(*file_));
  synced_ = epochs_.back().last;
  return {};
}

Status Spool::append(std::span<const std::string> records, std::string_view checkpoint) {
  std::unique_lock lock(mutex_);
  return append_locked(records, checkpoint, lock);
}

Status Spool::append_locked(std::span<const std::string> records, std::string_view checkpoint,
                            std::unique_lock<std::mutex>& lock) {
  for (const std::string& record : records)
    if (record.size() > kMaxRecordBytes) return fail(Code::kTooLarge, "a record of more than 64 KiB");
  if (checkpoint.size() > kMaxCheckpointBytes) return fail(Code::kTooLarge, "a checkpoint of more than 4 MiB");
  Commit commit{epochs_.back().last + 1, {records.begin(), records.end()}, checkpoint};
  std::string bytes = encode(commit);
  if (bytes.size() > std::min<std::uint64_t>(options_.limit_bytes / 4, kMaxEntryBytes))
    return fail(Code::kTooLarge, "an entry of " + std::to_string(bytes.size()) + " bytes in a spool of " +
                                     std::to_string(options_.limit_bytes) + "; raise the spool's limit");
  FIRSTFIX_CHECK(make_room(bytes.size(), lock));
  if (segments_.back().bytes + bytes.size() > segment_bytes() && segments_.back().first != segments_.back().end)
    FIRSTFIX_CHECK(begin_segment());
  FIRSTFIX_CHECK(write(bytes));
  epochs_.back().last += records.size();
  segments_.back().end = epochs_.back().last + 1;
  checkpoint_ = checkpoint;
  return {};
}

Status Spool::sync() {
  std::unique_lock lock(mutex_);
  const EpochStanding target = epochs_.back();
  if (synced_ == target.last) return {};
  const auto file = file_;
  lock.unlock();  // others may append meanwhile; their records are the next sync's
  FIRSTFIX_CHECK(sync_data(*file));
  lock.lock();
  if (epochs_.back().epoch == target.epoch) synced_ = std::max(synced_, target.last);
  return {};
}

// --- a full spool

Status Spool::make_room(std::uint64_t bytes, std::unique_lock<std::mutex>& lock) {
  while (total_bytes() + bytes > options_.limit_bytes) {
    remove_delivered();
    if (total_bytes() + bytes <= options_.limit_bytes) break;
    if (segments_.size() == 1) {
      FIRSTFIX_CHECK(begin_segment());
      continue;
    }
    if (!options_.wait_when_full) {
      FIRSTFIX_CHECK(drop_oldest());
      continue;
    }
    if (closed_) return fail(Code::kExpired, "the spool was closed while a record waited for room");
    room_.wait(lock);
  }
  return {};
}

Status Spool::drop_oldest() {
  const Segment oldest = segments_.front();
  const EpochStanding* standing = standing_of(oldest.epoch.id);
  const std::uint64_t from = std::max(oldest.first, standing->acknowledged + 1);
  if (from < oldest.end) {
    drop_range({oldest.epoch.id, from, oldest.end - 1, clock_.now(), "the spool was full"});
    // The range must be on disk before what it stands for goes.
    FIRSTFIX_CHECK(write(encode(ledger())));
    FIRSTFIX_CHECK(sync_now());
  }
  remove_front();
  return {};
}

// A range that was handed out may already be known to the receiver, so it keeps its end; others grow.
void Spool::drop_range(DroppedRange range) {
  std::erase_if(dropped_, [&](const DroppedRange& known) {
    return known.epoch == range.epoch && range.from <= known.from && known.to <= range.to;
  });
  dropped_records_ += range.to - range.from + 1;
  for (DroppedRange& known : dropped_) {
    const bool handed_out = range.epoch == epochs_.front().epoch.id && known.to <= handed_out_;
    if (known.epoch != range.epoch || known.to + 1 != range.from || handed_out) continue;
    known.to = range.to;
    known.at = range.at;
    return;
  }
  dropped_.push_back(std::move(range));
}

void Spool::remove_front() {
  std::error_code ignored;  // a file that stays is found delivered at the next start
  std::filesystem::remove(path_of(segments_.front().ordinal), ignored);
  segments_.pop_front();
}

void Spool::remove_delivered() {
  while (epochs_.size() > 1 && epochs_.front().acknowledged >= epochs_.front().last) {
    epochs_.pop_front();
    handed_out_ = 0;
  }
  std::erase_if(dropped_, [&](const DroppedRange& range) {
    const EpochStanding* standing = standing_of(range.epoch);
    return standing == nullptr || range.to <= standing->acknowledged;
  });
  while (segments_.size() > 1) {
    const Segment& front = segments_.front();
    const EpochStanding* standing = standing_of(front.epoch.id);
    if (standing != nullptr && front.first != front.end && front.end - 1 > standing->acknowledged) break;
    remove_front();
  }
}

// --- reading and acknowledging

struct Spool::Reading {
  std::uint64_t next = 0, limit = 0;  // sequences
  std::size_t records_left = 0, bytes_left = 0;
  std::vector<SpoolItem> items;

  bool done() const { return next > limit || records_left == 0; }
  // False: no room for it in this batch. The first one always has room.
  bool take(SpoolItem item) {
    if (records_left == 0 || (item.record.size() > bytes_left && !items.empty())) {
      records_left = 0;
      return false;
    }
    --records_left;
    bytes_left -= std::min(bytes_left, item.record.size());
    next = item.sequence + 1;
    items.push_back(std::move(item));
    return true;
  }
};

Result<SpoolBatch> Spool::read(std::uint64_t epoch, std::uint64_t from, std::size_t max_records,
                               std::size_t max_bytes) {
  const std::lock_guard lock(mutex_);
  return read_locked(epoch == epochs_.front().epoch.id ? from : 0, max_records, max_bytes);
}

Result<SpoolBatch> Spool::read_locked(std::uint64_t from, std::size_t max_records, std::size_t max_bytes) {
  const EpochStanding& head = epochs_.front();
  Reading reading{.next = std::max(from, head.acknowledged + 1),
                  .limit = epochs_.size() == 1 ? synced_ : head.last,
                  .records_left = max_records,
                  .bytes_left = max_bytes,
                  .items = {}};
  while (!reading.done()) {
    const std::uint64_t next = reading.next;
    if (const DroppedRange* range = dropped_at(head.epoch.id, next)) {
      reading.take({range->to, {}, *range});
      continue;
    }
    const auto segment = std::find_if(segments_.begin(), segments_.end(), [&](const Segment& s) {
      return s.epoch == head.epoch && s.first <= next && next < s.end;
    });
    if (segment != segments_.end()) FIRSTFIX_CHECK(read_segment(*segment, reading));
    if (reading.next == next && !reading.done())
      return fail(Code::kCorrupt, "record " + std::to_string(next) + " cannot be read from the spool any more");
  }
  if (!reading.items.empty()) handed_out_ = std::max(handed_out_, reading.items.back().sequence);
  return SpoolBatch{head.epoch, std::move(reading.items)};
}

// Takes records in turn until the batch is full, the segment ends, or a sequence is missing.
Status Spool::read_segment(const Segment& segment, Reading& reading) {
  File own;
  if (segment.ordinal != segments_.back().ordinal) {
    FIRSTFIX_TRY(file, open_file(path_of(segment.ordinal), O_RDONLY));
    own = std::move(file);
  }
  const File& file = own ? own : *file_;
  const bool known = cursor_.ordinal == segment.ordinal && cursor_.sequence <= reading.next;
  std::uint64_t offset = known ? cursor_.offset : kSegmentHeaderBytes;
  std::size_t want = kReadBytes;
  while (offset < segment.bytes) {
    FIRSTFIX_TRY(bytes, read_at(file, offset, std::min<std::uint64_t>(want, segment.bytes - offset)));
    std::string_view rest = bytes;
    while (!rest.empty()) {
      const ReadEntry read = read_entry(rest);
      if (read.damage != Damage::kNone) break;
      const auto* commit = std::get_if<Commit>(&read.entry);
      if (commit != nullptr && commit->first_sequence > reading.next) return {};
      if (commit != nullptr && commit->end_sequence() > reading.next) {
        cursor_ = {segment.ordinal, commit->first_sequence, offset};
        while (!reading.done() && reading.next < commit->end_sequence()) {
          const std::string_view record = commit->records[reading.next - commit->first_sequence];
          if (!reading.take({reading.next, std::string(record), {}})) break;
        }
        if (reading.next < commit->end_sequence()) return {};
      }
      rest.remove_prefix(read.size);
      offset += read.size;
      cursor_ = {segment.ordinal, reading.next, offset};
      if (reading.done()) return {};
    }
    // An entry that did not fit is read again from its beginning, with room for the longest there may be.
    if (rest.size() == bytes.size()) {
      if (want > kReadBytes || bytes.size() < want) return {};
      want = kMaxEntryBytes + kReadBytes;
    }
  }
  return {};
}

Result<bool> Spool::acknowledge(std::uint64_t epoch, std::uint64_t through) {
  const std::lock_guard lock(mutex_);
  EpochStanding& head = epochs_.front();
  if (epoch != head.epoch.id) return fail(Code::kNotFound, "a receipt for another epoch");
  if (through > head.last)
    return fail(Code::kCorrupt, "a receipt up to " + std::to_string(through) + ", but the last record given is " +
                                    std::to_string(head.last) + ": this spool is an older copy of itself");
  if (through <= head.acknowledged) return false;
  head.acknowledged = through;
  FIRSTFIX_CHECK(write(encode(ledger())));  // unsynced: lost, it means that records are sent again
  remove_delivered();
  if (segments_.back().bytes > segment_bytes()) FIRSTFIX_CHECK(begin_segment());
  room_.notify_all();
  return true;
}

Status Spool::begin_epoch() {
  std::unique_lock lock(mutex_);
  std::vector<std::string> records;
  const std::uint64_t from = epochs_.front().acknowledged + 1;
  if (epochs_.size() == 1) FIRSTFIX_CHECK(sync_now());
  for (std::uint64_t next = from;;) {
    FIRSTFIX_TRY(batch, read_locked(next, 10'000, kMaxSegmentBytes));
    if (batch.items.empty()) break;
    for (SpoolItem& item : batch.items)
      if (!item.dropped) records.push_back(std::move(item.record));
    next = batch.items.back().sequence + 1;
  }
  const std::uint64_t old = epochs_.front().epoch.id;
  if (epochs_.size() == 1) {
    push_epoch();
    FIRSTFIX_CHECK(begin_segment());
  }
  const std::string checkpoint = checkpoint_;
  constexpr std::size_t kAtOnce = 16;
  for (std::span<const std::string> rest = records; !rest.empty(); rest = rest.subspan(std::min(kAtOnce, rest.size())))
    FIRSTFIX_CHECK(append_locked(rest.first(std::min(kAtOnce, rest.size())), checkpoint, lock));
  FIRSTFIX_CHECK(sync_now());
  // Only now that they are safe in the new epoch is the old one done with.
  if (EpochStanding* standing = standing_of(old)) standing->acknowledged = standing->last;
  remove_delivered();
  return begin_segment();
}

void Spool::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  room_.notify_all();
}

Spool::Standing Spool::standing() const {
  const std::lock_guard lock(mutex_);
  const EpochStanding& head = epochs_.front();
  return {head.epoch, head.acknowledged, head.last, all_delivered(), total_bytes(), dropped_records_};
}

std::string Spool::checkpoint() const {
  const std::lock_guard lock(mutex_);
  return checkpoint_;
}

}  // namespace firstfix::agent
