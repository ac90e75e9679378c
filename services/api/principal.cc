#include "api/principal.h"

#include <algorithm>
#include <jwt/jwt.hpp>

namespace firstfix::api {
namespace {

constexpr std::size_t kLeastKeyBytes = 32, kMaxTokenBytes = 4096;
constexpr std::string_view kRolePrefix = "ROLE_";

}  // namespace

Result<Tokens> Tokens::with_key(std::string key) {
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  if (key.size() < kLeastKeyBytes)
    return fail(Code::kInvalid, "the token key has under 32 bytes: make one with `openssl rand -hex 32`");
  return Tokens(std::move(key));
}

std::string role_name(v1::Role role) {
  auto name = v1::Role_Name(role).substr(kRolePrefix.size());
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

Result<v1::Role> role_from(std::string_view name) {
  std::string upper(kRolePrefix);
  for (const char c : name) upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  v1::Role role{};
  if (!v1::Role_Parse(upper, &role) || role == v1::ROLE_UNSPECIFIED)
    return fail(Code::kInvalid, "'" + std::string(name) + "' is no role: engineer, dispatcher, lead, customer, admin");
  return role;
}

std::string Tokens::sign(const Principal& principal, Instant expires_at) const {
  jwt::jwt_object token{jwt::params::algorithm("HS256"), jwt::params::secret(key_)};
  token.add_claim("sub", principal.subject);
  token.add_claim("tenant", principal.tenant);
  token.add_claim("role", role_name(principal.role));
  token.add_claim("exp", expires_at.micros / 1'000'000);
  return token.signature();
}

Result<Principal> Tokens::verify(std::string_view token, Instant now) const {
  const auto refused = [](const std::string& why) {
    return fail(Code::kUnauthenticated, "the token is not valid: " + why);
  };
  if (token.size() > kMaxTokenBytes) return refused("over 4096 bytes");
  try {
    std::error_code error;
    // Expiry is checked below against our own clock, which a test may move.
    const auto decoded = jwt::decode(jwt::string_view(token.data(), token.size()), jwt::params::algorithms({"HS256"}),
                                     error, jwt::params::secret(key_), jwt::params::verify(true),
                                     jwt::params::validate_iat(false), jwt::params::leeway(0xFFFFFFFF));
    if (error && error != jwt::VerificationErrc::TokenExpired) return refused(error.message());
    const auto& claims = decoded.payload();
    if (!claims.has_claim("sub") || !claims.has_claim("tenant") || !claims.has_claim("role") ||
        !claims.has_claim("exp"))
      return refused("it lacks sub, tenant, role or exp");
    if (claims.get_claim_value<std::int64_t>("exp") * 1'000'000 <= now.micros) return refused("it has expired");
    FIRSTFIX_TRY(role, role_from(claims.get_claim_value<std::string>("role")));
    Principal principal{claims.get_claim_value<std::string>("tenant"), role,
                        claims.get_claim_value<std::string>("sub")};
    if (principal.tenant.empty() || principal.subject.empty()) return refused("tenant or sub is empty");
    return principal;
  } catch (const std::exception& e) {
    return refused(e.what());
  }
}

}  // namespace firstfix::api
