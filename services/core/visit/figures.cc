#include "visit/figures.h"

#include <cmath>
#include <string>

namespace firstfix::visit {
namespace {

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string percent(double share_of_one) {
  return std::to_string(std::lround(share_of_one * 100)) + " %";
}

// What the figures say; empty if nothing.
std::string hint(const v1::StepFigure& figure) {
  const auto decided = figure.approved() + figure.refused();
  const double approved = share(figure.approved(), decided);
  if (figure.visits() < kEnoughVisits || figure.left_out_share() < kOftenLeftOut) return {};
  if (decided > 0 && approved < kMostlyApproved) return {};
  std::string text =
      "left out in " + percent(figure.left_out_share()) + " of " + std::to_string(figure.visits()) + " visits";
  if (decided > 0) text += ", approved in " + percent(approved);
  return text + ": change the standard";
}

}  // namespace

void count_step(internal::v1::StepCounts& counts, v1::StepState state, int by) {
  if (state == v1::STEP_STATE_HIDDEN) return;
  const auto moved = [by](std::uint64_t count) { return count + static_cast<std::uint64_t>(by); };
  counts.set_visits(moved(counts.visits()));
  if (state == v1::STEP_STATE_DEVIATED) counts.set_deviated(moved(counts.deviated()));
  if (state == v1::STEP_STATE_SKIPPED) counts.set_skipped(moved(counts.skipped()));
  if (state == v1::STEP_STATE_FAILED) counts.set_failed(moved(counts.failed()));
}

void count_decision(internal::v1::StepCounts& counts, v1::DeviationState state) {
  if (state == v1::DEVIATION_STATE_APPROVED) counts.set_approved(counts.approved() + 1);
  if (state == v1::DEVIATION_STATE_REFUSED) counts.set_refused(counts.refused() + 1);
}

v1::StepFigure figure_of(std::string_view standard, std::string_view step, const internal::v1::StepCounts& counts) {
  v1::StepFigure figure;
  figure.set_standard(standard.data(), standard.size());
  figure.set_step(step.data(), step.size());
  figure.set_visits(counts.visits());
  figure.set_deviated(counts.deviated());
  figure.set_skipped(counts.skipped());
  figure.set_failed(counts.failed());
  figure.set_asked(counts.asked());
  figure.set_approved(counts.approved());
  figure.set_refused(counts.refused());
  figure.set_left_out_share(share(counts.deviated() + counts.skipped(), counts.visits()));
  figure.set_hint(hint(figure));
  return figure;
}

}  // namespace firstfix::visit
