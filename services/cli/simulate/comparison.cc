#include "simulation/comparison.h"

#include <atomic>
#include <mutex>
#include <thread>

namespace firstfix::simulation {

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> kAll = {
      {"restore_mean_h", "time to restore, mean, h", false, [](const Outcome& o) { return o.restore_mean_h; }},
      {"restore_p50_h", "time to restore, median, h", false, [](const Outcome& o) { return o.restore_p50_h; }},
      {"restore_p90_h", "time to restore, 90 %, h", false, [](const Outcome& o) { return o.restore_p90_h; }},
      {"first_time_fix_pct", "first-time fix, %", true, [](const Outcome& o) { return o.first_time_fix * 100; }},
      {"late_pct", "arrived after the contract's time, %", false, [](const Outcome& o) { return o.late_share * 100; }},
      {"late_mean_h", "lateness, mean, h", false, [](const Outcome& o) { return o.late_mean_h; }},
      {"km_a_job", "kilometres a job", false, [](const Outcome& o) { return o.km_a_job; }},
      {"busy_pct", "driving and working, % of paid time", false, [](const Outcome& o) { return o.busy_share * 100; }},
      {"overtime_h_a_week", "overtime of an engineer, h a week", false,
       [](const Outcome& o) { return o.overtime_h_a_week; }},
      {"restored", "machines restored", true, [](const Outcome& o) { return static_cast<double>(o.restored); }},
      {"open_at_end", "still open at the end", false,
       [](const Outcome& o) { return static_cast<double>(o.open_at_end); }},
  };
  return kAll;
}

Result<std::unique_ptr<Policy>> make_policy(const std::string& name, std::uint64_t seed) {
  if (name == "nearest-free") return nearest_free();
  if (name == "planner") return planned(false, seed);
  if (name == "reoptimise") return planned(true, seed);
  return fail(Code::kInvalid, "'" + name + "' is not a policy; there are nearest-free, planner and reoptimise");
}

std::vector<double> Measured::values(const Metric& metric) const {
  std::vector<double> out;
  for (const auto& outcome : outcomes) out.push_back(metric.of(outcome));
  return out;
}

Result<std::vector<Measured>> run_all(const Plan& plan, const std::function<double()>& clock) {
  std::vector<Measured> all;
  for (const auto& arm : plan.arms) {
    FIRSTFIX_CHECK(check(arm.scenario));
    FIRSTFIX_CHECK(make_policy(arm.policy, 1).map([](auto&&) {}));
    all.push_back({arm, std::vector<Outcome>(static_cast<std::size_t>(plan.seeds)), 0});
  }
  const int jobs = static_cast<int>(all.size()) * plan.seeds;
  std::atomic<int> next{0};
  std::mutex mutex;
  int done = 0;
  const auto work = [&] {
    for (int job = next++; job < jobs; job = next++) {
      auto& measured = all[static_cast<std::size_t>(job / plan.seeds)];
      const auto which = static_cast<std::size_t>(job % plan.seeds);
      const auto seed = plan.first_seed + which;
      const double begun = clock();
      const auto policy = make_policy(measured.arm.policy, seed);
      measured.outcomes[which] = simulate(make_region(measured.arm.scenario, seed), seed, **policy);
      std::lock_guard lock(mutex);
      measured.seconds += clock() - begun;
      if (plan.progress) plan.progress(++done, jobs);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 1; i < plan.threads; ++i) threads.emplace_back(work);
  work();
  for (auto& thread : threads) thread.join();
  return all;
}

}  // namespace firstfix::simulation
