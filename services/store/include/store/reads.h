// What was read from a snapshot: single keys, also those that were not there, and ranges of keys. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "store/table.h"

namespace firstfix::store {

class Reads {
 public:
  void add(Table table, std::string_view key) { of(table).keys.emplace(key); }
  // From `from` up to, not including, `to` (empty: to the end).
  void add_range(Table table, std::string_view from, std::string_view to) {
    of(table).ranges.push_back({std::string(from), std::string(to)});
  }

  bool any_of(Table table) const { return !of(table).keys.empty() || !of(table).ranges.empty(); }
  // Would a write of this key have changed what was read?
  bool hold(Table table, const std::string& key) const {
    const auto& read = of(table);
    if (read.keys.count(key) != 0) return true;
    for (const auto& range : read.ranges)
      if (range.from <= key && (range.to.empty() || key < range.to)) return true;
    return false;
  }

 private:
  struct Range {
    std::string from, to;
  };
  struct OfTable {
    std::unordered_set<std::string> keys;
    std::vector<Range> ranges;
  };
  OfTable& of(Table table) { return tables_[static_cast<std::size_t>(table)]; }
  const OfTable& of(Table table) const { return tables_[static_cast<std::size_t>(table)]; }

  std::array<OfTable, kTableCount> tables_;
};

}  // namespace firstfix::store
