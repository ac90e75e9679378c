// predict_latency, or learn_rate with the memory that it takes, of the prediction core on invented fleets; one JSON
// object a line.
//
// The floor of learning is looking up a visit's names; that of predicting, one pass over the rates of the codes that
// are there for each cause alone.
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <unordered_map>

#include "diagnosis/diagnose.h"
#include "diagnosis/model.h"
#include "fleet/fleet.h"
#include "parts/scenarios.h"

namespace firstfix::bench {
namespace {

using Clock = std::chrono::steady_clock;
using learning::Visit;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void line(const char* bench, const std::string& metric, double value, const char* unit, double floor) {
  std::printf("{\"bench\":\"%s\",\"metric\":\"%s\",\"value\":%.6g,\"unit\":\"%s\",\"floor\":%.6g,\"ratio\":%.4g}\n",
              bench, metric.c_str(), value, unit, floor, value / floor);
  std::fflush(stdout);
}

std::vector<Visit> visits_of(const fleet::Options& options) {
  fleet::Fleet world(options);
  const auto machines = fleet::machines(world, world.live(), static_cast<std::size_t>(options.visits));
  const auto habits = learning::habits_of(machines);
  std::vector<Visit> out;
  for (const auto& machine : machines)
    learning::each_stop(machine, habits, [&](const Visit& visit) { out.push_back(visit); });
  return out;
}

double used_bytes() {
  return static_cast<double>(mallinfo2().uordblks);
}

double lookup_rate(const std::vector<Visit>& visits) {
  std::unordered_map<std::string, int> names;
  std::size_t sum = 0;
  const auto start = Clock::now();
  for (const auto& visit : visits) {
    sum += static_cast<std::size_t>(names.emplace(visit.seen.model, static_cast<int>(names.size())).first->second);
    for (const auto* list : {&visit.seen.signs, &visit.causes, &visit.parts})
      for (const auto& name : *list)
        sum += static_cast<std::size_t>(names.emplace(name, static_cast<int>(names.size())).first->second);
  }
  const double rate = static_cast<double>(visits.size()) / seconds_since(start);
  return sum == SIZE_MAX ? 0 : rate;
}

// Diagnosis and kit, as a case takes them.
double answer_us(const diagnosis::Model& model, const Visit& visit) {
  const auto start = Clock::now();
  const auto answer = diagnosis::diagnose(model, visit.seen);
  std::vector<parts::Need> needs;
  for (const auto& part : answer.parts)
    if (part.probability > 0.01 && needs.size() < 40) needs.push_back({part.name, part.probability, 1, 5});
  const auto kit = parts::choose_kit(needs, parts::scenarios_of(answer, needs), 400);
  const double us = seconds_since(start) * 1e6;
  return kit.lines.size() > needs.size() ? 0 : us;
}

double pass_us(const diagnosis::Model& model, const Visit& visit) {
  const auto start = Clock::now();
  double best = 0;
  for (std::size_t c = 0; c < static_cast<std::size_t>(model.causes().size()); ++c) {
    double log = model.rates().log_unseen[c];
    for (const auto& sign : visit.seen.signs)
      if (const auto id = model.signs().find(sign); id >= 0)
        log += std::log(model.rates().at(c, model.rates().alone[static_cast<std::size_t>(id)]));
    best += std::exp(log);
  }
  const double us = seconds_since(start) * 1e6;
  return best < 0 ? 0 : us;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

#ifdef FIRSTFIX_BENCH_LEARNING
constexpr bool kLearning = true;
#else
constexpr bool kLearning = false;
#endif

void learn(const std::vector<Visit>& visits, int times, learning::Counts& counts) {
  for (int i = 0; i < times; ++i)
    for (const auto& visit : visits) counts.learn(visit);
}

void measure_learning(const std::vector<Visit>& visits, int times, const std::string& name) {
  const auto total = static_cast<double>(visits.size()) * times;
  const double before = used_bytes();
  const auto counts = std::make_unique<learning::Counts>();
  const auto start = Clock::now();
  learn(visits, times, *counts);
  const double rate = total / seconds_since(start);
  const double memory = used_bytes() - before;
  line("learn_rate", name, rate, "visits/s", lookup_rate(visits));
  line("learn_rate", name + ", memory per 100,000", memory / total * 1e5 / 1e6, "MB", 1e5 * 16 / 1e6);
}

void measure_predicting(const std::vector<Visit>& visits, const std::string& name, const learning::Counts& counts) {
  const auto start = Clock::now();
  const diagnosis::Model model({}, counts);
  const double estimate_ms = seconds_since(start) * 1e3;
  std::vector<double> answers, passes;
  for (std::size_t i = 0; i < std::min<std::size_t>(1000, visits.size()); ++i) {
    answers.push_back(answer_us(model, visits[i]));
    passes.push_back(pass_us(model, visits[i]));
  }
  line("predict_latency", name + ", p50", median(answers), "us", median(passes));
  line("predict_latency", name + ", estimating the model anew", estimate_ms, "ms",
       static_cast<double>(model.causes().size()) * model.signs().size() * 1e-5);
}

void measure(const fleet::Options& options, int times) {
  const auto visits = visits_of(options);
  const auto name = std::to_string(options.causes) + " causes, " + std::to_string(options.codes) + " codes, " +
                    std::to_string(visits.size() * static_cast<std::size_t>(times)) + " visits" +
                    (options.readings > 0 ? ", " + std::to_string(options.readings) + " readings" : "");
  if (kLearning) return measure_learning(visits, times, name);
  learning::Counts counts;
  learn(visits, times, counts);
  measure_predicting(visits, name, counts);
}

}  // namespace
}  // namespace firstfix::bench

int main() {
  firstfix::fleet::Options small, large;
  small.visits = 20'000;
  large.visits = 100'000, large.causes = 200, large.codes = 500, large.parts = 250, large.models = 12,
  large.assets = 5000;
  small.cases = large.cases = 1;
  firstfix::bench::measure(small, 1);
  firstfix::bench::measure(large, 1);
  small.readings = large.readings = 8, small.telling = large.telling = 0.7, small.clearing = large.clearing = true;
  firstfix::bench::measure(small, 1);
  firstfix::bench::measure(large, 1);
  small.readings = 0, small.clearing = false;
  small.visits = 100'000;
  firstfix::bench::measure(small, 10);
  return 0;
}
