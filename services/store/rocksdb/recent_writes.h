// Which keys were written lately, so that who read a snapshot can be told whether it still holds. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "store/reads.h"

namespace firstfix::store {

class RecentWrites {
 public:
  // A transaction of the group that is being made; a later one of the group must see what it wrote.
  void stage(std::vector<std::pair<Table, std::string>> keys) {
    for (auto& key : keys) staged_.push_back(std::move(key));
  }
  // The group is written, all of it up to this sequence number of the engine.
  void commit(std::uint64_t sequence);
  // The group is not written.
  void drop() { staged_.clear(); }

  // Has anything of what was read from a snapshot of that sequence number been written since? What is no longer
  // remembered is taken to have been, and so is the log, which every transaction writes and whose end is trimmed.
  bool touched(const Reads& reads, std::uint64_t since) const;

 private:
  using Keys = std::vector<std::pair<Table, std::string>>;
  struct Group {
    std::uint64_t sequence = 0;
    Keys keys;
  };

  Keys staged_;
  std::deque<Group> groups_;
  std::size_t count_ = 0;        // of keys in the groups
  std::uint64_t forgotten_ = 0;  // groups up to this sequence number are not remembered
};

}  // namespace firstfix::store
