#include "store/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace firstfix::store {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::StartsWith;

TEST(Keys, GoBackToTheirParts) {
  for (const auto& parts : std::vector<std::vector<std::string>>{
           {"acme", "Case", "cases/1"}, {"", ""}, {"\0"s, "\xFF"s, "\0\x01"s}, {"a\0b"s, ""}}) {
    std::string made;
    for (const auto& part : parts) made += key({part});
    const auto decoded = decode_key(made);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, parts);
  }
}

TEST(Keys, RefuseBytesThatTheyDidNotMake) {
  for (const auto& bytes : {"a"s, "a\0"s, "a\0\x02"s, "a\0\x01"s + "b"s, "\0"s}) {
    const auto decoded = decode_key(bytes);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, Code::kCorrupt);
  }
}

TEST(Keys, SortAsTheirPartsDo) {
  const std::vector<std::string> ascending = {key({"a"}),         key({"a", ""}),      key({"a", "\0"s}),
                                              key({"a", "b"}),    key({"a", "b", ""}), key({"a", "ba"}),
                                              key({"a\0"s, "b"}), key({"a\x01", "b"}), key({"ab"})};
  for (std::size_t i = 1; i < ascending.size(); ++i) EXPECT_LT(ascending[i - 1], ascending[i]) << i;
}

TEST(Keys, OfOneTenantAreOneRangeThatNoOtherTenantEnters) {
  const auto from = key({"acme"}), to = prefix_end(from);
  for (const auto& own : {key({"acme", ""}), key({"acme", "\xFF\xFF"}), key({"acme", "Case", "x"})})
    EXPECT_TRUE(from <= own && own < to);
  for (const auto& other : {key({"acm", "x"}), key({"acme2", "x"}), key({"acme\0"s, "x"}), key({"acme\xFF", "x"})})
    EXPECT_FALSE(from <= other && other < to);
}

TEST(Keys, OfAPrefixOfTheLastPartAreOneRange) {
  const auto from = key_prefix({"acme", "Step"}, "visits/1/"), to = prefix_end(from);
  EXPECT_THAT(key({"acme", "Step", "visits/1/steps/0"}), StartsWith(from));
  EXPECT_LT(key({"acme", "Step", "visits/1/steps/9"}), to);
  EXPECT_GE(key({"acme", "Step", "visits/10/steps/0"}), to);
}

TEST(Keys, EndOfAPrefixOfOnlyTheHighestBytesIsTheEndOfAll) {
  EXPECT_EQ(prefix_end("a\xFF\xFF"), "b");
  EXPECT_EQ(prefix_end("\xFF\xFF"), "");
}

TEST(Keys, NumbersSortAsNumbers) {
  EXPECT_LT(big_endian(255), big_endian(256));
  for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x0102030405060708}, UINT64_MAX})
    EXPECT_EQ(from_big_endian(big_endian(n)), n);
}

}  // namespace
}  // namespace firstfix::store
