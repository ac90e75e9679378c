// Frames for tests, written as a bus would carry them.
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "agent/dm1.h"
#include "agent/transport.h"

namespace firstfix::agent::testing {

inline CanFrame frame(double at_s, std::uint32_t id, std::initializer_list<int> bytes, std::string channel = "can0") {
  CanFrame f;
  f.at = Instant{std::llround(at_s * 1e6)};
  f.channel = std::move(channel);
  f.id = id;
  f.extended = true;
  for (const int b : bytes) f.data[f.size++] = static_cast<std::uint8_t>(b);
  return f;
}

// TP.CM from `source` to `destination`.
inline std::uint32_t connection(int source, int destination = 0xFF) {
  return 0x1CEC'0000u | static_cast<std::uint32_t>(destination << 8 | source);
}
// TP.DT from `source` to `destination`.
inline std::uint32_t data(int source, int destination = 0xFF) {
  return 0x1CEB'0000u | static_cast<std::uint32_t>(destination << 8 | source);
}
inline CanFrame bam(double at_s, int source, int size, int packets, int pgn = 0xFECA, int destination = 0xFF) {
  return frame(at_s, connection(source, destination),
               {0x20, size & 255, size >> 8, packets, 0xFF, pgn & 255, pgn >> 8 & 255, pgn >> 16});
}
inline CanFrame rts(double at_s, int source, int destination, int size, int packets, int pgn = 0xFECA) {
  return frame(at_s, connection(source, destination),
               {0x10, size & 255, size >> 8, packets, 0xFF, pgn & 255, pgn >> 8 & 255, pgn >> 16});
}
inline CanFrame cts(double at_s, int from, int to, int packets, int next, int pgn = 0xFECA) {
  return frame(at_s, connection(from, to), {0x11, packets, next, 0xFF, 0xFF, pgn & 255, pgn >> 8 & 255, pgn >> 16});
}
inline CanFrame abort_session(double at_s, int from, int to, int pgn = 0xFECA) {
  return frame(at_s, connection(from, to), {0xFF, 1, 0xFF, 0xFF, 0xFF, pgn & 255, pgn >> 8 & 255, pgn >> 16});
}
// Part `number`, whose seven bytes are all `fill`.
inline CanFrame part(double at_s, int source, int number, int fill = 0x11, int destination = 0xFF) {
  return frame(at_s, data(source, destination), {number, fill, fill, fill, fill, fill, fill, fill});
}

// Feeds the frames and returns the messages of PGN DM1, decoded.
inline std::vector<Dm1> decode(const std::vector<CanFrame>& frames) {
  Transport transport;
  std::vector<Dm1> out;
  for (const CanFrame& f : frames)
    if (const auto message = transport.on_frame(f))
      if (auto dm1 = decode_dm1(*message)) out.push_back(std::move(*dm1));
  return out;
}

}  // namespace firstfix::agent::testing
