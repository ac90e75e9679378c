// kill -9 of a process in the middle of its commits: what it was told is durable is there, what is there is whole, and
// the change log goes on without a gap.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>

#include "store/keys.h"
#include "store/rocksdb_store.h"
#include "support/fakes.h"
#include "support/temporary_directory.h"
#include "writer.h"

namespace firstfix::store {
namespace {

int rounds() {
  const char* wanted = std::getenv("FIRSTFIX_KILL_ROUNDS");
  return wanted != nullptr && std::atoi(wanted) > 0 ? std::atoi(wanted) : 4;
}

// Runs the writer until it has said so much, kills it, and returns the ids that it had called durable.
std::set<std::string> write_and_die(const std::string& directory, const std::string& name, std::size_t bytes) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  const pid_t writer = ::fork();
  if (writer == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::execl(WRITER, WRITER, directory.c_str(), name.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string said;
  char buffer[4096];
  bool killed = false;
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    said.append(buffer, static_cast<std::size_t>(n));
    if (!killed && said.size() >= bytes) killed = ::kill(writer, SIGKILL) == 0;
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(writer, &status, 0);
  EXPECT_TRUE(killed && WIFSIGNALED(status)) << "the writer ended by itself";
  std::istringstream lines(said);
  std::set<std::string> durable;
  for (std::string line; std::getline(lines, line) && !lines.eof();) durable.insert(line);
  return durable;
}

// How many parts of each transaction are there: its records and its index entry.
std::map<std::string, int> parts_found(const Store& store) {
  std::map<std::string, int> found;
  const auto snapshot = store.snapshot();
  for (const auto table : {Table::kRecords, Table::kIndexes})
    EXPECT_TRUE(snapshot->scan(table, "", "",
                               [&](std::string_view, std::string_view id) { return ++found[std::string(id)] > 0; }));
  return found;
}

// The ids in the log, in order; fails if the positions have a gap.
std::vector<std::string> logged(const Store& store) {
  std::vector<std::string> ids;
  for (Cursor after = store.beginning(kWritten);;) {
    const auto entries = store.tail(kWritten, after, 1000);
    EXPECT_TRUE(entries) << entries.error().message;
    if (!entries || entries->empty()) return ids;
    for (const auto& entry : *entries) {
      EXPECT_EQ(entry.position, after.position + 1) << "the log has a gap";
      ids.push_back(entry.entry);
      after = entry.after;
    }
  }
}

TEST(StoreCrash, WhatWasDurableIsThereAndWhatIsThereIsWhole) {
  const testing::TemporaryDirectory directory;
  const auto path = directory / "store";
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 dice(seed);
  std::set<std::string> durable;
  testing::ManualClock clock;
  for (int round = 0; round < rounds(); ++round) {
    durable.merge(write_and_die(path, "round-" + std::to_string(round), 500 + dice() % 20'000));
    const auto store = open_rocksdb({path, &clock, 1, Durability::kSync});
    ASSERT_TRUE(store) << store.error().message;
    const auto ids = logged(**store);
    const std::set<std::string> there(ids.begin(), ids.end());
    EXPECT_EQ(there.size(), ids.size()) << "a transaction is in the log twice";
    for (const auto& id : durable) EXPECT_TRUE(there.count(id)) << id << " was durable and is gone";
    const auto parts = parts_found(**store);
    for (const auto& [id, count] : parts) {
      EXPECT_EQ(count, kParts + 1) << id << " is there in part";
      EXPECT_TRUE(there.count(id)) << id << " is not in the log";
    }
    EXPECT_EQ(parts.size(), there.size()) << "the log tells of transactions that are not there";
  }
  EXPECT_GT(durable.size(), 0u);
}

}  // namespace
}  // namespace firstfix::store
