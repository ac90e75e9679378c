// Any line of a capture file, in any of its three forms.
#include "agent/capture.h"

#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto frame = firstfix::agent::parse_capture_line(line);
  if (!frame || !*frame) return 0;
  if ((*frame)->size > 8) std::abort();
  // Above the identifier's bits stand can-utils' flags: an error frame says nothing of J1939.
  if ((*frame)->id >= 1u << 29 && j1939_id(**frame)) std::abort();
  return 0;
}
