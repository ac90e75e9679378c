// Any bytes are refused with a reason, or are a table that answers for each of its ways.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "planning/travel_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix::planning;
  auto table = read_travel_table({reinterpret_cast<const char*>(data), size});
  if (!table) {
    if (table.error().message.empty()) std::abort();
    return 0;
  }
  const auto places = table->places;
  if (table->seconds.size() != places.size() * places.size()) std::abort();
  const TableTravel travel(std::move(*table));
  for (const auto& from : places)
    for (const auto& to : places)
      if (travel.time(from, to, {}) < firstfix::Duration{0}) std::abort();
  return 0;
}
