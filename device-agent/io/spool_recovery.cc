// Opening a spool: what a crash, a worn-out disk or a careless hand left behind becomes a spool again.
#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <charconv>

#include "agent_io/spool.h"

namespace firstfix::agent {

struct Spool::Found {
  struct Run {  // consecutive sequences that can be read
    std::uint64_t epoch, first, end;
  };
  std::vector<Run> runs;
  std::optional<Ledger> ledger;      // the newest
  std::uint64_t ledger_ordinal = 0;  // of the segment that it stands in
  bool tail_trusted = true;          // the last sequence given is known
};

Spool::Spool(SpoolOptions options, const Clock& clock, Entropy& entropy)
    : options_(std::move(options)), clock_(clock), entropy_(entropy) {}

Spool::~Spool() = default;

Result<std::unique_ptr<Spool>> Spool::open(SpoolOptions options, const Clock& clock, Entropy& entropy,
                                           std::vector<std::string>& reports) {
  if (options.limit_bytes < kMinSpoolBytes)
    return fail(Code::kInvalid, "a spool needs at least " + std::to_string(kMinSpoolBytes) + " bytes");
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  if (error) return fail(Code::kUnavailable, options.folder.string() + ": " + error.message());
  std::unique_ptr<Spool> spool(new Spool(std::move(options), clock, entropy));
  FIRSTFIX_CHECK(spool->lock_folder());
  FIRSTFIX_CHECK(spool->recover(reports));
  return spool;
}

Status Spool::lock_folder() {
  FIRSTFIX_TRY(file, open_file(options_.folder / "lock", O_CREAT | O_RDWR));
  if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0)
    return fail(Code::kState, options_.folder.string() + ": another agent uses this spool");
  lock_file_ = std::move(file);
  return {};
}

Status Spool::recover(std::vector<std::string>& reports) {
  FIRSTFIX_TRY(found, scan_files(reports));
  settle_epochs(found);
  mark_holes(found, reports);
  if (epochs_.empty() || !found.tail_trusted) {
    if (!epochs_.empty()) reports.push_back("the last sequence given is not known: a new epoch begins");
    push_epoch();
  }
  synced_ = epochs_.back().last;
  return begin_segment();
}

// Reads every segment, oldest first. A damaged one is written anew with what can be read of it, so that whoever reads
// on need not look for damage.
Result<Spool::Found> Spool::scan_files(std::vector<std::string>& reports) {
  std::vector<std::uint64_t> ordinals;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(options_.folder, error)) {
    const std::string name = entry.path().filename();
    if (name.ends_with(".tmp")) {
      std::filesystem::remove(entry.path(), error);
    } else if (std::uint64_t ordinal = 0; name.ends_with(".segment")) {
      std::from_chars(name.data(), name.data() + name.size(), ordinal);
      if (ordinal != 0 && path_of(ordinal) == entry.path()) ordinals.push_back(ordinal);
    }
  }
  if (error) return fail(Code::kUnavailable, options_.folder.string() + ": " + error.message());
  std::sort(ordinals.begin(), ordinals.end());

  Found found;
  for (const std::uint64_t ordinal : ordinals) {
    const std::filesystem::path path = path_of(ordinal);
    FIRSTFIX_TRY(bytes, read_whole(path));
    const SegmentScan scan = scan_segment(bytes);
    const bool last = ordinal == ordinals.back();
    if (!scan.header || scan.header->ordinal != ordinal) {
      reports.push_back(path.filename().string() + ": not a segment of a spool; removed");
      std::filesystem::remove(path, error);
      if (last) found.tail_trusted = false;
      continue;
    }
    if (scan.hole) reports.push_back(path.filename().string() + ": damaged in the middle; the rest is kept");
    if (scan.tail == Damage::kBroken || (scan.tail == Damage::kCutShort && !last))
      reports.push_back(path.filename().string() + ": damaged at the end");
    // An entry cut short was never synced, so never sent: its sequences may be given again. A broken one may have been.
    if (last && scan.tail == Damage::kBroken) found.tail_trusted = false;

    Segment segment{ordinal, scan.header->epoch, scan.header->first_sequence, scan.header->first_sequence,
                    bytes.size()};
    for (const auto& [offset, commit] : scan.commits) {
      found.runs.push_back({segment.epoch.id, commit.first_sequence, commit.end_sequence()});
      segment.end = std::max(segment.end, commit.end_sequence());
    }
    if (scan.ledger) {
      found.ledger = scan.ledger;
      found.ledger_ordinal = ordinal;
    }
    if (scan.checkpoint) checkpoint_ = *scan.checkpoint;
    if (scan.hole || scan.tail != Damage::kNone) {
      std::string clean = encode(*scan.header);
      if (scan.ledger) clean += encode(*scan.ledger);
      for (const auto& [offset, commit] : scan.commits) clean += encode(commit);
      if (scan.checkpoint) clean += encode(Commit{segment.end, {}, *scan.checkpoint});
      FIRSTFIX_CHECK(replace_file(path, clean));
      segment.bytes = clean.size();
    } else if (last) {
      // A killed process leaves its last entries in the machine's memory.
      FIRSTFIX_TRY(file, open_file(path, O_RDONLY));
      FIRSTFIX_CHECK(sync_data(file));
    }
    segments_.push_back(segment);
  }
  return found;
}

// Which epochs there are, oldest first, and how far each has come.
void Spool::settle_epochs(const Found& found) {
  if (found.ledger) {
    epochs_.assign(found.ledger->epochs.begin(), found.ledger->epochs.end());
    dropped_ = found.ledger->dropped;
  }
  for (const Segment& segment : segments_) {
    EpochStanding* standing = standing_of(segment.epoch.id);
    if (standing == nullptr) {
      if (found.ledger && segment.ordinal < found.ledger_ordinal) continue;  // the ledger knows it as delivered
      epochs_.push_back({segment.epoch, segment.first - 1, segment.first - 1});
      standing = &epochs_.back();
    }
    standing->last = std::max(standing->last, segment.end - 1);
  }
}

// A sequence between the acknowledged and the last one that can be read nowhere was lost: a range says so in its place.
void Spool::mark_holes(const Found& found, std::vector<std::string>& reports) {
  for (const EpochStanding& standing : epochs_) {
    std::vector<Found::Run> runs;
    for (const auto& run : found.runs)
      if (run.epoch == standing.epoch.id) runs.push_back(run);
    for (const auto& range : dropped_)
      if (range.epoch == standing.epoch.id) runs.push_back({range.epoch, range.from, range.to + 1});
    runs.push_back({standing.epoch.id, standing.last + 1, standing.last + 2});
    std::sort(runs.begin(), runs.end(), [](auto& a, auto& b) { return a.first < b.first; });
    std::uint64_t expected = standing.acknowledged + 1;
    for (const auto& run : runs) {
      if (run.first > expected) {
        dropped_.push_back({standing.epoch.id, expected, run.first - 1, clock_.now(), "the spool was damaged"});
        dropped_records_ += run.first - expected;
        reports.push_back("records " + std::to_string(expected) + " to " + std::to_string(run.first - 1) + " are lost");
      }
      expected = std::max(expected, run.end);
    }
  }
}

}  // namespace firstfix::agent
