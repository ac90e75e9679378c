// SAE J1939-73 DM1 (PGN 65226): the trouble codes that a control unit has active now, and its lamps. A unit sends it
// once a second while a code is active and when something changes, so a DM1 is a state and not an event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/transport.h"

namespace firstfix::agent {

inline constexpr std::uint32_t kDm1Pgn = 0xFECA;
inline constexpr std::uint32_t kSpnNotAvailable = 524'287;  // 19 bits of ones
inline constexpr std::uint8_t kOccurrencesNotAvailable = 127;

struct Dtc {
  std::uint32_t spn = 0;         // suspect parameter number, 19 bits: what
  std::uint8_t fmi = 0;          // failure mode identifier, 0 to 31: how
  std::uint8_t occurrences = 0;  // 0 to 126; 127 = not available
  bool old_conversion = false;   // conversion method bit set: the sender may use one of three older SPN layouts

  friend bool operator==(const Dtc&, const Dtc&) = default;
};

enum class LampState : std::uint8_t { kOff = 0, kOn = 1, kError = 2, kNotAvailable = 3 };

// Two bits a lamp, from the highest: malfunction indicator, red stop, amber warning, protect. `flash` is laid out alike
// (0 slow, 1 fast, 3 does not flash).
struct Lamps {
  std::uint8_t status = 0;
  std::uint8_t flash = 0xFF;

  LampState malfunction() const { return static_cast<LampState>(status >> 6 & 3); }
  LampState red_stop() const { return static_cast<LampState>(status >> 4 & 3); }
  LampState amber_warning() const { return static_cast<LampState>(status >> 2 & 3); }
  LampState protect() const { return static_cast<LampState>(status & 3); }
  // A bit for each lamp that is on, laid out as the four above: 8 malfunction, 4 red stop, 2 amber warning, 1 protect.
  std::uint8_t lit() const;
  friend bool operator==(const Lamps&, const Lamps&) = default;
};

struct Dm1 {
  Instant at;
  std::string channel;
  std::uint8_t source = 0;
  Via via = Via::kSingle;
  Lamps lamps;
  std::vector<Dtc> codes;  // in the order sent, repeats included; empty slots left out
};

// Nothing if the message is not a DM1. A single frame has exactly 8 bytes and one slot; a longer message has as many
// slots of 4 bytes as fit. A slot is empty with SPN 0 and FMI 0, or with all ones. Nothing is filtered for
// plausibility.
std::optional<Dm1> decode_dm1(const J1939Message& message);

// The rows of `firstfix-agent decode`.
std::string_view dm1_csv_header();
std::string dm1_csv_row(std::string_view file, const Dm1& dm1);

}  // namespace firstfix::agent
