// Transactions: whole or not at all, one after another, and durable when they return.
#include <gmock/gmock.h>

#include <atomic>
#include <latch>
#include <thread>

#include "store_fixture.h"

namespace firstfix::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using TransactionTest = StoreTest;

std::vector<std::string> keys_from(const Reader& reader, std::string_view from, std::string_view to) {
  std::vector<std::string> keys;
  EXPECT_TRUE(reader.scan(Table::kRecords, from, to, [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return true;
  }));
  return keys;
}

TEST_F(TransactionTest, WritesAllOfItOrNothing) {
  ASSERT_TRUE(put("a", "before"));
  const auto done = store->transact([](Transaction& txn) -> Status {
    FIRSTFIX_CHECK(txn.put(Table::kRecords, "a", "after"));
    FIRSTFIX_CHECK(txn.put(Table::kIndexes, "b", "new"));
    FIRSTFIX_CHECK(txn.append_log(kPartition, "told"));
    return fail(Code::kState, "not today");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "not today") << "the caller gets its own error";
  EXPECT_EQ(get("a"), "before");
  EXPECT_EQ(store->snapshot()->get(Table::kIndexes, "b"), std::nullopt);
  EXPECT_EQ(store->position(kPartition), 0u);
}

TEST_F(TransactionTest, OneThatThrowsIsAnErrorAndLeavesNothing) {
  const auto done = store->transact([](Transaction& txn) -> Status {
    FIRSTFIX_CHECK(txn.put(Table::kRecords, "a", "1"));
    throw std::runtime_error("a bug");
  });
  EXPECT_EQ(code_of(done), "internal");
  EXPECT_THAT(done.error().message, HasSubstr("a bug"));
  EXPECT_EQ(get("a"), std::nullopt);
  EXPECT_TRUE(put("a", "2")) << "and the store goes on";
}

TEST_F(TransactionTest, ReadsItsOwnWrites) {
  ASSERT_TRUE(put("a", "1"));
  ASSERT_TRUE(put("c", "3"));
  const auto done = store->transact([](Transaction& txn) -> Status {
    FIRSTFIX_CHECK(txn.put(Table::kRecords, "b", "2"));
    FIRSTFIX_CHECK(txn.erase(Table::kRecords, "c"));
    EXPECT_EQ(txn.get(Table::kRecords, "b").value(), "2");
    EXPECT_EQ(txn.get(Table::kRecords, "c").value(), std::nullopt);
    EXPECT_THAT(keys_from(txn, "", ""), ElementsAre("a", "b"));
    FIRSTFIX_CHECK(txn.put(Table::kRecords, "c", "again"));
    EXPECT_THAT(keys_from(txn, "b", ""), ElementsAre("b", "c"));
    EXPECT_THAT(keys_from(txn, "a", "b"), ElementsAre("a")) << "up to, not including";
    return {};
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(get("c"), "again");
}

TEST_F(TransactionTest, AScanStopsWhenItsVisitorHasEnough) {
  for (const auto* key : {"a", "b", "c"}) ASSERT_TRUE(put(key, ""));
  int seen = 0;
  ASSERT_TRUE(store->snapshot()->scan(Table::kRecords, "", "", [&](auto, auto) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
}

TEST_F(TransactionTest, TablesDoNotMix) {
  ASSERT_TRUE(put("a", "record"));
  EXPECT_EQ(store->snapshot()->get(Table::kIndexes, "a"), std::nullopt);
}

TEST_F(TransactionTest, ASnapshotShowsOneMoment) {
  ASSERT_TRUE(put("a", "1"));
  const auto before = store->snapshot();
  ASSERT_TRUE(put("a", "2"));
  ASSERT_TRUE(put("b", "2"));
  EXPECT_EQ(before->get(Table::kRecords, "a"), "1");
  EXPECT_THAT(keys_from(*before, "", ""), ElementsAre("a"));
  EXPECT_EQ(get("a"), "2");
}

TEST_F(TransactionTest, ASnapshotNeverShowsWhatIsNotCommittedYet) {
  std::latch staged(1), looked(1);
  std::thread writer([&] {
    EXPECT_TRUE(store->transact([&](Transaction& txn) -> Status {
      FIRSTFIX_CHECK(txn.put(Table::kRecords, "a", "1"));
      staged.count_down();
      looked.wait();
      return {};
    }));
  });
  staged.wait();
  EXPECT_EQ(get("a"), std::nullopt);
  looked.count_down();
  writer.join();
  EXPECT_EQ(get("a"), "1");
}

TEST_F(TransactionTest, RunAsIfOneAfterAnother) {
  // Many threads move money between accounts, reading before they write; whatever they see must add up.
  constexpr int kAccounts = 4, kThreads = 8, kRounds = 200, kEach = 1000;
  const auto account = [](int i) { return "account/" + std::to_string(i); };
  const auto total = [&](const Reader& reader) {
    int sum = 0;
    EXPECT_TRUE(reader.scan(Table::kRecords, "account/", "account0",
                            [&](auto, std::string_view value) { return sum += std::stoi(std::string(value)), true; }));
    return sum;
  };
  for (int i = 0; i < kAccounts; ++i) ASSERT_TRUE(put(account(i), std::to_string(kEach)));
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < kRounds; ++round) {
        const auto from = account((t + round) % kAccounts), to = account((t * 3 + round * 7 + 1) % kAccounts);
        const auto done = store->transact([&](Transaction& txn) -> Status {
          EXPECT_EQ(total(txn), kAccounts * kEach);
          for (const auto& [name, by] : {std::pair{from, -1}, std::pair{to, +1}}) {
            FIRSTFIX_TRY(balance, txn.get(Table::kRecords, name));
            FIRSTFIX_CHECK(txn.put(Table::kRecords, name, std::to_string(std::stoi(*balance) + by)));
          }
          return round % 5 == 0 ? Status{fail(Code::kState, "changed my mind")} : Status{};
        });
        EXPECT_EQ(done.has_value(), round % 5 != 0);
        EXPECT_EQ(total(*store->snapshot()), kAccounts * kEach);
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST_F(TransactionTest, ThatWaitTogetherAreMadeDurableTogether) {
  // The first one holds the lead until all the others wait behind it; they form one group, and none returns before the
  // group is written.
  constexpr int kOthers = 16;
  std::latch leading(1), all_wait(1);
  std::atomic<int> returned = 0;
  std::thread leader([&] {
    EXPECT_TRUE(store->transact([&](Transaction& txn) -> Status {
      leading.count_down();
      all_wait.wait();
      return txn.put(Table::kRecords, "leader", "");
    }));
  });
  leading.wait();
  std::vector<std::thread> others;
  for (int i = 0; i < kOthers; ++i)
    others.emplace_back([&, i] {
      EXPECT_TRUE(put("other/" + std::to_string(i), ""));
      EXPECT_TRUE(get("other/" + std::to_string(i))) << "it is there when transact() returns";
      ++returned;
    });
  EXPECT_EQ(returned, 0) << "nothing is durable while the leader runs";
  all_wait.count_down();
  leader.join();
  for (auto& other : others) other.join();
  EXPECT_EQ(returned, kOthers);
}

TEST_F(TransactionTest, OneBadOneDoesNotSpoilItsGroup) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i)
    threads.emplace_back([&, i] {
      const auto done = store->transact([&](Transaction& txn) -> Status {
        FIRSTFIX_CHECK(txn.put(Table::kRecords, "k/" + std::to_string(i), ""));
        return i % 2 == 0 ? Status{} : Status{fail(Code::kConflict, "taken")};
      });
      EXPECT_EQ(done.has_value(), i % 2 == 0);
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(keys_from(*store->snapshot(), "", "").size(), 8u);
}

TEST_F(TransactionTest, EverySizeHasALimit) {
  EXPECT_TRUE(put(std::string(kMaxKeyBytes, 'k'), std::string(kMaxValueBytes, 'v')));
  EXPECT_EQ(code_of(put(std::string(kMaxKeyBytes + 1, 'k'), "")), "too large");
  EXPECT_EQ(code_of(put("k", std::string(kMaxValueBytes + 1, 'v'))), "too large");
  EXPECT_EQ(code_of(append({std::string(kMaxValueBytes + 1, 'e')})), "too large");
  const auto huge = store->transact([](Transaction& txn) -> Status {
    for (std::size_t i = 0; i <= kMaxTransactionBytes / kMaxValueBytes; ++i)
      FIRSTFIX_CHECK(txn.put(Table::kRecords, std::to_string(i), std::string(kMaxValueBytes, 'v')));
    return {};
  });
  EXPECT_EQ(code_of(huge), "too large");
  EXPECT_THAT(huge.error().message, HasSubstr("16 MiB"));
  EXPECT_EQ(get("0"), std::nullopt);
}

// Asks within a transaction of its own.
bool unchanged(Store& store, const Snapshot& since, const Reads& reads) {
  bool answer = false;
  EXPECT_TRUE(store.transact([&](Transaction& txn) -> Status {
    answer = txn.unchanged(since, reads);
    return {};
  }));
  return answer;
}

TEST_F(TransactionTest, TellsWhetherWhatWasReadIsStillSo) {
  ASSERT_TRUE(put("a", "1"));
  const auto snapshot = store->snapshot();
  Reads one, none, range, others;
  one.add(Table::kRecords, "a");
  none.add(Table::kRecords, "b");  // was not there
  range.add_range(Table::kRecords, "b", "d");
  others.add(Table::kIndexes, "a");
  others.add_range(Table::kRecords, "d", "");
  for (const auto* reads : {&one, &none, &range, &others}) EXPECT_TRUE(unchanged(*store, *snapshot, *reads));
  ASSERT_TRUE(put("a", "1"));
  EXPECT_FALSE(unchanged(*store, *snapshot, one)) << "a write of the same is a write";
  EXPECT_TRUE(unchanged(*store, *snapshot, none));
  ASSERT_TRUE(put("b", "2"));
  EXPECT_FALSE(unchanged(*store, *snapshot, none));
  EXPECT_FALSE(unchanged(*store, *snapshot, range));
  EXPECT_TRUE(unchanged(*store, *snapshot, others));
  EXPECT_TRUE(unchanged(*store, *store->snapshot(), range)) << "a later snapshot has seen it";
}

TEST_F(TransactionTest, TheLogIsAlwaysTakenToHaveChanged) {
  const auto snapshot = store->snapshot();
  Reads reads;
  reads.add_range(Table::kLog, "", "");
  EXPECT_FALSE(unchanged(*store, *snapshot, reads));
}

TEST_F(TransactionTest, WhatIsTooLongAgoToRememberIsTakenToHaveChanged) {
  const auto snapshot = store->snapshot();
  Reads reads;
  reads.add(Table::kRecords, "never written");
  for (int round = 0; round < 20; ++round) {
    ASSERT_TRUE(store->transact([](Transaction& txn) -> Status {
      for (int i = 0; i < 1000; ++i) FIRSTFIX_CHECK(txn.put(Table::kRecords, "k" + std::to_string(i), ""));
      return {};
    }));
  }
  EXPECT_FALSE(unchanged(*store, *snapshot, reads));
  EXPECT_TRUE(unchanged(*store, *store->snapshot(), reads));
}

}  // namespace
}  // namespace firstfix::store
