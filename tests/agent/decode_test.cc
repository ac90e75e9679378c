// `firstfix-agent decode` as others call it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "agent/dm1.h"
#include "program.h"

namespace firstfix::agent {
namespace {

using namespace testing;
using ::testing::HasSubstr;

const std::string kHeader = std::string(dm1_csv_header()) + "\n";

TEST(Decode, PrintsTheRowsThatTwoOtherDecodersAgreeOn) {
  const std::filesystem::path folder = std::filesystem::path(FIRSTFIX_SHARED_DATA) / "j1939";
  if (!std::filesystem::exists(folder / "dm1_expected.csv")) GTEST_SKIP() << "the recorded captures are not here";
  std::map<std::string, std::string> expected;
  std::istringstream rows(read_file(folder / "dm1_expected.csv"));
  std::size_t count = 0;
  for (std::string row; std::getline(rows, row);) {
    if (row.ends_with('\r')) row.pop_back();
    if (row + "\n" == kHeader) continue;
    expected[row.substr(0, row.find(','))] += row + "\n";
    ++count;
  }
  EXPECT_EQ(count, 266u);
  for (const auto& entry : std::filesystem::directory_iterator(folder / "logs")) {
    const Finished decoded = run({FIRSTFIX_AGENT, "decode", entry.path()});
    EXPECT_EQ(decoded.exit_code, 0);
    EXPECT_EQ(decoded.out, kHeader + expected[entry.path().filename()]) << entry.path();
    EXPECT_EQ(decoded.err, "");
  }
}

TEST(Decode, ReportsABadLineAndGoesOn) {
  const TempFolder folder;
  write_file(folder / "a.log",
             "(1.000000) can0 18FECA03#40FF66000301FFFF\n"
             "(2.000000) can0 18FECA03#40FF660003\n"
             "garbage\n"
             "\n"
             "(3.000000) can0 18FECA03 [8] 40 FF 66 00 03 02 FF FF\n"
             "(4.000000) can0 18FECA03#40FF66000303FFFF");
  const Finished decoded = run({FIRSTFIX_AGENT, "decode", folder / "a.log"});
  EXPECT_EQ(decoded.exit_code, 0);
  EXPECT_EQ(decoded.out, kHeader +
                             "a.log,1.000000,can0,3,single,40,FF,1,102/3/1/0\n"
                             "a.log,3.000000,can0,3,single,40,FF,1,102/3/2/0\n"
                             "a.log,4.000000,can0,3,single,40,FF,1,102/3/3/0\n");
  EXPECT_THAT(decoded.err, HasSubstr("a.log:3: skipped"));
  EXPECT_THAT(decoded.err, Not(HasSubstr("a.log:2:"))) << "a frame of five bytes is a frame, only no DM1";
}

TEST(Decode, ReadsAPcanTrace) {
  const TempFolder folder;
  write_file(folder / "a.trc",
             ";$FILEVERSION=2.0\r\n;$STARTTIME=43102.6\r\n;\r\n"
             "      1      1059.900 DT     18FECA03 Rx 8  40 FF 66 00 03 01 FF FF\r\n"
             "      2      1060.100 ST              Rx    00 00 00 08\r\n"
             "      3      2059.900 DT     18FECA03 Tx 8  40 FF 66 00 03 02 FF FF\r\n");
  const Finished decoded = run({FIRSTFIX_AGENT, "decode", folder / "a.trc"});
  EXPECT_EQ(decoded.exit_code, 0);
  EXPECT_EQ(decoded.out, kHeader +
                             "a.trc,1.059900,trc,3,single,40,FF,1,102/3/1/0\n"
                             "a.trc,2.059900,trc,3,single,40,FF,1,102/3/2/0\n");
}

TEST(Decode, AnUnreadableFileIsAnError) {
  const TempFolder folder;
  EXPECT_NE(run({FIRSTFIX_AGENT, "decode", folder / "none.log"}).exit_code, 0);
  EXPECT_NE(run({FIRSTFIX_AGENT, "decode", folder.path()}).exit_code, 0);
  EXPECT_EQ(run({FIRSTFIX_AGENT, "decode", folder / "none.log"}).out, "");
  write_file(folder / "old.trc", ";$FILEVERSION=1.1\n");
  EXPECT_NE(run({FIRSTFIX_AGENT, "decode", folder / "old.trc"}).exit_code, 0);
  write_file(folder / "noise", "what\nis this\n");
  EXPECT_NE(run({FIRSTFIX_AGENT, "decode", folder / "noise"}).exit_code, 0);
  write_file(folder / "empty.log", "");
  EXPECT_EQ(run({FIRSTFIX_AGENT, "decode", folder / "empty.log"}).exit_code, 0);
}

}  // namespace
}  // namespace firstfix::agent
