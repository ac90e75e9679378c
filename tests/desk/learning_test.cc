// Learning follows the change log: what it knows is a function of the records alone.
#include <gmock/gmock.h>

#include "desk/learning_follower.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;

class LearningTest : public ::testing::Test {
 protected:
  // A visit to the lathe that found a burst hose, closed by the customer's word.
  void repair_lathe() {
    const auto made = town.as<v1::Case>("dispatch/ann", [](Command& command) {
      return create_case(command, {"assets/lathe", "it drips", v1::SEVERITY_MAJOR, {"j1939-100-1"}});
    });
    ASSERT_TRUE(made) << made.error().message;
    case_name = made->name();
    town.accept_and_do("new hose");
    say_solved(true);
  }
  void say_solved(bool solved) {
    const auto done = town.as<v1::Case>(
        "contacts/ann", [&](Command& command) { return confirm_case(command, case_name, solved, "", ""); });
    ASSERT_TRUE(done) << done.error().message;
  }
  // How many visits found this cause, as a follower knows it that has caught up.
  std::int64_t learnt(LearningFollower& by, const std::string& cause = "causes/hose") {
    EXPECT_TRUE(by.catch_up(kTenant));
    return town.desk->minds().visits_learnt(kTenant, cause);
  }

  Town town;
  LearningFollower follower{*town.desk};
  std::string case_name;
};

TEST_F(LearningTest, LearnsAVisitWhenItsCaseHasClosed) {
  EXPECT_EQ(learnt(follower), 0);
  repair_lathe();
  EXPECT_EQ(learnt(follower), 1);
  EXPECT_EQ(learnt(follower), 1) << "once";
}

TEST_F(LearningTest, TheFollowerEstimatesTheModelAndNoFaultWaitsForIt) {
  const auto model = [&] {
    const auto snapshot = town.desk->snapshot();
    return town.desk->minds().model(View(*snapshot, kTenant)).value();
  };
  ASSERT_EQ(learnt(follower), 0);
  const auto before = model();
  repair_lathe();
  EXPECT_EQ(model(), before) << "what was known serves until it has caught up";
  ASSERT_EQ(learnt(follower), 1);
  EXPECT_NE(model(), before);
  EXPECT_EQ(model(), model()) << "estimated once";
}

TEST_F(LearningTest, UnlearnsItWhenTheCaseOpensAgain) {
  repair_lathe();
  ASSERT_EQ(learnt(follower), 1);
  say_solved(false);
  EXPECT_EQ(learnt(follower), 0);
}

TEST_F(LearningTest, ACorrectionReplacesWhatWasLearnt) {
  town.put<v1::Cause>("name: 'causes/seal'");
  repair_lathe();
  ASSERT_EQ(learnt(follower), 1);
  auto outcome = town.only<v1::Outcome>();
  outcome.clear_causes();
  outcome.add_causes("causes/seal");
  ASSERT_TRUE(town.as<v1::Outcome>("lead/kim", [&](Command& command) { return correct_outcome(command, outcome); }));
  EXPECT_EQ(learnt(follower), 0);
  EXPECT_EQ(learnt(follower, "causes/seal"), 1);
}

TEST_F(LearningTest, AFollowerThatBeginsAnewComesToTheSame) {
  repair_lathe();
  say_solved(false);
  town.accept_and_do("another hose");
  say_solved(true);
  const auto known = learnt(follower);
  LearningFollower restarted{*town.desk};
  EXPECT_EQ(learnt(restarted), known);
}

TEST_F(LearningTest, OneThatWasAwayForTooLongBeginsAgainFromTheRecords) {
  EXPECT_EQ(learnt(follower), 0);
  repair_lathe();
  town.clock.advance(24h * 31);
  town.put<v1::Site>("name: 'sites/yard'");
  ASSERT_TRUE(town.store->trim({kTenant, 0}, town.clock.now()));
  EXPECT_EQ(learnt(follower), 1);
  EXPECT_EQ(follower.positions().at(kTenant), town.store->position({kTenant, 0}));
}

}  // namespace
}  // namespace firstfix::desk
