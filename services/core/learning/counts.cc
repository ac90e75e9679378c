#include "learning/counts.h"

#include <algorithm>

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

Clock& clock_of(std::vector<Clock>& clocks, Id id) {
  if (clocks.size() <= static_cast<std::size_t>(id)) clocks.resize(static_cast<std::size_t>(id) + 1);
  return clocks[static_cast<std::size_t>(id)];
}

std::size_t bin_of(double days) {
  return static_cast<std::size_t>(age_bin(days));
}

void count_clock(Clock& clock, Id model, const IdSet& causes, std::size_t age, std::size_t known, std::int64_t by) {
  clock.at_risk[model][age] += by;
  clock.known[model][known] += by;
  for (const auto cause : causes) clock.found[cause][age] += by;
}

}  // namespace

int age_bin(double days) {
  return static_cast<int>(std::upper_bound(kAgeEdges_days.begin(), kAgeEdges_days.end(), days) -
                          kAgeEdges_days.begin());
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
  const auto known = bin_of(visit.seen.days_known);
  IdSet first_time = causes;
  for (const auto& repair : visit.seen.repaired) {
    const auto cause = causes_.number(repair.what);
    count_clock(clock_of(since_repaired_, cause), model, causes, bin_of(repair.days_ago), known, by);
    std::erase(first_time, cause);
  }
  for (const auto& repair : visit.seen.replaced)
    count_clock(clock_of(since_replaced_, parts_.number(repair.what)), model, causes, bin_of(repair.days_ago), known,
                by);
  first_times_.at_risk[model][known] += by;
  for (const auto cause : first_time) first_times_.found[cause][known] += by;
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
