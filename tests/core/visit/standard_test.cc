// Which standards a visit runs, in which order, and which standards cannot be written.
#include "world.h"

namespace firstfix::visit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names(const std::vector<const v1::ServiceStandard*>& standards) {
  std::vector<std::string> out;
  for (const auto* one : standards) out.push_back(one->name().substr(one->name().find('/') + 1));
  return out;
}

struct Organisation : testing::Test {
  Organisation() {
    asset.set_name("assets/press-1");
    asset.set_model("assetModels/press");
    press_lock.add_models("assetModels/press");
    own_lock.add_assets("assets/press-1");
    other_lock.add_models("assetModels/truck");
    cause.set_repair_standard("serviceStandards/repair");
  }
  std::vector<v1::ServiceStandard> all() const {
    return {closing, own_lock, opening, other_lock, other_repair, press_lock, release, repair, safety};
  }

  v1::Asset asset;
  v1::Cause cause;
  v1::ServiceStandard opening = standard("opening", v1::STANDARD_KIND_OPENING, {step("greet")});
  v1::ServiceStandard safety = standard("safety", v1::STANDARD_KIND_SAFETY, {step("key-off")});
  v1::ServiceStandard press_lock = standard("press-lock", v1::STANDARD_KIND_SAFETY, {step("bleed")});
  v1::ServiceStandard own_lock = standard("own-lock", v1::STANDARD_KIND_SAFETY, {step("chock")});
  v1::ServiceStandard other_lock = standard("other-lock", v1::STANDARD_KIND_SAFETY, {step("park")});
  v1::ServiceStandard repair = standard("repair", v1::STANDARD_KIND_REPAIR, {step("mend")});
  v1::ServiceStandard other_repair = standard("other-repair", v1::STANDARD_KIND_REPAIR, {step("mend")});
  v1::ServiceStandard release = standard("release", v1::STANDARD_KIND_RELEASE, {step("key-on")});
  v1::ServiceStandard closing = standard("closing", v1::STANDARD_KIND_CLOSING, {step("sign")});
};

TEST_F(Organisation, RunsWhatIsForAllThenForTheModelThenForTheMachineInTheOrderOfWork) {
  EXPECT_THAT(names(choose(all(), {&asset, &cause})),
              ElementsAre("opening", "safety", "press-lock", "own-lock", "repair", "release", "closing"));
}

TEST_F(Organisation, WithoutADiagnosisRunsNoRepair) {
  EXPECT_THAT(names(choose(all(), {&asset, nullptr})),
              ElementsAre("opening", "safety", "press-lock", "own-lock", "release", "closing"));
}

TEST_F(Organisation, SavesBeforeAndVerifiesAfterARepairThatPutsDataAtRisk) {
  auto standards = all();
  standards.push_back(standard("backup", v1::STANDARD_KIND_DATA_BACKUP, {step("save")}));
  standards.push_back(standard("verify", v1::STANDARD_KIND_DATA_VERIFY, {step("compare")}));
  EXPECT_THAT(names(choose(standards, {&asset, &cause})), testing::Not(testing::Contains("backup")));
  cause.set_data_at_risk(true);
  EXPECT_THAT(
      names(choose(standards, {&asset, &cause})),
      ElementsAre("opening", "backup", "safety", "press-lock", "own-lock", "repair", "release", "verify", "closing"));
}

TEST_F(Organisation, TheRepairsOwnWordIsEnoughToPutDataAtRisk) {
  repair.set_data_at_risk(true);
  EXPECT_THAT(names(choose(all(), {&asset, &cause})), testing::Contains("firstfix-backup"));
}

TEST_F(Organisation, WhoHasNoBackUpOfTheirOwnRunsTheOneBuiltIn) {
  cause.set_data_at_risk(true);
  const auto standards = all();
  const auto chosen = choose(standards, {&asset, &cause});
  EXPECT_THAT(names(chosen), ElementsAre("opening", "firstfix-backup", "safety", "press-lock", "own-lock", "repair",
                                         "release", "firstfix-verify", "closing"));
  for (const auto* one : chosen) EXPECT_TRUE(validate(*one)) << message_of(validate(*one));
  const auto steps = compose("visits/1", chosen);
  EXPECT_TRUE(steps[1].template_().mandatory());
  EXPECT_TRUE(steps[1].template_().title().text().contains("zh-Hans"));
}

TEST(Compose, NumbersThePinnedStepsAndHidesWhatHasACondition) {
  auto made = standard("repair", v1::STANDARD_KIND_REPAIR,
                       {choice("finding", {"sensor", "harness"}), shown_if(step("where"), "finding", "harness")});
  made.set_revision(7);
  const auto steps = compose("visits/1", {&made}, 40);
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].name(), "visits/1/steps/000040");
  EXPECT_EQ(steps[0].standard(), "serviceStandards/repair@7");
  EXPECT_EQ(steps[0].state(), v1::STEP_STATE_OPEN);
  EXPECT_EQ(steps[1].state(), v1::STEP_STATE_HIDDEN);
}

struct Wrong {
  const char* what;
  v1::ServiceStandard standard;
  const char* says;
};

TEST(Validate, NamesTheFieldThatIsWrong) {
  const auto repair = [](const std::vector<v1::StepTemplate>& steps) {
    return standard("s", v1::STANDARD_KIND_REPAIR, steps);
  };
  const auto with = [](v1::StepTemplate one, auto change) {
    change(one);
    return one;
  };
  const auto failing = with(choice("look", {"good", "bad"}), [](auto& one) { one.add_failing_choices("bad"); });
  auto free_lock = step("lock");
  free_lock.mutable_deviation()->set_approval(v1::DEVIATION_APPROVAL_NONE);
  auto later_lock = step("lock");
  later_lock.mutable_deviation()->set_provisional_offline(true);
  auto machine = repair({step("a")});
  machine.set_kind(v1::STANDARD_KIND_UNSPECIFIED);
  const Wrong kWrong[] = {
      {"no kind", machine, "kind is not stated"},
      {"no steps", repair({}), "steps must be 1 to 100"},
      {"two of one id", repair({step("a"), step("a")}), "steps[a].id"},
      {"no English", repair({with(step("a"), [](auto& one) { one.clear_title(); })}), "steps[a].title lacks «en»"},
      {"limits crossed", repair({reading("a", 5, 4)}), "minimum is over its maximum"},
      {"limit of no number", repair({reading("a", NAN, 4)}), "not a finite number"},
      {"limit of a choice", repair({with(choice("a", {"x"}), [](auto& one) { one.set_minimum(1); })}),
       "are for readings"},
      {"choice of nothing", repair({choice("a", {})}), "choices must be 1 to 20"},
      {"failing what is not offered",
       repair({with(choice("a", {"x"}), [](auto& one) { one.add_failing_choices("y"); })}),
       "failing_choices names 'y'"},
      {"condition on a later step", repair({shown_if(step("a"), "b", "x"), choice("b", {"x"})}), "no earlier step"},
      {"condition on itself", repair({shown_if(choice("a", {"x"}), "a", "x")}), "no earlier step"},
      {"condition on a choice not offered", repair({choice("a", {"x"}), shown_if(step("b"), "a", "y")}),
       "does not offer"},
      {"condition on the reading of a choice",
       repair({choice("a", {"x"}), with(step("b"),
                                        [](auto& one) {
                                          one.mutable_shown_if()->set_step("a");
                                          one.mutable_shown_if()->set_at_least(1);
                                        })}),
       "has none"},
      {"empty condition",
       repair({step("a"), with(step("b"), [](auto& one) { one.mutable_shown_if()->set_step("a"); })}),
       "states no condition"},
      {"follow-up of what cannot fail",
       repair({with(step("a"),
                    [](auto& one) { (*one.mutable_follow_up()->mutable_summary()->mutable_text())["en"] = "x"; })}),
       "the check cannot fail"},
      {"follow-up without words", repair({with(failing, [](auto& one) { one.mutable_follow_up(); })}),
       "follow_up.summary lacks «en»"},
      {"safety alone", standard("s", v1::STANDARD_KIND_SAFETY, {free_lock}), "approval cannot be none"},
      {"safety later", standard("s", v1::STANDARD_KIND_SAFETY, {later_lock}), "provisional_offline is not for safety"},
      {"back-up later", standard("s", v1::STANDARD_KIND_DATA_BACKUP, {later_lock}), "provisional_offline"},
      {"back-up that may be skipped",
       standard("s", v1::STANDARD_KIND_DATA_BACKUP, {step("a", v1::STEP_KIND_CONFIRM, false)}),
       "needs a mandatory step"},
  };
  for (const auto& one : kWrong) {
    SCOPED_TRACE(one.what);
    const auto refused = validate(one.standard);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kInvalid);
    EXPECT_THAT(refused.error().message, HasSubstr(one.says));
  }
}

}  // namespace
}  // namespace firstfix::visit
