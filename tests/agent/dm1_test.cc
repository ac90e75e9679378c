#include "agent/dm1.h"

#include <gtest/gtest.h>

#include "j1939_frames.h"

namespace firstfix::agent {
namespace {

using namespace testing;

TEST(Dm1, ASingleFrameHasExactlyEightBytesAndOneSlot) {
  EXPECT_TRUE(decode({frame(1, 0x18FECA03, {0, 255, 102, 0, 3, 1})}).empty());
  EXPECT_TRUE(decode({frame(1, 0x18FECA03, {0, 255, 102, 0, 3, 1, 255})}).empty());
  const auto rows = decode({frame(1, 0x18FECA03, {0x40, 255, 102, 0, 3, 1, 7, 7})});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].codes, (std::vector<Dtc>{{102, 3, 1, false}})) << "the last two bytes are nothing";
}

TEST(Dm1, LampsAreTwoBitsEach) {
  const Lamps lamps{0b01'10'11'00, 0xFF};
  EXPECT_EQ(lamps.malfunction(), LampState::kOn);
  EXPECT_EQ(lamps.red_stop(), LampState::kError);
  EXPECT_EQ(lamps.amber_warning(), LampState::kNotAvailable);
  EXPECT_EQ(lamps.protect(), LampState::kOff);
}

TEST(Dm1, TheConversionMethodBitChangesNoOtherField) {
  const auto rows = decode({frame(1, 0x18FECA03, {0, 255, 0xFF, 0xFE, 0xFF, 0x81, 255, 255})});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].codes, (std::vector<Dtc>{{0x7FEFF, 31, 1, true}}));
}

TEST(Dm1, EmptySlotsAreDroppedAndNothingElse) {
  const auto slot = [](int a, int b, int c, int d) {
    return decode({frame(1, 0x18FECA03, {0, 255, a, b, c, d, 255, 255})}).at(0).codes.size();
  };
  EXPECT_EQ(slot(0, 0, 0, 0), 0u);
  EXPECT_EQ(slot(0, 0, 0, 5), 0u) << "whatever its count";
  EXPECT_EQ(slot(0xFF, 0xFF, 0xFF, 0xFF), 0u);
  EXPECT_EQ(slot(0, 0, 3, 1), 1u);
  EXPECT_EQ(slot(0xFF, 0xFF, 0xFE, 1), 1u);
}

TEST(Dm1, TheRestOfALongMessageThatIsNoSlotIsLeftOut) {
  EXPECT_EQ(decode({bam(0, 3, 9, 2), part(0.1, 3, 1), part(0.2, 3, 2)}).at(0).codes.size(), 1u);
  EXPECT_EQ(decode({bam(0, 3, 14, 2), part(0.1, 3, 1), part(0.2, 3, 2)}).at(0).codes.size(), 3u) << "repeats are kept";
}

TEST(Dm1, WritesARow) {
  Dm1 dm1{Instant{1'543'532'003'000'042},          "can1", 49, Via::kRts, {0xC0, 0x0F},
          {{168, 17, 126, false}, {1, 2, 3, true}}};
  EXPECT_EQ(dm1_csv_row("a.log", dm1), "a.log,1543532003.000042,can1,49,rts,C0,0F,2,168/17/126/0 1/2/3/1");
  dm1.codes.clear();
  EXPECT_EQ(dm1_csv_row("a,\"b\".log", dm1), "\"a,\"\"b\"\".log\",1543532003.000042,can1,49,rts,C0,0F,0,");
}

}  // namespace
}  // namespace firstfix::agent
