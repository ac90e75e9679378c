// Ready-made changes as JSON or CSV.
#include <cmath>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "agent_io/records.h"
#include "base/text.h"

namespace firstfix::agent {
namespace {

using Json = nlohmann::json;

constexpr double kMaxWait_s = 86'400;

// A line that is being read: each field sets its part, and may complain.
struct Draft {
  ChangeLine line;
  v1::FaultChange fault;
  v1::OperationReport operation;
  bool is_fault = false, is_operation = false;
  std::optional<std::uint32_t> spn, fmi, source;
};

Result<std::uint32_t> whole_number(const Json& value, std::uint32_t max) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > max)
    return fail(Code::kInvalid, "not a whole number of at most " + std::to_string(max));
  return value.get<std::uint32_t>();
}

Result<double> number(const Json& value) {
  if (!value.is_number() || !std::isfinite(value.get<double>())) return fail(Code::kInvalid, "not a number");
  return value.get<double>();
}

Result<bool> truth(const Json& value) {
  if (!value.is_boolean()) return fail(Code::kInvalid, "neither true nor false");
  return value.get<bool>();
}

Result<std::string> text(const Json& value) {
  if (!value.is_string()) return fail(Code::kInvalid, "not a text");
  return value.get<std::string>();
}

Status set_kind(Draft& draft, const Json& value) {
  static const std::map<std::string, v1::FaultChangeKind> kKinds{{"active", v1::FAULT_CHANGE_KIND_ACTIVE},
                                                                 {"updated", v1::FAULT_CHANGE_KIND_UPDATED},
                                                                 {"cleared", v1::FAULT_CHANGE_KIND_CLEARED}};
  FIRSTFIX_TRY(word, text(value));
  const auto found = kKinds.find(word);
  if (found == kKinds.end()) return fail(Code::kInvalid, "neither active, updated nor cleared");
  draft.fault.set_kind(found->second);
  return {};
}

Status set_lamps(Draft& draft, const Json& value) {
  if (!value.is_array()) return fail(Code::kInvalid, "not a list of lamps");
  auto& lamps = *draft.fault.mutable_lamps();
  for (const Json& lamp : value) {
    FIRSTFIX_TRY(name, text(lamp));
    if (name == "malfunction") {
      lamps.set_malfunction(true);
    } else if (name == "red" || name == "red_stop") {
      lamps.set_red_stop(true);
    } else if (name == "amber" || name == "amber_warning") {
      lamps.set_amber_warning(true);
    } else if (name == "protect") {
      lamps.set_protect(true);
    } else {
      return fail(Code::kInvalid, "lamps are malfunction, red, amber and protect");
    }
  }
  return {};
}

Status set_readings(Draft& draft, const Json& value) {
  if (!value.is_object()) return fail(Code::kInvalid, "not an object");
  for (const auto& [name, reading] : value.items()) {
    FIRSTFIX_TRY(amount, number(reading));
    (*draft.fault.mutable_readings())[name] = amount;
  }
  return {};
}

struct Field {
  bool of_fault, of_operation;
  std::function<Status(Draft&, const Json&)> set;
};

// A field that takes a value of one type and cannot complain about it.
template <class Read, class Store>
Field fault_field(Read read, Store store) {
  return {true, false, [=](Draft& draft, const Json& json) -> Status {
            FIRSTFIX_TRY(value, read(json));
            store(draft, value);
            return {};
          }};
}
auto up_to(std::uint32_t max) {
  return [max](const Json& value) { return whole_number(value, max); };
}

const std::map<std::string, Field>& fields() {
  static const std::map<std::string, Field> kFields{
      {"kind", {true, false, set_kind}},
      {"code", fault_field(text, [](Draft& d, const std::string& v) { d.fault.set_code(v); })},
      {"component", fault_field(text, [](Draft& d, const std::string& v) { d.fault.set_component(v); })},
      {"text", fault_field(text, [](Draft& d, const std::string& v) { d.fault.set_text(v); })},
      {"spn", fault_field(up_to(524'287), [](Draft& d, std::uint32_t v) { d.spn = v; })},
      {"fmi", fault_field(up_to(31), [](Draft& d, std::uint32_t v) { d.fmi = v; })},
      {"sa", fault_field(up_to(253), [](Draft& d, std::uint32_t v) { d.source = v; })},
      {"count", fault_field(up_to(UINT32_MAX), [](Draft& d, std::uint32_t v) { d.fault.set_occurrence_count(v); })},
      {"cleared_by_tool", fault_field(truth, [](Draft& d, bool v) { d.fault.set_cleared_by_tool(v); })},
      {"lamps", {true, false, set_lamps}},
      {"readings", {true, false, set_readings}},
      {"working",
       {false, true,
        [](Draft& d, const Json& v) -> Status {
          FIRSTFIX_TRY(working, truth(v));
          d.operation.set_working(working);
          return {};
        }}},
      {"operating_s",
       {false, true,
        [](Draft& d, const Json& v) -> Status {
          FIRSTFIX_TRY(seconds, number(v));
          if (seconds < 0) return fail(Code::kInvalid, "less than nothing");
          d.operation.set_operating_s(seconds);
          return {};
        }}},
      {"engine_hours",
       {false, true,
        [](Draft& d, const Json& v) -> Status {
          FIRSTFIX_TRY(hours, number(v));
          d.operation.set_engine_hours(hours);
          return {};
        }}},
      {"at",
       {false, false,
        [](Draft& d, const Json& v) -> Status {
          FIRSTFIX_TRY(written, text(v));
          FIRSTFIX_TRY(at, parse_iso8601(written));
          d.line.at = at;
          return {};
        }}},
      {"after_s",
       {false, false,
        [](Draft& d, const Json& v) -> Status {
          FIRSTFIX_TRY(seconds, number(v));
          if (seconds < 0 || seconds > kMaxWait_s) return fail(Code::kInvalid, "not between 0 and 86400");
          d.line.after = Duration{static_cast<std::int64_t>(seconds * 1e6)};
          return {};
        }}},
  };
  return kFields;
}

Status finish_fault(Draft& draft) {
  auto& fault = draft.fault;
  if (fault.kind() == v1::FAULT_CHANGE_KIND_UNSPECIFIED) fault.set_kind(v1::FAULT_CHANGE_KIND_ACTIVE);
  if (draft.spn.has_value() != draft.fmi.has_value()) return fail(Code::kInvalid, "spn and fmi belong together");
  if (draft.spn) {
    auto& j1939 = *fault.mutable_j1939();
    j1939.set_spn(*draft.spn);
    j1939.set_fmi(*draft.fmi);
    j1939.set_source_address(draft.source.value_or(0));
    if (fault.code().empty()) fault.set_code("j1939-" + std::to_string(*draft.spn) + "-" + std::to_string(*draft.fmi));
  }
  if (draft.source && fault.component().empty()) fault.set_component("sa-" + std::to_string(*draft.source));
  FIRSTFIX_CHECK(check(fault));
  *draft.line.record.mutable_fault() = std::move(fault);
  return {};
}

Result<ChangeLine> from_object(const Json& object) {
  if (!object.is_object()) return fail(Code::kInvalid, "not a JSON object");
  Draft draft;
  for (const auto& [name, value] : object.items()) {
    const auto field = fields().find(name);
    if (field == fields().end()) return fail(Code::kInvalid, "unknown field '" + name.substr(0, 40) + "'");
    draft.is_fault |= field->second.of_fault;
    draft.is_operation |= field->second.of_operation;
    if (const Status set = field->second.set(draft, value); !set)
      return fail(Code::kInvalid, name + ": " + set.error().message);
  }
  if (draft.is_fault == draft.is_operation)
    return fail(Code::kInvalid, "a line is either a fault (code, or spn and fmi) or an operation (working)");
  if (draft.is_operation) *draft.line.record.mutable_operation() = std::move(draft.operation);
  if (draft.is_fault) FIRSTFIX_CHECK(finish_fault(draft));
  return std::move(draft.line);
}

}  // namespace

Result<ChangeLine> parse_change(std::string_view json) {
  if (json.size() > kMaxChangeLine) return fail(Code::kInvalid, "longer than 16 KiB");
  const Json object = Json::parse(json, nullptr, false);
  if (object.is_discarded()) return fail(Code::kInvalid, "not JSON");
  return from_object(object);
}

Result<std::vector<std::string>> split_csv(std::string_view row) {
  if (row.size() > kMaxChangeLine) return fail(Code::kInvalid, "longer than 16 KiB");
  if (row.ends_with('\r')) row.remove_suffix(1);
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const char c = row[i];
    if (quoted && c == '"' && i + 1 < row.size() && row[i + 1] == '"') {
      cells.back() += row[++i];
    } else if (c == '"' && (quoted || cells.back().empty())) {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  if (quoted) return fail(Code::kInvalid, "a quotation mark is not closed");
  // A file in another encoding must not make a record that nobody can read.
  for (auto& cell : cells) cell = clipped(cell, cell.size());
  return cells;
}

Result<ChangeLine> parse_change(const std::vector<std::string>& columns, const std::vector<std::string>& cells) {
  if (cells.size() != columns.size())
    return fail(Code::kInvalid,
                std::to_string(cells.size()) + " cells under " + std::to_string(columns.size()) + " columns");
  Json object = Json::object();
  constexpr std::string_view kReading = "reading.";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string &name = columns[i], &cell = cells[i];
    if (cell.empty()) continue;
    if (name == "lamps") {
      object[name] = Json::array();
      std::size_t from = 0;
      while (from < cell.size()) {
        const std::size_t to = std::min(cell.find(' ', from), cell.size());
        if (to > from) object[name].push_back(cell.substr(from, to - from));
        from = to + 1;
      }
      continue;
    }
    static constexpr std::string_view kTexts[] = {"kind", "code", "component", "text", "at"};
    Json value = cell;
    if (std::find(std::begin(kTexts), std::end(kTexts), name) == std::end(kTexts)) {
      value = Json::parse(cell, nullptr, false);
      if (value.is_discarded()) return fail(Code::kInvalid, name + ": '" + cell.substr(0, 40) + "' cannot be read");
    }
    if (name.starts_with(kReading)) {
      object["readings"][name.substr(kReading.size())] = std::move(value);
    } else {
      object[name] = std::move(value);
    }
  }
  return from_object(object);
}

}  // namespace firstfix::agent
