#include "learning/exposure.h"

#include <algorithm>

namespace firstfix::learning {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

}  // namespace

Day day_of(Instant t) {
  const auto day = t.micros / kMicrosPerDay;
  return t.micros % kMicrosPerDay < 0 ? day - 1 : day;
}

Instant start_of(Day day) {
  return {day * kMicrosPerDay};
}

Exposure::Exposure(std::vector<Day> born, Day observed_from) : born_(std::move(born)), observed_from_(observed_from) {
  std::sort(born_.begin(), born_.end());
  total_.reserve(born_.size() + 1);
  total_.push_back(0);
  for (const Day day : born_) total_.push_back(total_.back() + static_cast<double>(day));
}

double Exposure::lived(Day day) const {
  const auto there = static_cast<std::size_t>(std::upper_bound(born_.begin(), born_.end(), day) - born_.begin());
  return static_cast<double>(there) * static_cast<double>(day) - total_[there];
}

double Exposure::lived(Day day, const AgeBand& band) const {
  const double since_young = lived(day - band.from);
  return band.to == kAnyAge.to ? since_young : since_young - lived(day - band.to);
}

double Exposure::before(Day day, const AgeBand& band) const {
  return day <= observed_from_ ? 0 : lived(day, band) - lived(observed_from_, band);
}

}  // namespace firstfix::learning
