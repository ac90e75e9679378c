#include "agent_io/records.h"

#include <algorithm>

namespace firstfix::agent {
namespace {

v1::FaultChangeKind kind_of(FaultReport::Kind kind) {
  switch (kind) {
    case FaultReport::Kind::kActive:
      return v1::FAULT_CHANGE_KIND_ACTIVE;
    case FaultReport::Kind::kUpdated:
      return v1::FAULT_CHANGE_KIND_UPDATED;
    case FaultReport::Kind::kCleared:
      return v1::FAULT_CHANGE_KIND_CLEARED;
  }
  return v1::FAULT_CHANGE_KIND_UNSPECIFIED;
}

bool is_name(std::string_view text, std::size_t max) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789.-";
  return text.size() <= max && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace

google::protobuf::Timestamp to_timestamp(Instant t) {
  google::protobuf::Timestamp out;
  const std::int64_t second = t.micros >= 0 ? t.micros / 1'000'000 : (t.micros - 999'999) / 1'000'000;
  out.set_seconds(second);
  out.set_nanos(static_cast<std::int32_t>((t.micros - second * 1'000'000) * 1000));
  return out;
}

v1::DeviceRecord to_record(const FaultReport& report) {
  v1::DeviceRecord record;
  *record.mutable_occurred_at() = to_timestamp(report.at);
  auto& fault = *record.mutable_fault();
  fault.set_kind(kind_of(report.kind));
  fault.set_code("j1939-" + std::to_string(report.key.spn) + "-" + std::to_string(report.key.fmi));
  fault.set_component("sa-" + std::to_string(report.key.source));
  if (report.occurrences) fault.set_occurrence_count(*report.occurrences);
  auto& lamps = *fault.mutable_lamps();
  lamps.set_malfunction((report.lamps_lit & 8) != 0);
  lamps.set_red_stop((report.lamps_lit & 4) != 0);
  lamps.set_amber_warning((report.lamps_lit & 2) != 0);
  lamps.set_protect((report.lamps_lit & 1) != 0);
  auto& j1939 = *fault.mutable_j1939();
  j1939.set_spn(report.key.spn);
  j1939.set_fmi(report.key.fmi);
  j1939.set_conversion_method(report.old_conversion ? 1 : 0);
  j1939.set_source_address(report.key.source);
  fault.set_cleared_by_tool(report.cleared_by_tool);
  return record;
}

v1::DeviceRecord to_record(const Operation& operation) {
  v1::DeviceRecord record;
  *record.mutable_occurred_at() = to_timestamp(operation.at);
  auto& report = *record.mutable_operation();
  report.set_working(operation.working);
  report.set_operating_s(static_cast<double>(operation.operating.count()) / 1e6);
  if (operation.engine_hours) report.set_engine_hours(*operation.engine_hours);
  return record;
}

v1::DeviceRecord to_record(const DroppedRange& range) {
  v1::DeviceRecord record;
  record.set_sequence(range.to);
  *record.mutable_occurred_at() = to_timestamp(range.at);
  record.mutable_dropped()->set_from(range.from);
  record.mutable_dropped()->set_to(range.to);
  record.mutable_dropped()->set_reason(range.reason);
  return record;
}

Status check(const v1::FaultChange& fault) {
  if (fault.kind() == v1::FAULT_CHANGE_KIND_UNSPECIFIED) return fail(Code::kInvalid, "no kind");
  if (fault.code().empty() || !is_name(fault.code(), 64))
    return fail(Code::kInvalid, "a code is 1 to 64 characters of a-z, 0-9, '.' and '-'");
  if (!is_name(fault.component(), 32))
    return fail(Code::kInvalid, "a component is at most 32 characters of a-z, 0-9, '.' and '-'");
  if (fault.text().size() > 500) return fail(Code::kInvalid, "a text of more than 500 bytes");
  if (fault.readings_size() > 32) return fail(Code::kInvalid, "more than 32 readings");
  return {};
}

}  // namespace firstfix::agent
