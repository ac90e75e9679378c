// Whatever the speeds: who sets out later is not there sooner.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "planning/travel.h"

namespace firstfix::planning {
namespace {

SpeedsByHour some_speeds() {
  SpeedsByHour out;
  for (auto& speed : out) speed = *rc::gen::inRange(10, 1500) / 10.0;
  return out;
}

Position some_place() {
  return {*rc::gen::inRange(-9000, 9001) / 100.0, *rc::gen::inRange(-18000, 18001) / 100.0};
}

RC_GTEST_PROP(Travel, WhoSetsOutLaterIsNeverThereSooner, ()) {
  const GreatCircleTravel travel(*rc::gen::inRange(10, 40) / 10.0, some_speeds(),
                                 std::chrono::minutes{*rc::gen::inRange(-720, 841)});
  const auto from = some_place();
  const bool far = *rc::gen::inRange(0, 4) == 0;
  const auto near = Position{from.latitude_deg, from.longitude_deg + *rc::gen::inRange(-100, 101) / 100.0};
  const auto to = far ? some_place() : near;
  // Close to the end of an hour, where rounding would show, or anywhere.
  const Instant hour{std::int64_t{3'600'000'000} * *rc::gen::inRange(-100, 500'000)};
  const auto first = hour + Duration{*rc::gen::element(-2, -1, 0, 1, *rc::gen::inRange(0, 2'000'000'000))};
  const auto second = first + Duration{*rc::gen::element(1, 2, *rc::gen::inRange(0, 2'000'000'000))};
  const auto slow = travel.time(from, to, first), fast = travel.time(from, to, second);
  RC_ASSERT(slow >= Duration{0});
  RC_ASSERT(first + slow <= second + fast);
}

RC_GTEST_PROP(Travel, AtNoTimeIsItFasterThanTheFastestOrSlowerThanTheSlowestHour, ()) {
  const auto speeds = some_speeds();
  const auto [least, most] = std::minmax_element(speeds.begin(), speeds.end());
  const auto from = some_place(), to = some_place();
  const Instant depart{std::int64_t{1'000'000} * *rc::gen::inRange(0, 2'000'000'000)};
  const auto time = GreatCircleTravel(1.3, speeds, {}).time(from, to, depart);
  const Duration rounding{100};
  RC_ASSERT(time + rounding >= GreatCircleTravel(1.3, *most).time(from, to, depart));
  RC_ASSERT(time - rounding <= GreatCircleTravel(1.3, *least).time(from, to, depart));
}

}  // namespace
}  // namespace firstfix::planning
