#include "planning/windows.h"

#include <algorithm>

namespace firstfix::planning {
inline namespace one_job {

namespace {

constexpr Duration kDay = std::chrono::hours{24};

// Those within [from, to], in which the clocks are not changed.
void add_windows(Instant from, Instant to, Duration length, Duration ahead, std::vector<Interval>& out) {
  const auto local = (from + ahead) - Instant{};
  for (Duration day = std::chrono::floor<std::chrono::days>(local); Instant{} + day - ahead < to; day += kDay) {
    for (auto at = day; at + length <= day + kDay; at += length) {
      if (out.size() == kMostWindows) return;
      const Interval window{Instant{} + at - ahead, Instant{} + at + length - ahead};
      if (from <= window.from && window.to <= to) out.push_back(window);
    }
  }
}

// Is there more than an instant of the window at which the work may begin?
bool has_time(const Job& job, const Interval& window) {
  const Interval both{std::max(window.from, job.not_before), std::min(window.to, job.not_after)};
  if (job.access.empty()) return both.from < both.to;
  return std::any_of(job.access.begin(), job.access.end(),
                     [&](const auto& open) { return std::max(both.from, open.from) < std::min(both.to, open.to); });
}

}  // namespace

std::vector<Interval> windows_within(Instant from, Instant to, Duration length, const Zone& zone) {
  std::vector<Interval> out;
  while (from < to && out.size() < kMostWindows) {
    const auto clocks = zone.at(from);
    add_windows(from, std::min(to, clocks.until), length, clocks.ahead, out);
    from = clocks.until;
  }
  return out;
}

Job within(Job job, const Interval& window) {
  job.not_before = std::max(job.not_before, window.from);
  job.not_after = std::min(job.not_after, window.to);
  return job;
}

Result<std::vector<WindowOffer>> cheapest_windows(const Job& job, const std::vector<Candidate>& candidates,
                                                  const Travel& travel, const Weights& weights, Instant now,
                                                  const std::vector<Interval>& windows, std::size_t most) {
  auto patient = weights;
  auto waiting = job;
  waiting.urgent = false;
  patient.wait_per_hour = 0;
  std::vector<WindowOffer> offers;
  Status first = fail(Code::kUnavailable, "no window is long enough, or soon enough");
  for (const auto& window : windows) {
    auto placement = place(within(waiting, window), candidates, travel, patient, now);
    if (!placement && &window == &windows.front()) first = fail(placement.error());
    if (placement && has_time(job, window)) offers.push_back({window, std::move(*placement), 0});
  }
  if (offers.empty()) return fail(first.error());
  std::stable_sort(offers.begin(), offers.end(),
                   [](const auto& a, const auto& b) { return a.placement.choice.cost < b.placement.choice.cost; });
  if (offers.size() > most) offers.resize(most);
  const double least = offers.empty() ? 0 : offers.front().placement.choice.cost;
  for (auto& offer : offers) offer.extra_cost = offer.placement.choice.cost - least;
  std::sort(offers.begin(), offers.end(), [](const auto& a, const auto& b) { return a.window.from < b.window.from; });
  return offers;
}

}  // namespace one_job
}  // namespace firstfix::planning
