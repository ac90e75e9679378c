// Leader and followers: who finds nobody leading leads, runs what has gathered, and makes it durable with one write.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "base/result.h"

namespace firstfix::store {

class Committer {
 public:
  // One waiting transaction. `run` stages it into the group and says whether it is good; `outcome` is what the caller
  // gets.
  struct Job {
    std::function<Status()> run;
    Status outcome;
    bool done = false;
  };
  // Makes all that was staged since the last call durable.
  using Flush = std::function<Status()>;

  explicit Committer(Flush flush) : flush_(std::move(flush)) {}

  // Returns when the job's group is durable, or its run has failed, or the group's flush has.
  Status commit(Job& job);

 private:
  void lead(std::unique_lock<std::mutex>& lock);

  const Flush flush_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job*> waiting_;
  bool leading_ = false;
};

}  // namespace firstfix::store
