// Times from outside may be anything; ours never overflow.
#include "casework/convert.h"

#include <gtest/gtest.h>

namespace firstfix {
namespace {

google::protobuf::Timestamp timestamp(std::int64_t seconds, std::int32_t nanos) {
  google::protobuf::Timestamp t;
  t.set_seconds(seconds);
  t.set_nanos(nanos);
  return t;
}

google::protobuf::Duration duration(std::int64_t seconds, std::int32_t nanos) {
  google::protobuf::Duration d;
  d.set_seconds(seconds);
  d.set_nanos(nanos);
  return d;
}

TEST(Convert, ThereAndBackIsTheSame) {
  for (const std::int64_t micros : {0LL, 1LL, -1LL, 1'780'300'800'123'456LL, -62'135'596'800'000'000LL}) {
    EXPECT_EQ(to_instant(to_proto(Instant{micros})), Instant{micros});
    EXPECT_EQ(to_duration(to_proto(Duration{micros})), Duration{micros});
  }
}

TEST(Convert, ATimeBefore1970HasPositiveNanos) {
  const auto t = to_proto(Instant{-1});
  EXPECT_EQ(t.seconds(), -1);
  EXPECT_EQ(t.nanos(), 999'999'000);
}

TEST(Convert, WhatNoCalendarHasIsTheNearestThatItHas) {
  const Instant first = to_instant(timestamp(-62'135'596'800, 0));           // 0001-01-01
  const Instant last = to_instant(timestamp(253'402'300'799, 999'999'999));  // the end of 9999
  EXPECT_EQ(to_instant(timestamp(INT64_MIN, 0)), first);
  EXPECT_EQ(to_instant(timestamp(INT64_MAX, INT32_MAX)), last);
  EXPECT_EQ(to_instant(timestamp(0, -1)), Instant{0}) << "nanos count forward only";
  EXPECT_EQ(to_duration(duration(INT64_MAX, INT32_MAX)), std::chrono::hours{24} * 3'652'500) << "10,000 years";
  EXPECT_EQ(to_duration(duration(INT64_MIN, INT32_MIN)), -std::chrono::hours{24} * 3'652'500);
  // So that sums and differences of any two of them fit.
  EXPECT_GT(last + to_duration(duration(INT64_MAX, 0)), last);
  EXPECT_LT(first - to_duration(duration(INT64_MAX, 0)), first);
}

}  // namespace
}  // namespace firstfix
