#include "agent/bus.h"

namespace firstfix::agent {
namespace {

constexpr std::uint32_t kRequestPgn = 0xEA00;        // J1939-21: its three bytes name the PGN asked for
constexpr std::uint32_t kErasePreviousPgn = 0xFECC;  // J1939-73 DM3
constexpr std::uint32_t kEraseActivePgn = 0xFED3;    // J1939-73 DM11

bool asks_to_erase(const J1939Message& message) {
  if (message.pgn != kRequestPgn || message.payload.size() < 3) return false;
  const std::uint32_t asked = message.payload[0] | message.payload[1] << 8 | message.payload[2] << 16;
  return asked == kErasePreviousPgn || asked == kEraseActivePgn;
}

}  // namespace

BusReports Bus::on_frame(const CanFrame& frame, std::uint64_t position) {
  const auto message = transport_.on_frame(frame, position);
  if (!message) return on_time(frame.at);
  BusReports reports;
  reports.operation = operation_.on_message(*message);
  if (asks_to_erase(*message)) tracker_.on_erase_request(j1939_id(frame)->specific, frame.at);
  if (const auto dm1 = decode_dm1(*message)) reports.faults = tracker_.on_dm1(*dm1);
  return reports;
}

}  // namespace firstfix::agent
