#include "learning/defects.h"

#include "evidence.h"

namespace firstfix::learning {
namespace {

// A place where the change may have begun: right after the last event of a day.
struct Start {
  double exposure = 0;      // up to that event
  std::int64_t events = 0;  // up to and with it
};

// The events of a day are taken as spread evenly over it.
Start start_after(const CountedDay& day, std::int64_t events_so_far) {
  return {day.before + day.during * (1 - 0.5 / static_cast<double>(day.events)), events_so_far};
}

// The logarithm of B(k, r), mixed over r.
double log_ratio(const Start& start, double exposure, std::int64_t events) {
  static const auto kLogs = [] {
    std::array<double, kRatios.size()> logs{};
    for (std::size_t i = 0; i < logs.size(); ++i) logs[i] = std::log(kRatios[i]);
    return logs;
  }();
  const double since = exposure - start.exposure;
  const auto more = static_cast<double>(events - start.events), all = static_cast<double>(events);
  double sum = kLogZero;
  for (std::size_t i = 0; i < kRatios.size(); ++i)
    sum = log_add(sum, more * kLogs[i] + all * std::log(exposure / (start.exposure + kRatios[i] * since)));
  return sum - std::log(static_cast<double>(kRatios.size()));
}

struct Look {
  double log_evidence = kLogZero;
  std::size_t day = 0;
  std::size_t start = 0;  // the day whose last event is the most probable start
};

Look look_at(std::span<const CountedDay> days, const std::vector<Start>& starts, std::size_t day) {
  Look look{.day = day};
  double best = kLogZero;
  const double exposure = days[day].before + days[day].during;
  for (std::size_t i = day > kMostStarts ? day - kMostStarts : 0; i < day; ++i) {
    const double log_b = log_ratio(starts[i], exposure, starts[day].events);
    look.log_evidence = log_add(look.log_evidence, log_b);
    if (log_b > best) best = log_b, look.start = i;
  }
  return look;
}

Increase describe(std::span<const CountedDay> days, const std::vector<Start>& starts, const Look& look) {
  const auto& start = starts[look.start];
  Increase out{.log_evidence = look.log_evidence, .seen = days[look.day].day, .since = days[look.start + 1].day};
  out.observed = starts[look.day].events - start.events;
  out.exposure = days[look.day].before + days[look.day].during - start.exposure;
  out.past_observed = start.events;
  out.past_exposure = start.exposure;
  out.expected = static_cast<double>(start.events) / start.exposure * out.exposure;
  const auto interval = rate_ratio(static_cast<double>(out.observed), out.exposure,
                                   static_cast<double>(out.past_observed), out.past_exposure);
  out.ratio = interval.ratio;
  out.ratio_low = interval.low;
  out.ratio_high = interval.high;
  return out;
}

}  // namespace

void Stream::count(Day day, std::int64_t by) {
  const auto at = days_.try_emplace(day, 0).first;
  at->second += by;
  if (at->second == 0) days_.erase(at);
}

std::vector<CountedDay> lay_out(const Stream& stream, const Exposure& exposure, const AgeBand& band) {
  std::vector<CountedDay> out;
  out.reserve(stream.days().size());
  for (const auto& [day, events] : stream.days()) {
    const double before = exposure.before(day, band), during = exposure.before(day + 1, band) - before;
    if (events > 0 && during > 0) out.push_back({day, events, before, during});
  }
  return out;
}

std::optional<Increase> strongest_increase(std::span<const CountedDay> days, Day looks_from) {
  std::vector<Start> starts;
  starts.reserve(days.size());
  Look best;
  for (std::size_t i = 0; i < days.size(); ++i) {
    starts.push_back(start_after(days[i], (i == 0 ? 0 : starts.back().events) + days[i].events));
    if (i == 0 || days[i].day < looks_from) continue;
    const auto look = look_at(days, starts, i);
    if (look.log_evidence > best.log_evidence) best = look;
  }
  if (best.log_evidence == kLogZero) return {};
  return describe(days, starts, best);
}

bool is_signal(const Increase& increase) {
  return increase.log_evidence >= std::log(kEventsPerFalseSignal);
}

}  // namespace firstfix::learning
