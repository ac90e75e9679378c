// A transaction outside the store's turn: reads a snapshot, sees its own writes, and keeps them to itself. It remembers
// what it read: as long as all of that is as it was, performing what was rehearsed is the transaction.
//
// What must think long runs in one of these first; see plans.h. Not thread-safe.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/store.h"

namespace firstfix::desk {

class Rehearsal final : public store::Transaction {
 public:
  explicit Rehearsal(std::shared_ptr<const store::Snapshot> snapshot) : snapshot_(std::move(snapshot)) {}

  // Writes into a transaction what was written here. Ask it first whether still_true().
  Status perform(store::Transaction& txn) const;
  bool still_true(const store::Transaction& txn) const { return txn.unchanged(*snapshot_, reads_); }

  Result<std::optional<std::string>> get(store::Table table, std::string_view key) const override;
  Status scan(store::Table table, std::string_view from, std::string_view to,
              const store::Visitor& visit) const override;
  Status put(store::Table table, std::string_view key, std::string_view value) override;
  Status erase(store::Table table, std::string_view key) override;
  Status append_log(const store::Partition& partition, std::string entry) override;
  bool unchanged(const store::Snapshot&, const store::Reads&) const override { return false; }

 private:
  using Writes = std::map<std::string, std::optional<std::string>, std::less<>>;  // none: erased
  const Writes& writes(store::Table table) const { return writes_[static_cast<std::size_t>(table)]; }

  std::shared_ptr<const store::Snapshot> snapshot_;
  mutable store::Reads reads_;
  std::array<Writes, store::kTableCount> writes_;
  std::vector<std::pair<store::Partition, std::string>> log_;
};

}  // namespace firstfix::desk
