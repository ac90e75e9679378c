#include "store/cursor.h"

#include <gtest/gtest.h>

namespace firstfix::store {
namespace {

constexpr std::uint64_t kIdentity = 0xF1D0;
const Partition kAcme{"acme", 0};

TEST(CursorToken, ComesBackAsItWas) {
  for (const std::uint64_t position : {std::uint64_t{0}, std::uint64_t{1}, UINT64_MAX}) {
    const auto cursor = cursor_from_token(kIdentity, kAcme, cursor_token(kIdentity, kAcme, {position}));
    ASSERT_TRUE(cursor);
    EXPECT_EQ(cursor->position, position);
  }
}

TEST(CursorToken, OfAnotherStoreTenantOrPartitionIsRefused) {
  const auto token = cursor_token(kIdentity, kAcme, {42});
  EXPECT_FALSE(cursor_from_token(kIdentity + 1, kAcme, token)) << "a store restored from nothing has another log";
  EXPECT_FALSE(cursor_from_token(kIdentity, {"zeta", 0}, token)) << "no tenant reads another's stream";
  EXPECT_FALSE(cursor_from_token(kIdentity, {"acme", 1}, token));
}

TEST(CursorToken, AlteredInAnyPlaceIsRefused) {
  const auto token = cursor_token(kIdentity, kAcme, {42});
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto altered = token;
    altered[i] = altered[i] == '0' ? '1' : '0';
    const auto cursor = cursor_from_token(kIdentity, kAcme, altered);
    ASSERT_FALSE(cursor) << i;
    EXPECT_EQ(cursor.error().code, Code::kInvalid);
  }
  for (const auto& text : {std::string(), token.substr(1), token + "0", std::string(32, 'g'), std::string(32, 'A')})
    EXPECT_FALSE(cursor_from_token(kIdentity, kAcme, text)) << text;
}

}  // namespace
}  // namespace firstfix::store
