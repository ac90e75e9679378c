// plan_repair: a tenth of a planned day changes in the morning (4 % of the jobs cancelled, 4 % new, 2 % of the
// engineers sick), and the plan is repaired in 3 s. `price` is compared with planning afresh in the same time (the
// floor), `price_at_length` with planning afresh in ten times that; moving stops is in neither. `kept` is the share of
// untouched stops that keep engineer and start within 15 minutes, and its floor what planning afresh keeps.
#include <cstdio>
#include <map>

#include "measure.h"
#include "region.h"

namespace firstfix::bench {
namespace {

constexpr double kMorning = 15, kLimit = 3, kLong = 30;  // seconds
constexpr int kSick = 2, kCancelled = 40, kUrgent = 40;

using planning::Plan;
using planning::Problem;

// Who starts a job, and when.
std::map<std::int64_t, std::pair<int, Seconds>> visits(const Problem& problem, const Plan& plan) {
  std::map<std::int64_t, std::pair<int, Seconds>> out;
  for (const auto& route : plan.routes)
    for (const auto& stop : route.stops)
      out[problem.jobs[static_cast<std::size_t>(stop.what)].id] = {route.engineer, stop.start};
  return out;
}

double kept(const Problem& was, const Plan& before, const Problem& is, const Plan& after, int sick) {
  const auto now = visits(is, after);
  int untouched = 0, same = 0;
  for (const auto& before_visit : visits(was, before)) {
    const auto job = before_visit.first;
    const auto visit = before_visit.second;
    const auto found = now.find(job);
    const bool cancelled = std::none_of(is.jobs.begin(), is.jobs.end(), [&](const auto& j) { return j.id == job; });
    if (cancelled || visit.first < sick) continue;
    ++untouched;
    same += found != now.end() && found->second.first == visit.first &&
            std::abs(found->second.second - visit.second) <= 15 * 60;
  }
  return 1.0 * same / std::max(1, untouched);
}

int run() {
  const Region region({.urgent = kUrgent});
  auto morning = region.problem, changed = region.problem;
  morning.jobs.resize(1'000);
  const auto before = plan_within(morning, kMorning);
  for (int e = 0; e < kSick; ++e) changed.engineers[static_cast<std::size_t>(e)].shift = {0, 0};
  changed.jobs.erase(changed.jobs.begin(), changed.jobs.begin() + kCancelled);
  Plan current;
  for (const auto& route : before.routes) {
    std::vector<planning::Stop> stops;
    for (auto stop : route.stops)
      if ((stop.what -= kCancelled) >= 0) stops.push_back(stop);
    current.routes.push_back({route.engineer, stops});
  }
  const auto repaired = plan_within(changed, kLimit, &current);
  const auto afresh = plan_within(changed, kLimit), at_length = plan_within(changed, kLong);
  print_line("plan_repair", "price", price(changed, repaired), "money", price(changed, afresh));
  print_line("plan_repair", "price_at_length", price(changed, repaired), "money", price(changed, at_length));
  print_line("plan_repair", "kept", kept(morning, before, changed, repaired, kSick), "share",
             kept(morning, before, changed, afresh, kSick));
  return 0;
}

}  // namespace
}  // namespace firstfix::bench

int main() {
  return firstfix::bench::run();
}
