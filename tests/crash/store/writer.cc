// store_crash_writer DIRECTORY NAME: writes transactions from several threads until it is killed, and says the id of
// each on standard output once it is durable. Every fifth is given up half-way; its id begins with «never».
#include "writer.h"

#include <unistd.h>

#include <iostream>
#include <thread>
#include <vector>

#include "store/keys.h"
#include "store/rocksdb_store.h"
#include "support/fakes.h"

namespace firstfix::store {
namespace {

Status write(Transaction& txn, const std::string& id, bool give_up) {
  for (int part = 0; part < kParts; ++part) {
    if (give_up && part == kParts / 2) return fail(Code::kState, "given up");
    FIRSTFIX_CHECK(txn.put(Table::kRecords, record_key(id, part), id));
  }
  FIRSTFIX_CHECK(txn.put(Table::kIndexes, index_key(id), id));
  return txn.append_log(kWritten, id);
}

void write_for_ever(Store& store, const std::string& name) {
  for (int i = 0;; ++i) {
    const bool give_up = i % 5 == 4;
    const auto id = (give_up ? "never-" : "") + name + "-" + std::to_string(i);
    const auto done = store.transact([&](Transaction& txn) { return write(txn, id, give_up); });
    const auto line = id + "\n";
    if (done && ::write(STDOUT_FILENO, line.data(), line.size()) < 0) return;
  }
}

int run(const std::string& directory, const std::string& name) {
  testing::ManualClock clock;
  const auto store = open_rocksdb({directory, &clock, 1, Durability::kSync});
  if (!store) {
    std::cerr << store.error().message << "\n";
    return 1;
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) threads.emplace_back([&, t] { write_for_ever(**store, name + "-" + std::to_string(t)); });
  for (auto& thread : threads) thread.join();
  return 0;
}

}  // namespace
}  // namespace firstfix::store

int main(int argc, char** argv) {
  return argc == 3 ? firstfix::store::run(argv[1], argv[2]) : 2;
}
