// Numbers that came with a sign, as a freeze frame has them: oil pressure, hours, temperature.
#pragma once

#include <string>
#include <vector>

namespace firstfix::learning {

struct Reading {
  std::string sign;
  std::string what;  // its name, with the unit in it
  double value = 0;
};

inline constexpr std::size_t kMostReadings = 64;  // of one sight

// As they are learnt and asked about: in order of sign and name, of several values the last one told, without what is
// no finite number. Of more than kMostReadings the first in this order.
std::vector<Reading> settled(std::vector<Reading> readings);

// Values in steps of 1/256 of an octave (0.3 %), those below zero alike: counts by step can be unlearnt exactly.
int reading_step(double value);
// The middle of a step.
double step_value(int step);

}  // namespace firstfix::learning
