// The store against the plainest thing that does the same: a map and a list.
//
// Several threads run generated transactions. The store runs them one after another, so that each can compare what it
// reads with the model, and change the model with it; one that fails must leave both as they were.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "store/keys.h"
#include "store/rocksdb_store.h"
#include "support/fakes.h"
#include "support/temporary_directory.h"

namespace firstfix::store {
namespace {

struct Step {
  enum Kind { kPut, kErase, kTell } kind = kPut;
  std::string key, value;
};

struct Job {
  std::vector<Step> steps;
  bool fails = false;
};

struct Model {
  std::map<std::string, std::string> records;
  std::vector<std::string> log;
};

rc::Gen<Step> any_step() {
  return rc::gen::build<Step>(
      rc::gen::set(&Step::kind, rc::gen::element(Step::kPut, Step::kPut, Step::kErase, Step::kTell)),
      rc::gen::set(&Step::key, rc::gen::element<std::string>("a", "b", "ba", "c", "d")), rc::gen::set(&Step::value));
}
rc::Gen<Job> any_job() {
  return rc::gen::build<Job>(rc::gen::set(&Job::steps, rc::gen::container<std::vector<Step>>(any_step())),
                             rc::gen::set(&Job::fails, rc::gen::element(false, false, true)));
}

class World {
 public:
  World() { reopen(); }

  void reopen() {
    store_.reset();
    store_ = std::move(open_rocksdb({directory_ / "store", &clock_, 1, Durability::kProcess})).value();
  }

  // Each case has a tenant of its own.
  void begin() {
    partition_ = {"tenant" + std::to_string(++cases_), 0};
    model_ = {};
  }

  void run(const Job& job) {
    const auto done = store_->transact([&](Transaction& txn) -> Status {
      Model next = model_;
      if (seen_by(txn) != next.records) ++wrong_;
      for (const auto& step : job.steps) FIRSTFIX_CHECK(take(txn, next, step));
      if (seen_by(txn) != next.records) ++wrong_;
      if (job.fails) return fail(Code::kState, "as it should");
      model_ = std::move(next);
      return {};
    });
    if (done.has_value() == job.fails) ++wrong_;
  }

  bool agrees() const {
    std::vector<std::string> told;
    const auto entries = store_->tail(partition_, store_->beginning(partition_), 100'000);
    for (const auto& entry : entries.value()) told.push_back(entry.entry);
    return wrong_ == 0 && seen_by(*store_->snapshot()) == model_.records && told == model_.log;
  }

 private:
  std::string place(const std::string& name) const { return key({partition_.tenant, name}); }

  std::map<std::string, std::string> seen_by(const Reader& reader) const {
    std::map<std::string, std::string> seen;
    const auto from = key({partition_.tenant});
    const auto done = reader.scan(Table::kRecords, from, prefix_end(from), [&](auto key, auto value) {
      seen.emplace(decode_key(key).value().back(), value);
      return true;
    });
    for (const auto* name : {"a", "b", "ba", "c", "d"}) {
      const auto got = reader.get(Table::kRecords, place(name));
      const auto found = seen.find(name);
      if (!done || got.value().has_value() != (found != seen.end()) || (*got && **got != found->second))
        return {{"get and scan", "disagree"}};
    }
    return seen;
  }

  Status take(Transaction& txn, Model& next, const Step& step) const {
    switch (step.kind) {
      case Step::kPut:
        next.records[step.key] = step.value;
        return txn.put(Table::kRecords, place(step.key), step.value);
      case Step::kErase:
        next.records.erase(step.key);
        return txn.erase(Table::kRecords, place(step.key));
      case Step::kTell:
        next.log.push_back(step.value);
        return txn.append_log(partition_, step.value);
    }
    return {};
  }

  testing::TemporaryDirectory directory_;
  testing::ManualClock clock_;
  std::unique_ptr<Store> store_;
  Partition partition_;
  Model model_;
  int cases_ = 0;
  std::atomic<int> wrong_ = 0;
};

TEST(Store, DoesWhatAMapAndAListDo) {
  World world;
  const bool held = rc::check([&] {
    const auto jobs = *rc::gen::container<std::vector<Job>>(any_job());
    world.begin();
    for (const auto& job : jobs) world.run(job);
    if (*rc::gen::inRange(0, 10) == 0) world.reopen();
    RC_ASSERT(world.agrees());
  });
  EXPECT_TRUE(held);
}

TEST(Store, DoesSoForManyAtOnce) {
  World world;
  const bool held = rc::check([&] {
    const auto shares =
        *rc::gen::container<std::vector<std::vector<Job>>>(4, rc::gen::container<std::vector<Job>>(any_job()));
    world.begin();
    std::vector<std::thread> threads;
    for (const auto& share : shares)
      threads.emplace_back([&] {
        for (const auto& job : share) world.run(job);
      });
    for (auto& thread : threads) thread.join();
    RC_ASSERT(world.agrees());
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace firstfix::store
