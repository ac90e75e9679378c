// What one closed visit teaches: what was seen before it, what was found, what the repair took.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "learning/readings.h"

namespace firstfix::learning {

// Something that was put right on the same machine before: a cause repaired or a part replaced, the last time only.
struct Repair {
  std::string what;  // the cause's or the part's name
  double days_ago = 0;
};

// How a sign came, by itself or compared with another that is there.
struct Mark {
  std::string sign;
  std::string what;  // such as kFirst
  std::string than;  // the other sign; empty: by itself
};
inline constexpr const char* kFirst = "first";      // before all others, told of each of them
inline constexpr const char* kAgain = "again";      // more than once, by itself
inline constexpr const char* kCleared = "cleared";  // it went away by itself, and nobody had mended anything

// The circumstances in which codes are read, alike for a visit that is learnt and for a case that is asked about.
struct Sight {
  std::string model;
  std::vector<std::string> signs;  // codes, and what else was seen that is either there or not; duplicates count once
  std::vector<Repair> repaired;    // causes, each once
  std::vector<Repair> replaced;    // parts, each once
  double days_known = 0;           // how far back the machine's records go
  double age_years = -1;           // of the machine; below zero: unknown
  std::vector<Mark> marks;         // of the signs, each once
  std::vector<Reading> readings;   // that came with the signs
};

struct Visit {
  Sight seen;
  std::vector<std::string> causes;  // duplicates count once; none: nothing was wrong
  std::vector<std::string> parts;   // duplicates count once
  Instant at{0};                    // when; alike for all visits: nothing is known of changes over time
};

// Time since a repair in steps of a sixth of an octave: wear goes by orders of magnitude, and counts by step can be
// unlearnt. The first step is half a day and less, the last five and a half years and more.
inline constexpr int kAgeSteps = 73;
int age_step(double days);
// The middle of a step, on the logarithmic axis.
double step_days(int step);

// Time in weeks, by which changes are followed.
int week_of(Instant at);

// The ages of machines in bands, the first less than a year; -1: unknown.
inline constexpr int kMachineAges = 7;
int machine_age(double years);

}  // namespace firstfix::learning
