#include "ingest/payload.h"

#include <google/protobuf/util/json_util.h>

#include "base/text.h"

namespace firstfix::ingest {
namespace {

template <class M>
Result<M> parse(std::string_view payload, std::string_view content_type) {
  if (payload.size() > kMaxPayloadBytes)
    return fail(Code::kTooLarge,
                "the payload has " + std::to_string(payload.size()) + " bytes, over the limit of 262144");
  M message;
  if (content_type == "application/json") {
    google::protobuf::util::JsonParseOptions options;
    options.ignore_unknown_fields = true;  // a newer agent may say more
    const auto done = google::protobuf::util::JsonStringToMessage({payload.data(), payload.size()}, &message, options);
    if (!done.ok())
      return fail(Code::kInvalid, "not the JSON of a " + M::descriptor()->name() + ": " +
                                      clipped({done.message().data(), done.message().size()}, 200));
    return message;
  }
  if (!message.ParseFromArray(payload.data(), static_cast<int>(payload.size())))
    return fail(Code::kInvalid, "not the protobuf of a " + M::descriptor()->name());
  return message;
}

}  // namespace

Result<v1::FaultBatch> parse_batch(std::string_view payload, std::string_view content_type) {
  return parse<v1::FaultBatch>(payload, content_type);
}

Result<v1::DeviceState> parse_state(std::string_view payload, std::string_view content_type) {
  return parse<v1::DeviceState>(payload, content_type);
}

}  // namespace firstfix::ingest
