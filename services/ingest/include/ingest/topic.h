// The topics of devices: firstfix/v1/{tenant}/{device}/{faults|receipt|state|command}.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace firstfix::ingest {

enum class Channel { kFaults, kReceipt, kState, kCommand };

struct Topic {
  std::string tenant;
  std::string device;
  Channel channel = Channel::kFaults;
};

// Tenant and device are 1 to 64 characters of [a-z0-9._-]. Anything else is kInvalid with the reason.
Result<Topic> parse_topic(std::string_view text);
std::string to_string(const Topic& topic);

}  // namespace firstfix::ingest
