// Any bytes in place of the bus's checkpoint: what was restored from them goes on, and is saved again as it was.
#include "agent_io/bus_checkpoint.h"

#include <algorithm>
#include <cstdlib>

#include "checkpoint.pb.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix;
  agent::checkpoint::Bus in;
  if (!in.ParseFromArray(data, static_cast<int>(size))) return 0;
  auto bus = agent::restore(in);
  agent::checkpoint::Bus first, second;
  agent::save(bus, first);
  agent::save(agent::restore(first), second);
  if (first.SerializeAsString() != second.SerializeAsString()) std::abort();
  // A DM1 of one code, then silence for long enough that it is cleared.
  agent::CanFrame frame{.at = {1'000'000}, .channel = "can0", .id = 0x18FECA00, .extended = true, .size = 8};
  frame.data = {0x40, 0xFF, 102, 0, 3, 1, 0xFF, 0xFF};
  for (int second_of = 0; second_of < 30; ++second_of) {
    static_cast<void>(bus.on_frame(frame, 0));
    frame.at.micros += 1'000'000;
    if (second_of > 5) frame.data[2] = frame.data[4] = 0;
  }
  return 0;
}
