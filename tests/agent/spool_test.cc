#include "agent_io/spool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "fakes.h"
#include "program.h"

namespace firstfix::agent {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SpoolTest : public ::testing::Test {
 protected:
  void open(std::uint64_t limit = 1 << 20, bool wait = false) {
    spool.reset();
    reports.clear();
    auto opened = Spool::open({folder / "spool", limit, wait}, clock, entropy, reports);
    ASSERT_TRUE(opened) << opened.error().message;
    spool = std::move(*opened);
  }
  void append(std::vector<std::string> records, const std::string& checkpoint = "") {
    const Status done = spool->append(records, checkpoint);
    ASSERT_TRUE(done) << done.error().message;
    ASSERT_TRUE(spool->sync());
  }
  // All that is waiting, as "sequence:record" or "from-to:dropped".
  std::vector<std::string> waiting(std::uint64_t from = 0) {
    std::vector<std::string> out;
    const auto batch = spool->read(spool->standing().epoch.id, from, 1'000'000, 1 << 30);
    EXPECT_TRUE(batch.has_value()) << batch.error().message;
    if (!batch) return out;
    for (const auto& item : batch->items)
      out.push_back(item.dropped ? std::to_string(item.dropped->from) + "-" + std::to_string(item.sequence) + ":dropped"
                                 : std::to_string(item.sequence) + ":" + item.record);
    return out;
  }
  bool acknowledge(std::uint64_t through) { return spool->acknowledge(spool->standing().epoch.id, through).value(); }
  std::vector<std::filesystem::path> segments() {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "spool"))
      if (entry.path().extension() == ".segment") out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
  }

  TempFolder folder;
  ManualClock clock;
  CountingEntropy entropy;
  std::vector<std::string> reports;
  std::unique_ptr<Spool> spool;
};

TEST_F(SpoolTest, KeepsRecordsUntilTheyAreAcknowledged) {
  open();
  append({"a", "b"});
  append({"c"});
  EXPECT_THAT(waiting(), ElementsAre("1:a", "2:b", "3:c"));
  EXPECT_THAT(waiting(2), ElementsAre("2:b", "3:c"));
  EXPECT_TRUE(acknowledge(2));
  EXPECT_FALSE(acknowledge(1)) << "an old receipt takes nothing back";
  EXPECT_THAT(waiting(), ElementsAre("3:c"));
  EXPECT_FALSE(spool->standing().delivered);
  EXPECT_TRUE(acknowledge(3));
  EXPECT_TRUE(spool->standing().delivered);
}

TEST_F(SpoolTest, GivesOutOnlyWhatIsSynced) {
  open();
  ASSERT_TRUE(spool->append(std::vector<std::string>{"a"}, ""));
  EXPECT_THAT(waiting(), IsEmpty());
  ASSERT_TRUE(spool->sync());
  EXPECT_THAT(waiting(), ElementsAre("1:a"));
}

TEST_F(SpoolTest, ReadsInBatches) {
  open();
  for (int i = 0; i < 10; ++i) append({std::string(100, 'x'), std::string(100, 'y')});
  const std::uint64_t epoch = spool->standing().epoch.id;
  EXPECT_EQ(spool->read(epoch, 1, 3, 1 << 20)->items.size(), 3u);
  EXPECT_EQ(spool->read(epoch, 4, 3, 1 << 20)->items.front().sequence, 4u);
  EXPECT_EQ(spool->read(epoch, 1, 100, 250)->items.size(), 2u);
  EXPECT_EQ(spool->read(epoch, 1, 100, 1)->items.size(), 1u) << "never nothing, or it would not go on";
  EXPECT_EQ(spool->read(epoch + 1, 7, 100, 1 << 20)->items.front().sequence, 1u) << "another epoch's position";
}

TEST_F(SpoolTest, IsTheSameAfterReopening) {
  open();
  append({"a", "b"}, "one");
  append({"c"}, "two");
  acknowledge(1);
  const Epoch epoch = spool->standing().epoch;
  open();
  EXPECT_THAT(reports, IsEmpty());
  EXPECT_EQ(spool->standing().epoch, epoch);
  EXPECT_EQ(spool->checkpoint(), "two");
  EXPECT_THAT(waiting(), ElementsAre("2:b", "3:c"));
  append({"d"});
  EXPECT_THAT(waiting(), ElementsAre("2:b", "3:c", "4:d"));
}

TEST_F(SpoolTest, KeepsTheCheckpointThoughAllIsDelivered) {
  open();
  append({"a"}, "one");
  acknowledge(1);
  for (int i = 0; i < 5; ++i) open();
  EXPECT_EQ(spool->checkpoint(), "one");
  EXPECT_EQ(spool->standing().last, 1u);
  EXPECT_EQ(segments().size(), 1u);
}

TEST_F(SpoolTest, OneProcessAtATime) {
  open();
  EXPECT_EQ(Spool::open({folder / "spool"}, clock, entropy, reports).error().code, Code::kState);
}

TEST_F(SpoolTest, AFullSpoolDropsTheOldestAndSaysSo) {
  open(kMinSpoolBytes);
  for (int i = 1; i <= 1000; ++i) append({std::string(200, 'x')});
  EXPECT_LE(spool->standing().bytes, kMinSpoolBytes);
  const auto left = waiting();
  ASSERT_GT(left.size(), 100u);
  EXPECT_THAT(left.front(), HasSubstr("1-"));
  EXPECT_THAT(left.front(), HasSubstr(":dropped"));
  EXPECT_THAT(left.back(), HasSubstr("1000:"));
  EXPECT_EQ(spool->standing().dropped + left.size() - 1, 1000u);
  open(kMinSpoolBytes);
  EXPECT_EQ(waiting(), left) << "the range is durable";
}

TEST_F(SpoolTest, ARangeThatWasHandedOutKeepsItsEnd) {
  open(kMinSpoolBytes);
  for (int i = 1; i <= 500; ++i) append({std::string(200, 'x')});
  const auto first = waiting();
  for (int i = 1; i <= 500; ++i) append({std::string(200, 'x')});
  const auto second = waiting();
  EXPECT_EQ(second[0], first[0]);
  EXPECT_THAT(second[1], HasSubstr(":dropped"));
  const std::uint64_t end = spool->read(spool->standing().epoch.id, 1, 1, 1 << 20)->items[0].sequence;
  acknowledge(end);
  EXPECT_EQ(waiting()[0], second[1]);
}

TEST_F(SpoolTest, AcknowledgedRecordsAreNotCountedAsDropped) {
  open(kMinSpoolBytes);
  for (int i = 1; i <= 2000; ++i) {
    append({std::string(200, 'x')});
    acknowledge(static_cast<std::uint64_t>(i));
  }
  EXPECT_EQ(spool->standing().dropped, 0u);
  EXPECT_LE(spool->standing().bytes, kMinSpoolBytes);
}

TEST_F(SpoolTest, MayWaitForRoomInstead) {
  open(kMinSpoolBytes, true);
  std::atomic<int> appended = 0;
  std::thread source([&] {
    for (int i = 1; i <= 1000; ++i)
      if (spool->append(std::vector<std::string>{std::string(200, 'x')}, "")) ++appended;
  });
  while (appended < 1000) {
    ASSERT_TRUE(spool->sync());
    if (const auto left = waiting(); !left.empty()) acknowledge(spool->standing().last);
  }
  source.join();
  EXPECT_EQ(spool->standing().dropped, 0u);
  std::thread blocked([&] {
    while (spool->append(std::vector<std::string>{std::string(200, 'x')}, "")) {
    }
  });
  spool->close();
  blocked.join();
}

TEST_F(SpoolTest, WhatIsTooLargeIsRefused) {
  open(kMinSpoolBytes);
  const std::vector<std::string> large{std::string(kMaxRecordBytes + 1, 'x')};
  EXPECT_EQ(spool->append(large, "").error().code, Code::kTooLarge);
  EXPECT_EQ(spool->append({}, std::string(kMinSpoolBytes, 'x')).error().code, Code::kTooLarge);
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_FALSE(Spool::open({folder / "other", 1000}, clock, entropy, reports));
}

TEST_F(SpoolTest, ALostSpoolIsANewEpoch) {
  open();
  append({"a"});
  const Epoch old = spool->standing().epoch;
  spool.reset();
  std::filesystem::remove_all(folder / "spool");
  open();
  EXPECT_NE(spool->standing().epoch.id, old.id);
  append({"b"});
  EXPECT_THAT(waiting(), ElementsAre("1:b"));
}

TEST_F(SpoolTest, AWriteCutShortWasNeverSent) {
  open();
  append({"a"}, "one");
  append({"b"}, "two");
  const Epoch epoch = spool->standing().epoch;
  spool.reset();
  std::filesystem::resize_file(segments().back(), std::filesystem::file_size(segments().back()) - 3);
  open();
  EXPECT_EQ(spool->standing().epoch, epoch);
  EXPECT_EQ(spool->checkpoint(), "one") << "records and checkpoint live or die together";
  EXPECT_THAT(waiting(), ElementsAre("1:a"));
  append({"c"});
  EXPECT_THAT(waiting(), ElementsAre("1:a", "2:c"));
}

TEST_F(SpoolTest, ZerosAtTheEndAreAWriteThatNeverHappened) {
  open();
  append({"a"});
  const Epoch epoch = spool->standing().epoch;
  spool.reset();
  std::filesystem::resize_file(segments().back(), std::filesystem::file_size(segments().back()) + 5000);
  open();
  EXPECT_EQ(spool->standing().epoch, epoch);
  EXPECT_THAT(waiting(), ElementsAre("1:a"));
}

TEST_F(SpoolTest, ABrokenEndMayHaveBeenSentSoANewEpochBegins) {
  open();
  append({"a"});
  append({"b"});
  const Epoch epoch = spool->standing().epoch;
  spool.reset();
  std::string bytes = read_file(segments().back());
  bytes[bytes.size() - 6] ^= 1;
  write_file(segments().back(), bytes);
  open();
  EXPECT_THAT(reports, Not(IsEmpty()));
  append({"c"});
  EXPECT_EQ(spool->standing().epoch, epoch) << "what can be read of the old epoch is delivered first";
  EXPECT_THAT(waiting(), ElementsAre("1:a"));
  acknowledge(1);
  EXPECT_NE(spool->standing().epoch, epoch);
  EXPECT_THAT(waiting(), ElementsAre("1:c"));
}

TEST_F(SpoolTest, DamageInTheMiddleLeavesARangeInItsPlace) {
  open();
  for (const char* record : {"a", "b", "c", "d"}) append({record}, record);
  const Epoch epoch = spool->standing().epoch;
  spool.reset();
  std::string bytes = read_file(segments().back());
  bytes[bytes.find('b', kSegmentHeaderBytes + 100)] ^= 1;
  write_file(segments().back(), bytes);
  open();
  EXPECT_EQ(spool->standing().epoch, epoch);
  EXPECT_EQ(spool->checkpoint(), "d");
  EXPECT_THAT(waiting(), ElementsAre("1:a", "2-2:dropped", "3:c", "4:d"));
  EXPECT_THAT(reports, Not(IsEmpty()));
  open();
  EXPECT_THAT(reports, IsEmpty()) << "reported once";
  EXPECT_THAT(waiting(), ElementsAre("1:a", "2-2:dropped", "3:c", "4:d"));
}

TEST_F(SpoolTest, ASegmentThatIsGoneLeavesARangeInItsPlace) {
  open(kMinSpoolBytes);
  for (int i = 1; i <= 200; ++i) append({std::string(200, 'x')});
  const auto files = segments();
  ASSERT_GE(files.size(), 4u);
  spool.reset();
  std::filesystem::remove(files[0]);
  write_file(files[2], "noise");
  open(kMinSpoolBytes);
  const auto left = waiting();
  EXPECT_THAT(left.front(), HasSubstr("1-"));
  EXPECT_EQ(std::count_if(left.begin(), left.end(), [](auto& l) { return l.ends_with("dropped"); }), 2);
  EXPECT_THAT(left.back(), HasSubstr("200:"));
}

TEST_F(SpoolTest, AnOlderCopyOfItselfIsRecognisedByTheReceipt) {
  open();
  append({"a", "b", "c"});
  acknowledge(1);
  const Epoch epoch = spool->standing().epoch;
  EXPECT_EQ(spool->acknowledge(epoch.id, 9).error().code, Code::kCorrupt);
  ASSERT_TRUE(spool->begin_epoch());
  EXPECT_NE(spool->standing().epoch, epoch);
  EXPECT_THAT(waiting(), ElementsAre("1:b", "2:c"));
  EXPECT_EQ(spool->acknowledge(epoch.id, 9).error().code, Code::kNotFound);
  open();
  EXPECT_THAT(waiting(), ElementsAre("1:b", "2:c"));
}

TEST_F(SpoolTest, SurvivesBeingCutAnywhere) {
  open(kMinSpoolBytes);
  for (int i = 1; i <= 20; ++i) append({"record " + std::to_string(i)}, "checkpoint " + std::to_string(i));
  spool.reset();
  const auto file = segments().back();
  const std::string whole = read_file(file);
  std::size_t last = 20;
  for (std::size_t size = whole.size(); size >= kSegmentHeaderBytes + 200; size -= 7) {
    std::filesystem::remove_all(folder / "spool");
    std::filesystem::create_directories(folder / "spool");
    write_file(file, whole.substr(0, size));
    open(kMinSpoolBytes);
    const auto left = waiting();
    ASSERT_LE(left.size(), last);
    last = left.size();
    for (std::size_t i = 0; i < last; ++i)
      ASSERT_EQ(left[i], std::to_string(i + 1) + ":record " + std::to_string(i + 1));
    ASSERT_EQ(spool->checkpoint(), last == 0 ? "" : "checkpoint " + std::to_string(last));
  }
}

}  // namespace
}  // namespace firstfix::agent
