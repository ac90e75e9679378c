// Rows that cannot be right are told by file and line, and not learnt from.
#include "predict/history_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace firstfix::predict {
namespace {

constexpr Instant kNow{1'780'000'000'000'000};  // May 2026

History read(const std::string& faults, const std::string& orders) {
  std::istringstream assets("asset_id,model,age_years\nA1,m,3\n\"A2\",\"m, large\",1\nA1,n,2\n");
  std::istringstream fault_rows("asset_id,code,occurred_at\n" + faults);
  std::istringstream order_rows("work_order_id,asset_id,completed_at,kind,causes,parts\n" + orders);
  HistoryReader reader(kNow);
  EXPECT_TRUE(reader.read_assets(assets));
  EXPECT_TRUE(reader.read_faults(fault_rows));
  EXPECT_TRUE(reader.read_work_orders(order_rows));
  return reader.finish();
}

std::vector<std::string> told(const History& history) {
  std::vector<std::string> out;
  for (const auto& row : history.bad) out.push_back(row.file + ":" + std::to_string(row.line) + " " + row.reason);
  return out;
}

TEST(HistoryFiles, KeepsWhatIsRightAndTellsWhatIsNot) {
  const auto history = read(
      "A1,E1,2026-01-01T00:00:00Z\nA1,E1,2026-01-01T00:00:00Z\nA1,E1,2099-01-01T00:00:00Z\nA9,E1,2026-01-01T00:00:00Z\n"
      "A1,E1,tomorrow\nA1\n",
      "W1,A1,2026-01-02T00:00:00Z,corrective,K1;K2,P1\nW1,A1,2026-01-02T00:00:00Z,corrective,K3,P1\n"
      "W2,A1,2026-01-02T00:00:00Z,corrective,K1;K2,P1\nW3,A2,2026-01-03T00:00:00Z,corrective,,\n"
      "W4,A2,2026-01-03T00:00:00Z,guess,K1,\nW5,A2,2026-01-03T00:00:00Z,preventive,,P2\n");
  EXPECT_THAT(told(history),
              testing::ElementsAre("assets.csv:4 A1 is already in line 2", "faults.csv:3 repeats line 2",
                                   "faults.csv:4 2099-01-01T00:00:00Z is in the future",
                                   "faults.csv:5 'A9' is not in assets.csv",
                                   "faults.csv:6 'tomorrow' is not a time such as 2026-03-01T08:15:30Z",
                                   "faults.csv:7 has 1 fields, 3 are needed", "work_orders.csv:3 W1 contradicts line 2",
                                   "work_orders.csv:4 repeats line 2 under another work_order_id",
                                   "work_orders.csv:5 is corrective, but names no cause",
                                   "work_orders.csv:6 kind 'guess' is neither corrective nor preventive"));
  EXPECT_EQ(history.machines.at("A2").model, "m, large");
  EXPECT_EQ(history.machines.at("A1").faults.size(), 1u);
  ASSERT_EQ(history.machines.at("A1").works.size(), 1u);
  EXPECT_EQ(history.machines.at("A1").works[0].causes, (std::vector<std::string>{"K1", "K2"}));
  EXPECT_FALSE(history.machines.at("A2").works.at(0).corrective);
}

TEST(HistoryFiles, ReadsWhoIsAlike) {
  std::istringstream rows(
      "kind,member,family\nmodel,loader*,loaders\nstandards,,\ncolour,red,warm\npart,P1,\npart,P2,seals\n");
  HistoryReader reader(kNow);
  ASSERT_TRUE(reader.read_families(rows));
  const auto history = reader.finish();
  using Kind = diagnosis::Families::Kind;
  EXPECT_EQ(history.families.of(Kind::kModel, "loader 7"), "loaders");
  EXPECT_EQ(history.families.of(Kind::kPart, "P2"), "seals");
  EXPECT_EQ(history.families.of(Kind::kCode, "j1939-100-1"), "j1939-100");
  EXPECT_THAT(told(history),
              testing::ElementsAre("families.csv:4 kind 'colour' is none of model, code, part, standards",
                                   "families.csv:5 has no family"));
}

TEST(HistoryFiles, TakesAFaultWithoutWhatCannotBeRightOfTheRest) {
  std::istringstream assets("asset_id,model\nA1,m\n");
  std::istringstream rows(
      "asset_id,code,occurred_at,readings,cleared_at\nA1,E1,2026-01-01T00:00:00Z,bar=1.2;c=-4e1;,2026-01-01T01:00:00Z\n"
      "A1,E2,2026-01-01T00:00:00Z,bar,\nA1,E3,2026-01-01T00:00:00Z,bar=inf,2025-01-01T00:00:00Z\n"
      "A1,E4,2026-01-01T00:00:00Z,bar=1;bar=2,soon\nA1,E5,2026-01-01T00:00:00Z\n");
  HistoryReader reader(kNow);
  ASSERT_TRUE(reader.read_assets(assets));
  ASSERT_TRUE(reader.read_faults(rows));
  const auto history = reader.finish();
  EXPECT_THAT(
      told(history),
      testing::ElementsAre(
          "faults.csv:3 'bar' is not a reading such as oil_bar=3.2, and the fault taken without readings",
          "faults.csv:4 is cleared before it occurred, and taken for one that is still there",
          "faults.csv:4 reading 'bar' is not a finite number, and the fault taken without readings",
          "faults.csv:5 'soon' is not a time such as 2026-03-01T08:15:30Z, and the fault taken for one that is still "
          "there",
          "faults.csv:5 reading 'bar' is there twice, and the fault taken without readings"));
  const auto& faults = history.machines.at("A1").faults;
  ASSERT_EQ(faults.size(), 5u);
  EXPECT_EQ(faults[0].cleared_at, faults[0].at + std::chrono::hours(1));
  EXPECT_THAT(faults[0].readings, testing::ElementsAre(testing::Pair("bar", 1.2), testing::Pair("c", -40)));
  EXPECT_EQ(faults[2].cleared_at, kNever);
}

TEST(HistoryFiles, TakesAMachineWhoseAgeIsNoNumber) {
  std::istringstream assets("asset_id,model,age_years\nA1,m,7.5\nA2,m,old\nA3,m,\n");
  HistoryReader reader(kNow);
  ASSERT_TRUE(reader.read_assets(assets));
  const auto history = reader.finish();
  EXPECT_EQ(history.machines.at("A1").age_years, 7.5);
  EXPECT_LT(history.machines.at("A2").age_years, 0);
  EXPECT_LT(history.machines.at("A3").age_years, 0);
  EXPECT_THAT(told(history), testing::ElementsAre("assets.csv:3 'old' is not an age, and unknown"));
}

TEST(HistoryFiles, NamesTheColumnThatIsMissing) {
  std::istringstream assets("asset_id\nA1\n");
  const auto status = HistoryReader(kNow).read_assets(assets);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "has no column 'model'");
}

}  // namespace
}  // namespace firstfix::predict
