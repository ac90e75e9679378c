// The change log: in order and without a gap, followed by cursor, trimmed by age.
#include <gmock/gmock.h>

#include <condition_variable>
#include <mutex>
#include <numeric>
#include <thread>

#include "store_fixture.h"

namespace firstfix::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using LogTest = StoreTest;

TEST_F(LogTest, TellsWhatWasCommittedInOrderAndWithoutAGap) {
  ASSERT_TRUE(append({"a", "b"}));
  clock.advance(std::chrono::seconds{1});
  ASSERT_TRUE(append({"c"}));
  const auto entries = store->tail(kPartition, store->beginning(kPartition), 10).value();
  ASSERT_EQ(entries.size(), 3u);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].position, i + 1);
    EXPECT_EQ(entries[i].after.position, i + 1);
  }
  EXPECT_EQ(entries[1].committed_at, testing::kMorning);
  EXPECT_EQ(entries[2].committed_at, testing::kMorning + std::chrono::seconds{1});
  EXPECT_THAT(told(entries[0].after), ElementsAre("b", "c"));
  EXPECT_THAT(told(entries[0].after, 1), ElementsAre("b"));
  EXPECT_THAT(told(store->head(kPartition)), IsEmpty());
}

TEST_F(LogTest, OfEachPartitionIsItsOwn) {
  ASSERT_TRUE(append({"a1"}, {"acme", 0}));
  ASSERT_TRUE(append({"a2"}, {"acme", 1}));
  ASSERT_TRUE(append({"z1", "z2"}, {"zeta", 0}));
  EXPECT_THAT(told({0}, 10, {"acme", 0}), ElementsAre("a1"));
  EXPECT_THAT(told({0}, 10, {"acme", 1}), ElementsAre("a2"));
  EXPECT_THAT(told({0}, 10, {"zeta", 0}), ElementsAre("z1", "z2"));
  EXPECT_EQ(store->position({"nobody", 0}), 0u);
}

TEST_F(LogTest, OfManyThreadsHasEachEntryOnceAndEachThreadInItsOrder) {
  constexpr int kThreads = 4, kEach = 200;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) EXPECT_TRUE(append({std::to_string(t) + ":" + std::to_string(i)}));
    });
  for (auto& thread : threads) thread.join();
  std::vector<int> next(kThreads, 0);
  for (const auto& entry : told({0}, 10'000)) {
    const auto thread = static_cast<std::size_t>(entry[0] - '0');
    EXPECT_EQ(entry.substr(2), std::to_string(next[thread]++));
  }
  EXPECT_THAT(next, ::testing::Each(kEach));
}

TEST_F(LogTest, GoesOnWhereItWasAfterReopening) {
  ASSERT_TRUE(append({"a", "b"}));
  const auto token = store->token(kPartition, {1});
  reopen();
  EXPECT_THAT(told(store->parse_cursor(kPartition, token).value()), ElementsAre("b"));
  ASSERT_TRUE(append({"c"}));
  EXPECT_EQ(store->position(kPartition), 3u);
}

TEST_F(LogTest, IsTrimmedByAge) {
  for (const auto* entry : {"monday", "tuesday", "wednesday"}) {
    ASSERT_TRUE(append({entry}));
    clock.advance(std::chrono::hours{24});
  }
  ASSERT_TRUE(store->trim(kPartition, testing::kMorning + std::chrono::hours{24}));
  EXPECT_THAT(told(store->beginning(kPartition)), ElementsAre("tuesday", "wednesday"));
  const auto late = store->tail(kPartition, {0}, 10);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::kExpired) << "who was away for too long is told so";
  EXPECT_THAT(late.error().message, HasSubstr("begin again"));
  EXPECT_THAT(told({1}), ElementsAre("tuesday", "wednesday")) << "the cursor after the last trimmed entry still holds";
}

TEST_F(LogTest, ThatIsTrimmedAltogetherDoesNotCountFromOneAgain) {
  // Else old cursors would fit new entries, and a follower would miss some.
  ASSERT_TRUE(append({"a", "b", "c"}));
  clock.advance(std::chrono::hours{24 * 365});
  ASSERT_TRUE(store->trim(kPartition, clock.now()));
  reopen();
  EXPECT_EQ(store->position(kPartition), 3u);
  EXPECT_THAT(told({1}), ElementsAre("expired"));
  ASSERT_TRUE(append({"d"}));
  EXPECT_THAT(told({3}), ElementsAre("d"));
}

TEST_F(LogTest, ACursorBeyondItsEndIsRefused) {
  ASSERT_TRUE(append({"a"}));
  EXPECT_THAT(told({2}), ElementsAre("invalid"));
}

TEST_F(LogTest, NeverSkipsWhatIsTrimmedWhileItIsRead) {
  constexpr int kEntries = 2000;
  for (int i = 1; i <= kEntries; ++i) {
    ASSERT_TRUE(append({std::to_string(i)}));
    clock.advance(std::chrono::seconds{1});
  }
  std::thread trimmer([&] {
    for (int i = 1; i <= kEntries; i += 7)
      EXPECT_TRUE(store->trim(kPartition, testing::kMorning + std::chrono::seconds{i}));
  });
  for (std::uint64_t after = 0; after + 1 < kEntries;) {
    const auto entries = store->tail(kPartition, {after}, 3);
    if (!entries) {
      ASSERT_EQ(entries.error().code, Code::kExpired);
      after = store->beginning(kPartition).position;
      continue;
    }
    for (const auto& entry : *entries) ASSERT_EQ(entry.position, ++after);
  }
  trimmer.join();
}

TEST_F(LogTest, ASnapshotWithItsHeadBelongTogether) {
  ASSERT_TRUE(append({"a"}));
  const auto [seen, head] = store->snapshot_with_head(kPartition);
  ASSERT_TRUE(put("later", "1"));
  ASSERT_TRUE(append({"b"}));
  EXPECT_EQ(head.position, 1u);
  EXPECT_EQ(seen->get(Table::kRecords, "later"), std::nullopt);
  EXPECT_THAT(told(head), ElementsAre("b"));
}

TEST_F(LogTest, WakesItsSubscribersAfterACommit) {
  std::vector<std::uint64_t> seen;
  auto subscription = store->subscribe([&] { seen.push_back(0); });
  ASSERT_TRUE(append({"a"}));
  EXPECT_EQ(seen.size(), 1u);
  ASSERT_TRUE(put("no", "log"));
  EXPECT_EQ(seen.size(), 1u) << "nothing was added to a log";
  subscription.reset();
  ASSERT_TRUE(append({"b"}));
  EXPECT_EQ(seen.size(), 1u);
}

TEST_F(LogTest, WakesNobodyOnceTheSubscriptionIsGivenBack) {
  // A subscriber may be destroyed as soon as its subscription is gone, so giving it back waits for a wake on its way.
  std::mutex mutex;
  std::condition_variable changed;
  bool awake = false, gone = false, gone_while_awake = false;
  auto subscription = store->subscribe([&] {
    std::unique_lock lock(mutex);
    awake = true;
    changed.notify_all();
    gone_while_awake = changed.wait_for(lock, std::chrono::milliseconds{50}, [&] { return gone; });
  });
  std::thread writer([&] { EXPECT_TRUE(append({"a"})); });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return awake; });
  }
  subscription.reset();
  {
    std::lock_guard lock(mutex);
    gone = true;
  }
  changed.notify_all();
  writer.join();
  EXPECT_FALSE(gone_while_awake);
}

TEST_F(LogTest, ASubscriptionMayOutliveTheStore) {
  const auto subscription = store->subscribe([] {});
  store.reset();
}

}  // namespace
}  // namespace firstfix::store
