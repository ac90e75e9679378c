// Any payload of a device, as protobuf or as JSON: an error that says why, or a message that reads the same once
// written.
#include "ingest/payload.h"

#include <google/protobuf/stubs/logging.h>

#include <cstdlib>

namespace {

void require(bool so) {
  if (!so) std::abort();
}

template <class Message>
void judge(const firstfix::Result<Message>& read,
           firstfix::Result<Message> (*parse)(std::string_view, std::string_view)) {
  if (!read) {
    require(!read.error().message.empty());
    return;
  }
  const auto bytes = read->SerializeAsString();
  if (bytes.size() > firstfix::ingest::kMaxPayloadBytes) return;  // JSON may say more in fewer bytes
  const auto again = parse(bytes, "");
  require(again && again->SerializeAsString() == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const google::protobuf::LogSilencer kQuiet;  // it tells of every input that does not parse
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  for (const auto* content_type : {"", "application/json"}) {
    judge(firstfix::ingest::parse_batch(payload, content_type), &firstfix::ingest::parse_batch);
    judge(firstfix::ingest::parse_state(payload, content_type), &firstfix::ingest::parse_state);
  }
  return 0;
}
