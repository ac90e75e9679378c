#include "agent/tracker.h"

#include <gtest/gtest.h>

#include <cmath>

namespace firstfix::agent {
namespace {

using Kind = FaultReport::Kind;

constexpr Dtc kCode{102, 3, 1, false};
constexpr std::uint8_t kAmber = 0x04;

// A source that speaks to a tracker; times in seconds.
class Bus {
 public:
  std::vector<FaultReport> say(double at_s, std::vector<Dtc> codes, std::uint8_t lamps = 0, std::uint8_t source = 3) {
    const Instant at{std::llround(at_s * 1e6)};
    return tracker.on_dm1({at, "can0", source, Via::kSingle, {lamps, 0xFF}, std::move(codes)});
  }
  // The kinds of all reports while `codes` are repeated once a second over [from, to].
  std::string repeat(int from, int to, const std::vector<Dtc>& codes, std::uint8_t lamps = 0) {
    std::string kinds;
    for (int t = from; t <= to; ++t)
      for (const auto& report : say(t, codes, lamps)) kinds += "AUC"[static_cast<int>(report.kind)];
    return kinds;
  }
  Tracker tracker;
};

Dtc counted(int occurrences) {
  return {102, 3, static_cast<std::uint8_t>(occurrences), false};
}

TEST(Tracker, TwoSightingsWithinThreeSecondsMakeAFault) {
  Bus bus;
  EXPECT_TRUE(bus.say(0, {kCode}).empty());
  const auto reports = bus.say(3, {kCode}, kAmber);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].kind, Kind::kActive);
  EXPECT_EQ(reports[0].key, (FaultKey{3, 102, 3}));
  EXPECT_EQ(reports[0].occurrences, 1);
  EXPECT_EQ(reports[0].at.micros, 3'000'000);
  EXPECT_EQ(bus.repeat(4, 60, {kCode}), "");
}

TEST(Tracker, ACodeSeenOnceIsNoFaultNorOneSeenTwiceInOneMessage) {
  Bus bus;
  EXPECT_TRUE(bus.say(0, {kCode, kCode, kCode}).empty());
  EXPECT_EQ(bus.repeat(1, 10, {}), "");
  EXPECT_TRUE(bus.say(11, {kCode}).empty());
  EXPECT_TRUE(bus.say(14.000001, {kCode}).empty()) << "too far apart";
}

TEST(Tracker, SourcesAreKeptApart) {
  Bus bus;
  EXPECT_TRUE(bus.say(0, {kCode}, 0, 3).empty());
  EXPECT_TRUE(bus.say(1, {kCode}, 0, 4).empty());
  EXPECT_EQ(bus.say(2, {kCode}, 0, 4).at(0).key.source, 4);
}

TEST(Tracker, ClearedAfterThreeSecondsOfMessagesWithoutIt) {
  Bus bus;
  EXPECT_EQ(bus.repeat(0, 5, {kCode}), "A");
  EXPECT_EQ(bus.repeat(6, 7, {}), "");
  const auto reports = bus.say(8, {});
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].kind, Kind::kCleared);
  EXPECT_EQ(bus.repeat(9, 30, {}), "");
}

TEST(Tracker, ALostMessageOrTwoClearNothing) {
  Bus bus;
  EXPECT_EQ(bus.repeat(0, 5, {kCode}), "A");
  EXPECT_EQ(bus.repeat(6, 7, {}), "");
  EXPECT_EQ(bus.repeat(8, 9, {kCode}), "");
  EXPECT_EQ(bus.repeat(10, 11, {}), "");
}

TEST(Tracker, AFloodOfMessagesWithoutItNeedsTheTimeToo) {
  Bus bus;
  EXPECT_EQ(bus.repeat(0, 1, {kCode}), "A");
  for (double at = 1.01; at < 3.99; at += 0.01) EXPECT_TRUE(bus.say(at, {}).empty());
  EXPECT_EQ(bus.say(4, {}).size(), 1u);
}

TEST(Tracker, SilenceClearsNothing) {
  Bus bus;
  EXPECT_EQ(bus.repeat(0, 1, {kCode}), "A");
  EXPECT_TRUE(bus.say(100, {}).empty()) << "one message after a silence proves nothing";
  EXPECT_TRUE(bus.say(101, {}).empty());
  EXPECT_TRUE(bus.say(102, {}).empty());
  EXPECT_EQ(bus.say(103, {}).size(), 1u);
}

TEST(Tracker, OtherSourcesProveNothing) {
  Bus bus;
  EXPECT_EQ(bus.repeat(0, 1, {kCode}), "A");
  for (int t = 2; t < 20; ++t) EXPECT_TRUE(bus.say(t, {}, 0, 9).empty());
  EXPECT_EQ(bus.tracker.active(Instant{}).size(), 1u);
}

TEST(Tracker, ACountIsToldOnceInTenSecondsAndTheLastValueWins) {
  Bus bus;
  bus.say(0, {counted(1)});
  EXPECT_EQ(bus.say(1, {counted(1)}).at(0).kind, Kind::kActive);
  for (int t = 2; t < 11; ++t) EXPECT_TRUE(bus.say(t, {counted(t)}).empty());
  const auto reports = bus.say(11, {counted(11)});
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].kind, Kind::kUpdated);
  EXPECT_EQ(reports[0].occurrences, 11);
  EXPECT_EQ(bus.repeat(12, 40, {counted(11)}), "");
}

TEST(Tracker, ACountMayFallAndMayBeMissing) {
  Bus bus;
  bus.say(0, {counted(9)});
  bus.say(1, {counted(9)});
  EXPECT_EQ(bus.say(12, {counted(2)}).at(0).occurrences, 2);
  EXPECT_EQ(bus.repeat(13, 40, {counted(kOccurrencesNotAvailable)}), "") << "«not available» is no news";
  Bus other;
  other.say(0, {counted(kOccurrencesNotAvailable)});
  EXPECT_EQ(other.say(1, {counted(kOccurrencesNotAvailable)}).at(0).occurrences, std::nullopt);
}

TEST(Tracker, LampsOnWhichTwoMessagesAgreeAreToldForEachCode) {
  Bus bus;
  const std::vector<Dtc> codes{kCode, {110, 0, 1, false}};
  EXPECT_EQ(bus.repeat(0, 5, codes, kAmber), "AA");
  EXPECT_TRUE(bus.say(6, codes, 0x10).empty());
  const auto reports = bus.say(7, codes, 0x10);
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_EQ(reports[0].kind, Kind::kUpdated);
  EXPECT_EQ(reports[0].lamps_lit, 4) << "red stop";
  EXPECT_TRUE(bus.say(8, codes, kAmber).empty()) << "a single message does not change the lamps";
  EXPECT_EQ(bus.repeat(9, 20, codes, 0x10), "");
  EXPECT_EQ(bus.repeat(21, 30, codes, 0x3C), "UU") << "error and not available are not lit: all lamps are off now";
}

TEST(Tracker, TheFirstReportHasTheLampsThatCameWithTheCode) {
  Bus bus;
  bus.repeat(0, 5, {}, 0);
  bus.say(6, {kCode}, kAmber);
  EXPECT_EQ(bus.say(7, {kCode}, kAmber).at(0).lamps_lit, 2);
}

TEST(Tracker, NothingIsSaidOfACodeTwiceInASecond) {
  Bus bus;
  std::map<FaultKey, Instant> told;
  for (int i = 0; i < 20'000; ++i) {
    const bool there = i / 400 % 2 == 0;
    for (const auto& report : bus.say(0.01 * i, there ? std::vector<Dtc>{counted(i % 100)} : std::vector<Dtc>{},
                                      i / 7 % 2 == 0 ? kAmber : 0x10)) {
      if (told.contains(report.key)) {
        EXPECT_GE(report.at - told[report.key], kBetweenReports);
      }
      told[report.key] = report.at;
    }
  }
  EXPECT_EQ(told.size(), 1u);
}

TEST(Tracker, ACodeThatComesBackIsActiveAgain) {
  Bus bus;
  EXPECT_EQ(bus.repeat(0, 5, {kCode}), "A");
  EXPECT_EQ(bus.repeat(6, 8, {}), "C");
  EXPECT_TRUE(bus.say(8.1, {kCode}).empty());
  EXPECT_TRUE(bus.say(8.2, {kCode}).empty()) << "too soon after the last report";
  EXPECT_EQ(bus.say(9.1, {kCode}).at(0).kind, Kind::kActive);
}

TEST(Tracker, WhatNamesNoParameterIsPassedOver) {
  Bus bus;
  EXPECT_EQ(bus.repeat(0, 9, {{0, 3, 1, false}, {kSpnNotAvailable, 3, 1, false}}), "");
  EXPECT_TRUE(bus.say(0, {kCode}, 0, 254).empty());
  EXPECT_TRUE(bus.say(1, {kCode}, 0, 254).empty());
}

TEST(Tracker, TheOldLayoutIsMarked) {
  Bus bus;
  bus.say(0, {{102, 3, 1, true}});
  EXPECT_TRUE(bus.say(1, {{102, 3, 1, true}}).at(0).old_conversion);
}

TEST(Tracker, ACodeErasedWithAToolIsMarked) {
  Bus bus;
  bus.repeat(0, 5, {kCode});
  bus.tracker.on_erase_request(3, Instant{5'500'000});
  bus.repeat(6, 7, {});
  EXPECT_TRUE(bus.say(8, {}).at(0).cleared_by_tool);
  bus.repeat(9, 60, {kCode});
  bus.repeat(61, 62, {});
  EXPECT_FALSE(bus.say(63, {}).at(0).cleared_by_tool);
}

TEST(Tracker, TimeThatStepsBackClearsNothingAndStopsNothing) {
  Bus bus;
  EXPECT_EQ(bus.repeat(100, 105, {kCode}), "A");
  EXPECT_TRUE(bus.say(50, {}).empty());
  EXPECT_EQ(bus.repeat(51, 52, {kCode}), "");
  EXPECT_EQ(bus.repeat(53, 55, {}), "C");
}

TEST(Tracker, AFloodOfCodesThatNeverWereFillsNothingForEver) {
  Bus bus;
  std::uint32_t spn = 1;
  for (int t = 0; t < 10; ++t) {
    std::vector<Dtc> codes;
    for (int i = 0; i < 445; ++i) codes.push_back({spn++, 3, 1, false});
    EXPECT_TRUE(bus.say(0.1 * t, codes, 0, 7).empty());
  }
  EXPECT_GT(bus.tracker.refused(), 0u);
  EXPECT_EQ(bus.repeat(10, 12, {kCode}), "A") << "another source is heard, though the flood's own has ended";
}

TEST(Tracker, ASnapshotNamesWhatIsActive) {
  Bus bus;
  bus.repeat(0, 5, {kCode, {110, 0, 1, false}}, kAmber);
  bus.say(6, {kCode, {111, 0, 1, false}}, kAmber);
  const auto all = bus.tracker.active(Instant{9});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].kind, Kind::kUpdated);
  EXPECT_EQ(all[1].key.spn, 110u);
  EXPECT_EQ(all[1].lamps_lit, 2);
  EXPECT_EQ(all[1].at.micros, 9);
}

TEST(Tracker, OneMadeFromTheStateGoesOnAsTheFirstWould) {
  Bus bus;
  bus.repeat(0, 5, {counted(1)}, kAmber);
  bus.say(6, {counted(2), {110, 0, 1, false}}, 0x10);
  Bus again;
  again.tracker = Tracker(bus.tracker.state());
  EXPECT_EQ(again.tracker.state(), bus.tracker.state());
  for (int t = 7; t < 40; ++t) {
    const std::vector<Dtc> codes = t < 20 ? std::vector<Dtc>{counted(t), {110, 0, 1, false}} : std::vector<Dtc>{};
    EXPECT_EQ(bus.say(t, codes, 0x10), again.say(t, codes, 0x10)) << t;
  }
}

}  // namespace
}  // namespace firstfix::agent
