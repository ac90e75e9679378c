// A fleet's past as records, and what it teaches: which faults belong to which work order, and what a machine looked
// like at a moment. Pure.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "learning/visit.h"

namespace firstfix::learning {

struct Fault {
  Instant at;
  std::string code;
  Instant cleared_at = kNever;                                // by itself; kNever: it is still there
  std::vector<std::pair<std::string, double>> readings = {};  // that came with it, by name
};

struct Work {
  Instant completed_at;
  bool corrective = true;
  std::vector<std::string> causes;
  std::vector<std::string> parts;
};

// One machine's records, each list in order of time.
struct Machine {
  std::string model;
  std::vector<Fault> faults;
  std::vector<Work> works;
  double age_years = -1;  // below zero: unknown
};

// What is assumed about time, learnt from the whole fleet's records.
struct Habits {
  Instant records_begin;
  Instant records_end;
  Duration reach{};   // a fault this long before a repair still belongs to it
  Duration rhythm{};  // service comes in multiples of this; zero: in none
};

inline constexpr Duration kWarningHorizon = std::chrono::hours(24);
// The sign that the service rhythm has a date within the warning horizon.
inline constexpr const char* kDueSign = "(service due)";

inline constexpr double kDaysAYear = 365.25;
double days(Duration duration);

Habits habits_of(const std::vector<Machine>& machines);

// Adds what was put right before that moment to what is seen. `works` in order of time.
void add_repairs(Sight& sight, const std::vector<Work>& works, Instant at);
// How the codes of one trouble came, and which had gone away again by then; faults in order of time. Of a flood nothing
// is said.
std::vector<Mark> marks_of(std::span<const Fault> faults, Instant by);
// The numbers that came with them, settled.
std::vector<Reading> readings_of(std::span<const Fault> faults);
// The machine as it looked at that moment: faults up to it that no repair has put right, work before it.
Sight sight_at(const Machine& machine, Instant at, const Habits& habits);
// Every corrective work order as a visit, with what was seen before it.
void each_stop(const Machine& machine, const Habits& habits, const std::function<void(const Visit&)>& take);
// Every moment at which a fault came, with the causes that stopped the machine within the warning horizon; none if it
// went on. Moments whose end is not in the records are left out.
void each_warning(const Machine& machine, const Habits& habits, const std::function<void(const Visit&)>& take);

}  // namespace firstfix::learning
