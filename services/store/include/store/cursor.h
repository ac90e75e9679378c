// A place in a partition's change log, and its form outside: an opaque token.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace firstfix::store {

// The log is ordered within a partition.
struct Partition {
  std::string tenant;
  std::uint32_t number = 0;
  friend auto operator<=>(const Partition&, const Partition&) = default;
};

// After which entry to go on. Comparable within one partition only.
struct Cursor {
  std::uint64_t position = 0;
};

// The token binds the position to the store (by its random identity) and to the partition, with a checksum: a token of
// another store, another tenant, or one that was altered does not decode.
std::string cursor_token(std::uint64_t store_identity, const Partition& partition, Cursor cursor);
Result<Cursor> cursor_from_token(std::uint64_t store_identity, const Partition& partition, std::string_view token);

}  // namespace firstfix::store
