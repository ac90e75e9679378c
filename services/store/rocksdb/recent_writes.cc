#include "recent_writes.h"

#include <algorithm>

namespace firstfix::store {
namespace {

constexpr std::size_t kRemembered = 16'384;  // keys; some hundred transactions

bool any_held(const Reads& reads, const std::vector<std::pair<Table, std::string>>& keys) {
  return std::any_of(keys.begin(), keys.end(), [&](const auto& key) { return reads.hold(key.first, key.second); });
}

}  // namespace

void RecentWrites::commit(std::uint64_t sequence) {
  if (staged_.empty()) return;
  count_ += staged_.size();
  groups_.push_back({sequence, std::move(staged_)});
  staged_ = {};
  while (count_ > kRemembered) {
    count_ -= groups_.front().keys.size();
    forgotten_ = groups_.front().sequence;
    groups_.pop_front();
  }
}

bool RecentWrites::touched(const Reads& reads, std::uint64_t since) const {
  if (since < forgotten_ || reads.any_of(Table::kLog) || any_held(reads, staged_)) return true;
  for (auto group = groups_.rbegin(); group != groups_.rend() && group->sequence > since; ++group)
    if (any_held(reads, group->keys)) return true;
  return false;
}

}  // namespace firstfix::store
