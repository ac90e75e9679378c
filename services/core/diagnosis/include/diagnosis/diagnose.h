// Fault codes and circumstances → causes and parts with probabilities, and why, in words. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "learning/visit.h"

namespace firstfix::diagnosis {

class Model;

struct Scored {
  std::string name;
  double probability = 0;
};

// One way that the repair may go: the causes are these, and each part is needed with its own probability.
struct Way {
  double probability = 0;
  std::vector<Scored> parts;
};

struct Answer {
  std::vector<Scored> causes;      // probability of being among the true ones; most probable first
  double none_probability = 0;     // that nothing is wrong, or nothing will fail
  double unknown_probability = 0;  // that it is a cause that nobody has met yet
  std::vector<std::string> unknown_codes;
  bool speechless = false;            // no code is known, nor another of its family: this is only how often causes come
  std::vector<Scored> parts;          // probability that the repair takes it; most probable first
  std::vector<Way> ways;              // most probable first; the part probabilities are their mixture
  std::int64_t visits = 0;            // that it was learnt from
  std::vector<std::string> evidence;  // what speaks for and against the best two, in words
};

// The evidence ends with the check that tells the best two causes apart, if there is one.
Answer diagnose(const Model& model, const learning::Sight& sight);

}  // namespace firstfix::diagnosis
