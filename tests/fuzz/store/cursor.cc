// Any token in place of a cursor: only one that this store made for this partition is taken.
#include "store/cursor.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix::store;
  const Partition partition{"acme", 0};
  const std::string_view token(reinterpret_cast<const char*>(data), size);
  const auto cursor = cursor_from_token(7, partition, token);
  if (cursor && cursor_token(7, partition, *cursor) != token) std::abort();
  return 0;
}
