#include "agent/dm1.h"

#include <cstdio>

#include "agent/frame.h"

namespace firstfix::agent {
namespace {

constexpr std::size_t kLampBytes = 2, kSlotBytes = 4;

// Conversion method 0 (version 4): SPN in bytes 1, 2 and the upper three bits of 3, FMI below them, then the method bit
// and seven bits of occurrence count. Version 3 has the same layout with the method bit set.
Dtc read_slot(std::span<const std::uint8_t> b) {
  return {.spn = b[0] | b[1] << 8 | static_cast<std::uint32_t>(b[2] >> 5) << 16,
          .fmi = static_cast<std::uint8_t>(b[2] & 31),
          .occurrences = static_cast<std::uint8_t>(b[3] & 127),
          .old_conversion = (b[3] & 128) != 0};
}

bool empty_slot(const Dtc& code) {
  return (code.spn == 0 && code.fmi == 0) || (code.spn == kSpnNotAvailable && code.fmi == 31);
}

std::string quoted(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

}  // namespace

std::uint8_t Lamps::lit() const {
  std::uint8_t bits = 0;
  for (const LampState lamp : {malfunction(), red_stop(), amber_warning(), protect()})
    bits = static_cast<std::uint8_t>(bits << 1 | (lamp == LampState::kOn ? 1 : 0));
  return bits;
}

std::optional<Dm1> decode_dm1(const J1939Message& message) {
  if (message.pgn != kDm1Pgn) return std::nullopt;
  std::span<const std::uint8_t> payload = message.payload;
  if (message.via == Via::kSingle) {
    if (payload.size() != kFrameBytes) return std::nullopt;
    payload = payload.first(kLampBytes + kSlotBytes);
  }
  if (payload.size() < kLampBytes) return std::nullopt;
  Dm1 dm1{message.at, std::string(message.channel), message.source, message.via, {payload[0], payload[1]}, {}};
  for (auto slots = payload.subspan(kLampBytes); slots.size() >= kSlotBytes; slots = slots.subspan(kSlotBytes))
    if (const Dtc code = read_slot(slots); !empty_slot(code)) dm1.codes.push_back(code);
  return dm1;
}

std::string_view dm1_csv_header() {
  return "file,t_complete_s,channel,source_address,transport,lamp_byte_hex,flash_byte_hex,n_dtc,dtcs_spn/fmi/oc/cm";
}

std::string dm1_csv_row(std::string_view file, const Dm1& dm1) {
  char text[64];
  std::snprintf(text, sizeof text, ",%lld.%06lld,", static_cast<long long>(dm1.at.micros / 1'000'000),
                static_cast<long long>(dm1.at.micros % 1'000'000));
  std::string row = quoted(file) + text + quoted(dm1.channel);
  std::snprintf(text, sizeof text, ",%u,%s,%02X,%02X,%zu,", dm1.source, via_name(dm1.via).data(), dm1.lamps.status,
                dm1.lamps.flash, dm1.codes.size());
  row += text;
  for (const Dtc& code : dm1.codes) {
    if (row.back() != ',') row += ' ';
    std::snprintf(text, sizeof text, "%u/%u/%u/%u", code.spn, code.fmi, code.occurrences, code.old_conversion ? 1 : 0);
    row += text;
  }
  return row;
}

}  // namespace firstfix::agent
