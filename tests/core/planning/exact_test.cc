// Small problems against the best of all plans, found by trying every order on every engineer.
#include <gtest/gtest.h>

#include <tuple>

#include "random.h"
#include "world.h"

namespace firstfix::planning {
namespace {

// First what is left out, then what travel costs, and uneven work if fairness has a price: what the planner promises to
// minimise where nothing else has one.
using Worth = std::tuple<int, double>;

class EveryPlan {
 public:
  explicit EveryPlan(const Problem& p) : p_(p), done_(p.jobs.size()), work_(p.engineers.size()) {}

  Worth best() {
    start_day(0);
    return best_;
  }

 private:
  void start_day(std::size_t e) {
    if (e == p_.engineers.size()) {
      int lost = 0;
      for (std::size_t j = 0; j < p_.jobs.size(); ++j)
        if (!done_[j]) lost += p_.jobs[j].priority;
      best_ = std::min(best_, Worth{lost, cost()});
      return;
    }
    go_on(e, p_.engineers[e].start, p_.engineers[e].shift.from);
  }

  void go_on(std::size_t e, int place, Seconds free) {
    const auto& engineer = p_.engineers[e];
    const auto home = p_.travel(place, engineer.end);
    if (free + home > engineer.shift.to) return;
    travel_ += home;
    work_[e] += home;
    start_day(e + 1);
    travel_ -= home;
    work_[e] -= home;
    for (std::size_t j = 0; j < p_.jobs.size(); ++j) {
      const auto& job = p_.jobs[j];
      const auto start = std::max(free + p_.travel(place, job.place), job.windows[0].from);
      if (done_[j] || start > job.windows[0].to) continue;
      done_[j] = true;
      const auto there = p_.travel(place, job.place);
      travel_ += there;
      work_[e] += there + job.service;
      go_on(e, job.place, start + job.service);
      travel_ -= there;
      work_[e] -= there + job.service;
      done_[j] = false;
    }
  }

  double cost() const {
    double cost = p_.weights.travel * static_cast<double>(travel_) / 3600;
    for (std::size_t e = 0; e < work_.size(); ++e) {
      const auto& shift = p_.engineers[e].shift;
      cost += p_.weights.fairness * work_[e] / 3600 * work_[e] / (shift.to - shift.from);
    }
    return cost;
  }

  const Problem& p_;
  std::vector<bool> done_;
  std::int64_t travel_ = 0;
  std::vector<double> work_;  // of each engineer, seconds
  Worth best_{INT32_MAX, 0};
};

TEST(Solve, FindsTheBestPlanOfSmallProblems) {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    Random random(seed);
    std::vector<Engineer> engineers;
    for (int i = 0; i < 2; ++i) engineers.push_back(engineer(i, random.below(120), {hm(8), hm(11 + random.below(3))}));
    std::vector<Job> jobs;
    for (int i = 0; i < 6; ++i) {
      jobs.push_back(job(i, random.below(120), hm(0, 20 + random.below(60)), 10 + random.below(70)));
      const Seconds opens = hm(8 + random.below(3), random.below(60));
      jobs.back().windows = {{opens, opens + hm(1 + random.below(3))}};
    }
    auto p = world(120, engineers, jobs);
    p.weights.fairness = seed % 2 == 0 ? 60 : 0;
    const auto plan = solved(p, 4'000);
    const auto verdict = check(p, plan);
    ASSERT_TRUE(verdict.violations.empty()) << violations(verdict);
    int lost = 0;
    for (const auto& left : plan.unassigned) lost += p.jobs[static_cast<std::size_t>(left.job)].priority;
    const auto [least_lost, least] = EveryPlan(p).best();
    EXPECT_EQ(lost, least_lost) << "seed " << seed;
    EXPECT_NEAR(verdict.cost.total(), least, 1e-3) << "seed " << seed;
  }
}

}  // namespace
}  // namespace firstfix::planning
