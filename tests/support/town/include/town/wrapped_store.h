// A store that a test can disturb: something happens before a transaction, or a write fails.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "store/store.h"

namespace firstfix::testing {

class WrappedStore final : public store::Store {
 public:
  explicit WrappedStore(std::unique_ptr<store::Store> inner) : inner_(std::move(inner)) {}

  // Called before each transaction, outside of it; may run transactions itself, before which it is not called.
  std::function<void()> before_transaction;
  // The write of this number, counted from 0 over all transactions, fails, and so do all after it. Negative: none does.
  int failing_write = -1;
  int writes = 0;

  Status transact(const std::function<Status(store::Transaction&)>& fn) override {
    if (before_transaction && !std::exchange(disturbing_, true)) {
      before_transaction();
      disturbing_ = false;
    }
    return inner_->transact([&](store::Transaction& txn) {
      Counted counted(txn, *this);
      return fn(counted);
    });
  }
  std::shared_ptr<const store::Snapshot> snapshot() const override { return inner_->snapshot(); }
  Result<std::vector<store::LogEntry>> tail(const store::Partition& p, const store::Cursor& after,
                                            std::size_t limit) const override {
    return inner_->tail(p, after, limit);
  }
  store::Cursor head(const store::Partition& p) const override { return inner_->head(p); }
  store::Cursor beginning(const store::Partition& p) const override { return inner_->beginning(p); }
  std::uint64_t position(const store::Partition& p) const override { return inner_->position(p); }
  std::string token(const store::Partition& p, store::Cursor cursor) const override { return inner_->token(p, cursor); }
  Result<store::Cursor> parse_cursor(const store::Partition& p, std::string_view token) const override {
    return inner_->parse_cursor(p, token);
  }
  std::pair<std::shared_ptr<const store::Snapshot>, store::Cursor> snapshot_with_head(
      const store::Partition& p) const override {
    return inner_->snapshot_with_head(p);
  }
  Status trim(const store::Partition& p, Instant before) override { return inner_->trim(p, before); }
  store::Subscription subscribe(std::function<void()> wake) override { return inner_->subscribe(std::move(wake)); }
  Status checkpoint(const std::string& directory) override { return inner_->checkpoint(directory); }

 private:
  class Counted final : public store::Transaction {
   public:
    Counted(store::Transaction& inner, WrappedStore& owner) : inner_(inner), owner_(owner) {}
    Result<std::optional<std::string>> get(store::Table table, std::string_view key) const override {
      return inner_.get(table, key);
    }
    Status scan(store::Table table, std::string_view from, std::string_view to,
                const store::Visitor& visit) const override {
      return inner_.scan(table, from, to, visit);
    }
    Status put(store::Table table, std::string_view key, std::string_view value) override {
      FIRSTFIX_CHECK(owner_.next_write());
      return inner_.put(table, key, value);
    }
    Status erase(store::Table table, std::string_view key) override {
      FIRSTFIX_CHECK(owner_.next_write());
      return inner_.erase(table, key);
    }
    Status append_log(const store::Partition& partition, std::string entry) override {
      FIRSTFIX_CHECK(owner_.next_write());
      return inner_.append_log(partition, std::move(entry));
    }
    bool unchanged(const store::Snapshot& since, const store::Reads& reads) const override {
      return inner_.unchanged(since, reads);
    }

   private:
    store::Transaction& inner_;
    WrappedStore& owner_;
  };

  Status next_write() {
    const int number = writes++;
    if (failing_write < 0 || number < failing_write) return {};
    return fail(Code::kUnavailable, "the disk is full, says the test");
  }

  std::unique_ptr<store::Store> inner_;
  bool disturbing_ = false;
};

}  // namespace firstfix::testing
