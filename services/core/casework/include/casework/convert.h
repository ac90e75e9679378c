// Between the schema's times and the core's. Header only.
//
// What comes from outside may hold any number: a time or duration beyond what the schema's types allow (the years 1 to
// 9999, 10,000 years) is taken as the nearest that they do, so that a sum or difference of two of them always fits.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <algorithm>

#include "base/time.h"

namespace firstfix {

inline Instant to_instant(const google::protobuf::Timestamp& t) {
  constexpr std::int64_t kFirst = -62'135'596'800, kLast = 253'402'300'799;  // seconds of 0001-01-01 and 9999-12-31
  return {std::clamp(t.seconds(), kFirst, kLast) * 1'000'000 + std::clamp(t.nanos(), 0, 999'999'999) / 1'000};
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
  constexpr std::int64_t kLongest_s = 315'576'000'000;
  if (d.seconds() >= kLongest_s || d.seconds() <= -kLongest_s)
    return std::chrono::seconds{d.seconds() > 0 ? kLongest_s : -kLongest_s};
  return std::chrono::seconds{d.seconds()} + Duration{std::clamp(d.nanos(), -999'999'999, 999'999'999) / 1'000};
}

inline google::protobuf::Duration to_proto(Duration d) {
  google::protobuf::Duration out;
  out.set_seconds(d.count() / 1'000'000);
  out.set_nanos(static_cast<std::int32_t>(d.count() % 1'000'000) * 1'000);
  return out;
}

}  // namespace firstfix
