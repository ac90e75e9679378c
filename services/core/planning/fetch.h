// The ways to one job by the places that have its parts, in the time between what is booked.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "slots.h"

namespace firstfix::planning {
inline namespace one_job {

struct Gap {
  Instant from, to;                // free between
  Position start, end;             // where the engineer is before, and has to be after
  Interval begin;                  // the work has to begin within it, both ends included
  std::optional<Interval> rest{};  // a break has to begin within it after the work; `to` is sooner by its length

  // When the work has to be over at the latest, with so long a way after it.
  Instant over_by(Duration onward) const {
    const auto latest = to - onward;
    if (!rest) return latest;
    return rest->from <= latest ? std::min(latest, rest->to) : Instant{INT64_MIN};
  }
};

// When the work may begin within the gap, one entry for each way to it that is worth choosing from. Where parts are
// missing, these are the ways by one place, and by several where no fewer in the time there is have as much: as many as
// it takes, each with something that the ones before do not have and that it costs something to come without. What one
// depot has all of, and more, is no choice. The straight way is one if no depot has anything; without `fetches`, alone.
std::vector<Slot> ways_within(const Setting& setting, const Candidate& who, const Gap& gap, bool fetches);

}  // namespace one_job
}  // namespace firstfix::planning
