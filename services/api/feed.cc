#include "api/feed.h"

#include <algorithm>

namespace firstfix::api {
namespace {

constexpr std::size_t kRecent = 1024, kAtOnce = 64;

}  // namespace

Feed::Feed(desk::Desk& desk) : desk_(desk) {
  subscription_ = desk_.store().subscribe([this] { poke(); });
  thread_ = std::thread([this] { run(); });
}

Feed::~Feed() {
  subscription_.reset();
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Feed::add(std::shared_ptr<Listener> listener) {
  {
    std::lock_guard lock(mutex_);
    listeners_.push_back(std::move(listener));
    poked_ = true;
  }
  wake_.notify_one();
}

void Feed::remove(Listener* listener) {
  std::lock_guard lock(mutex_);
  const auto gone =
      std::remove_if(listeners_.begin(), listeners_.end(), [&](const auto& one) { return one.get() == listener; });
  listeners_.erase(gone, listeners_.end());
}

void Feed::end_all() {
  std::unique_lock lock(mutex_);
  const auto listeners = listeners_;
  lock.unlock();
  for (const auto& listener : listeners) listener->end();
}

void Feed::poke() {
  {
    std::lock_guard lock(mutex_);
    poked_ = true;
  }
  wake_.notify_one();
}

void Feed::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return poked_ || stopping_; });
    if (stopping_) return;
    poked_ = false;
    const auto listeners = listeners_;
    lock.unlock();
    for (const auto& listener : listeners) listener->pump();
    lock.lock();
  }
}

Result<std::vector<std::shared_ptr<const Entry>>> Feed::after(const std::string& tenant, std::uint64_t position) {
  auto& recent = recent_[tenant];
  const std::uint64_t end = desk_.store().position({tenant, 0});
  std::vector<std::shared_ptr<const Entry>> out;
  if (position > end) return fail(Code::kInvalid, "the cursor is beyond the log's end: begin without a cursor");
  if (position == end) return out;
  // Read on from the newest that is kept, so that every stream shares the parsing; fall back to the log for one that
  // is further behind.
  const bool behind =
      recent.empty() ? end - std::min(end, position) > kRecent : position + 1 < recent.front()->position;
  auto from = behind ? position : recent.empty() ? position : recent.back()->position;
  std::vector<std::shared_ptr<const Entry>> read;
  while (from < end || behind) {
    FIRSTFIX_TRY(entries, desk_.store().tail({tenant, 0}, store::Cursor{from}, kAtOnce));
    for (auto& entry : entries) {
      auto parsed = std::make_shared<Entry>();
      parsed->position = entry.position;
      if (!parsed->change.ParseFromString(entry.entry)) return fail(Code::kCorrupt, "a log entry does not parse");
      read.push_back(std::move(parsed));
      from = entry.position;
    }
    if (behind || entries.empty()) break;
  }
  if (behind) return read;
  for (auto& entry : read) recent.push_back(std::move(entry));
  while (recent.size() > kRecent) recent.pop_front();
  const auto first = std::partition_point(recent.begin(), recent.end(),
                                          [&](const auto& entry) { return entry->position <= position; });
  for (auto it = first; it != recent.end() && out.size() < kAtOnce; ++it) out.push_back(*it);
  return out;
}

}  // namespace firstfix::api
