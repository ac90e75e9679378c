// The numbers that came with a fault, in a history's column: name=value;name=value.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace firstfix::predict {

using NamedValues = std::vector<std::pair<std::string, double>>;  // by name

inline constexpr std::size_t kMostReadingsOfAFault = 32, kLongestReadingName = 64;

// kInvalid says which of them is no finite number, is named twice, has no name or a longer one than
// kLongestReadingName; or that they are more than kMostReadingsOfAFault.
Status add_reading(NamedValues& readings, std::string name, double value);
Result<NamedValues> parse_readings(std::string_view list);

}  // namespace firstfix::predict
