// JSON as it comes from outside.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/result.h"

namespace firstfix::planning {

// kInvalid with the path of the value at which the text is none ("jobs[3].priority: must be a finite number ('1e999' at
// byte 812)"): JSON has no numbers that are not finite.
Result<nlohmann::json> parse_json(std::string_view text);

}  // namespace firstfix::planning
