#include "diagnosis/urgency.h"

#include <gtest/gtest.h>

namespace firstfix::diagnosis {
namespace {

TEST(Urgency, GoesFromWatchingOverARemoteCheckToAVisit) {
  const WarningCosts costs{.failure = 2000, .visit = 300, .remote_check = 20, .check_accuracy = 0.9};
  EXPECT_EQ(advise(0.005, costs).action, Action::kWatch);
  EXPECT_EQ(advise(0.12, costs).action, Action::kRemoteCheck);
  EXPECT_EQ(advise(0.9, costs).action, Action::kVisit);
}

TEST(Urgency, DoesNotPayForACheckThatTellsNothing) {
  const WarningCosts costs{.failure = 2000, .visit = 300, .remote_check = 20, .check_accuracy = 0.5};
  for (double p = 0; p <= 1; p += 0.01) EXPECT_NE(advise(p, costs).action, Action::kRemoteCheck) << p;
}

TEST(Urgency, SaysWhatEachWouldCost) {
  EXPECT_EQ(advise(0.5, {.failure = 1000, .visit = 300, .remote_check = 20, .check_accuracy = 0.8}).reason,
            "check remotely: fails with 50 %; watching costs 500, a remote check 270, a visit 300");
}

}  // namespace
}  // namespace firstfix::diagnosis
