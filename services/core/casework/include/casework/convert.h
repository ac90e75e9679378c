// Between the schema's times and the core's. Header only.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "base/time.h"

namespace firstfix {

inline Instant to_instant(const google::protobuf::Timestamp& t) {
  return {t.seconds() * 1'000'000 + t.nanos() / 1'000};
}

// Rounds towards the past, so that nanos is in [0, 10^9) for times before 1970 too.
inline google::protobuf::Timestamp to_proto(Instant t) {
  std::int64_t seconds = t.micros / 1'000'000, micros = t.micros % 1'000'000;
  if (micros < 0) --seconds, micros += 1'000'000;
  google::protobuf::Timestamp out;
  out.set_seconds(seconds);
  out.set_nanos(static_cast<std::int32_t>(micros) * 1'000);
  return out;
}

inline Duration to_duration(const google::protobuf::Duration& d) {
  return std::chrono::seconds{d.seconds()} + Duration{d.nanos() / 1'000};
}

inline google::protobuf::Duration to_proto(Duration d) {
  google::protobuf::Duration out;
  out.set_seconds(d.count() / 1'000'000);
  out.set_nanos(static_cast<std::int32_t>(d.count() % 1'000'000) * 1'000);
  return out;
}

}  // namespace firstfix
