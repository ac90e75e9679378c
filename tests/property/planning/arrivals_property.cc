// Times of arrival rest on two promises: nothing comes sooner by asking later, and news is found when it is news.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "planning/arrivals.h"

namespace firstfix::planning {
namespace {

constexpr Duration kMinute = std::chrono::minutes{1};

Instant minute(int number) {
  return Instant{1'772'438'400'000'000} + number * kMinute;
}

GreatCircleTravel some_travel() {
  SpeedsByHour speeds;
  for (auto& speed : speeds) speed = *rc::gen::inRange(10, 100);
  return GreatCircleTravel(1.3, speeds, {});
}

Position some_place() {
  return {53 + *rc::gen::inRange(-50, 51) / 100.0, 10 + *rc::gen::inRange(-50, 51) / 100.0};
}

// Stops in order, planned well or badly; the first of them perhaps begun.
std::vector<LiveStop> some_day(int now) {
  std::vector<LiveStop> day(static_cast<std::size_t>(*rc::gen::inRange(1, 6)));
  int t = *rc::gen::inRange(-120, 120);
  for (auto& stop : day) {
    stop.position = some_place();
    stop.travel_starts = minute(t += *rc::gen::inRange(0, 60));
    stop.starts = minute(t += *rc::gen::inRange(0, 90));
    stop.ends = minute(t += *rc::gen::inRange(1, 180));
    if (*rc::gen::inRange(0, 3) == 0)
      stop.rest = ShiftBreak{{minute(t - *rc::gen::inRange(0, 300)), minute(t)}, *rc::gen::inRange(0, 60) * kMinute};
    for (int n = *rc::gen::inRange(-4, 3); n > 0; --n) stop.errands.push_back({some_place(), 10 * kMinute});
  }
  if (*rc::gen::arbitrary<bool>()) day[0].set_out = minute(now - *rc::gen::inRange(0, 120));
  if (*rc::gen::arbitrary<bool>()) day[0].arrived = minute(now - *rc::gen::inRange(0, 120));
  return day;
}

RC_GTEST_PROP(Arrivals, NothingComesSoonerByAskingLater, ()) {
  const auto travel = some_travel();
  const int now = *rc::gen::inRange(0, 600);
  const auto day = some_day(now);
  const auto sooner = arrivals(day, travel, minute(now));
  const auto later = arrivals(day, travel, minute(now + *rc::gen::inRange(0, 600)));
  for (std::size_t i = 0; i < day.size(); ++i) {
    RC_ASSERT(sooner[i].arrives <= later[i].arrives);
    RC_ASSERT(sooner[i].leaves <= later[i].leaves);
    RC_ASSERT(sooner[i].arrives <= sooner[i].leaves);
    if (i > 0) RC_ASSERT(sooner[i - 1].leaves <= sooner[i].arrives);
    if (i > 0) RC_ASSERT(sooner[i - 1].leaves <= sooner[i].departs && sooner[i].departs <= sooner[i].arrives);
  }
}

RC_GTEST_PROP(Arrivals, WhoIsNotLateComesAsPlanned, ()) {
  const auto travel = some_travel();
  auto day = some_day(0);
  day[0].set_out = day[0].arrived = std::nullopt;
  // A plan with time enough for each drive.
  for (std::size_t i = 1; i < day.size(); ++i) {
    day[i].errands.clear();
    day[i].rest = std::nullopt;
    day[i].starts =
        std::max(day[i].starts, day[i - 1].ends) + travel.time(day[i - 1].position, day[i].position, day[i - 1].ends);
    day[i].ends = day[i].starts + 60 * kMinute;
  }
  const auto expected = arrivals(day, travel, day[0].travel_starts - kMinute);
  for (std::size_t i = 0; i < day.size(); ++i) RC_ASSERT(expected[i].arrives == day[i].starts);
}

RC_GTEST_PROP(Arrivals, NewsIsFoundAtItsFirstMinute, ()) {
  const auto travel = some_travel();
  const int now = *rc::gen::inRange(0, 300);
  const auto day = some_day(now);
  const auto last = day.size() - 1;
  const auto limit = minute(now + *rc::gen::inRange(0, 900));
  const auto late = [&](const auto& expected) { return expected[last].arrives > limit; };
  const auto found = first_time(day, travel, minute(now), minute(now + 600), late);
  for (int at = now + 1; at <= now + 600; at += 7)
    RC_ASSERT(late(arrivals(day, travel, minute(at))) == (minute(at) >= found));
  if (found != kNever) RC_ASSERT(late(arrivals(day, travel, found)));
}

}  // namespace
}  // namespace firstfix::planning
