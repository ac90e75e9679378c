#include "store/rocksdb_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/utilities/write_batch_with_index.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include "committer.h"
#include "recent_writes.h"
#include "store/keys.h"

namespace firstfix::store {
namespace {

constexpr std::uint64_t kSchemaVersion = 1;
constexpr std::size_t kCacheBytes = 64 << 20;
constexpr double kFilterBitsPerKey = 10, kMemtableFilterShare = 0.02;
constexpr std::size_t kTrimmedAtOnce = 256;
constexpr std::array<const char*, kTableCount> kTableNames = {"records", "indexes", "log", "blobs", "system"};
// Not a tenant: a tenant's id is never empty.
const std::string kSchemaKey = key({"", "schema"}), kIdentityKey = key({"", "identity"});

rocksdb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}
std::string_view view(const rocksdb::Slice& s) {
  return {s.data(), s.size()};
}

Error to_error(const rocksdb::Status& status, std::string_view doing) {
  const auto code = status.IsCorruption()                   ? Code::kCorrupt
                    : status.IsBusy() || status.IsIOError() ? Code::kUnavailable
                                                            : Code::kInternal;
  return {code, "store: " + std::string(doing) + ": " + status.ToString()};
}

std::string log_key(const Partition& p, std::uint64_t position) {
  return key({p.tenant, big_endian(p.number)}) + big_endian(position);
}

using Bounds = std::pair<std::uint64_t, std::uint64_t>;  // first kept position, last position

std::uint64_t position_in(const rocksdb::Slice& log_key) {
  return from_big_endian(view(log_key).substr(log_key.size() - 8));
}

Bounds ends_of_log(rocksdb::ReadOptions bounded, rocksdb::DB& db, rocksdb::ColumnFamilyHandle* log,
                   const Partition& partition) {
  const auto from = log_key(partition, 0), to = log_key(partition, UINT64_MAX);
  const auto upper = slice(to);
  bounded.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(bounded, log));
  it->Seek(from);
  if (!it->Valid()) return {1, 0};
  const auto first = position_in(it->key());
  it->SeekToLast();
  return {first, position_in(it->key())};
}

using Handles = std::array<rocksdb::ColumnFamilyHandle*, kTableCount>;

// Visits what lies between two keys of an iterator, and closes it.
Status visit_range(std::unique_ptr<rocksdb::Iterator> it, std::string_view from, std::string_view to,
                   const Visitor& visit) {
  for (it->Seek(slice(from)); it->Valid(); it->Next()) {
    if (!to.empty() && view(it->key()) >= to) break;
    if (!visit(view(it->key()), view(it->value()))) break;
  }
  if (!it->status().ok()) return fail(to_error(it->status(), "scan"));
  return {};
}

class RocksSnapshot final : public Snapshot {
 public:
  RocksSnapshot(rocksdb::DB& db, const Handles& handles) : db_(db), handles_(handles), snapshot_(db.GetSnapshot()) {}
  ~RocksSnapshot() override { db_.ReleaseSnapshot(snapshot_); }

  Result<std::optional<std::string>> get(Table table, std::string_view key) const override {
    std::string value;
    const auto status = db_.Get(options(), handles_[static_cast<std::size_t>(table)], slice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>{};
    if (!status.ok()) return fail(to_error(status, "get"));
    return std::optional<std::string>{std::move(value)};
  }

  Status scan(Table table, std::string_view from, std::string_view to, const Visitor& visit) const override {
    auto bounded = options();
    const auto upper = slice(to);
    if (!to.empty()) bounded.iterate_upper_bound = &upper;
    return visit_range(
        std::unique_ptr<rocksdb::Iterator>(db_.NewIterator(bounded, handles_[static_cast<std::size_t>(table)])), from,
        to, visit);
  }

  std::uint64_t sequence() const { return snapshot_->GetSequenceNumber(); }

  // Of the log as this snapshot shows it.
  std::uint64_t last_position(const Partition& partition) const {
    return ends_of_log(options(), db_, handles_[static_cast<std::size_t>(Table::kLog)], partition).second;
  }

 private:
  rocksdb::ReadOptions options() const {
    rocksdb::ReadOptions out;
    out.snapshot = snapshot_;
    return out;
  }

  rocksdb::DB& db_;
  const Handles& handles_;
  const rocksdb::Snapshot* snapshot_;
};

// Writes that are staged and not yet durable; later transactions of the group read through it.
class RocksTransaction final : public Transaction {
 public:
  RocksTransaction(rocksdb::DB& db, const Handles& handles, rocksdb::WriteBatchWithIndex& staged,
                   const RecentWrites& recent)
      : db_(db), handles_(handles), staged_(staged), recent_(recent) {}

  Result<std::optional<std::string>> get(Table table, std::string_view key) const override {
    std::string value;
    const auto status = staged_.GetFromBatchAndDB(&db_, rocksdb::ReadOptions{}, handle(table), slice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>{};
    if (!status.ok()) return fail(to_error(status, "get"));
    return std::optional<std::string>{std::move(value)};
  }

  Status scan(Table table, std::string_view from, std::string_view to, const Visitor& visit) const override {
    rocksdb::ReadOptions bounded;
    const auto upper = slice(to);
    if (!to.empty()) bounded.iterate_upper_bound = &upper;
    auto* base = db_.NewIterator(bounded, handle(table));
    return visit_range(std::unique_ptr<rocksdb::Iterator>(staged_.NewIteratorWithBase(handle(table), base, &bounded)),
                       from, to, visit);
  }

  Status put(Table table, std::string_view key, std::string_view value) override {
    FIRSTFIX_CHECK(within_limits(key, value.size()));
    written_.emplace_back(table, key);
    const auto status = staged_.Put(handle(table), slice(key), slice(value));
    return status.ok() ? Status{} : Status{fail(to_error(status, "put"))};
  }

  Status erase(Table table, std::string_view key) override {
    FIRSTFIX_CHECK(within_limits(key, 0));
    written_.emplace_back(table, key);
    const auto status = staged_.Delete(handle(table), slice(key));
    return status.ok() ? Status{} : Status{fail(to_error(status, "erase"))};
  }

  Status append_log(const Partition& partition, std::string entry) override {
    FIRSTFIX_CHECK(within_limits("", entry.size()));
    log_.emplace_back(partition, std::move(entry));
    return {};
  }

  // What this transaction has read or written itself plays no part in it: it has to ask first.
  bool unchanged(const Snapshot& since, const Reads& reads) const override {
    const auto* snapshot = dynamic_cast<const RocksSnapshot*>(&since);
    return snapshot != nullptr && !recent_.touched(reads, snapshot->sequence());
  }

  std::vector<std::pair<Partition, std::string>>& log() { return log_; }
  std::vector<std::pair<Table, std::string>>& written() { return written_; }

 private:
  rocksdb::ColumnFamilyHandle* handle(Table table) const { return handles_[static_cast<std::size_t>(table)]; }

  Status within_limits(std::string_view key, std::size_t value_bytes) {
    if (key.size() > kMaxKeyBytes)
      return fail(Code::kTooLarge, "store: a key of " + std::to_string(key.size()) + " bytes is over 1024");
    if (value_bytes > kMaxValueBytes)
      return fail(Code::kTooLarge, "store: a value of " + std::to_string(value_bytes) + " bytes is over 1 MiB");
    bytes_ += key.size() + value_bytes;
    if (bytes_ > kMaxTransactionBytes) return fail(Code::kTooLarge, "store: the transaction is over 16 MiB");
    return {};
  }

  rocksdb::DB& db_;
  const Handles& handles_;
  rocksdb::WriteBatchWithIndex& staged_;
  const RecentWrites& recent_;
  std::vector<std::pair<Table, std::string>> written_;
  std::vector<std::pair<Partition, std::string>> log_;
  std::size_t bytes_ = 0;
};

tl::unexpected<Error> expired() {
  return fail(Code::kExpired, "the cursor is too old, the log has been trimmed: begin again without a cursor");
}

// Who is woken after a commit. Outlives the store as long as a subscription does.
class Wakers : public std::enable_shared_from_this<Wakers> {
 public:
  Subscription add(std::function<void()> wake) {
    std::lock_guard lock(mutex_);
    const auto id = next_++;
    wakers_.emplace(id, std::move(wake));
    // The lock waits for a wake on its way, so that nobody is woken who has given the subscription back.
    return {nullptr, [self = shared_from_this(), id](void*) {
              std::lock_guard gone(self->mutex_);
              self->wakers_.erase(id);
            }};
  }

  void wake() {
    std::lock_guard lock(mutex_);
    for (const auto& [id, waker] : wakers_) waker();
  }

 private:
  std::mutex mutex_;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, std::function<void()>> wakers_;
};

class RocksStore final : public Store {
 public:
  RocksStore(std::unique_ptr<rocksdb::DB> db, Handles handles, const Options& options)
      : db_(std::move(db)),
        handles_(handles),
        clock_(*options.clock),
        staged_(rocksdb::BytewiseComparator(), 0, true),
        committer_([this] { return flush(); }) {
    write_.sync = options.durability == Durability::kSync;
  }

  ~RocksStore() override {
    for (auto* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
    db_->Close();
  }

  // Reads or writes what a store says of itself.
  Status identify(std::uint64_t identity_seed) {
    std::string schema, identity;
    const auto found = db_->Get({}, handle(Table::kSystem), kSchemaKey, &schema);
    if (found.IsNotFound()) {
      schema = big_endian(kSchemaVersion);
      rocksdb::WriteBatch batch;
      batch.Put(handle(Table::kSystem), kSchemaKey, schema);
      batch.Put(handle(Table::kSystem), kIdentityKey, big_endian(identity_seed));
      if (const auto done = db_->Write(write_, &batch); !done.ok()) return fail(to_error(done, "create"));
    } else if (!found.ok()) {
      return fail(to_error(found, "open"));
    }
    if (schema.size() != 8 || from_big_endian(schema) == 0)
      return fail(Code::kCorrupt, "store: its schema version is not a number that ever was: restore a copy");
    if (from_big_endian(schema) > kSchemaVersion)
      return fail(Code::kState, "store: written by a newer FirstFix (schema " +
                                    std::to_string(from_big_endian(schema)) + ", this one knows " +
                                    std::to_string(kSchemaVersion) + "): use that version");
    if (const auto got = db_->Get({}, handle(Table::kSystem), kIdentityKey, &identity); !got.ok())
      return fail(to_error(got, "open"));
    identity_ = from_big_endian(identity);
    return {};
  }

  Status transact(const std::function<Status(Transaction&)>& fn) override {
    Committer::Job job;
    job.run = [&] { return stage(fn); };
    FIRSTFIX_CHECK(committer_.commit(job));
    return {};
  }

  std::shared_ptr<const Snapshot> snapshot() const override { return std::make_shared<RocksSnapshot>(*db_, handles_); }

  Result<std::vector<LogEntry>> tail(const Partition& partition, const Cursor& after,
                                     std::size_t limit) const override {
    const auto bounds = bounds_of(partition);
    if (after.position > bounds.second)
      return fail(Code::kInvalid, "the cursor is beyond the log's end: begin without a cursor");
    if (after.position + 1 < bounds.first) return expired();
    std::vector<LogEntry> entries;
    if (after.position == bounds.second || limit == 0) return entries;
    rocksdb::ReadOptions bounded;
    const auto to = log_key(partition, bounds.second + 1);
    const auto upper = slice(to);
    bounded.iterate_upper_bound = &upper;
    FIRSTFIX_CHECK(
        visit_range(std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(bounded, handle(Table::kLog))),
                    log_key(partition, after.position + 1), to, [&](std::string_view key, std::string_view value) {
                      const auto position = position_in(slice(key));
                      entries.push_back({position, Instant{static_cast<std::int64_t>(from_big_endian(value))},
                                         std::string(value.substr(8)), Cursor{position}});
                      return entries.size() < limit;
                    }));
    // Trimmed since the bounds were read: what is left must not be taken for the continuation.
    if (entries.empty() || entries.front().position != after.position + 1) return expired();
    return entries;
  }

  Cursor head(const Partition& partition) const override { return {bounds_of(partition).second}; }
  Cursor beginning(const Partition& partition) const override { return {bounds_of(partition).first - 1}; }
  std::uint64_t position(const Partition& partition) const override { return bounds_of(partition).second; }
  Result<Cursor> parse_cursor(const Partition& partition, std::string_view token) const override {
    return cursor_from_token(identity_, partition, token);
  }
  std::string token(const Partition& partition, Cursor cursor) const override {
    return cursor_token(identity_, partition, cursor);
  }

  std::pair<std::shared_ptr<const Snapshot>, Cursor> snapshot_with_head(const Partition& partition) const override {
    auto seen = std::make_shared<RocksSnapshot>(*db_, handles_);
    const Cursor end{seen->last_position(partition)};
    return {std::move(seen), end};
  }

  Status trim(const Partition& partition, Instant before) override {
    const auto bounds = bounds_of(partition);
    auto first = bounds.first;
    // The newest entry always stays: after a restart the positions go on from it.
    for (bool old = true; old && first < bounds.second;) {
      FIRSTFIX_TRY(entries, tail(partition, Cursor{first - 1}, kTrimmedAtOnce));
      for (const auto& entry : entries) {
        old = entry.committed_at < before && entry.position < bounds.second;
        if (!old) break;
        first = entry.position + 1;
      }
    }
    if (first == bounds.first) return {};
    const auto done =
        db_->DeleteRange(write_, handle(Table::kLog), log_key(partition, bounds.first), log_key(partition, first));
    if (!done.ok()) return fail(to_error(done, "trim"));
    std::lock_guard lock(published_mutex_);
    auto& kept = bounds_[partition].first;
    kept = std::max(kept, first);
    return {};
  }

  Subscription subscribe(std::function<void()> wake) override { return wakers_->add(std::move(wake)); }

  Status checkpoint(const std::string& directory) override {
    rocksdb::Checkpoint* made = nullptr;
    if (const auto status = rocksdb::Checkpoint::Create(db_.get(), &made); !status.ok())
      return fail(to_error(status, "checkpoint"));
    const std::unique_ptr<rocksdb::Checkpoint> owner(made);
    if (const auto status = owner->CreateCheckpoint(directory); !status.ok())
      return fail(to_error(status, "checkpoint to " + directory));
    return {};
  }

 private:
  rocksdb::ColumnFamilyHandle* handle(Table table) const { return handles_[static_cast<std::size_t>(table)]; }

  // --- under the committer: one thread at a time ---
  Status stage(const std::function<Status(Transaction&)>& fn) {
    if (!broken_.empty())
      return fail(Code::kUnavailable,
                  "store: refuses writes since a write failed: " + broken_ + "; restart when the disk is well");
    staged_.SetSavePoint();
    RocksTransaction txn(*db_, handles_, staged_, recent_);
    Status outcome = run_guarded(fn, txn);
    if (outcome) outcome = stage_log(txn.log());
    if (!outcome) {
      staged_.RollbackToSavePoint();
      return outcome;
    }
    staged_.PopSavePoint();
    recent_.stage(std::move(txn.written()));
    return outcome;
  }

  static Status run_guarded(const std::function<Status(Transaction&)>& fn, Transaction& txn) {
    try {
      return fn(txn);
    } catch (const std::exception& e) {
      return fail(Code::kInternal, std::string("store: a transaction threw: ") + e.what());
    }
  }

  Status stage_log(std::vector<std::pair<Partition, std::string>>& log) {
    for (auto& [partition, entry] : log) {
      auto [next, added] = staged_heads_.try_emplace(partition, 0);
      if (added) next->second = bounds_of(partition).second;
      const auto stamped = big_endian(static_cast<std::uint64_t>(clock_.now().micros)) + entry;
      const auto status = staged_.Put(handle(Table::kLog), log_key(partition, next->second + 1), stamped);
      if (!status.ok()) return fail(to_error(status, "log"));
      ++next->second;
    }
    return {};
  }

  Status flush() {
    bool logged = false;
    const auto status = db_->Write(write_, staged_.GetWriteBatch());
    staged_.Clear();
    if (!status.ok()) {
      recent_.drop();
      staged_heads_.clear();
      broken_ = status.ToString();
      return fail(to_error(status, "write"));
    }
    recent_.commit(db_->GetLatestSequenceNumber());
    {
      std::lock_guard lock(published_mutex_);
      for (const auto& [partition, last] : staged_heads_) published(partition).second = last, logged = true;
      staged_heads_.clear();
    }
    if (logged) wakers_->wake();
    return {};
  }

  // --- what is published ---
  Bounds bounds_of(const Partition& partition) const {
    std::lock_guard lock(published_mutex_);
    return published(partition);
  }

  // Reads a partition's ends from the log the first time that it is asked for. The lock is held.
  Bounds& published(const Partition& partition) const {
    const auto found = bounds_.find(partition);
    if (found != bounds_.end()) return found->second;
    return bounds_.emplace(partition, ends_of_log({}, *db_, handle(Table::kLog), partition)).first->second;
  }

  std::unique_ptr<rocksdb::DB> db_;
  Handles handles_;
  const Clock& clock_;
  rocksdb::WriteOptions write_;
  std::uint64_t identity_ = 0;

  // Used by the leading thread only.
  rocksdb::WriteBatchWithIndex staged_;
  RecentWrites recent_;
  std::map<Partition, std::uint64_t> staged_heads_;
  std::string broken_;
  Committer committer_;

  mutable std::mutex published_mutex_;
  mutable std::map<Partition, Bounds> bounds_;
  const std::shared_ptr<Wakers> wakers_ = std::make_shared<Wakers>();
};

}  // namespace

Result<std::unique_ptr<Store>> open_rocksdb(const Options& options) {
  rocksdb::DBOptions db_options;
  db_options.create_if_missing = true;
  db_options.create_missing_column_families = true;
  db_options.max_background_jobs = 2;
  db_options.keep_log_file_num = 4;
  db_options.max_total_wal_size = 256 << 20;
  // Most keys that a transaction looks up are of records that it is about to make: filters say that they are not there.
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = rocksdb::NewLRUCache(kCacheBytes);
  blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
  std::vector<rocksdb::ColumnFamilyDescriptor> tables = {{rocksdb::kDefaultColumnFamilyName, {}}};
  for (const auto* name : kTableNames) {
    rocksdb::ColumnFamilyOptions table;
    table.write_buffer_size = 32 << 20;
    table.compression = rocksdb::kNoCompression;  // photos do not compress, records are small
    table.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
    table.memtable_whole_key_filtering = true;
    table.memtable_prefix_bloom_size_ratio = kMemtableFilterShare;
    tables.emplace_back(name, table);
  }
  std::vector<rocksdb::ColumnFamilyHandle*> opened;
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::Open(db_options, options.directory, tables, &opened, &db);
  if (status.IsInvalidArgument() && status.ToString().find("not opened") != std::string::npos)
    return fail(Code::kState, "store: " + options.directory + " has tables of a newer FirstFix (" + status.ToString() +
                                  "): use that version");
  if (!status.ok()) return fail(to_error(status, "open " + options.directory));
  std::unique_ptr<rocksdb::DB> owner(db);
  owner->DestroyColumnFamilyHandle(opened.front());
  Handles handles{};
  std::copy(opened.begin() + 1, opened.end(), handles.begin());
  auto store = std::make_unique<RocksStore>(std::move(owner), handles, options);
  FIRSTFIX_CHECK(store->identify(options.identity_seed));
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace firstfix::store
