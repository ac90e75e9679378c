// Errors are values: every function that can fail returns Result<T>. No exception crosses a library border.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace firstfix {

// Why a call failed, in the classes that a caller reacts to differently. The API maps each to one gRPC code
// (services/api/status.cc is the only place that does).
enum class Code {
  kInvalid,   // the request itself is wrong; sending it again will not help
  kNotFound,  // what it names does not exist (or the caller may not know that it does)
  kExists,    // it would create what is already there
  kState,     // the thing named is not in a state that allows this
  kConflict,  // somebody else changed it first; read again and retry
  kDenied,    // the principal may not do this
  kUnauthenticated,
  kTooLarge,     // a stated limit is exceeded
  kUnavailable,  // try again later
  kExpired,      // a cursor or an offer is too old
  kCorrupt,      // stored or received bytes do not parse
  kInternal,
};

std::string_view code_name(Code code);

struct Error {
  Code code = Code::kInternal;
  std::string message;  // what, where and what to do; shown to people
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

// `return fail(Code::kNotFound, "no case " + id);`
inline tl::unexpected<Error> fail(Code code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}
inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace firstfix

// FIRSTFIX_TRY(name, expression): binds the value, or returns the error from the enclosing function.
#define FIRSTFIX_CONCAT_(a, b) a##b
#define FIRSTFIX_CONCAT(a, b) FIRSTFIX_CONCAT_(a, b)
#define FIRSTFIX_TRY(name, ...)                                       \
  auto name##_result = (__VA_ARGS__);                                 \
  if (!name##_result) return ::firstfix::fail(name##_result.error()); \
  auto&& name = *name##_result
#define FIRSTFIX_CHECK(...)                                        \
  do {                                                             \
    if (auto firstfix_status = (__VA_ARGS__); !firstfix_status)    \
      return ::firstfix::fail(std::move(firstfix_status).error()); \
  } while (false)
