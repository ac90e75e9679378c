#include "agent/frame.h"

namespace firstfix::agent {

std::optional<J1939Id> j1939_id(const CanFrame& frame) {
  constexpr std::uint32_t kDataPages = 0x0300'0000;
  if (!frame.extended || frame.id >= 1u << 29 || (frame.id & kDataPages) != 0) return std::nullopt;
  return J1939Id{static_cast<std::uint8_t>(frame.id >> 16), static_cast<std::uint8_t>(frame.id >> 8),
                 static_cast<std::uint8_t>(frame.id)};
}

}  // namespace firstfix::agent
