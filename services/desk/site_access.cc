#include "desk/site_access.h"

#include <algorithm>

#include "working_times.h"

namespace firstfix::desk {
namespace {

using planning::Interval;

constexpr Duration kWholeDay = std::chrono::hours{24}, kLeast{1};

// What the clocks show is counted like an instant of UTC.
int weekday_of(Instant shown) {
  const auto days = std::chrono::floor<std::chrono::days>(shown - Instant{}).count();
  constexpr int kThursday = v1::DAY_OF_WEEK_THURSDAY;  // the first day of 1970
  return static_cast<int>(((days + kThursday - 1) % 7 + 7) % 7) + 1;
}

bool holds_on(const v1::AccessHours& hours, int weekday) {
  return hours.weekdays().empty() ||
         std::find(hours.weekdays().begin(), hours.weekdays().end(), weekday) != hours.weekdays().end();
}

// Those within [from, to], in which the clocks are not changed.
void add_access(const v1::Site& site, Duration ahead, Instant from, Instant to, std::vector<Interval>& out) {
  const Instant midnight{};
  auto day = midnight + std::chrono::floor<std::chrono::days>((from + ahead) - midnight);
  for (; day - ahead <= to; day = day + kWholeDay)
    for (const auto& hours : site.access()) {
      if (!holds_on(hours, weekday_of(day))) continue;
      const Interval open{std::max(day - ahead + std::chrono::minutes{hours.from_minute()}, from),
                          std::min(day - ahead + std::chrono::minutes{hours.to_minute()}, to)};
      if (open.from <= open.to) out.push_back(open);
    }
}

}  // namespace

std::vector<Interval> access_within(const v1::Site& site, const Zone& zone, Instant from, Instant to) {
  if (site.access().empty()) return {};
  std::vector<Interval> all;
  for (auto since = from; since <= to;) {
    const auto clocks = zone.at(since);
    const auto until = std::min(clocks.until - kLeast, to);
    add_access(site, clocks.ahead, since, until, all);
    since = until + kLeast;
  }
  if (all.empty()) all.push_back({from - kLeast, from - kLeast});
  return joined(std::move(all), kLeast);  // hours that meet are one
}

}  // namespace firstfix::desk
