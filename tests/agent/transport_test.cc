// One test a rule of SAE J1939-21 as this decoder reads it, each with a capture of its own.
#include "agent/transport.h"

#include <gtest/gtest.h>

#include "j1939_frames.h"

namespace firstfix::agent {
namespace {

using namespace testing;

TEST(Transport, OnlyPageZeroOf29BitIdentifiersCarriesDm1) {
  EXPECT_EQ(decode({frame(1, 0x18FECA03, {0, 255, 0, 0, 0, 0, 255, 255})}).size(), 1u);
  EXPECT_EQ(decode({frame(1, 0x00FECA03, {0, 255, 0, 0, 0, 0, 255, 255})}).size(), 1u) << "priority is no part of it";
  EXPECT_EQ(decode({frame(1, 0x19FECA03, {0, 255, 0, 0, 0, 0, 255, 255})}).size(), 0u) << "data page 1";
  EXPECT_EQ(decode({frame(1, 0x1AFECA03, {0, 255, 0, 0, 0, 0, 255, 255})}).size(), 0u) << "extended data page";
  EXPECT_EQ(decode({frame(1, 0x38FECA03, {0, 255, 0, 0, 0, 0, 255, 255})}).size(), 0u) << "error frame";
  CanFrame standard = frame(1, 0x18FECA03, {0, 255, 0, 0, 0, 0, 255, 255});
  standard.extended = false;
  EXPECT_EQ(decode({standard}).size(), 0u);
}

TEST(Transport, JoinsABroadcast) {
  const auto rows = decode({bam(0, 3, 10, 2), frame(0.05, data(3), {1, 0x40, 0xFF, 0x66, 0, 3, 1, 0xBF}),
                            frame(0.1, data(3), {2, 0, 0xE4, 0x85, 0xFF, 0xFF, 0xFF, 0xFF})});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].via, Via::kBam);
  EXPECT_EQ(rows[0].at.micros, 100'000);
  EXPECT_EQ(rows[0].source, 3);
  EXPECT_EQ(rows[0].codes, (std::vector<Dtc>{{102, 3, 1, false}, {0x700BF, 4, 5, true}}));
}

TEST(Transport, KeepsChannelsAndSourcesApart) {
  CanFrame other = part(0.02, 3, 1);
  other.channel = "can1";
  EXPECT_EQ(decode({bam(0, 3, 9, 2), bam(0.01, 4, 9, 2), other, part(0.03, 3, 1), part(0.04, 4, 1), part(0.05, 4, 2),
                    part(0.06, 3, 2)})
                .size(),
            2u);
}

TEST(Transport, RefusesAnAnnouncementThatDoesNotAddUp) {
  const auto announced = [](int size, int packets) {
    std::vector<CanFrame> frames{bam(0, 3, size, packets)};
    for (int i = 1; i <= packets; ++i) frames.push_back(part(0.001 * i, 3, i));
    return decode(frames).size();
  };
  EXPECT_EQ(announced(9, 2), 1u);
  EXPECT_EQ(announced(1785, 255), 1u);
  EXPECT_EQ(announced(8, 2), 0u);
  EXPECT_EQ(announced(1786, 255), 0u);
  EXPECT_EQ(announced(14, 3), 0u);
  EXPECT_EQ(announced(15, 2), 0u);
}

TEST(Transport, AnAnnouncementOfAnotherLengthIsNone) {
  EXPECT_TRUE(
      decode({frame(0, connection(3), {0x20, 9, 0, 2, 0xFF, 0xCA, 0xFE}), part(0.1, 3, 1), part(0.2, 3, 2)}).empty());
}

TEST(Transport, BroadcastsGoToEveryone) {
  EXPECT_TRUE(
      decode({bam(0, 3, 9, 2, 0xFECA, 0x10), part(0.1, 3, 1, 0x11, 0x10), part(0.2, 3, 2, 0x11, 0x10)}).empty());
}

TEST(Transport, ANewBroadcastDiscardsTheOpenOne) {
  const auto rows = decode({bam(0, 3, 9, 2), part(0.1, 3, 1, 0xAA), bam(0.2, 3, 16, 3), part(0.3, 3, 1, 0x11),
                            part(0.4, 3, 2, 0x11), part(0.5, 3, 3, 0x11)});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].lamps.status, 0x11);
  EXPECT_EQ(rows[0].codes.size(), 3u);
}

TEST(Transport, JoinsASessionBetweenTwoNodes) {
  const auto rows = decode(
      {rts(0, 3, 0xF9, 9, 2), cts(0.1, 0xF9, 3, 2, 1), part(0.2, 3, 1, 0x11, 0xF9), part(0.3, 3, 2, 0x11, 0xF9)});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].via, Via::kRts);
  EXPECT_EQ(rows[0].source, 3);
}

TEST(Transport, ANewRequestReplacesTheSessionOfItsTwoNodes) {
  const auto rows = decode({rts(0, 3, 0xF9, 9, 2), part(0.1, 3, 1, 0xAA, 0xF9), rts(0.2, 3, 0xF9, 16, 3),
                            part(0.3, 3, 1, 0x11, 0xF9), part(0.4, 3, 2, 0x11, 0xF9), part(0.5, 3, 3, 0x11, 0xF9)});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].lamps.status, 0x11);
}

TEST(Transport, ClearToSendSetsTheNextNumber) {
  // The receiver asks for packet 1 once more: the second sending of it counts.
  const auto rows = decode({rts(0, 3, 0xF9, 9, 2), part(0.1, 3, 1, 0xAA, 0xF9), cts(0.2, 0xF9, 3, 2, 1),
                            part(0.3, 3, 1, 0x11, 0xF9), part(0.4, 3, 2, 0x11, 0xF9)});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].lamps.status, 0x11);
}

TEST(Transport, ClearToSendOfAnotherPgnOrNodeIsNotHeeded) {
  const auto with = [](const CanFrame& answer) {
    return decode({rts(0, 3, 0xF9, 9, 2), part(0.1, 3, 1, 0x11, 0xF9), answer, part(0.3, 3, 2, 0x11, 0xF9)}).size();
  };
  EXPECT_EQ(with(cts(0.2, 0xF9, 3, 2, 1, 0xFECB)), 1u);
  EXPECT_EQ(with(cts(0.2, 0xF8, 3, 2, 1)), 1u);
  EXPECT_EQ(with(cts(0.2, 0xF9, 3, 0, 0xFF)), 1u) << "«wait» names no packet";
  EXPECT_EQ(with(cts(0.2, 0xF9, 3, 2, 1)), 0u);
}

TEST(Transport, PacketsThatWereSkippedAreNotMadeUp) {
  EXPECT_TRUE(decode({rts(0, 3, 0xF9, 21, 3), part(0.1, 3, 1, 0x11, 0xF9), cts(0.2, 0xF9, 3, 1, 3),
                      part(0.3, 3, 3, 0x11, 0xF9)})
                  .empty());
}

TEST(Transport, ThePgnComesFromTheRequestAlone) {
  EXPECT_TRUE(decode({rts(0, 3, 0xF9, 9, 2, 0xFECB), cts(0.1, 0xF9, 3, 2, 1, 0xFECA), part(0.2, 3, 1, 0x11, 0xF9),
                      part(0.3, 3, 2, 0x11, 0xF9)})
                  .empty());
}

TEST(Transport, AbortFromEitherSideClosesTheSession) {
  const auto with = [](const CanFrame& aborting) {
    return decode({rts(0, 3, 0xF9, 9, 2), part(0.1, 3, 1, 0x11, 0xF9), aborting, part(0.3, 3, 2, 0x11, 0xF9)}).size();
  };
  EXPECT_EQ(with(abort_session(0.2, 3, 0xF9)), 0u);
  EXPECT_EQ(with(abort_session(0.2, 0xF9, 3)), 0u);
  EXPECT_EQ(with(abort_session(0.2, 0xF9, 3, 0xFECB)), 1u);
}

TEST(Transport, NothingBetweenTwoNodesTouchesABroadcast) {
  const auto with = [](const CanFrame& other) {
    return decode({bam(0, 3, 9, 2), part(0.1, 3, 1), other, part(0.3, 3, 2)}).size();
  };
  EXPECT_EQ(with(rts(0.2, 3, 0xF9, 16, 3)), 1u);
  EXPECT_EQ(with(rts(0.2, 3, 0xFF, 16, 3)), 1u);
  EXPECT_EQ(with(cts(0.2, 0xFF, 3, 2, 1)), 1u);
  EXPECT_EQ(with(cts(0.2, 0xF9, 3, 2, 1)), 1u);
  EXPECT_EQ(with(abort_session(0.2, 3, 0xFF)), 1u);
  EXPECT_EQ(with(abort_session(0.2, 0xFF, 3)), 1u);
}

TEST(Transport, APartOutOfTurnDiscardsTheSession) {
  const auto with = [](const std::vector<int>& numbers) {
    std::vector<CanFrame> frames{bam(0, 3, 21, 3)};
    double at = 0;
    for (const int n : numbers) frames.push_back(part(at += 0.01, 3, n));
    return decode(frames).size();
  };
  EXPECT_EQ(with({1, 2, 3}), 1u);
  EXPECT_EQ(with({1, 2, 2, 3}), 0u) << "a repeat";
  EXPECT_EQ(with({1, 1, 2, 3}), 0u);
  EXPECT_EQ(with({2, 1, 2, 3}), 0u);
  EXPECT_EQ(with({0, 1, 2, 3}), 0u);
  EXPECT_EQ(with({1, 3, 2, 3}), 0u);
}

TEST(Transport, AGapOfMoreThanThreeQuartersOfASecondDiscardsTheSession) {
  EXPECT_EQ(decode({bam(0, 3, 9, 2), part(0.75, 3, 1), part(1.5, 3, 2)}).size(), 1u);
  EXPECT_EQ(decode({bam(0, 3, 9, 2), part(0.750001, 3, 1), part(0.8, 3, 2)}).size(), 0u);
  EXPECT_EQ(decode({bam(0, 3, 9, 2), part(0.7, 3, 1), part(1.450001, 3, 2)}).size(), 0u);
}

TEST(Transport, PartsWithoutASessionAndSessionsWithoutAnEndGiveNothing) {
  EXPECT_TRUE(decode({part(0, 3, 1), part(0.1, 3, 2)}).empty());
  EXPECT_TRUE(decode({bam(0, 3, 9, 2), part(0.1, 3, 1)}).empty());
  EXPECT_TRUE(decode({bam(0, 3, 9, 2, 0xFECB), part(0.1, 3, 1), part(0.2, 3, 2)}).empty()) << "not DM1";
}

TEST(Transport, KnowsWhereTheOldestOpenSessionBegan) {
  Transport transport;
  EXPECT_EQ(transport.oldest_open(Instant{0}), std::nullopt);
  transport.on_frame(bam(0, 3, 9, 2), 100);
  transport.on_frame(bam(0.1, 4, 9, 2), 200);
  EXPECT_EQ(transport.oldest_open(Instant{100'000}), 100u);
  transport.on_frame(part(0.2, 3, 1), 300);
  transport.on_frame(part(0.3, 3, 2), 400);
  EXPECT_EQ(transport.oldest_open(Instant{300'000}), 200u);
  EXPECT_EQ(transport.oldest_open(Instant{2'000'000}), std::nullopt);
}

TEST(Transport, AFloodOfAnnouncementsIsForgotten) {
  Transport transport;
  for (int i = 0; i < 200'000; ++i) transport.on_frame(rts(0.001 * i, i % 250, i / 250 % 250, 1785, 255));
  EXPECT_LT(transport.open_sessions(), 4096u);
}

}  // namespace
}  // namespace firstfix::agent
