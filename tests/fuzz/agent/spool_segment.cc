// Any bytes of a spool's segment file: what can be read of them is what was written.
#include <cstdlib>

#include "agent/spool_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix::agent;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto scan = scan_segment(bytes);
  if (scan.readable > size) std::abort();
  for (const auto& place : scan.commits) {
    const auto again = encode(place.commit);
    if (bytes.substr(place.offset, again.size()) != again) std::abort();
  }
  if (scan.header && *decode_header(encode(*scan.header)) != *scan.header) std::abort();
  if (scan.ledger) {
    const auto written = encode(*scan.ledger);
    const auto read = read_entry(written);
    if (read.damage != Damage::kNone || std::get<Ledger>(read.entry) != *scan.ledger) std::abort();
  }
  return 0;
}
