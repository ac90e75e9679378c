// GET over HTTP and HTTPS.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace firstfix::travel {

struct Response {
  long status = 0;  // 200, 400, …
  std::string body;
};

// Thread-safe; keeps connections open for the next call. Follows no redirection and uses no proxy: who is configured is
// asked, nobody else.
class Http {
 public:
  Http();
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  // kUnavailable if there is no whole answer in time, kTooLarge if it is over so many bytes. The time-out is for
  // everything from the look-up of the name to the last byte.
  Result<Response> get(const std::string& url, Duration timeout, std::size_t most_bytes);

 private:
  void* take();
  void give_back(void* handle);

  std::mutex mutex_;
  std::vector<void*> idle_;  // CURL handles, each with its open connection
};

}  // namespace firstfix::travel
