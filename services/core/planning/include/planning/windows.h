// Which windows of time to offer to a customer: those in which the job costs least, found by placing it in each as
// planning would. Pure and thread-safe.
#pragma once

#include <vector>

#include "base/zone.h"
#include "planning/place.h"

namespace firstfix::planning {
inline namespace one_job {

inline constexpr std::size_t kMostWindows = 400;  // that are looked at

// The windows of this length that lie within [from, to], in order; at most kMostWindows. Each begins when the clocks of
// the zone show a multiple of the length since midnight, ends on the same day, and has no change of the clocks within
// it: so none overlaps another, and all are as long as they look. On the day of 23 or 25 hours there is thus none for
// the time around the change, of two hours from 02:00 in Berlin's spring; the hour that comes twice has its windows
// twice. The length is positive, at most a day.
std::vector<Interval> windows_within(Instant from, Instant to, Duration length, const Zone& zone);

struct WindowOffer {
  Interval window;      // the work begins within it, both ends included
  Placement placement;  // how it would be done
  double extra_cost = 0;
};

// The cheapest windows, at most so many, in the order of time; of equally cheap ones the sooner. That the customer
// waits until then is not counted: the customer chooses. The contract's lateness is. What may be put off to a window is
// not urgent: nobody is called out for it. One that ends as the site opens, or begins as it closes, is none.
// kUnavailable with what stops everybody in the first window if there is none.
Result<std::vector<WindowOffer>> cheapest_windows(const Job& job, const std::vector<Candidate>& candidates,
                                                  const Travel& travel, const Weights& weights, Instant now,
                                                  const std::vector<Interval>& windows, std::size_t most);

// The job, to begin within the window.
Job within(Job job, const Interval& window);

}  // namespace one_job
}  // namespace firstfix::planning
