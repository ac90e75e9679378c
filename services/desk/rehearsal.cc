#include "desk/rehearsal.h"

namespace firstfix::desk {

using store::Table;

Result<std::optional<std::string>> Rehearsal::get(Table table, std::string_view key) const {
  if (const auto found = writes(table).find(key); found != writes(table).end()) return found->second;
  reads_.add(table, key);
  return snapshot_->get(table, key);
}

Status Rehearsal::scan(Table table, std::string_view from, std::string_view to, const store::Visitor& visit) const {
  reads_.add_range(table, from, to);
  // Merges two sorted runs; a write hides the snapshot's entry of the same key.
  auto own = writes(table).lower_bound(from);
  const auto end = to.empty() ? writes(table).end() : writes(table).lower_bound(to);
  bool more = true;
  const auto tell_own = [&] {
    if (own->second) more = visit(own->first, *own->second);
    ++own;
  };
  FIRSTFIX_CHECK(snapshot_->scan(table, from, to, [&](std::string_view key, std::string_view value) {
    while (more && own != end && own->first < key) tell_own();
    if (!more) return false;
    if (own != end && own->first == key) {
      tell_own();
    } else {
      more = visit(key, value);
    }
    return more;
  }));
  while (more && own != end) tell_own();
  return {};
}

Status Rehearsal::put(Table table, std::string_view key, std::string_view value) {
  writes_[static_cast<std::size_t>(table)].insert_or_assign(std::string(key), std::string(value));
  return {};
}

Status Rehearsal::erase(Table table, std::string_view key) {
  writes_[static_cast<std::size_t>(table)].insert_or_assign(std::string(key), std::nullopt);
  return {};
}

Status Rehearsal::append_log(const store::Partition& partition, std::string entry) {
  log_.emplace_back(partition, std::move(entry));
  return {};
}

Status Rehearsal::perform(store::Transaction& txn) const {
  for (std::size_t table = 0; table < store::kTableCount; ++table)
    for (const auto& [key, value] : writes_[table])
      FIRSTFIX_CHECK(value ? txn.put(Table{static_cast<std::uint8_t>(table)}, key, *value)
                           : txn.erase(Table{static_cast<std::uint8_t>(table)}, key));
  for (const auto& [partition, entry] : log_) FIRSTFIX_CHECK(txn.append_log(partition, entry));
  return {};
}

}  // namespace firstfix::desk
