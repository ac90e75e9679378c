// Any bytes in place of a token, and any claims under a signature that is right: nobody gets in without all of them.
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <cstdlib>
#include <string>

#include "api/principal.h"

namespace {

const std::string kKey(32, 'k');
constexpr firstfix::Instant kNow{1'780'300'800'000'000};

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8 | static_cast<unsigned char>(c)) & 0xFFFF;
    for (bits += 8; bits >= 6; bits -= 6) out += kDigits[buffer >> (bits - 6) & 63];
  }
  if (bits > 0) out += kDigits[buffer << (6 - bits) & 63];
  return out;
}

std::string signed_token(std::string_view claims) {
  auto token = base64(R"({"alg":"HS256","typ":"JWT"})") + "." + base64(claims);
  unsigned char mac[SHA256_DIGEST_LENGTH];
  unsigned length = sizeof mac;
  HMAC(EVP_sha256(), kKey.data(), static_cast<int>(kKey.size()), reinterpret_cast<const unsigned char*>(token.data()),
       token.size(), mac, &length);
  return token + "." + base64({reinterpret_cast<const char*>(mac), length});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix;
  static const auto kTokens = api::Tokens::with_key(kKey).value();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto raw = kTokens.verify(bytes, kNow);
  if (!raw && raw.error().code != Code::kUnauthenticated) std::abort();
  const auto claimed = kTokens.verify(signed_token(bytes), kNow);
  if (claimed && (claimed->tenant.empty() || claimed->subject.empty() || claimed->role == v1::ROLE_UNSPECIFIED))
    std::abort();
  if (!claimed && claimed.error().code != Code::kUnauthenticated) std::abort();
  return 0;
}
