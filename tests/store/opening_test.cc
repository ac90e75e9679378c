// Opening: after a kill, after a newer version, by two at once, from a copy.
#include <gmock/gmock.h>
#include <rocksdb/db.h>

#include <fstream>

#include "store/keys.h"
#include "store_fixture.h"

namespace firstfix::store {
namespace {

using ::testing::HasSubstr;

namespace fs = std::filesystem;

class OpeningTest : public StoreTest {
 protected:
  // What a process leaves behind that is killed now: its files as they are, with nothing closed.
  std::string killed_now() {
    const auto image = directory / "killed";
    fs::remove_all(image);
    fs::copy(directory / "store", image, fs::copy_options::recursive);
    return image;
  }
  Result<std::unique_ptr<Store>> open(const std::string& path) {
    auto where = options();
    where.directory = path;
    return open_rocksdb(where);
  }
  // The schema version as the engine keeps it, changed behind the store's back.
  void write_schema(const std::string& bytes) {
    store.reset();
    std::vector<rocksdb::ColumnFamilyDescriptor> tables;
    for (const auto* name : {"default", "records", "indexes", "log", "blobs", "system"})
      tables.emplace_back(name, rocksdb::ColumnFamilyOptions{});
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, directory / "store", tables, &handles, &db).ok());
    ASSERT_TRUE(db->Put({}, handles.back(), key({"", "schema"}), bytes).ok());
    for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
    delete db;
  }
};

TEST_F(OpeningTest, AfterAKillShowsEveryTransactionThatHadReturned) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(put(std::to_string(i), "v"));
  ASSERT_TRUE(append({"a", "b"}));
  const auto survivor = open(killed_now());
  ASSERT_TRUE(survivor) << survivor.error().message;
  for (int i = 0; i < 100; ++i) EXPECT_EQ((*survivor)->snapshot()->get(Table::kRecords, std::to_string(i)), "v");
  EXPECT_EQ((*survivor)->position(kPartition), 2u);
}

TEST_F(OpeningTest, AfterATornWriteShowsWholeTransactionsOnly) {
  // Each transaction writes its number under two keys and into the log; whatever of the last bytes is torn away, a
  // prefix of the transactions is there, each with all its parts.
  constexpr int kTransactions = 20;
  for (int i = 1; i <= kTransactions; ++i)
    ASSERT_TRUE(store->transact([&](Transaction& txn) -> Status {
      FIRSTFIX_CHECK(txn.put(Table::kRecords, "left", std::to_string(i)));
      FIRSTFIX_CHECK(txn.put(Table::kIndexes, "right", std::to_string(i)));
      return txn.append_log(kPartition, std::to_string(i));
    }));
  std::uint64_t last = kTransactions;
  for (const std::uintmax_t torn : {0, 1, 7, 50, 100, 333, 1000}) {
    const auto image = killed_now();
    for (const auto& file : fs::directory_iterator(image))
      if (file.path().extension() == ".log" && file.file_size() > torn) fs::resize_file(file, file.file_size() - torn);
    const auto survivor = open(image);
    ASSERT_TRUE(survivor) << survivor.error().message;
    const auto position = (*survivor)->position(kPartition);
    EXPECT_LE(position, last) << "the more is torn away, the less is left";
    last = position;
    const auto number = std::to_string(position);
    EXPECT_EQ((*survivor)->snapshot()->get(Table::kRecords, "left"), number);
    EXPECT_EQ((*survivor)->snapshot()->get(Table::kIndexes, "right"), number);
  }
  EXPECT_LT(last, kTransactions);
}

TEST_F(OpeningTest, ByTwoAtOnceIsRefused) {
  const auto second = open_rocksdb(options());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kUnavailable);
}

TEST_F(OpeningTest, OfANewerSchemaIsRefusedWithBothVersions) {
  write_schema(big_endian(2));
  const auto opened = open_rocksdb(options());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::kState);
  EXPECT_THAT(opened.error().message, HasSubstr("schema 2, this one knows 1"));
}

TEST_F(OpeningTest, OfASchemaThatNeverWasIsRefused) {
  for (const auto& bytes : {std::string(), std::string("1"), big_endian(0)}) {
    write_schema(bytes);
    const auto opened = open_rocksdb(options());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::kCorrupt);
    EXPECT_THAT(opened.error().message, HasSubstr("schema"));
  }
}

TEST_F(OpeningTest, OfANewerVersionsTablesIsRefused) {
  store.reset();
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  std::vector<rocksdb::ColumnFamilyDescriptor> tables;
  for (const auto* name : {"default", "records", "indexes", "log", "blobs", "system", "telemetry"})
    tables.emplace_back(name, rocksdb::ColumnFamilyOptions{});
  rocksdb::DBOptions with_new;
  with_new.create_missing_column_families = true;
  ASSERT_TRUE(rocksdb::DB::Open(with_new, directory / "store", tables, &handles, &db).ok());
  for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle);
  delete db;
  const auto opened = open_rocksdb(options());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::kState);
  EXPECT_THAT(opened.error().message, HasSubstr("newer"));
}

TEST_F(OpeningTest, OfSomethingElseIsRefused) {
  fs::create_directory(directory / "else");
  std::ofstream(directory / "else/CURRENT") << "not a manifest\n";
  const auto opened = open(directory / "else");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::kCorrupt);
}

TEST_F(OpeningTest, ACheckpointIsAStoreOfItsOwn) {
  ASSERT_TRUE(put("a", "1"));
  ASSERT_TRUE(append({"told"}));
  ASSERT_TRUE(store->checkpoint(directory / "copy"));
  ASSERT_TRUE(put("a", "2"));
  const auto copy = open(directory / "copy");
  ASSERT_TRUE(copy) << copy.error().message;
  EXPECT_EQ((*copy)->snapshot()->get(Table::kRecords, "a"), "1");
  EXPECT_TRUE((*copy)->parse_cursor(kPartition, store->token(kPartition, {1}))) << "its followers go on from it";
  EXPECT_EQ(code_of(store->checkpoint(directory / "copy")), "internal") << "an older copy is never written over";
}

TEST_F(OpeningTest, KeepsItsIdentity) {
  const auto token = store->token(kPartition, {0});
  store.reset();
  auto other = options();
  other.identity_seed = kIdentity + 1;
  auto opened = open_rocksdb(other);
  ASSERT_TRUE(opened);
  EXPECT_TRUE((*opened)->parse_cursor(kPartition, token));
}

}  // namespace
}  // namespace firstfix::store
