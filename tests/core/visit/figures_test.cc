// When the figures of a step say that its standard should change.
#include "visit/figures.h"

#include "world.h"

namespace firstfix::visit {
namespace {

internal::v1::StepCounts counts(std::uint64_t visits, std::uint64_t deviated, std::uint64_t approved,
                                std::uint64_t refused) {
  internal::v1::StepCounts out;
  out.set_visits(visits);
  out.set_deviated(deviated);
  out.set_asked(approved + refused);
  out.set_approved(approved);
  out.set_refused(refused);
  return out;
}

std::string hint(const internal::v1::StepCounts& counted) {
  return figure_of("serviceStandards/closing@1", "clean", counted).hint();
}

TEST(Figures, SayWhenAStandardShouldChange) {
  EXPECT_EQ(hint(counts(42, 13, 18, 2)), "left out in 31 % of 42 visits, approved in 90 %: change the standard");
  EXPECT_EQ(hint(counts(19, 13, 18, 2)), "") << "too few visits";
  EXPECT_EQ(hint(counts(42, 8, 18, 2)), "") << "too seldom";
  EXPECT_EQ(hint(counts(42, 13, 15, 5)), "") << "leads do not agree";
  auto skipped = counts(20, 0, 0, 0);
  skipped.set_skipped(10);
  EXPECT_EQ(hint(skipped), "left out in 50 % of 20 visits: change the standard");
}

TEST(Figures, CountEachStepByWhatBecameOfIt) {
  internal::v1::StepCounts counted;
  for (const auto state : {v1::STEP_STATE_DONE, v1::STEP_STATE_SKIPPED, v1::STEP_STATE_DEVIATED, v1::STEP_STATE_FAILED,
                           v1::STEP_STATE_HIDDEN})
    count_step(counted, state);
  EXPECT_EQ(counted.visits(), 4u) << "what was not asked does not count";
  EXPECT_EQ(counted.skipped(), 1u);
  EXPECT_EQ(counted.deviated(), 1u);
  EXPECT_EQ(counted.failed(), 1u);
  EXPECT_EQ(figure_of("s", "t", counted).left_out_share(), 0.5);
  EXPECT_EQ(figure_of("s", "t", {}).left_out_share(), 0) << "no visits, no share";
}

}  // namespace
}  // namespace firstfix::visit
