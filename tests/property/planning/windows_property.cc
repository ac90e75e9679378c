// However a place's clocks are set and changed: what windows are offered.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "planning/windows.h"

namespace firstfix::planning {
namespace {

using std::chrono::minutes;

// Clocks that are changed at any time by any quarters of an hour.
Zone some_zone(Instant from) {
  std::map<Instant, Duration> set{{Instant{INT64_MIN}, minutes{*rc::gen::inRange(-48, 57) * 15}}};
  for (int n = *rc::gen::inRange(0, 4); n > 0; --n)
    set[from + minutes{*rc::gen::inRange(-1000, 10'000)}] = minutes{*rc::gen::inRange(-48, 57) * 15};
  return {"somewhere", [set](Instant t) {
            const auto next = set.upper_bound(t);
            return Clocks{std::prev(next)->second, next == set.end() ? kNever : next->first};
          }};
}

Duration time_of_day(Instant t, const Zone& zone) {
  const auto local = t + zone.at(t).ahead - Instant{};
  return local - std::chrono::floor<std::chrono::days>(local);
}

RC_GTEST_PROP(Windows, AreAsLongAsAskedLieWithinAndNeverOverlap, ()) {
  const Instant from{1'772'000'000'000'000 + 1'000'000LL * *rc::gen::inRange(-2'000'000'000, 100'000'000)};
  const auto to = from + minutes{*rc::gen::inRange(0, 10'000)};
  const Duration length = minutes{*rc::gen::inRange(30, 721)};
  const auto zone = some_zone(from);
  const auto windows = windows_within(from, to, length, zone);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const auto& [starts, ends] = windows[i];
    RC_ASSERT(from <= starts && ends <= to);
    RC_ASSERT(ends - starts == length);
    RC_ASSERT(i == 0 || windows[i - 1].to <= starts);
    RC_ASSERT(time_of_day(starts, zone) % length == Duration{0});
    RC_ASSERT(zone.at(starts).until >= ends);
  }
}

RC_GTEST_PROP(Windows, LeaveNoneOutThatFits, ()) {
  const Instant from{1'772'000'000'000'000 + 1'000'000LL * *rc::gen::inRange(0, 100'000'000)};
  const Duration length = minutes{*rc::gen::inRange(30, 721)};
  const auto zone = some_zone(from);
  const auto starts = from + minutes{*rc::gen::inRange(0, 10'000)};
  const auto begins = starts - time_of_day(starts, zone) % length;
  const auto fits = zone.at(begins).until >= begins + length && zone.at(begins).ahead == zone.at(starts).ahead &&
                    time_of_day(begins, zone) + length <= std::chrono::hours{24};
  const auto windows = windows_within(begins, begins + length, length, zone);
  if (fits) RC_ASSERT(windows.size() == 1u);
}

}  // namespace
}  // namespace firstfix::planning
