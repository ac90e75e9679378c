#include "travel/http.h"

#include <curl/curl.h>

#include <algorithm>

namespace firstfix::travel {
namespace {

struct Body {
  std::string text;
  std::size_t most = 0;
  bool too_large = false;
};

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& body = *static_cast<Body*>(to);
  const auto more = size * count;
  body.too_large = more > body.most - body.text.size();
  if (body.too_large) return 0;
  body.text.append(bytes, more);
  return more;
}

// Once a process; curl's own initialisation is thread-safe since 7.84.
bool ready() {
  static const bool done = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return done;
}

void configure(CURL* curl, const std::string& url, Duration timeout, Body& body) {
  const auto milliseconds = std::max<long>(1, std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count());
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, milliseconds);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "FirstFix");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
}

}  // namespace

Http::Http() {
  ready();
}

Http::~Http() {
  for (auto* handle : idle_) curl_easy_cleanup(handle);
}

void* Http::take() {
  std::lock_guard lock(mutex_);
  if (idle_.empty()) return curl_easy_init();
  auto* handle = idle_.back();
  idle_.pop_back();
  return handle;
}

void Http::give_back(void* handle) {
  std::lock_guard lock(mutex_);
  idle_.push_back(handle);
}

Result<Response> Http::get(const std::string& url, Duration timeout, std::size_t most_bytes) {
  auto* curl = ready() ? take() : nullptr;
  if (curl == nullptr) return fail(Code::kInternal, "curl cannot be initialised");
  Body body{{}, most_bytes};
  configure(curl, url, timeout, body);
  const auto done = curl_easy_perform(curl);
  Response response;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response.status);
  give_back(curl);
  if (body.too_large) return fail(Code::kTooLarge, "the answer is over " + std::to_string(most_bytes) + " bytes");
  if (done != CURLE_OK) return fail(Code::kUnavailable, curl_easy_strerror(done));
  response.body = std::move(body.text);
  return response;
}

}  // namespace firstfix::travel
