// Any traffic on a bus: transport sessions of any order, and trouble codes in what they carry. Each frame is fourteen
// bytes of the input: pause in 4 ms, source, low byte of the identifier's format, … and eight of data.
#include <algorithm>
#include <cstdlib>

#include "agent/dm1.h"

namespace {

constexpr std::size_t kFrameBytes = 14;

firstfix::agent::CanFrame frame_of(const std::uint8_t* bytes, firstfix::Instant at) {
  firstfix::agent::CanFrame frame{.at = at, .channel = "can0", .extended = true};
  frame.id = (bytes[1] & 0x1Fu) << 24 | bytes[2] << 16 | bytes[3] << 8 | bytes[4];
  frame.size = std::min<std::uint8_t>(bytes[5] % 9, 8);
  std::copy_n(bytes + 6, 8, frame.data.begin());
  return frame;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  firstfix::agent::Transport transport;
  firstfix::Instant now{1'000'000};
  for (std::size_t at = 0; at + kFrameBytes <= size; at += kFrameBytes) {
    now.micros += data[at] * 4'000;
    const auto frame = frame_of(data + at, now);
    const auto message = transport.on_frame(frame, at);
    if (!message) continue;
    if (message->payload.size() > 1785) std::abort();
    const auto dm1 = decode_dm1(*message);
    if (!dm1) continue;
    for (const auto& code : dm1->codes)
      if (code.spn > firstfix::agent::kSpnNotAvailable || code.fmi > 31 || code.occurrences > 127) std::abort();
    static_cast<void>(dm1_csv_row("f", *dm1));
  }
  // A frame each; what is silent for long is gone.
  if (transport.open_sessions() > size / kFrameBytes) std::abort();
  return 0;
}
