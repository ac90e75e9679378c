// Any text in place of a configuration: it is understood whole, or refused with a reason that names the file.
#include "firstfixd/config.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = firstfix::firstfixd::parse_config(text, "firstfixd.toml");
  if (!config) {
    if (config.error().message.rfind("firstfixd.toml", 0) != 0) std::abort();
    return 0;
  }
  if (config->production && config->manual_clock) std::abort();
  if (config->store_directory.empty() || config->token_key_file.empty()) std::abort();
  if (config->mqtt.workers < 1 || config->mqtt.workers > 64) std::abort();
  return 0;
}
