// What closed visits have taught: counts of causes, of the codes seen with them, and of the parts their repairs took.
//
// Counts are additive, so that unlearning a visit is exact and equals never having seen it. One Counts is one tenant's.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace firstfix::learning {

// What was found on one visit. Names are the catalogue's; duplicates within a list count once.
struct Outcome {
  std::vector<std::string> codes;
  std::vector<std::string> causes;
  std::vector<std::string> parts;
};

struct CauseCounts {
  std::int64_t visits = 0;                                 // on which it was found
  std::map<std::string, std::int64_t, std::less<>> codes;  // visits on which it was found and the code was seen
  std::map<std::string, std::int64_t, std::less<>> parts;  // visits on which it was found and the part was used
};

class Counts {
 public:
  void learn(const Outcome& outcome) { count(outcome, 1); }
  void unlearn(const Outcome& outcome) { count(outcome, -1); }

  std::int64_t visits() const { return visits_; }
  // Zero counts for a cause that was never found.
  const CauseCounts& of(std::string_view cause) const;

 private:
  void count(const Outcome& outcome, std::int64_t by);

  std::int64_t visits_ = 0;
  std::map<std::string, CauseCounts, std::less<>> causes_;
};

}  // namespace firstfix::learning
