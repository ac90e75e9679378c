// Any topic: what is taken is written back as it was.
#include "ingest/topic.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto topic = firstfix::ingest::parse_topic(text);
  if (topic && to_string(*topic) != text) std::abort();
  return 0;
}
