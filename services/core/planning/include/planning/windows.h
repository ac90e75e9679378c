// Which windows of time to offer to a customer: those in which the job costs least, found by placing it in each as
// planning would. Pure and thread-safe.
#pragma once

#include <vector>

#include "planning/place.h"

namespace firstfix::planning {
inline namespace one_job {

inline constexpr std::size_t kMostWindows = 400;  // that are looked at

// The windows of this length that begin at multiples of it since 1970 and lie within [from, to], in order; at most
// kMostWindows. The length is positive.
std::vector<Interval> windows_within(Instant from, Instant to, Duration length);

struct WindowOffer {
  Interval window;      // the work begins within it, both ends included
  Placement placement;  // how it would be done
  double extra_cost = 0;
};

// The cheapest windows, at most so many, in the order of time; of equally cheap ones the sooner. That the customer
// waits until then is not counted: the customer chooses. The contract's lateness is. kUnavailable with what stops
// everybody in the first window if there is none.
Result<std::vector<WindowOffer>> cheapest_windows(const Job& job, const std::vector<Candidate>& candidates,
                                                  const Travel& travel, const Weights& weights, Instant now,
                                                  const std::vector<Interval>& windows, std::size_t most);

// The job, to begin within the window.
Job within(Job job, const Interval& window);

}  // namespace one_job
}  // namespace firstfix::planning
