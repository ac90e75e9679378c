#include <gtest/gtest.h>

#include "base/geo.h"
#include "base/ids.h"
#include "base/text.h"
#include "base/time.h"
#include "base/zone.h"

namespace firstfix {
namespace {

TEST(Time, WritesAndReadsTheSameInstant) {
  for (const char* text : {"1970-01-01T00:00:00Z", "2024-02-29T23:59:59.999999Z", "2026-11-24T08:07:27.25Z"}) {
    const auto t = parse_iso8601(text);
    ASSERT_TRUE(t) << text;
    EXPECT_EQ(to_iso8601(*t), text);
  }
}

TEST(Time, StaysAtItsEndsWhereASumGoesBeyondThem) {
  constexpr Instant kFirst{INT64_MIN};
  EXPECT_EQ(kNever - Instant{-1}, Duration::max());
  EXPECT_EQ(Instant{-2} - kNever, Duration::min());
  EXPECT_EQ(Instant{0} - kFirst, Duration::max());
  EXPECT_EQ(kNever + Duration{1}, kNever);
  EXPECT_EQ(kNever - Duration{-1}, kNever);
  EXPECT_EQ(kFirst - Duration{1}, kFirst);
  EXPECT_EQ(kFirst + Duration{-1}, kFirst);
  EXPECT_EQ(Instant{5} - Duration{7}, Instant{-2});
}

TEST(Time, RefusesWhatIsNotATime) {
  for (const char* text : {"", "2026-11-24", "2026-02-30T00:00:00Z", "2026-11-24T25:00:00Z", "2026-11-24T08:07:27.Z",
                           "2026-11-24T08:07:27Zjunk", "yesterday"}) {
    EXPECT_FALSE(parse_iso8601(text)) << text;
  }
}

TEST(Zone, IsSaidWithEveryTimeOfDay) {
  const auto t = parse_iso8601("2026-03-01T23:30:00Z").value();
  const Zone india{"Asia/Kolkata", [](Instant) { return Clocks{std::chrono::minutes{330}}; }};
  EXPECT_EQ(in_words(t, Zone{}), "2026-03-01 23:30 (UTC)");
  EXPECT_EQ(in_words(t, india), "2026-03-02 05:00 (Asia/Kolkata)");
  EXPECT_EQ(in_words(t, t + std::chrono::hours{2}, india), "2026-03-02 05:00 to 07:00 (Asia/Kolkata)");
  EXPECT_EQ(in_words(t, t + std::chrono::hours{2}, Zone{}), "2026-03-01 23:30 to 2026-03-02 01:30 (UTC)");
  EXPECT_EQ(in_words(t + std::chrono::milliseconds{61'500}, Zone{}), "2026-03-01 23:31:01 (UTC)");
}

TEST(Geo, MeasuresAKnownDistance) {
  // Berlin to Paris, 878 km on the sphere.
  EXPECT_NEAR(distance_m({52.5200, 13.4050}, {48.8566, 2.3522}), 877'500, 1'000);
  EXPECT_FALSE(valid(Position{91, 0}));
}

TEST(Text, FromOutsideIsCutBetweenCharactersAndAlwaysUtf8) {
  EXPECT_EQ(clipped("grün", 100), "grün");
  EXPECT_EQ(clipped("grün", 3), "gr") << "the umlaut has two bytes";
  EXPECT_EQ(clipped("grün", 4), "grü");
  EXPECT_EQ(clipped("𝄞", 4), "𝄞");
  EXPECT_EQ(clipped("a\xFFz\xC3", 100), "a?z?");
  EXPECT_EQ(clipped("\xC0\x80", 100), "??") << "overlong";
  EXPECT_EQ(clipped("\xED\xA0\x80", 100), "???") << "half of a surrogate pair";
  EXPECT_EQ(clipped("\xF4\x90\x80\x80", 100), "????") << "beyond the last character";
  EXPECT_EQ(clipped("", 0), "");
}

class Counter : public Entropy {
 public:
  std::uint64_t next() override { return ++n_ * 0x9E3779B97F4A7C15ULL; }

 private:
  std::uint64_t n_ = 0;
};

TEST(Ids, SortByTheTimeOfTheirMaking) {
  Counter entropy;
  const auto first = new_id(Instant{1'000'000}, entropy);
  const auto same_time = new_id(Instant{1'000'000}, entropy);
  const auto later = new_id(Instant{2'000'000}, entropy);
  EXPECT_NE(first, same_time);
  EXPECT_LT(first, later);
  EXPECT_EQ(first.size(), 26u);
}

}  // namespace
}  // namespace firstfix
