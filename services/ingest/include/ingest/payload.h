// The bytes that devices send, as messages.
#pragma once

#include <string_view>

#include "base/result.h"
#include "firstfix/v1/device.pb.h"

namespace firstfix::ingest {

inline constexpr std::size_t kMaxPayloadBytes = 256 * 1024;

// `content_type` is MQTT 5's: "application/json" means the protobuf JSON mapping, anything else protobuf.
// kTooLarge over the limit, kInvalid with the parser's reason.
Result<v1::FaultBatch> parse_batch(std::string_view payload, std::string_view content_type);
Result<v1::DeviceState> parse_state(std::string_view payload, std::string_view content_type);

}  // namespace firstfix::ingest
