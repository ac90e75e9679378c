#include "store/cursor.h"

#include <array>

namespace firstfix::store {
namespace {

constexpr std::size_t kTokenDigits = 32;  // 16 of the position, 16 of the checksum

// FNV-1a, 64 bits: enough to notice a foreign or damaged token; a token is not a secret and opens nothing.
std::uint64_t checksum(std::uint64_t store_identity, const Partition& partition, std::uint64_t position) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  const auto mix = [&hash](std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i, value >>= 8) hash = (hash ^ (value & 0xFF)) * 0x100000001b3ULL;
  };
  mix(store_identity, 8);
  mix(position, 8);
  mix(partition.number, 4);
  for (const char c : partition.tenant) mix(static_cast<unsigned char>(c), 1);
  return hash;
}

void append_hex(std::string& out, std::uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(value >> shift) & 15];
}

bool read_hex(std::string_view digits, std::uint64_t& value) {
  value = 0;
  for (const char c : digits) {
    if (c >= '0' && c <= '9')
      value = value << 4 | static_cast<std::uint64_t>(c - '0');
    else if (c >= 'a' && c <= 'f')
      value = value << 4 | static_cast<std::uint64_t>(c - 'a' + 10);
    else
      return false;
  }
  return true;
}

}  // namespace

std::string cursor_token(std::uint64_t store_identity, const Partition& partition, Cursor cursor) {
  std::string token;
  append_hex(token, cursor.position);
  append_hex(token, checksum(store_identity, partition, cursor.position));
  return token;
}

Result<Cursor> cursor_from_token(std::uint64_t store_identity, const Partition& partition, std::string_view token) {
  std::uint64_t position = 0, sum = 0;
  if (token.size() != kTokenDigits || !read_hex(token.substr(0, 16), position) || !read_hex(token.substr(16), sum) ||
      sum != checksum(store_identity, partition, position))
    return fail(Code::kInvalid, "the cursor is not one of this stream: begin without a cursor");
  return Cursor{position};
}

}  // namespace firstfix::store
