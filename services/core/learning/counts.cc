#include "learning/counts.h"

#include <algorithm>
#include <cmath>

namespace firstfix::learning {
namespace {

IdSet numbers(Names& names, const std::vector<std::string>& list) {
  IdSet out;
  out.reserve(list.size());
  for (const auto& name : list) out.push_back(names.number(name));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Model and age of the records, how many causes, the causes, then causes repaired with the time since.
IdSet packed(const Past& past) {
  IdSet out;
  out.reserve(2 + past.causes.size() + past.repaired.size());
  out.push_back(past.model * kAgeSteps + past.known);
  out.push_back(static_cast<Id>(past.causes.size()));
  out.insert(out.end(), past.causes.begin(), past.causes.end());
  for (const auto& [cause, step] : past.repaired) out.push_back(cause * kAgeSteps + step);
  return out;
}

constexpr double kShortest_days = 0.5, kStepsPerOctave = 6;

}  // namespace

int age_step(double days) {
  const double step = kStepsPerOctave * std::log2(std::max(days, kShortest_days) / kShortest_days);
  return static_cast<int>(std::lround(std::min(step, kAgeSteps - 1.0)));
}

double step_days(int step) {
  return kShortest_days * std::exp2(step / kStepsPerOctave);
}

Past Counts::unpacked(const IdSet& packed) {
  Past out{packed[0] / kAgeSteps, packed[0] % kAgeSteps, {}, {}};
  const auto repairs = packed.begin() + 2 + packed[1];
  out.causes.assign(packed.begin() + 2, repairs);
  for (auto at = repairs; at != packed.end(); ++at) out.repaired.emplace_back(*at / kAgeSteps, *at % kAgeSteps);
  return out;
}

std::size_t IdSetHash::operator()(const IdSet& set) const {
  std::uint64_t hash = 0x9E3779B97F4A7C15ULL + set.size();
  for (const auto id : set) {
    hash ^= static_cast<std::uint64_t>(id) + 1;
    hash *= 0xFF51AFD7ED558CCDULL;
    hash ^= hash >> 32;
  }
  return hash;
}

void Tally::add(Id id, std::int64_t by) {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), id,
                                   [](const auto& entry, Id wanted) { return entry.first < wanted; });
  if (at == entries_.end() || at->first != id)
    entries_.insert(at, {id, by});
  else if ((at->second += by) == 0)
    entries_.erase(at);
}

std::int64_t Tally::of(Id id) const {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), id,
                                   [](const auto& entry, Id wanted) { return entry.first < wanted; });
  return at == entries_.end() || at->first != id ? 0 : at->second;
}

void Counts::count(const Visit& visit, std::int64_t by) {
  visits_ += by;
  const auto model = models_.number(visit.seen.model);
  const auto signs = numbers(signs_, visit.seen.signs);
  const auto causes = numbers(causes_, visit.causes);
  const auto parts = numbers(parts_, visit.parts);
  auto& by_model = found_[causes];
  auto& found = by_model[model];
  found.visits += by;
  for (const auto sign : signs) found.signs.add(sign, by);
  for (const auto part : parts) found.parts.add(part, by);
  if (found.visits == 0) by_model.erase(model);
  if (by_model.empty()) found_.erase(causes);
  Past past{model, age_step(visit.seen.days_known), causes, {}};
  for (const auto& repair : visit.seen.repaired)
    past.repaired.emplace_back(causes_.number(repair.what), age_step(repair.days_ago));
  std::sort(past.repaired.begin(), past.repaired.end());
  const auto with_past = pasts_.try_emplace(packed(past)).first;
  if ((with_past->second += by) == 0) pasts_.erase(with_past);
  auto& with_signs = by_signs_[signs];
  if ((with_signs[causes] += by) == 0) with_signs.erase(causes);
  if (with_signs.empty()) by_signs_.erase(signs);
}

std::int64_t Counts::visits(std::string_view cause) const {
  std::int64_t sum = 0;
  const auto id = causes_.find(cause);
  for (const auto& [set, by_model] : found_)
    if (std::binary_search(set.begin(), set.end(), id))
      for (const auto& [model, found] : by_model) sum += found.visits;
  return sum;
}

}  // namespace firstfix::learning
