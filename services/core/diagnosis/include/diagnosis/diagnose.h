// Fault codes → causes with probabilities, from the catalogue's links and from what closed visits have taught.
//
// The model: exactly one cause (or one that nobody knows) is at work; each cause shows its codes independently. The
// catalogue's probability of a link counts as kLinkWeight visits, so that it answers alone on the first day and
// history takes over smoothly. A code that is not linked to a cause comes with it at the leak rate. Pure and
// thread-safe.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "learning/counts.h"

namespace firstfix::diagnosis {

inline constexpr double kLinkWeight = 10;     // visits that an engineer's rough probability is worth
inline constexpr double kLeak = 0.01;         // probability of a code that has nothing to do with the cause
inline constexpr double kUnknownRate = 0.05;  // of a cause that nobody knows, relative to all known ones together

struct Link {
  std::string name;        // of the code or part
  double probability = 0;  // 0 to 1
};

struct Cause {
  std::string name;
  double rate = 1;  // relative to the other causes
  std::vector<Link> codes;
  std::vector<Link> parts;
  std::vector<std::string> models;  // that it can befall; none means all
};

class Catalogue {
 public:
  explicit Catalogue(std::vector<Cause> causes);
  const std::vector<Cause>& causes() const { return causes_; }
  // Is the code linked to any cause?
  bool knows(const std::string& code) const { return code_causes_.count(code) > 0; }
  // All codes that are linked to any cause, with how many.
  const std::map<std::string, int>& codes() const { return code_causes_; }

 private:
  std::vector<Cause> causes_;
  std::map<std::string, int> code_causes_;
};

struct Observation {
  std::vector<std::string> codes;
  std::string model;
};

struct Scored {
  std::string name;
  double probability = 0;
};

struct Answer {
  std::vector<Scored> causes;  // most probable first; with unknown_probability they sum to 1
  double unknown_probability = 0;
  std::vector<std::string> unknown_codes;
  std::vector<Scored> parts;          // probability that the repair takes it; most probable first
  std::vector<std::string> evidence;  // what speaks for and against the best two, in words
};

Answer diagnose(const Catalogue& catalogue, const learning::Counts& learnt, const Observation& seen);

}  // namespace firstfix::diagnosis
