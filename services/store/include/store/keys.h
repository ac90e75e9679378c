// Keys: tuples of strings as bytes that sort as the tuples do.
//
// Each part is written with every 0x00 as 0x00 0xFF and ends in 0x00 0x01, so that no part runs into the next, a tuple
// sorts before every longer one that begins with it, and one tenant's keys are one range.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace firstfix::store {

std::string key(std::initializer_list<std::string_view> parts, std::initializer_list<std::string_view> more = {});

// What all keys begin with whose first parts are `parts` and whose next part begins with `partial`.
std::string key_prefix(std::initializer_list<std::string_view> parts, std::string_view partial);

// The parts of a key; kCorrupt if it was not made by key().
Result<std::vector<std::string>> decode_key(std::string_view key);

// The first key after all that begin with `prefix`; empty if there is none.
std::string prefix_end(std::string prefix);

// Eight bytes, big-endian: sorts as the number does.
std::string big_endian(std::uint64_t number);
std::uint64_t from_big_endian(std::string_view eight_bytes);

}  // namespace firstfix::store
