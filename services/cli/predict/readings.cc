#include "predict/readings.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace firstfix::predict {

Status add_reading(NamedValues& readings, std::string name, double value) {
  if (name.empty()) return fail(Code::kInvalid, "a reading has no name");
  if (name.size() > kLongestReadingName) return fail(Code::kInvalid, "a reading's name is over 64 bytes");
  if (!std::isfinite(value)) return fail(Code::kInvalid, "reading '" + name + "' is not a finite number");
  if (readings.size() == kMostReadingsOfAFault) return fail(Code::kInvalid, "has over 32 readings");
  const auto at = std::lower_bound(readings.begin(), readings.end(), name,
                                   [](const auto& one, const std::string& wanted) { return one.first < wanted; });
  if (at != readings.end() && at->first == name) return fail(Code::kInvalid, "reading '" + name + "' is there twice");
  readings.emplace(at, std::move(name), value);
  return {};
}

Result<NamedValues> parse_readings(std::string_view list) {
  NamedValues out;
  while (!list.empty()) {
    const auto end = std::min(list.find(';'), list.size());
    const auto one = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (one.empty()) continue;
    const auto cut = one.rfind('=');
    const auto text = cut == std::string_view::npos ? std::string_view() : one.substr(cut + 1);
    double value = 0;
    const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || last != text.data() + text.size())
      return fail(Code::kInvalid, "'" + std::string(one.substr(0, 80)) + "' is not a reading such as oil_bar=3.2");
    FIRSTFIX_CHECK(add_reading(out, std::string(one.substr(0, cut)), value));
  }
  return out;
}

}  // namespace firstfix::predict
