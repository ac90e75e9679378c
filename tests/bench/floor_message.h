// What the probe tells the floor: how many bytes to write and how many to send on.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

namespace firstfix::bench {

inline constexpr const char* kFloorOne = "floor/one";
inline constexpr const char* kFloorMany = "floor/many";
inline constexpr const char* kFloorReceipt = "floor/receipt";

struct FloorSizes {
  std::uint32_t written_bytes = 0, sent_bytes = 0;
};

// A payload of `total_bytes`, at least the size of the head.
inline std::string floor_message(FloorSizes sizes, std::size_t total_bytes) {
  std::string out(std::max(total_bytes, sizeof sizes), '\0');
  std::memcpy(out.data(), &sizes, sizeof sizes);
  return out;
}

inline FloorSizes floor_sizes(const std::string& payload) {
  FloorSizes sizes;
  if (payload.size() >= sizeof sizes) std::memcpy(&sizes, payload.data(), sizeof sizes);
  return sizes;
}

}  // namespace firstfix::bench
