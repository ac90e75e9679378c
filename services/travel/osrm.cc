#include "travel/osrm.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace firstfix::travel {
namespace {

using Json = nlohmann::json;

constexpr double kMostSeconds = 30 * 24 * 3600;
constexpr std::size_t kMostWords = 200;  // of the service's own message, in an error of ours

void add_numbers(std::string& path, const char* name, std::size_t from, std::size_t to) {
  path += name;
  for (auto i = from; i < to; ++i) path += (i == from ? "=" : ";") + std::to_string(i);
}

// What people can read of a text from outside.
std::string printable(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return {};
  auto text = found->get<std::string>().substr(0, kMostWords);
  for (auto& c : text)
    if (c < 0x20 || c > 0x7e) c = '?';
  return text;
}

Result<std::optional<Duration>> read_duration(const Json& value, std::size_t row, std::size_t column) {
  if (value.is_null()) return std::optional<Duration>{};
  const auto seconds = value.is_number() ? value.get<double>() : -1;
  if (!(seconds >= 0 && seconds <= kMostSeconds))
    return fail(Code::kCorrupt, "durations[" + std::to_string(row) + "][" + std::to_string(column) +
                                    "]: is neither null nor seconds from 0 to 2592000");
  return std::optional(Duration{std::llround(seconds * 1e6)});
}

Status check_size(const Json& list, std::size_t size, const std::string& path) {
  if (list.is_array() && list.size() == size) return {};
  return fail(Code::kCorrupt, path + ": must be a list of " + std::to_string(size));
}

}  // namespace

std::string osrm_table_path(std::string_view profile, const std::vector<Position>& from,
                            const std::vector<Position>& to) {
  std::string path = "/table/v1/" + std::string(profile) + "/";
  bool first = true;
  for (const auto* places : {&from, &to})
    for (const auto& place : *places) {
      char text[64];
      std::snprintf(text, sizeof text, "%s%.6f,%.6f", first ? "" : ";", place.longitude_deg, place.latitude_deg);
      path += text;
      first = false;
    }
  add_numbers(path, "?sources", 0, from.size());
  add_numbers(path, "&destinations", from.size(), from.size() + to.size());
  return path + "&annotations=duration";
}

Result<Durations> read_osrm_table(std::string_view body, std::size_t from, std::size_t to) {
  const auto json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return fail(Code::kCorrupt, "the answer is not a JSON object");
  const auto code = printable(json, "code");
  if (code.empty()) return fail(Code::kCorrupt, "code: is missing");
  if (code != "Ok") {
    const bool no_road = code == "NoSegment" || code == "NoTable";
    return fail(no_road ? Code::kNotFound : Code::kUnavailable,
                "it answers " + code + ": " + printable(json, "message"));
  }
  const auto durations = json.value("durations", Json());
  FIRSTFIX_CHECK(check_size(durations, from, "durations"));
  Durations out;
  for (std::size_t row = 0; row < from; ++row) {
    FIRSTFIX_CHECK(check_size(durations[row], to, "durations[" + std::to_string(row) + "]"));
    for (std::size_t column = 0; column < to; ++column) {
      FIRSTFIX_TRY(duration, read_duration(durations[row][column], row, column));
      out.push_back(duration);
    }
  }
  return out;
}

}  // namespace firstfix::travel
