// How the steps of a standard fare, so that the standard can improve.
#pragma once

#include <string_view>

#include "firstfix/internal/v1/records.pb.h"
#include "firstfix/v1/visit.pb.h"

namespace firstfix::visit {

// A step is worth a hint when this many visits have run it, this share of them has left it out, and this share of the
// deviations decided was approved.
inline constexpr std::uint64_t kEnoughVisits = 20;
inline constexpr double kOftenLeftOut = 0.2, kMostlyApproved = 0.8;

// Counts a step of a completed visit; with `by` -1 it takes one back that was counted.
void count_step(internal::v1::StepCounts& counts, v1::StepState state, int by = 1);
// Counts what a deviation has become: approved or refused; anything else counts nothing.
void count_decision(internal::v1::StepCounts& counts, v1::DeviationState state);

v1::StepFigure figure_of(std::string_view standard, std::string_view step, const internal::v1::StepCounts& counts);

}  // namespace firstfix::visit
