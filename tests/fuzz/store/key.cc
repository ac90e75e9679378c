// Any bytes in place of a key: only what key() made decodes.
#include <cstdlib>

#include "store/keys.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix::store;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto parts = decode_key(bytes);
  if (!parts) return 0;
  std::string again;
  for (const auto& part : *parts) again += key({part});
  if (again != bytes) std::abort();
  return 0;
}
