#include "predict/cases.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "predict/readings.h"

namespace firstfix::predict {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t kLongestCase = 16 * 1024 * 1024;
constexpr double kLeast = 1e-6;

Result<std::string> text(const json& object, const char* field) {
  const auto found = object.find(field);
  if (found == object.end() || !found->is_string())
    return fail(Code::kInvalid, std::string("'") + field + "' is missing or is not a text");
  return found->get<std::string>();
}

Result<Instant> time(const json& object, const char* field) {
  FIRSTFIX_TRY(value, text(object, field));
  auto at = parse_iso8601(value);
  if (!at) return fail(Code::kInvalid, std::string("'") + field + "' is not a time such as 2026-03-01T08:15:30Z");
  return at;
}

Result<const json*> list(const json& object, const char* field) {
  static const json kNone = json::array();
  const auto found = object.find(field);
  if (found == object.end() || found->is_null()) return &kNone;
  if (!found->is_array()) return fail(Code::kInvalid, std::string("'") + field + "' is not a list");
  return &*found;
}

Result<std::vector<std::string>> texts(const json& object, const char* field) {
  FIRSTFIX_TRY(values, list(object, field));
  std::vector<std::string> out;
  for (const auto& value : *values) {
    if (!value.is_string()) return fail(Code::kInvalid, std::string("'") + field + "' holds what is not a text");
    out.push_back(value.get<std::string>());
  }
  return out;
}

Result<learning::Work> work_of(const json& object) {
  if (!object.is_object()) return fail(Code::kInvalid, "'work_orders' holds what is not an object");
  learning::Work work;
  FIRSTFIX_TRY(at, time(object, "completed_at"));
  FIRSTFIX_TRY(kind, text(object, "kind"));
  if (kind != "corrective" && kind != "preventive")
    return fail(Code::kInvalid, "a work order's 'kind' is neither corrective nor preventive");
  FIRSTFIX_TRY(causes, texts(object, "causes"));
  FIRSTFIX_TRY(parts, texts(object, "parts"));
  return learning::Work{at, kind == "corrective", std::move(causes), std::move(parts)};
}

// What is later than as_of is not known.
Result<learning::Fault> fault_of(const json& object, Instant as_of) {
  if (!object.is_object()) return fail(Code::kInvalid, "'faults' holds what is not an object");
  learning::Fault out;
  FIRSTFIX_TRY(code, text(object, "code"));
  FIRSTFIX_TRY(at, time(object, "occurred_at"));
  out.code = std::move(code);
  out.at = at;
  if (const auto cleared = object.find("cleared_at"); cleared != object.end() && !cleared->is_null()) {
    FIRSTFIX_TRY(cleared_at, time(object, "cleared_at"));
    if (cleared_at < at) return fail(Code::kInvalid, "a fault's 'cleared_at' is before its 'occurred_at'");
    if (cleared_at <= as_of) out.cleared_at = cleared_at;
  }
  const auto readings = object.find("readings");
  if (readings == object.end() || readings->is_null()) return out;
  if (!readings->is_object()) return fail(Code::kInvalid, "a fault's 'readings' are not an object");
  for (const auto& [name, value] : readings->items()) {
    if (!value.is_number()) return fail(Code::kInvalid, "reading '" + name + "' is not a number");
    FIRSTFIX_CHECK(add_reading(out.readings, name, value.get<double>()));
  }
  return out;
}

ordered_json scores(const std::vector<diagnosis::Scored>& scored, const char* name) {
  auto out = ordered_json::array();
  for (const auto& one : scored)
    if (one.probability >= kLeast)
      out.push_back({{name, one.name}, {"probability", std::round(one.probability * 1e6) / 1e6}});
  return out;
}

}  // namespace

Result<Case> parse_case(std::string_view line) {
  if (line.size() > kLongestCase) return fail(Code::kTooLarge, "a case longer than 16 MiB");
  const auto object = json::parse(line, nullptr, false);
  if (!object.is_object()) return fail(Code::kInvalid, "is not a JSON object");
  Case out;
  FIRSTFIX_TRY(id, text(object, "case_id"));
  FIRSTFIX_TRY(kind, text(object, "kind"));
  if (kind != "stopped" && kind != "warning") return fail(Code::kInvalid, "'kind' is neither stopped nor warning");
  FIRSTFIX_TRY(as_of, time(object, "as_of"));
  out.id = std::move(id);
  out.warning = kind == "warning";
  out.as_of = as_of;
  if (object.contains("model")) {
    FIRSTFIX_TRY(model, text(object, "model"));
    out.machine.model = std::move(model);
  }
  if (const auto age = object.find("age_years"); age != object.end() && !age->is_null()) {
    if (!age->is_number() || age->get<double>() < 0) return fail(Code::kInvalid, "'age_years' is not an age");
    out.machine.age_years = age->get<double>();
  }
  FIRSTFIX_TRY(faults, list(object, "faults"));
  for (const auto& fault : *faults) {
    FIRSTFIX_TRY(one, fault_of(fault, as_of));
    if (one.at <= as_of) out.machine.faults.push_back(std::move(one));
  }
  FIRSTFIX_TRY(works, list(object, "work_orders"));
  for (const auto& work : *works) {
    FIRSTFIX_TRY(one, work_of(work));
    if (one.completed_at < as_of) out.machine.works.push_back(std::move(one));
  }
  std::stable_sort(out.machine.faults.begin(), out.machine.faults.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  std::stable_sort(out.machine.works.begin(), out.machine.works.end(),
                   [](const auto& a, const auto& b) { return a.completed_at < b.completed_at; });
  return out;
}

std::string to_json(const Prediction& prediction) {
  ordered_json out;
  out["case_id"] = prediction.case_id;
  out["causes"] = scores(prediction.answer.causes, "cause");
  out["none_probability"] = std::round(prediction.answer.none_probability * 1e6) / 1e6;
  out["parts"] = scores(prediction.answer.parts, "part");
  out["kit"] = prediction.kit;
  out["evidence"] = prediction.answer.evidence;
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace firstfix::predict
