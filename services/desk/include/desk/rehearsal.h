// A transaction that never commits: reads a snapshot, sees its own writes, and throws them away.
//
// What must think long runs in one of these first; see plans.h. Not thread-safe; lives no longer than its snapshot.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>

#include "store/store.h"

namespace firstfix::desk {

class Rehearsal final : public store::Transaction {
 public:
  explicit Rehearsal(const store::Reader& snapshot) : snapshot_(snapshot) {}

  Result<std::optional<std::string>> get(store::Table table, std::string_view key) const override;
  Status scan(store::Table table, std::string_view from, std::string_view to,
              const store::Visitor& visit) const override;
  Status put(store::Table table, std::string_view key, std::string_view value) override;
  Status erase(store::Table table, std::string_view key) override;
  Status append_log(const store::Partition& partition, std::string entry) override;

 private:
  using Writes = std::map<std::string, std::optional<std::string>, std::less<>>;  // none: erased
  const Writes& writes(store::Table table) const { return writes_[static_cast<std::size_t>(table)]; }

  const store::Reader& snapshot_;
  std::array<Writes, store::kTableCount> writes_;
};

}  // namespace firstfix::desk
