// plan_repair: a tenth of a planned day changes in the morning (4 % of the jobs cancelled, 4 % new, 2 % of the
// engineers sick), and the plan is repaired in 3 s, on ten invented days, of which means are told: single runs differ
// by 2 % on either side. `price` is compared with planning afresh in the same time (the floor), `price_at_length` with
// planning afresh in ten times that; moving stops is in none. `kept` is the share of untouched stops that keep engineer
// and start within 15 minutes, and its floor what planning afresh keeps. How much is kept at what price is for the
// weights to say: these are of a problem that names none, and nothing is told to anybody on short notice.
#include <cstdio>
#include <map>
#include <numeric>

#include "measure.h"
#include "region.h"

namespace firstfix::bench {
namespace {

constexpr int kDays = 10;
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

struct Repair {
  double price = 0, kept = 0;
};

// A planned morning, and what has become of it.
class ChangedDay {
 public:
  explicit ChangedDay(std::uint64_t seed) {
    const Region region({.urgent = kUrgent, .seed = seed});
    morning_ = changed_ = region.problem;
    morning_.jobs.resize(1'000);
    before_ = plan_within(morning_, kMorning);
    for (int e = 0; e < kSick; ++e) changed_.engineers[static_cast<std::size_t>(e)].shift = {0, 0};
    changed_.jobs.erase(changed_.jobs.begin(), changed_.jobs.begin() + kCancelled);
    for (const auto& route : before_.routes) {
      std::vector<planning::Stop> stops;
      for (auto stop : route.stops)
        if ((stop.what -= kCancelled) >= 0) stops.push_back(stop);
      current_.routes.push_back({route.engineer, stops});
    }
  }

  Repair repaired() const { return judged(plan_within(changed_, kLimit, &current_)); }
  Repair afresh(double limit_s) const { return judged(plan_within(changed_, limit_s)); }

 private:
  Repair judged(const Plan& plan) const {
    return {bench::price(changed_, plan), bench::kept(morning_, before_, changed_, plan, kSick)};
  }

  Problem morning_, changed_;
  Plan before_, current_;
};

double mean(const std::vector<Repair>& of, double Repair::*what) {
  const auto add = [what](double sum, const Repair& one) { return sum + one.*what; };
  return std::accumulate(of.begin(), of.end(), 0.0, add) / static_cast<double>(of.size());
}

int run() {
  std::vector<Repair> repaired, afresh, at_length;
  for (std::uint64_t seed = 1; seed <= kDays; ++seed) {
    const ChangedDay day(seed);
    repaired.push_back(day.repaired());
    afresh.push_back(day.afresh(kLimit));
    at_length.push_back(day.afresh(kLong));
    std::fprintf(stderr, "day %d: %.3f of the price at %.3f kept\n", static_cast<int>(seed),
                 repaired.back().price / afresh.back().price, repaired.back().kept);
  }
  const auto price = &Repair::price, kept = &Repair::kept;
  print_line("plan_repair", "price", mean(repaired, price), "money", mean(afresh, price));
  print_line("plan_repair", "price_at_length", mean(repaired, price), "money", mean(at_length, price));
  print_line("plan_repair", "kept", mean(repaired, kept), "share", mean(afresh, kept));
  return 0;
}

}  // namespace
}  // namespace firstfix::bench

int main() {
  return firstfix::bench::run();
}
