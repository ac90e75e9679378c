// A real store, small, in a directory of its own.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "store/rocksdb_store.h"
#include "support/fakes.h"
#include "support/temporary_directory.h"

namespace firstfix::store {

class StoreTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kIdentity = 0x5EED;

  void SetUp() override { reopen(); }

  // Only the process's death is survived by what tests write: syncing thousands of times would test the disk.
  Options options(Durability durability = Durability::kProcess) const {
    return {directory / "store", &clock, kIdentity, durability};
  }
  void reopen() {
    store.reset();
    auto opened = open_rocksdb(options());
    ASSERT_TRUE(opened) << opened.error().message;
    store = std::move(*opened);
  }

  Status put(std::string_view key, std::string_view value) {
    return store->transact([&](Transaction& txn) { return txn.put(Table::kRecords, key, value); });
  }
  std::optional<std::string> get(std::string_view key) const {
    const auto found = store->snapshot()->get(Table::kRecords, key);
    EXPECT_TRUE(found) << found.error().message;
    return found.value_or(std::nullopt);
  }
  Status append(const std::vector<std::string>& entries, const Partition& partition = kPartition) {
    return store->transact([&](Transaction& txn) -> Status {
      for (const auto& entry : entries) FIRSTFIX_CHECK(txn.append_log(partition, entry));
      return {};
    });
  }
  // What the log says after a cursor; the error's name in its place if there is one.
  std::vector<std::string> told(Cursor after, std::size_t limit = 1000, const Partition& partition = kPartition) const {
    const auto entries = store->tail(partition, after, limit);
    if (!entries) return {std::string(code_name(entries.error().code))};
    std::vector<std::string> out;
    for (const auto& entry : *entries) out.push_back(entry.entry);
    return out;
  }

  inline static const Partition kPartition{"acme", 0};
  testing::TemporaryDirectory directory;
  testing::ManualClock clock;
  std::unique_ptr<Store> store;
};

inline std::string code_of(const Status& status) {
  return status ? "ok" : std::string(code_name(status.error().code));
}

}  // namespace firstfix::store
