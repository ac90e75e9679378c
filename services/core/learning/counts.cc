#include "learning/counts.h"

namespace firstfix::learning {

const CauseCounts& Counts::of(std::string_view cause) const {
  static const CauseCounts kNone;
  const auto found = causes_.find(cause);
  return found == causes_.end() ? kNone : found->second;
}

void Counts::count(const Outcome& outcome, std::int64_t by) {
  visits_ += by;
  const std::set<std::string> causes(outcome.causes.begin(), outcome.causes.end());
  const std::set<std::string> codes(outcome.codes.begin(), outcome.codes.end());
  const std::set<std::string> parts(outcome.parts.begin(), outcome.parts.end());
  for (const auto& cause : causes) {
    auto& counts = causes_[cause];
    counts.visits += by;
    for (const auto& code : codes) counts.codes[code] += by;
    for (const auto& part : parts) counts.parts[part] += by;
  }
}

}  // namespace firstfix::learning
