#include "diagnosis/urgency.h"

#include <algorithm>
#include <cstdio>

namespace firstfix::diagnosis {

double fails(const Answer& warning) {
  constexpr double kCatalogueCounts = 10;
  const auto learnt = static_cast<double>(warning.visits);
  return 1 - warning.none_probability * learnt / (learnt + kCatalogueCounts);
}

Advice advise(double fails, const WarningCosts& costs) {
  Advice out;
  const double lasts = 1 - fails, right = costs.check_accuracy, wrong = 1 - right;
  out.watch_cost = fails * costs.failure;
  out.visit_cost = costs.visit;
  // After the look, the better of watching and visiting, on either finding.
  const double alarmed = fails * right + lasts * wrong, calmed = 1 - alarmed;
  out.check_cost = costs.remote_check + std::min(fails * right * costs.failure, alarmed * costs.visit) +
                   std::min(fails * wrong * costs.failure, calmed * costs.visit);
  const double least = std::min({out.watch_cost, out.check_cost, out.visit_cost});
  out.action = least == out.watch_cost   ? Action::kWatch
               : least == out.check_cost ? Action::kRemoteCheck
                                         : Action::kVisit;
  const char* what = out.action == Action::kWatch         ? "watch"
                     : out.action == Action::kRemoteCheck ? "check remotely"
                                                          : "visit before it fails";
  char text[160];
  std::snprintf(text, sizeof text, "%s: fails with %.0f %%; watching costs %.0f, a remote check %.0f, a visit %.0f",
                what, fails * 100, out.watch_cost, out.check_cost, out.visit_cost);
  out.reason = text;
  return out;
}

}  // namespace firstfix::diagnosis
