// Change streams: who listens to a tenant's change log, and is told what concerns them.
//
// The store is the truth and a stream is a hint: a stream remembers only how far it is and reads the log from there,
// so that a slow reader holds no memory; one that falls behind the log's end is told so and begins again. One thread
// reads and parses each entry once for all streams.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "desk/desk.h"

namespace firstfix::api {

// One parsed log entry.
struct Entry {
  std::uint64_t position = 0;
  internal::v1::ChangeEntry change;
};

// A stream as the feed sees it.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void pump() = 0;  // send what is new; called on the feed's thread only
  virtual void end() = 0;   // the service is going away; called on any thread
};

class Feed {
 public:
  explicit Feed(desk::Desk& desk);
  ~Feed();

  void add(std::shared_ptr<Listener> listener);
  void remove(Listener* listener);
  void end_all();
  // Has the listeners pumped soon, from any thread.
  void poke();

  // The entries after a position, oldest first; kExpired if the log no longer reaches back so far. For pump().
  Result<std::vector<std::shared_ptr<const Entry>>> after(const std::string& tenant, std::uint64_t position);

 private:
  void run();

  desk::Desk& desk_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  bool poked_ = false, stopping_ = false;
  // The newest entries of each tenant; used on the feed's thread only.
  std::map<std::string, std::deque<std::shared_ptr<const Entry>>> recent_;
  store::Subscription subscription_;
  std::thread thread_;
};

}  // namespace firstfix::api
