// Any line of ready-made changes, in JSON, or as CSV under any row of columns: what is taken can be sent.
#include <cstdlib>
#include <string_view>

#include "agent_io/records.h"

namespace {

void judge(const firstfix::Result<firstfix::agent::ChangeLine>& change) {
  if (!change) return;
  const auto& record = change->record;
  if (record.has_fault() && !firstfix::agent::check(record.fault())) std::abort();
  firstfix::v1::DeviceRecord sent;
  if (!sent.ParseFromString(record.SerializeAsString())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix::agent;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  judge(parse_change(text));
  const auto line_end = text.find('\n');
  if (line_end == std::string_view::npos) return 0;
  const auto columns = split_csv(text.substr(0, line_end)), cells = split_csv(text.substr(line_end + 1));
  if (columns && cells) judge(parse_change(*columns, *cells));
  return 0;
}
