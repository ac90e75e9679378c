// A rehearsal behaves as the transaction will, and writes nothing.
#include "desk/rehearsal.h"

#include <gmock/gmock.h>

#include "store/rocksdb_store.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace testing;
using store::Table;
using ::testing::ElementsAre;

std::vector<std::string> records_from(const store::Reader& reader, std::string_view from, std::string_view to,
                                      std::size_t most = 100) {
  std::vector<std::string> out;
  EXPECT_TRUE(reader.scan(Table::kRecords, from, to, [&](std::string_view key, std::string_view value) {
    out.push_back(std::string(key) + "=" + std::string(value));
    return out.size() < most;
  }));
  return out;
}

TEST(Rehearsal, SeesItsOwnWritesOverTheSnapshot) {
  TemporaryDirectory directory;
  ManualClock clock;
  auto opened = store::open_rocksdb({directory / "store", &clock, 1, store::Durability::kProcess}).value();
  ASSERT_TRUE(opened->transact([](store::Transaction& txn) -> Status {
    for (const auto* key : {"b", "d", "f"}) FIRSTFIX_CHECK(txn.put(Table::kRecords, key, "old"));
    return {};
  }));
  const auto snapshot = opened->snapshot();
  Rehearsal rehearsal(snapshot);
  ASSERT_TRUE(rehearsal.put(Table::kRecords, "a", "new"));
  ASSERT_TRUE(rehearsal.put(Table::kRecords, "d", "new"));
  ASSERT_TRUE(rehearsal.put(Table::kRecords, "g", "new"));
  ASSERT_TRUE(rehearsal.erase(Table::kRecords, "f"));
  ASSERT_TRUE(rehearsal.append_log({"acme", 0}, "told"));
  EXPECT_THAT(records_from(rehearsal, "", ""), ElementsAre("a=new", "b=old", "d=new", "g=new"));
  EXPECT_THAT(records_from(rehearsal, "b", "g"), ElementsAre("b=old", "d=new"));
  EXPECT_THAT(records_from(rehearsal, "", "", 2), ElementsAre("a=new", "b=old"));
  EXPECT_EQ(rehearsal.get(Table::kRecords, "f").value(), std::nullopt);
  EXPECT_EQ(rehearsal.get(Table::kRecords, "b").value(), "old");

  EXPECT_THAT(records_from(*opened->snapshot(), "", ""), ElementsAre("b=old", "d=old", "f=old"));
  EXPECT_EQ(opened->position({"acme", 0}), 0u);
}

TEST(Rehearsal, IsPerformedAsLongAsWhatItReadIsStillTrue) {
  TemporaryDirectory directory;
  ManualClock clock;
  auto opened = store::open_rocksdb({directory / "store", &clock, 1, store::Durability::kProcess}).value();
  Rehearsal first(opened->snapshot()), second(opened->snapshot());
  for (auto* rehearsal : {&first, &second}) {
    ASSERT_EQ(rehearsal->get(Table::kRecords, "place").value(), std::nullopt);
    ASSERT_TRUE(rehearsal->put(Table::kRecords, "place", "taken"));
    ASSERT_TRUE(rehearsal->append_log({"acme", 0}, "told"));
  }
  const auto perform = [&](const Rehearsal& rehearsal) {
    bool performed = false;
    EXPECT_TRUE(opened->transact([&](store::Transaction& txn) -> Status {
      performed = rehearsal.still_true(txn);
      return performed ? rehearsal.perform(txn) : Status{};
    }));
    return performed;
  };
  EXPECT_TRUE(perform(first));
  EXPECT_FALSE(perform(second)) << "the place was free when it looked, and is not any more";
  EXPECT_THAT(records_from(*opened->snapshot(), "", ""), ElementsAre("place=taken"));
  EXPECT_EQ(opened->position({"acme", 0}), 1u);
}

}  // namespace
}  // namespace firstfix::desk
