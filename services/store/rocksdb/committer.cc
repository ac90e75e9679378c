#include "committer.h"

#include <algorithm>
#include <vector>

namespace firstfix::store {
namespace {

constexpr std::size_t kMaxGroup = 256;

}  // namespace

Status Committer::commit(Job& job) {
  std::unique_lock lock(mutex_);
  waiting_.push_back(&job);
  while (!job.done) {
    changed_.wait(lock, [&] { return job.done || !leading_; });
    if (!job.done) lead(lock);
  }
  return job.outcome;
}

// Leads one group, the oldest that wait.
void Committer::lead(std::unique_lock<std::mutex>& lock) {
  leading_ = true;
  const auto count = std::min(waiting_.size(), kMaxGroup);
  std::vector<Job*> group(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  lock.unlock();
  bool staged = false;
  for (auto* job : group) {
    job->outcome = job->run();
    staged = staged || job->outcome.has_value();
  }
  const Status flushed = staged ? flush_() : Status{};
  lock.lock();
  for (auto* job : group) {
    if (!flushed && job->outcome) job->outcome = flushed;
    job->done = true;
  }
  leading_ = false;
  changed_.notify_all();
}

}  // namespace firstfix::store
