// What devices say, put in order: identity, gaps, duplicates, clocks, quarantine.
#include "desk/devices.h"

#include <gmock/gmock.h>

#include "casework/convert.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DevicesTest : public ::testing::Test {
 protected:
  // Codes of all episodes, in the order of the records that began them.
  std::vector<std::string> codes() const {
    std::vector<std::string> out;
    auto episodes = town.all<v1::FaultEpisode>();
    std::stable_sort(episodes.begin(), episodes.end(),
                     [](const auto& a, const auto& b) { return a.sequence() < b.sequence(); });
    for (const auto& episode : episodes) out.push_back(episode.code());
    return out;
  }
  void claim(const std::string& device) {
    town.put<v1::Asset>("name: 'assets/lathe' site: 'sites/hall' devices: '" + device + "'");
    town.write([&](Command& command) { return release_held(command, device); });
  }

  Town town;
  Machine press{town, "press-1"};
};

TEST_F(DevicesTest, AReceiptSaysUpToWhereEverythingIsDurable) {
  EXPECT_EQ(press.say({press.fault("a"), press.fault("b")}).durable_through(), 2u);
  EXPECT_EQ(press.say({press.fault("c")}).durable_through(), 3u);
  EXPECT_EQ(press.device().durable_through(), 3u);
}

TEST_F(DevicesTest, DuplicatesAreDroppedAlsoWithinABatchThatBringsMore) {
  const auto a = press.fault("a"), b = press.cleared("a"), c = press.fault("a");
  press.send(press.batch({a, b})).value();
  town.advance(1min);
  EXPECT_EQ(press.send(press.batch({a, b, c}))->durable_through(), 3u);
  EXPECT_THAT(codes(), ::testing::ElementsAre("a", "a"));
}

TEST_F(DevicesTest, AGapIsAskedForAgain) {
  press.say({press.fault("a")});
  const auto lost = press.fault("b"), later = press.fault("c");
  const auto receipt = press.send(press.batch({later})).value();
  EXPECT_EQ(receipt.durable_through(), 1u);
  EXPECT_EQ(receipt.resend_from(), 2u);
  EXPECT_THAT(codes(), ::testing::ElementsAre("a")) << "nothing is done out of order";
  press.send(press.batch({lost, later})).value();
  EXPECT_THAT(codes(), ::testing::UnorderedElementsAre("a", "b", "c"));
}

TEST_F(DevicesTest, ABatchThatIsMalformedAsAWholeIsRefusedWithTheReason) {
  const auto problem = [&](const std::function<void(v1::FaultBatch&)>& spoil) {
    Machine machine{town, "press-1"};
    auto batch = machine.batch({machine.fault("a"), machine.fault("b")});
    spoil(batch);
    const auto receipt = machine.send(batch);
    return receipt ? std::string() : receipt.error().message;
  };
  EXPECT_THAT(problem([](auto& b) { b.set_device("other"); }), HasSubstr("not the topic's"));
  EXPECT_THAT(problem([](auto& b) { b.set_epoch(0); }), HasSubstr("epoch"));
  EXPECT_THAT(problem([](auto& b) { b.clear_records(); }), HasSubstr("records"));
  EXPECT_THAT(problem([](auto& b) { b.mutable_records(0)->set_sequence(0); }), HasSubstr("sequence 0"));
  EXPECT_THAT(problem([](auto& b) { b.mutable_records(1)->set_sequence(7); }), HasSubstr("does not follow"));
  EXPECT_THAT(problem([](auto& b) { b.mutable_records(0)->mutable_dropped()->set_from(2); }), HasSubstr("dropped"));
  EXPECT_THAT(problem([](auto& b) {
                while (b.records_size() <= kMaxRecordsPerBatch) b.add_records()->set_sequence(b.records_size());
              }),
              HasSubstr("1000"));
  EXPECT_THAT(codes(), IsEmpty());
}

TEST_F(DevicesTest, AMalformedRecordIsListedAndTheOthersAreTaken) {
  auto bad = press.fault("Not Canonical");
  v1::DeviceRecord empty;
  empty.set_sequence(++press.sequence);
  EXPECT_EQ(press.say({bad, empty, press.fault("good")}).durable_through(), 3u);
  EXPECT_THAT(codes(), ::testing::ElementsAre("good"));
  const auto rejects = town.all<v1::Reject>();
  std::vector<std::string> reasons;
  for (const auto& reject : rejects) reasons.push_back(reject.reason());
  EXPECT_THAT(reasons, ::testing::UnorderedElementsAre(HasSubstr("record 1: fault.code"),
                                                       HasSubstr("record 2: it says nothing")));
}

TEST_F(DevicesTest, AnOperationCountThatCannotBeIsListedAndMovesNothing) {
  press.say({press.worked(100)});
  for (const double seconds :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN(), -1.0, 1e18}) {
    press.say({press.worked(seconds)});
    EXPECT_EQ(press.device().operating_s(), 100);
  }
  EXPECT_EQ(town.all<v1::Reject>().size(), 4u);
}

TEST_F(DevicesTest, WhatAFullSpoolDroppedIsCountedAndGoesOn) {
  press.say({press.fault("a")});
  v1::DeviceRecord dropped;
  dropped.mutable_dropped()->set_from(2);
  dropped.mutable_dropped()->set_to(11);
  dropped.set_sequence(press.sequence = 11);
  press.say({dropped, press.fault("b")});
  EXPECT_EQ(press.device().dropped_count(), 10u) << "2 to 11";
  // Of a range that is known in part, only the rest is new.
  dropped.mutable_dropped()->set_from(12);
  dropped.mutable_dropped()->set_to(14);
  dropped.set_sequence(press.sequence = 14);
  press.say({dropped});
  EXPECT_EQ(press.device().dropped_count(), 12u) << "13 and 14; 12 had come";
}

TEST_F(DevicesTest, ADeviceThatNobodyClaimsIsHeldAndActedUponOnceClaimed) {
  Machine lathe{town, "lathe-9"};
  const auto receipt = lathe.say({lathe.fault("a")});
  EXPECT_THAT(receipt.reason(), HasSubstr("no asset claims")) << "durable, and the device may forget it";
  lathe.say({lathe.fault("b")});
  EXPECT_THAT(codes(), IsEmpty());
  ASSERT_EQ(town.all<v1::QuarantinedBatch>().size(), 2u);
  claim("lathe-9");
  EXPECT_THAT(codes(), ::testing::UnorderedElementsAre("a", "b"));
  EXPECT_THAT(town.all<v1::QuarantinedBatch>(), IsEmpty());
  lathe.say({lathe.fault("c")});
  EXPECT_THAT(codes(), ::testing::UnorderedElementsAre("a", "b", "c"));
}

TEST_F(DevicesTest, HeldBatchesAreReleasedSomeAtATimeInOrder) {
  Machine lathe{town, "lathe-9"};
  constexpr int kBatches = 50;
  std::vector<std::string> said;
  for (int i = 0; i < kBatches; ++i) {
    said.push_back("code-" + std::to_string(i));
    lathe.say({lathe.fault(said.back())});
  }
  claim("lathe-9");
  lathe.say({lathe.fault("newest")});
  EXPECT_LT(codes().size(), kBatches) << "not all in one transaction";
  town.advance(0s);
  said.emplace_back("newest");
  EXPECT_EQ(codes(), said) << "what came meanwhile waits its turn";
}

TEST_F(DevicesTest, ARecordThatIsHeldTwiceIsActedUponOnce) {
  Machine lathe{town, "lathe-9"};
  const auto a = lathe.fault("a"), b = lathe.cleared("a");
  town.clock.advance(1min);  // longer than the off-delay: what follows is a recurrence
  const auto c = lathe.fault("a"), d = lathe.fault("d");
  lathe.send(lathe.batch({a, b, c})).value();
  lathe.send(lathe.batch({b, c, d})).value();
  claim("lathe-9");
  EXPECT_THAT(codes(), ::testing::UnorderedElementsAre("a", "a", "d"));
}

TEST_F(DevicesTest, ADeviceHeldForLongIsToldToKeepTheRest) {
  Machine lathe{town, "lathe-9"};
  for (std::uint32_t i = 0; i < kMaxHeldBatches; ++i) lathe.say({lathe.fault("a")});
  const auto receipt = lathe.send(lathe.batch({lathe.fault("b")})).value();
  EXPECT_EQ(receipt.durable_through(), kMaxHeldBatches);
  EXPECT_THAT(receipt.reason(), HasSubstr("keep the rest"));
}

TEST_F(DevicesTest, AYoungerEpochReplacesTheOld) {
  press.say({press.fault("a"), press.worked(100)});
  Machine reborn{town, "press-1"};
  reborn.epoch = 0xE2;
  reborn.epoch_started = press.epoch_started + 1h;
  EXPECT_EQ(reborn.say({reborn.fault("b")}).epoch(), 0xE2u);
  EXPECT_THAT(codes(), ::testing::UnorderedElementsAre("a", "b"));
  EXPECT_EQ(reborn.device().operating_s(), 0) << "an epoch counts its own work";
}

TEST_F(DevicesTest, TwoLiveEpochsQuarantineTheDevice) {
  press.say({press.fault("a")});
  Machine twin{town, "press-1"};
  twin.epoch = 0xE2;  // of the same age
  const auto receipt = twin.send(twin.batch({twin.fault("b")})).value();
  EXPECT_EQ(receipt.epoch(), 0xE2u);
  EXPECT_EQ(receipt.durable_through(), 1u) << "kept, so the twin may forget it";
  EXPECT_THAT(receipt.reason(), HasSubstr("two live epochs"));
  EXPECT_THAT(press.say({press.fault("c")}).reason(), HasSubstr("two live epochs")) << "nobody can tell which is right";
  EXPECT_THAT(codes(), ::testing::ElementsAre("a"));
  EXPECT_EQ(town.all<v1::QuarantinedBatch>().size(), 2u);
}

TEST_F(DevicesTest, AClockThatIsAYearOffIsPutRightByItsOffset) {
  for (const Duration error : {Duration{24h * 365}, -Duration{24h * 365}}) {
    Town fresh;
    Machine machine{fresh, "press-1"};
    machine.clock_error = error;
    machine.say({machine.fault("a")});
    EXPECT_EQ(to_instant(fresh.only<v1::FaultEpisode>().raised_at()), kMorning);
    EXPECT_EQ(to_duration(machine.device().clock_offset()), error);
  }
}

TEST_F(DevicesTest, ATimeThatNoCalendarHasIsTheTimeOfReceipt) {
  auto record = press.fault("a");
  record.mutable_occurred_at()->set_seconds(INT64_MIN);
  auto batch = press.batch({record});
  batch.mutable_epoch_started_at()->set_seconds(INT64_MAX);
  batch.mutable_sent_at()->set_seconds(INT64_MAX);
  ASSERT_TRUE(press.send(batch));
  const auto episode = town.only<v1::FaultEpisode>();
  EXPECT_EQ(to_instant(episode.raised_at()), kMorning);
  EXPECT_THAT(episode.rule(), HasSubstr("time of receipt"));
}

TEST_F(DevicesTest, AVanishedDeviceDoesNotWork) {
  press.say({press.worked(100)});
  EXPECT_TRUE(press.device().working());
  ASSERT_TRUE(town.desk->device_state(kTenant, "press-1", from_text<v1::DeviceState>("connected: false")));
  EXPECT_FALSE(press.device().connected());
  EXPECT_FALSE(press.device().working());
}

TEST_F(DevicesTest, AMessageThatCannotBeReadIsListedWithItsBeginning) {
  ASSERT_TRUE(
      town.desk->reject(kTenant, "firstfix/v1/acme/press-1/faults", "not the protobuf", std::string(1000, '\xFF')));
  const auto reject = town.only<v1::Reject>();
  EXPECT_EQ(reject.topic(), "firstfix/v1/acme/press-1/faults");
  EXPECT_EQ(reject.first_bytes(), std::string(64, '\xFF'));
  EXPECT_EQ(reject.size_bytes(), 1000u);
}

TEST_F(DevicesTest, OnlyTheNewestRejectsAreKept) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(town.desk->reject(kTenant, "topic", std::to_string(i), "rubbish"));
    town.clock.advance(1s);
  }
  ASSERT_TRUE(town.desk->forget_rejects(kTenant, 2));
  std::vector<std::string> kept;
  for (const auto& reject : town.all<v1::Reject>()) kept.push_back(reject.reason());
  EXPECT_THAT(kept, ::testing::ElementsAre("3", "4"));
}

TEST_F(DevicesTest, WhateverATopicOrReasonHoldsTheRejectCanBeReadAgain) {
  std::string umlauts;
  while (umlauts.size() < 5000) umlauts += "ü";  // two bytes each: a cut may fall between them
  for (const auto& text : {umlauts, "x" + umlauts, std::string("\xFF\xC3")})
    ASSERT_TRUE(town.desk->reject(kTenant, text, text, text));
  const auto rejects = town.all<v1::Reject>();
  ASSERT_EQ(rejects.size(), 3u);
  for (const auto& reject : rejects) {
    EXPECT_LE(reject.topic().size(), 256u);
    EXPECT_LE(reject.reason().size(), 500u);
  }
}

}  // namespace
}  // namespace firstfix::desk
