// Who calls: a signed token, or a certificate that names them.
#include "api/principal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fakes.h"

namespace firstfix::api {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::kMorning;

const std::string kKey(32, 'k');
const Principal kAnn{"acme", v1::ROLE_DISPATCHER, "dispatch/ann"};

Tokens tokens(const std::string& key = kKey) {
  return Tokens::with_key(key).value();
}

// URL-safe base 64 without padding, as tokens use it.
std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = buffer << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += kDigits[buffer >> (bits - 6) & 63];
  }
  if (bits > 0) out += kDigits[buffer << (6 - bits) & 63];
  return out;
}

TEST(Token, SaysWhoItWasSignedFor) {
  const auto principal = tokens().verify(tokens().sign(kAnn, kMorning + 1h), kMorning);
  ASSERT_TRUE(principal) << principal.error().message;
  EXPECT_EQ(principal->tenant, "acme");
  EXPECT_EQ(principal->role, v1::ROLE_DISPATCHER);
  EXPECT_EQ(principal->subject, "dispatch/ann");
}

TEST(Token, EndsAtItsTimeByOurClock) {
  const auto token = tokens().sign(kAnn, kMorning + 1h);
  EXPECT_TRUE(tokens().verify(token, kMorning + 1h - 1s));
  const auto late = tokens().verify(token, kMorning + 1h);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::kUnauthenticated);
  EXPECT_THAT(late.error().message, HasSubstr("expired"));
}

TEST(Token, OfAnotherKeyOrAlteredIsRefused) {
  const auto token = tokens().sign(kAnn, kMorning + 1h);
  EXPECT_FALSE(tokens(std::string(32, 'x')).verify(token, kMorning));
  for (std::size_t i = 0; i + 1 < token.size(); ++i) {  // the last digit holds bits that mean nothing
    auto altered = token;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_TRUE(altered == token || !tokens().verify(altered, kMorning)) << i;
  }
}

TEST(Token, WithoutASignatureIsRefusedHoweverItIsDressed) {
  const auto claims = base64(R"({"sub":"dispatch/ann","tenant":"acme","role":"admin","exp":4102444800})");
  for (const auto* algorithm : {"none", "None", "HS256", "RS256", ""})
    for (const auto& signature : {std::string(), std::string("."), std::string(".AAAA")})
      EXPECT_FALSE(tokens().verify(
          base64(R"({"typ":"JWT","alg":")" + std::string(algorithm) + "\"}") + "." + claims + signature, kMorning))
          << algorithm;
}

TEST(Token, ThatIsNoneIsRefusedAsUnauthenticated) {
  for (const auto& text :
       {std::string(), std::string("."), std::string(".."), std::string("a.b.c"), std::string(5000, 'a'),
        std::string("\0\xFF", 2), base64("{}") + "." + base64("[]") + ".x"}) {
    const auto principal = tokens().verify(text, kMorning);
    ASSERT_FALSE(principal);
    EXPECT_EQ(principal.error().code, Code::kUnauthenticated);
  }
}

TEST(Token, NeedsAKeyThatCannotBeGuessed) {
  EXPECT_FALSE(Tokens::with_key(std::string(31, 'k')));
  EXPECT_FALSE(Tokens::with_key(std::string(31, 'k') + "\n\n\n"));
  EXPECT_TRUE(Tokens::with_key(kKey + "\n").value().verify(tokens().sign(kAnn, kMorning + 1h), kMorning))
      << "the end of the line is not part of it";
}

TEST(Role, HasAName) {
  EXPECT_EQ(role_name(v1::ROLE_DISPATCHER), "dispatcher");
  EXPECT_EQ(role_from("lead").value(), v1::ROLE_LEAD);
  for (const auto* name : {"", "unspecified", "root", "role_admin"}) EXPECT_FALSE(role_from(name)) << name;
}

TEST(CertificateUri, NamesTenantRoleAndSubject) {
  const auto principal = principal_from_uri("firstfix://acme/engineer/engineers/li");
  ASSERT_TRUE(principal) << principal.error().message;
  EXPECT_EQ(principal->tenant, "acme");
  EXPECT_EQ(principal->role, v1::ROLE_ENGINEER);
  EXPECT_EQ(principal->subject, "engineers/li");
}

TEST(CertificateUri, OfAnotherFormIsRefused) {
  for (const auto& uri :
       {std::string(), std::string("https://acme/engineer/engineers/li"), std::string("firstfix://"),
        std::string("firstfix://acme"), std::string("firstfix://acme/engineer"),
        std::string("firstfix://acme/engineer/"), std::string("firstfix:///engineer/x"),
        std::string("firstfix://acme//x"), std::string("firstfix://acme/root/x"),
        std::string("firstfix://Acme/admin/x"), std::string("firstfix://acme/admin/x y"),
        "firstfix://acme/admin/" + std::string(129, 'x'), "firstfix://" + std::string(65, 'a') + "/admin/x"}) {
    const auto principal = principal_from_uri(uri);
    ASSERT_FALSE(principal) << uri;
    EXPECT_EQ(principal.error().code, Code::kUnauthenticated);
  }
}

}  // namespace
}  // namespace firstfix::api
