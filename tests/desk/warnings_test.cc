// A machine that warns but still does its work: while nothing was learnt somebody goes; what faults came to teaches
// when to watch; and whatever is watched ends.
#include <gmock/gmock.h>

#include "casework/convert.h"
#include "casework/watch.h"
#include "desk/learning_follower.h"
#include "firstfix/v1/knowledge.pb.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;

class WarningsTest : public ::testing::Test {
 protected:
  WarningsTest() { watching_pays(); }

  // A stop costs less than two visits: what mostly comes to nothing is not worth one.
  void watching_pays() {
    costs(
        "stop_cost { millis: 500000 } visit_cost { millis: 300000 } "
        "remote_check_cost { millis: 500000 }");
  }
  void costs(const std::string& text) {
    auto territory = town.get<v1::Territory>("territories/north");
    *territory.mutable_warning_costs() = from_text<v1::WarningCosts>(text);
    town.write([&](Command& command) { return command.uow.put(territory); });
  }

  // Faults of other machines that came to nothing, or to a failure.
  void learn(int nothing, int failures = 0) {
    for (int i = 0; i < nothing + failures; ++i) {
      const auto id = std::to_string(++lessons_);
      town.write([&](Command& command) -> Status {
        v1::Outcome outcome;
        outcome.set_name("outcomes/c" + id);
        outcome.set_case_name("cases/c" + id);
        outcome.set_asset("assets/other-" + id);
        outcome.set_model("assetModels/mp");
        outcome.add_warned_codes("j1939-100-1");
        if (i >= nothing) outcome.add_causes("causes/hose");
        *outcome.mutable_warned_at() = to_proto(kMorning - 240h);
        *outcome.mutable_completed_at() = to_proto(kMorning - 239h);
        FIRSTFIX_CHECK(command.uow.put(outcome));
        v1::Case record;
        record.set_name("cases/c" + id);
        record.set_state(v1::CASE_STATE_CLOSED);
        record.set_resolution(v1::CASE_RESOLUTION_CONFIRMED);
        return command.uow.put(record);
      });
    }
    ASSERT_TRUE(follower.catch_up(kTenant));
  }

  // The press works and shows the fault.
  void warn(v1::Severity severity = v1::SEVERITY_MINOR) {
    town.put<v1::FaultCode>("name: 'faultCodes/j1939-100-1' severity: " + v1::Severity_Name(severity));
    press.say({press.worked(1), press.fault("j1939-100-1")});
  }
  v1::Case the_case() const {
    for (const auto& one : town.all<v1::Case>())
      if (one.asset() == "assets/press") return one;
    ADD_FAILURE() << "no case";
    return {};
  }
  v1::Diagnosis diagnosis() const { return town.get<v1::Diagnosis>(the_case().diagnosis()); }

  Town town;
  LearningFollower follower{*town.desk};
  Machine press{town, "press-1"};

 private:
  int lessons_ = 0;
};

TEST_F(WarningsTest, WhileNothingWasLearntAnEngineerGoes) {
  warn();
  EXPECT_EQ(diagnosis().question(), v1::DIAGNOSIS_QUESTION_WARNING);
  EXPECT_EQ(diagnosis().none_probability(), 0);
  EXPECT_EQ(diagnosis().advice().action(), v1::WARNING_ACTION_VISIT);
  EXPECT_EQ(the_case().state(), v1::CASE_STATE_OFFERED);
}

TEST_F(WarningsTest, WhatMostlyCameToNothingIsWatched) {
  learn(30);
  warn();
  EXPECT_EQ(the_case().state(), v1::CASE_STATE_WATCHED);
  EXPECT_GT(diagnosis().none_probability(), 0.5);
  EXPECT_THAT(diagnosis().advice().reason(), HasSubstr("watch"));
  EXPECT_TRUE(town.all<v1::Visit>().empty());
}

TEST_F(WarningsTest, WhatMostlyFailedIsVisitedBeforeItDoes) {
  learn(3, 30);
  warn();
  EXPECT_EQ(the_case().state(), v1::CASE_STATE_OFFERED);
}

TEST_F(WarningsTest, AStoppedMachineIsVisitedWhateverWarningsCameTo) {
  learn(30);
  warn(v1::SEVERITY_CRITICAL);
  EXPECT_EQ(diagnosis().question(), v1::DIAGNOSIS_QUESTION_STOPPED);
  EXPECT_EQ(the_case().state(), v1::CASE_STATE_OFFERED);
}

TEST_F(WarningsTest, WhereFirstFixOnlyObservesNothingIsWatchedByItself) {
  learn(30);
  auto territory = town.get<v1::Territory>("territories/north");
  territory.set_automation(v1::AUTOMATION_LEVEL_OBSERVE);
  town.write([&](Command& command) { return command.uow.put(territory); });
  warn();
  EXPECT_EQ(the_case().state(), v1::CASE_STATE_OPEN);
  EXPECT_EQ(diagnosis().advice().action(), v1::WARNING_ACTION_WATCH) << "it says what it would do";
}

TEST_F(WarningsTest, AGraverFaultEndsTheWatching) {
  learn(30);
  warn();
  town.put<v1::FaultCode>("name: 'faultCodes/j1939-100-1' severity: SEVERITY_CRITICAL");
  press.say({press.fault("j1939-100-1", v1::FAULT_CHANGE_KIND_UPDATED)});
  EXPECT_EQ(the_case().state(), v1::CASE_STATE_OFFERED);
}

TEST_F(WarningsTest, ADispatcherMaySendSomebodyAnyway) {
  learn(30);
  warn();
  const auto approved =
      town.as<v1::Case>("dispatch/ann", [&](Command& command) { return approve_case(command, the_case().name()); });
  ASSERT_TRUE(approved) << approved.error().message;
  EXPECT_EQ(approved->state(), v1::CASE_STATE_OFFERED);
}

TEST_F(WarningsTest, AWatchedFaultIsAskedAboutAgainAndAtLastVisited) {
  learn(30);
  warn();
  town.advance(casework::kWatchFor * 6);
  EXPECT_EQ(the_case().state(), v1::CASE_STATE_WATCHED);
  EXPECT_EQ(town.all<v1::Diagnosis>(the_case().name()).size(), 1u) << "the same answer is not written again";
  town.advance(casework::kWatchFor);
  EXPECT_TRUE(the_case().visit_wanted());
  EXPECT_NE(the_case().state(), v1::CASE_STATE_WATCHED);
}

TEST_F(WarningsTest, WhatIsLearntMeanwhileCountsWhenItIsAskedAgain) {
  learn(30);
  warn();
  learn(0, 60);
  town.advance(casework::kWatchFor);
  EXPECT_EQ(diagnosis().advice().action(), v1::WARNING_ACTION_VISIT);
  EXPECT_NE(the_case().state(), v1::CASE_STATE_WATCHED);
}

TEST_F(WarningsTest, ALookFromAfarThatNobodyTakesBecomesAVisit) {
  learn(30);
  costs(
      "stop_cost { millis: 5000000 } visit_cost { millis: 900000 } remote_check_cost { millis: 10000 } "
      "remote_check_accuracy: 0.95");
  warn();
  EXPECT_EQ(the_case().state(), v1::CASE_STATE_WATCHED);
  EXPECT_EQ(the_case().warning_action(), v1::WARNING_ACTION_REMOTE_CHECK);
  town.advance(casework::kLookWithin);
  EXPECT_EQ(the_case().state(), v1::CASE_STATE_OFFERED);
}

TEST_F(WarningsTest, WhatWentAwayByItselfTeachesThatItWasNothing) {
  learn(30);
  warn();
  const auto name = the_case().name();
  press.say({press.cleared("j1939-100-1")});
  town.advance(1min);
  EXPECT_EQ(the_case().state(), v1::CASE_STATE_PROVING);
  press.say({press.worked(2)});
  town.advance(3h);
  press.say({press.worked(3 * 3600)});
  ASSERT_EQ(the_case().state(), v1::CASE_STATE_AWAITING_CONFIRMATION);
  ASSERT_TRUE(
      town.as<v1::Case>("contacts/mary", [&](Command& command) { return confirm_case(command, name, true, "", ""); }));
  const auto outcome = town.get<v1::Outcome>("outcomes/" + std::string(id_of(name)));
  EXPECT_TRUE(outcome.causes().empty());
  EXPECT_EQ(outcome.warned_codes_size(), 1);
  const auto before = diagnosis().none_probability();
  ASSERT_TRUE(follower.catch_up(kTenant));
  press.say({press.fault("j1939-100-1")});
  EXPECT_EQ(the_case().reopened_count(), 1u);
  EXPECT_EQ(diagnosis().question(), v1::DIAGNOSIS_QUESTION_STOPPED) << "it came back";
  EXPECT_GT(before, 0);
}

}  // namespace
}  // namespace firstfix::desk
