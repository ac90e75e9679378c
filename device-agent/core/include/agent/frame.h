// One CAN frame as a capture or a socket gives it, and the fields of its J1939 identifier.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/time.h"

namespace firstfix::agent {

struct CanFrame {
  Instant at;           // the capture's own number: since 1970, or since the capture began
  std::string channel;  // "can0"; "trc" for a PCAN trace
  std::uint32_t id = 0;
  bool extended = false;  // a 29-bit identifier
  std::uint8_t size = 0;  // bytes used of `data`, 0 to 8
  std::array<std::uint8_t, 8> data{};

  std::span<const std::uint8_t> bytes() const { return {data.data(), size}; }
};

inline constexpr std::size_t kFrameBytes = 8;    // of data in a full CAN frame
inline constexpr std::uint8_t kEveryone = 0xFF;  // the destination address that means all on the bus

// SAE J1939-21: a 29-bit identifier is priority (3 bits), extended data page, data page, PDU format, PDU specific and
// source address (8 bits each). Below format 240 the specific byte is a destination; from 240 on it is part of the
// parameter group number (PGN).
struct J1939Id {
  std::uint8_t format = 0;
  std::uint8_t specific = 0;
  std::uint8_t source = 0;

  std::uint32_t pgn() const { return format < 240 ? format << 8 : format << 8 | specific; }
  std::uint8_t destination() const { return format < 240 ? specific : kEveryone; }
};

// Nothing for an 11-bit identifier, an error frame, and for the other data pages, which carry other PGNs.
std::optional<J1939Id> j1939_id(const CanFrame& frame);

}  // namespace firstfix::agent
