// Whatever a table service answers: it is refused with a reason, or has a sane entry for each way.
#include <cstdint>
#include <cstdlib>

#include "travel/osrm.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const auto& [from, to] : {std::pair<std::size_t, std::size_t>{2, 2}, {1, 3}, {0, 0}}) {
    const auto durations = firstfix::travel::read_osrm_table(body, from, to);
    if (!durations) {
      if (durations.error().message.empty()) std::abort();
      continue;
    }
    if (durations->size() != from * to) std::abort();
    for (const auto& one : *durations)
      if (one && (*one < firstfix::Duration{0} || *one > std::chrono::hours{24 * 30})) std::abort();
  }
  return 0;
}
