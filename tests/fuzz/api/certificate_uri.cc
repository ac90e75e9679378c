// Any URI in a client's certificate: what is taken names exactly who it says.
#include <cstdlib>

#include "api/principal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix::api;
  const std::string_view uri(reinterpret_cast<const char*>(data), size);
  const auto who = principal_from_uri(uri);
  if (!who) return 0;
  const auto prefix = "firstfix://" + who->tenant + "/";
  if (uri.substr(0, prefix.size()) != prefix) std::abort();
  if (uri.substr(uri.size() - who->subject.size() - 1) != "/" + who->subject) std::abort();
  return 0;
}
