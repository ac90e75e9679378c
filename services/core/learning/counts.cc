#include "learning/counts.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace firstfix::learning {
namespace {

constexpr char kBetween = '\n';

IdSet numbers(Names& names, const std::vector<std::string>& list) {
  IdSet out;
  out.reserve(list.size());
  for (const auto& name : list) out.push_back(names.number(name));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Model and age of the records, week and age of the machine, how many causes and repairs, the causes, then causes
// repaired and parts replaced with the time since.
IdSet packed(const Past& past) {
  IdSet out;
  out.reserve(4 + past.causes.size() + past.repaired.size() + past.replaced.size());
  out.push_back(past.model * kAgeSteps + past.known);
  out.push_back(past.week * (kMachineAges + 1) + past.machine_age + 1);
  out.push_back(static_cast<Id>(past.causes.size()));
  out.push_back(static_cast<Id>(past.repaired.size()));
  out.insert(out.end(), past.causes.begin(), past.causes.end());
  for (const auto& [cause, step] : past.repaired) out.push_back(cause * kAgeSteps + step);
  for (const auto& [part, step] : past.replaced) out.push_back(part * kAgeSteps + step);
  return out;
}

// What a sign is marked with, the sign, and the other one.
std::vector<std::string> packed(const std::vector<Mark>& marks) {
  std::vector<std::string> out;
  out.reserve(marks.size());
  for (const auto& mark : marks) out.push_back(mark.what + kBetween + mark.sign + kBetween + mark.than);
  return out;
}

// How many causes, the causes, then each reading and its step.
IdSet packed(const Frame& frame) {
  IdSet out;
  out.reserve(1 + frame.causes.size() + 2 * frame.readings.size());
  out.push_back(static_cast<Id>(frame.causes.size()));
  out.insert(out.end(), frame.causes.begin(), frame.causes.end());
  for (const auto& [reading, step] : frame.readings) out.push_back(reading), out.push_back(step);
  return out;
}

std::vector<std::pair<Id, int>> steps_since(Names& names, const std::vector<Repair>& repairs) {
  std::vector<std::pair<Id, int>> out;
  out.reserve(repairs.size());
  for (const auto& repair : repairs) out.emplace_back(names.number(repair.what), age_step(repair.days_ago));
  std::sort(out.begin(), out.end());
  return out;
}

constexpr double kShortest_days = 0.5, kStepsPerOctave = 6;
constexpr std::int64_t kWeek_us = std::int64_t{7} * 24 * 3600 * 1'000'000;
constexpr std::array<double, kMachineAges - 1> kAgeEdges_years = {1, 2, 4, 7, 11, 16};

}  // namespace

int age_step(double days) {
  const double step = kStepsPerOctave * std::log2(std::max(days, kShortest_days) / kShortest_days);
  return static_cast<int>(std::lround(std::min(step, kAgeSteps - 1.0)));
}

double step_days(int step) {
  return kShortest_days * std::exp2(step / kStepsPerOctave);
}

int week_of(Instant at) {
  return static_cast<int>(at.micros / kWeek_us);
}

int machine_age(double years) {
  if (!(years >= 0)) return -1;
  return static_cast<int>(std::upper_bound(kAgeEdges_years.begin(), kAgeEdges_years.end(), years) -
                          kAgeEdges_years.begin());
}

Past Counts::unpacked(const IdSet& packed) {
  Past out;
  out.model = packed[0] / kAgeSteps, out.known = packed[0] % kAgeSteps;
  out.week = packed[1] / (kMachineAges + 1), out.machine_age = packed[1] % (kMachineAges + 1) - 1;
  const auto repairs = packed.begin() + 4 + packed[2], replacements = repairs + packed[3];
  out.causes.assign(packed.begin() + 4, repairs);
  for (auto at = repairs; at != packed.end(); ++at)
    (at < replacements ? out.repaired : out.replaced).emplace_back(*at / kAgeSteps, *at % kAgeSteps);
  return out;
}

Mark Counts::unpacked(const std::string& mark) {
  const auto what = mark.find(kBetween), sign = mark.find(kBetween, what + 1);
  return {mark.substr(what + 1, sign - what - 1), mark.substr(0, what), mark.substr(sign + 1)};
}

std::pair<std::string, std::string> Counts::unpacked_reading(const std::string& reading) {
  const auto cut = reading.find(kBetween);
  return {reading.substr(0, cut), reading.substr(cut + 1)};
}

Frame Counts::unpacked_frame(const IdSet& packed) {
  Frame out;
  const auto readings = packed.begin() + 1 + packed[0];
  out.causes.assign(packed.begin() + 1, readings);
  for (auto at = readings; at != packed.end(); at += 2) out.readings.emplace_back(*at, *(at + 1));
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
  for (const auto mark : numbers(marks_, packed(visit.seen.marks))) found.marks.add(mark, by);
  if (found.visits == 0) by_model.erase(model);
  if (by_model.empty()) found_.erase(causes);
  const Past past{model,
                  std::max(0, week_of(visit.at)),
                  machine_age(visit.seen.age_years),
                  age_step(visit.seen.days_known),
                  causes,
                  steps_since(causes_, visit.seen.repaired),
                  steps_since(parts_, visit.seen.replaced)};
  const auto with_past = pasts_.try_emplace(packed(past)).first;
  if ((with_past->second += by) == 0) pasts_.erase(with_past);
  auto& with_signs = by_signs_[signs];
  if ((with_signs[causes] += by) == 0) with_signs.erase(causes);
  if (with_signs.empty()) by_signs_.erase(signs);
  if (!visit.seen.readings.empty()) count_readings(visit, causes, by);
}

void Counts::count_readings(const Visit& visit, const IdSet& causes, std::int64_t by) {
  Frame frame{causes, {}};
  for (const auto& reading : settled(visit.seen.readings)) {
    const auto name = reading.sign + kBetween + reading.what;
    auto id = readings_.find(name);
    if (id == kUnknown && readings_.size() < kMostReadingNames) id = readings_.number(name);
    if (id != kUnknown) frame.readings.emplace_back(id, reading_step(reading.value));
  }
  if (frame.readings.empty()) return;
  std::sort(frame.readings.begin(), frame.readings.end());
  const auto at = frames_.try_emplace(packed(frame)).first;
  if ((at->second += by) == 0) frames_.erase(at);
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
