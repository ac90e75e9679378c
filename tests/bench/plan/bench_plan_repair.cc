// plan_repair: a tenth of a planned day changes in the morning (4 % of the jobs cancelled, 4 % new, 2 % of the
// engineers sick), and the plan of the night is repaired. Ten invented days, of which means are told: single runs
// differ by 2 % on either side.
//
//   price            of a repair in 1 s, while a dispatcher waits; its floor: planning afresh in the same time
//   price_3s         the same in 3 s
//   price_at_length  of a repair in 3 s; its floor: planning afresh in 30 s
//   kept, kept_3s    share of the untouched stops that keep engineer and start within 15 minutes; floor: afresh
//   price_settled    of a repair of a day so small that more time betters neither plan, of eight such days (5 % of the
//                    jobs cancelled, 5 % new); floor: planning afresh. It is what keeping itself costs.
//   kept_settled     what these keep; floor: afresh
//   price_free       the same as price_settled with moves and shifts for nothing: what the search itself costs
//
// Moving stops is in no price. How much is kept at what price is for the weights to say: these are of a problem that
// names none, and nothing is told to anybody on short notice.
#include <cstdio>
#include <map>
#include <numeric>

#include "measure.h"
#include "region.h"

namespace firstfix::bench {
namespace {

constexpr double kAtOnce = 1, kPatient = 3, kLong = 30, kSettled = 6;  // seconds

// A day, how long its night is, and how much of it changes; `region.urgent` jobs are new.
struct DayOptions {
  RegionOptions region;
  double night_s;
  int sick, cancelled;  // engineers, jobs
};

DayOptions large_day(std::uint64_t seed) {
  return {{.urgent = 40, .seed = seed}, 60, 2, 40};
}

DayOptions small_day(std::uint64_t seed) {
  return {{.engineers = 20, .jobs = 150, .urgent = 8, .radius_km = 25, .towns = 5, .seed = seed}, kSettled, 0, 8};
}

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

struct Outcome {
  double price = 0, kept = 0;
};

// A planned day, and what has become of it.
class ChangedDay {
 public:
  explicit ChangedDay(const DayOptions& options) : sick_(options.sick) {
    const Region region(options.region);
    planned_ = changed_ = region.problem;
    planned_.jobs.resize(static_cast<std::size_t>(options.region.jobs));
    before_ = plan_within(planned_, options.night_s);
    for (int e = 0; e < sick_; ++e) changed_.engineers[static_cast<std::size_t>(e)].shift = {0, 0};
    changed_.jobs.erase(changed_.jobs.begin(), changed_.jobs.begin() + options.cancelled);
    for (const auto& route : before_.routes) {
      std::vector<planning::Stop> stops;
      for (auto stop : route.stops)
        if ((stop.what -= options.cancelled) >= 0) stops.push_back(stop);
      current_.routes.push_back({route.engineer, stops});
    }
  }

  Outcome repaired(double limit_s) const { return judged(plan_within(changed_, limit_s, &current_)); }
  Outcome afresh(double limit_s) const { return judged(plan_within(changed_, limit_s)); }
  // With moves and shifts for nothing.
  Outcome repaired_freely(double limit_s) const {
    auto problem = changed_;
    problem.weights.moved_stops = problem.weights.shifted_stops = 0;
    return judged(plan_within(problem, limit_s, &current_));
  }

 private:
  Outcome judged(const Plan& plan) const {
    return {bench::price(changed_, plan), bench::kept(planned_, before_, changed_, plan, sick_)};
  }

  int sick_;
  Problem planned_, changed_;
  Plan before_, current_;
};

using Outcomes = std::vector<Outcome>;

double mean(const Outcomes& of, double Outcome::*what) {
  const auto add = [what](double sum, const Outcome& one) { return sum + one.*what; };
  return std::accumulate(of.begin(), of.end(), 0.0, add) / static_cast<double>(of.size());
}

void print_price(const char* metric, const Outcomes& value, const Outcomes& floor) {
  print_line("plan_repair", metric, mean(value, &Outcome::price), "money", mean(floor, &Outcome::price));
}

void print_kept(const char* metric, const Outcomes& value, const Outcomes& floor) {
  print_line("plan_repair", metric, mean(value, &Outcome::kept), "share", mean(floor, &Outcome::kept));
}

void tell(const char* kind, std::uint64_t seed, const Outcome& repaired, const Outcome& afresh) {
  std::fprintf(stderr, "%s day %d: %.3f of the price at %.3f kept\n", kind, static_cast<int>(seed),
               repaired.price / afresh.price, repaired.kept);
}

void large_days() {
  Outcomes repaired, afresh, repaired_3s, afresh_3s, at_length;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const ChangedDay day(large_day(seed));
    repaired.push_back(day.repaired(kAtOnce));
    afresh.push_back(day.afresh(kAtOnce));
    repaired_3s.push_back(day.repaired(kPatient));
    afresh_3s.push_back(day.afresh(kPatient));
    at_length.push_back(day.afresh(kLong));
    tell("large", seed, repaired.back(), afresh.back());
  }
  print_price("price", repaired, afresh);
  print_kept("kept", repaired, afresh);
  print_price("price_3s", repaired_3s, afresh_3s);
  print_kept("kept_3s", repaired_3s, afresh_3s);
  print_price("price_at_length", repaired_3s, at_length);
}

void small_days() {
  Outcomes repaired, afresh, freely;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const ChangedDay day(small_day(seed));
    repaired.push_back(day.repaired(kSettled));
    afresh.push_back(day.afresh(kSettled));
    freely.push_back(day.repaired_freely(kSettled));
    tell("small", seed, repaired.back(), afresh.back());
  }
  print_price("price_settled", repaired, afresh);
  print_kept("kept_settled", repaired, afresh);
  print_price("price_free", freely, afresh);
}

}  // namespace
}  // namespace firstfix::bench

int main() {
  firstfix::bench::large_days();
  firstfix::bench::small_days();
}
