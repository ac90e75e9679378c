// Zones by their names: what the system's data say of them, and what is no zone.
#include "desk/zones.h"

#include <gmock/gmock.h>

#include "planning/windows.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;

Instant utc(std::string_view text) {
  return parse_iso8601(text).value();
}

TEST(Zones, AreSetAsTheirClocksAre) {
  const auto ahead = [](const std::string& zone, std::string_view t) { return zone_named(zone)->at(utc(t)).ahead; };
  EXPECT_EQ(ahead("", "2026-07-01T00:00:00Z"), 0h);
  EXPECT_EQ(ahead("Europe/Berlin", "2026-03-29T00:59:59Z"), 1h);
  EXPECT_EQ(ahead("Europe/Berlin", "2026-03-29T01:00:00Z"), 2h);
  EXPECT_EQ(ahead("Asia/Kolkata", "2026-07-01T00:00:00Z"), 330min);
  EXPECT_EQ(ahead("America/New_York", "2026-01-01T00:00:00Z"), -5h);
  EXPECT_EQ(ahead("Etc/GMT+3", "2026-01-01T00:00:00Z"), -3h);
}

TEST(Zones, SayWhenTheirClocksAreChangedNext) {
  const auto until = [](const std::string& zone, std::string_view t) { return zone_named(zone)->at(utc(t)).until; };
  EXPECT_EQ(until("Europe/Berlin", "2026-03-02T08:00:00Z"), utc("2026-03-29T01:00:00Z"));
  EXPECT_EQ(until("Europe/Berlin", "2026-03-29T01:00:00Z"), utc("2026-10-25T01:00:00Z"));
  EXPECT_EQ(until("America/New_York", "2026-03-02T08:00:00Z"), utc("2026-03-08T07:00:00Z"));
  EXPECT_EQ(until("Asia/Kolkata", "2026-03-02T08:00:00Z"), kNever);
}

TEST(Zones, OfWhateverKindHaveTheirWindowsAllDay) {
  for (const auto* name : {"Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu"}) {
    const auto zone = zone_named(name);
    ASSERT_TRUE(zone) << name;
    const auto windows = planning::windows_within(utc("2026-06-01T00:00:00Z"), utc("2026-06-03T00:00:00Z"), 2h, *zone);
    EXPECT_GE(windows.size(), 23u) << name;
    for (const auto& one : windows) {
      const auto text = in_words(one.from, *zone);
      EXPECT_THAT(text, HasSubstr(":00 (")) << "at a full hour";
      EXPECT_EQ((text[12] - '0') % 2, 0) << text;
    }
  }
}

TEST(Zones, WhatIsNoneIsRefusedWithWhatWouldBeRight) {
  for (const std::string name : {"Europe/Berln", "CEST+1", "/etc/localtime", "../etc/passwd", "Europe/../UTC",
                                 "localtime", "Fixed/UTC+01:00:00", " ", "Europe/Berlin\n", "right/UTC"}) {
    const auto zone = zone_named(name);
    ASSERT_FALSE(zone) << name;
    EXPECT_EQ(zone.error().code, Code::kInvalid);
    EXPECT_EQ(zone.error().message, "unknown zone '" + name + "'; use an IANA name such as Europe/Berlin");
  }
  EXPECT_LT(zone_named(std::string(5000, 'A')).error().message.size(), 200u);
}

TEST(Zones, OneThatWasStoredBeforeItWasLookedAtCountsAsNone) {
  Town town;
  town.put<v1::Territory>(R"(name: "territories/old" time_zone: "Middle Earth")");
  const auto snapshot = town.store->snapshot();
  const View view(*snapshot, kTenant);
  EXPECT_EQ(zone_in(view, "territories/old")->name, "UTC");
  EXPECT_EQ(zone_in(view, "territories/none")->name, "UTC");
  EXPECT_EQ(zone_in(view, "")->name, "UTC");
}

}  // namespace
}  // namespace firstfix::desk
