#pragma once

#include <cstddef>
#include <cstdint>

namespace firstfix::store {

enum class Table : std::uint8_t { kRecords, kIndexes, kLog, kBlobs, kSystem };
inline constexpr std::size_t kTableCount = 5;

}  // namespace firstfix::store
