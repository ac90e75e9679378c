#include "api/principal.h"

#include <algorithm>
#include <jwt/jwt.hpp>

namespace firstfix::api {
namespace {

constexpr std::size_t kLeastKeyBytes = 32, kMaxTokenBytes = 4096;
constexpr std::size_t kMaxTenantBytes = 64, kMaxSubjectBytes = 128;
constexpr std::string_view kRolePrefix = "ROLE_";
constexpr std::string_view kTokenCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

bool is_name(std::string_view text, std::string_view also, std::size_t most) {
  return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || also.find(c) != std::string_view::npos;
  });
}

// The library converts these claims without a look at their size or kind. Nothing is trusted here: the signature is
// checked afterwards.
bool times_are_whole(std::string_view token, const std::string& key) {
  std::error_code error;
  const auto claims = jwt::decode(jwt::string_view(token.data(), token.size()), jwt::params::algorithms({"HS256"}),
                                  error, jwt::params::secret(key), jwt::params::verify(false))
                          .payload()
                          .create_json_obj();
  for (const auto* name : {"exp", "nbf", "iat"})
    if (claims.contains(name) && !claims[name].is_number_integer()) return false;
  return true;
}

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

Result<Principal> principal_from_uri(std::string_view uri) {
  const auto refused = [](std::string_view what) {
    return fail(Code::kUnauthenticated,
                "the certificate's " + std::string(what) + ": its URI is to be firstfix://{tenant}/{role}/{subject}");
  };
  if (uri.substr(0, kPrincipalScheme.size()) != kPrincipalScheme) return refused("URI begins otherwise");
  const auto rest = uri.substr(kPrincipalScheme.size());
  const auto first = rest.find('/');
  const auto second = first == std::string_view::npos ? first : rest.find('/', first + 1);
  if (second == std::string_view::npos) return refused("URI lacks a part");
  const auto tenant = rest.substr(0, first), subject = rest.substr(second + 1);
  if (!is_name(tenant, "._-", kMaxTenantBytes)) return refused("tenant is not 1 to 64 characters of [a-z0-9._-]");
  if (!is_name(subject, "._-/@", kMaxSubjectBytes))
    return refused("subject is not 1 to 128 characters of [a-z0-9._/@-]");
  const auto role = role_from(rest.substr(first + 1, second - first - 1));
  if (!role) return refused("role is unknown");
  return Principal{std::string(tenant), *role, std::string(subject)};
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
    // The library reads beyond its tables for any other character.
    if (token.find_first_not_of(kTokenCharacters) != std::string_view::npos) return refused("it is no JSON Web Token");
    std::error_code error;
    if (!times_are_whole(token, key_)) return refused("exp, nbf and iat are whole numbers of seconds");
    // Expiry is checked below against our own clock, which a test may move.
    const auto decoded = jwt::decode(jwt::string_view(token.data(), token.size()), jwt::params::algorithms({"HS256"}),
                                     error, jwt::params::secret(key_), jwt::params::verify(true),
                                     jwt::params::validate_iat(false), jwt::params::leeway(0xFFFFFFFF));
    if (error && error != jwt::VerificationErrc::TokenExpired) return refused(error.message());
    const auto& claims = decoded.payload();
    if (!claims.has_claim("sub") || !claims.has_claim("tenant") || !claims.has_claim("role") ||
        !claims.has_claim("exp"))
      return refused("it lacks sub, tenant, role or exp");
    if (claims.get_claim_value<std::int64_t>("exp") <= now.micros / 1'000'000) return refused("it has expired");
    const auto role = role_from(claims.get_claim_value<std::string>("role"));
    if (!role) return refused(role.error().message);
    Principal principal{claims.get_claim_value<std::string>("tenant"), *role,
                        claims.get_claim_value<std::string>("sub")};
    if (principal.tenant.empty() || principal.subject.empty()) return refused("tenant or sub is empty");
    return principal;
  } catch (const std::exception& e) {
    return refused(e.what());
  }
}

}  // namespace firstfix::api
