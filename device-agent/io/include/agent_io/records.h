// What is found on the machine, as records of the public schema. The spool gives the sequence.
#pragma once

#include <string_view>

#include "agent/operation.h"
#include "agent/spool_format.h"
#include "agent/tracker.h"
#include "base/result.h"
#include "firstfix/v1/device.pb.h"

namespace firstfix::agent {

google::protobuf::Timestamp to_timestamp(Instant t);

v1::DeviceRecord to_record(const FaultReport& report);
v1::DeviceRecord to_record(const Operation& operation);
v1::DeviceRecord to_record(const DroppedRange& range);

// One ready-made change, as a line of JSON says it (the fields stand in the agent's --help).
struct ChangeLine {
  v1::DeviceRecord record;    // without a time
  std::optional<Instant> at;  // if the line says when
  Duration after{};           // to wait before it
};
inline constexpr std::size_t kMaxChangeLine = 16 << 10;
Result<ChangeLine> parse_change(std::string_view json);
// The same from a row of CSV: `columns` names the field of each; an empty cell is a field left out.
Result<std::vector<std::string>> split_csv(std::string_view row);
Result<ChangeLine> parse_change(const std::vector<std::string>& columns, const std::vector<std::string>& cells);

// Refuses what the schema does not allow: code, component, text and readings have their limits.
Status check(const v1::FaultChange& fault);

}  // namespace firstfix::agent
