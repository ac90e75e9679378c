// Who calls. Every request has one principal, of one tenant, found in one place: by a signed token, or by the client's
// certificate.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "firstfix/v1/options.pb.h"

namespace firstfix::api {

struct Principal {
  std::string tenant;
  v1::Role role = v1::ROLE_UNSPECIFIED;
  std::string subject;  // the resource name of an engineer or contact; for others a name such as "dispatch/ann"
};

// Signs and checks tokens: JSON Web Tokens (RFC 7519), HMAC SHA-256, with the claims sub, tenant, role, exp.
// Thread-safe.
class Tokens {
 public:
  // The key has at least 32 bytes.
  static Result<Tokens> with_key(std::string key);

  std::string sign(const Principal& principal, Instant expires_at) const;
  // kUnauthenticated for a token that is not ours, has expired, or names no role.
  Result<Principal> verify(std::string_view token, Instant now) const;

 private:
  explicit Tokens(std::string key) : key_(std::move(key)) {}
  std::string key_;
};

// The principal that a client certificate names in a URI among its subject's alternative names:
// "firstfix://{tenant}/{role}/{subject}", such as "firstfix://acme/dispatcher/dispatch/ann". kUnauthenticated for a URI
// that is not of this form.
Result<Principal> principal_from_uri(std::string_view uri);
inline constexpr std::string_view kPrincipalScheme = "firstfix://";

// "dispatcher" ↔ ROLE_DISPATCHER.
std::string role_name(v1::Role role);
Result<v1::Role> role_from(std::string_view name);

}  // namespace firstfix::api
