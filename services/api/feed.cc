#include "api/feed.h"

#include <algorithm>

namespace firstfix::api {
namespace {

constexpr std::size_t kRecent = 1024, kAtOnce = 64;

}  // namespace

Result<std::shared_ptr<const Entry>> Entry::parse(const store::LogEntry& logged) {
  auto entry = std::make_shared<Entry>();
  entry->position_ = logged.position;
  if (!entry->change_.ParseFromString(logged.entry))
    return fail(Code::kCorrupt, "log entry " + std::to_string(logged.position) + " does not parse");
  entry->records_.resize(static_cast<std::size_t>(entry->size()));
  return std::shared_ptr<const Entry>(std::move(entry));
}

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
    rounds_.clear();
    lock.lock();
  }
}

Feed::Round& Feed::round(const std::string& tenant) {
  const auto [found, added] = rounds_.try_emplace(tenant);
  if (added) found->second.end = desk_.store().position({tenant, 0});
  return found->second;
}

const desk::View& Feed::view(const std::string& tenant) {
  auto& now = round(tenant);
  if (!now.view) {
    now.snapshot = desk_.snapshot();
    now.view.emplace(*now.snapshot, tenant);
  }
  return *now.view;
}

Result<Feed::Entries> Feed::read(const std::string& tenant, std::uint64_t position) const {
  FIRSTFIX_TRY(logged, desk_.store().tail({tenant, 0}, store::Cursor{position}, kAtOnce));
  Entries out;
  for (const auto& one : logged) {
    FIRSTFIX_TRY(entry, Entry::parse(one));
    out.push_back(std::move(entry));
  }
  return out;
}

Result<Feed::Entries> Feed::after(const std::string& tenant, std::uint64_t position) {
  const std::uint64_t end = round(tenant).end;
  if (position > end && position > desk_.store().position({tenant, 0}))
    return fail(Code::kInvalid, "the cursor is beyond the log's end: begin without a cursor");
  if (position >= end) return Entries{};
  auto& recent = recent_[tenant];
  // A stream that is further behind than what is kept reads for itself; one that is ahead of it begins anew.
  if (!recent.empty() && position + 1 < recent.front()->position()) return read(tenant, position);
  if (!recent.empty() && position > recent.back()->position()) recent.clear();
  const auto wanted = std::min<std::uint64_t>(end, position + kAtOnce);
  for (auto last = recent.empty() ? position : recent.back()->position(); last < wanted;
       last = recent.back()->position()) {
    FIRSTFIX_TRY(fresh, read(tenant, last));
    if (fresh.empty()) break;
    recent.insert(recent.end(), fresh.begin(), fresh.end());
  }
  while (recent.size() > kRecent) recent.pop_front();
  const auto first = std::partition_point(recent.begin(), recent.end(),
                                          [&](const auto& entry) { return entry->position() <= position; });
  const auto last =
      std::partition_point(first, recent.end(), [&](const auto& entry) { return entry->position() <= wanted; });
  return Entries(first, last);
}

}  // namespace firstfix::api
