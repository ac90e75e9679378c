#include "agent/capture.h"

#include <gtest/gtest.h>

namespace firstfix::agent {
namespace {

CanFrame read(std::string_view line) {
  const auto frame = parse_capture_line(line);
  EXPECT_TRUE(frame.has_value()) << line << ": " << (frame ? "" : frame.error().message);
  EXPECT_TRUE(frame && *frame) << "no frame in " << line;
  return frame && *frame ? **frame : CanFrame{};
}

bool passes_over(std::string_view line) {
  const auto frame = parse_capture_line(line);
  return frame && !*frame;
}

bool refuses(std::string_view line) {
  return !parse_capture_line(line);
}

TEST(CaptureLine, ReadsTheLogFormOfCandump) {
  const CanFrame f = read("(1543532003.571000) can1 18F00131#FFFFFF3F00FFFFfe");
  EXPECT_EQ(f.at.micros, 1'543'532'003'571'000);
  EXPECT_EQ(f.channel, "can1");
  EXPECT_EQ(f.id, 0x18F00131u);
  EXPECT_TRUE(f.extended);
  EXPECT_EQ(f.size, 8);
  EXPECT_EQ(f.data[3], 0x3F);
  EXPECT_EQ(f.data[7], 0xFE);
}

TEST(CaptureLine, ReadsTheReadableFormOfCandump) {
  const CanFrame f = read(" (000.000276)  can0  18FEE000   [3]  0F 00 24\r");
  EXPECT_EQ(f.at.micros, 276);
  EXPECT_EQ(f.channel, "can0");
  EXPECT_EQ(f.size, 3);
  EXPECT_EQ(f.data[2], 0x24);
  EXPECT_FALSE(read("(0.5) can0 123 [0]").extended);
  EXPECT_EQ(read("(0.5) can0 18FECA00 [2] 41 42 'AB'").size, 2);    // candump -a
  EXPECT_EQ(read("(0.5) can0 RX - - 18FECA00 [2] 41 42").size, 2);  // candump -x
  EXPECT_EQ(read("(0.5) can0 18FECA00#4142 R").size, 2);            // candump -L -x
}

TEST(CaptureLine, ReadsDataOfAPcanTraceBothReceivedAndSent) {
  const CanFrame received = read("      1      1059.900 DT     18FECA03 Rx 8 00 FF 00 00 00 00 FF FF");
  EXPECT_EQ(received.at.micros, 1'059'900);
  EXPECT_EQ(received.channel, "trc");
  EXPECT_EQ(received.id, 0x18FECA03u);
  EXPECT_EQ(received.size, 8);
  EXPECT_EQ(read("2 1100.1234 DT 18FECA03 Tx 1 40").at.micros, 1'100'123);
  EXPECT_FALSE(read("2 1100.123 DT 0300 Tx 1 40").extended);
}

TEST(CaptureLine, PassesOverWhatIsNoDataFrame) {
  EXPECT_TRUE(passes_over(""));
  EXPECT_TRUE(passes_over("   \r"));
  EXPECT_TRUE(passes_over(";$FILEVERSION=2.0"));
  EXPECT_TRUE(passes_over(";   Start time: 1.1.2026"));
  EXPECT_TRUE(passes_over("3 1100.123 ER 1 2 3 4 5 6"));
  EXPECT_TRUE(passes_over("3 1100.123 ST Rx 00 00 00 08"));
  EXPECT_TRUE(passes_over("3 1100.123 EC Rx 2 02 00"));
  EXPECT_TRUE(passes_over("(1.0) can0 18FECA00#R"));
  EXPECT_TRUE(passes_over("(1.0) can0 18FECA00 [8] remote request"));
  EXPECT_TRUE(passes_over("(1.0) can0 18FECA00##1001122"));
}

TEST(CaptureLine, SaysWhatIsWrong) {
  EXPECT_TRUE(refuses("hello"));
  EXPECT_TRUE(refuses("(1.0 can0 18FECA00#00"));
  EXPECT_TRUE(refuses("(yesterday) can0 18FECA00#00"));
  EXPECT_TRUE(refuses("(1.0) can0"));
  EXPECT_TRUE(refuses("(1.0) can0 18FECA0#00"));
  EXPECT_TRUE(refuses("(1.0) can0 18FECA0G#00"));
  EXPECT_TRUE(refuses("(1.0) can0 18FECA00#0"));
  EXPECT_TRUE(refuses("(1.0) can0 18FECA00#0Z"));
  EXPECT_TRUE(refuses("(1.0) can0 18FECA00#001122334455667788"));
  EXPECT_TRUE(refuses("(1.0) can0 18FECA00#0011 22"));
  EXPECT_TRUE(refuses("(1.0) can0 18FECA00 8 00"));
  EXPECT_TRUE(refuses("1 x DT 18FECA03 Rx 1 00"));
  EXPECT_TRUE(refuses("1 1.0 DT 18FECA03 Up 1 00"));
  EXPECT_TRUE(refuses("(9999999999999999999999.0) can0 18FECA00#00"));
  EXPECT_TRUE(refuses("(1.0) can0 18FECA00#" + std::string(kMaxCaptureLine, '0')));
}

TEST(CaptureLine, TheCountMustEqualTheBytes) {
  EXPECT_TRUE(refuses("(1.0) can0 18FECA00 [8] 00 FF 00 00 00 00 FF"));
  EXPECT_TRUE(refuses("(1.0) can0 18FECA00 [2] 00 FF 00"));
  EXPECT_TRUE(refuses("1 1.0 DT 18FECA03 Rx 3 00 FF"));
}

TEST(CaptureLine, RefusesTheWholeTraceOfAnotherVersion) {
  const auto line = parse_capture_line(";$FILEVERSION=1.1");
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().code, Code::kState);
}

}  // namespace
}  // namespace firstfix::agent
