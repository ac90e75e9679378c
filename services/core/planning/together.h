// Crews for one job: who could go together, and when all of them have time.
#pragma once

#include <optional>
#include <vector>

#include "slots.h"

namespace firstfix::planning {
inline namespace one_job {

// Why the engineer may not do the job alone, whenever it is; empty if they may.
std::string unqualified(const Job& job, const Candidate& who, Instant now);

// One engineer alone; none if the time or a certificate does not allow it.
std::optional<Choice> alone(const Setting& setting, const Candidate& who);

// The crews that may do what no one engineer can do alone, each at its best time; not in order. Bounded: of those who
// bring the same skills only the soonest are looked at.
std::vector<Choice> together(const Setting& setting, const std::vector<Candidate>& candidates);

// A trainee who is free at the time chosen, to whom the visit counts; the one who is nearest to the next level.
// Changes nothing else about the choice.
void add_trainee(const Setting& setting, const std::vector<Candidate>& candidates, Choice& choice);

}  // namespace one_job
}  // namespace firstfix::planning
