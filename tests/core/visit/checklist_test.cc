// Running a checklist: the order, the branches, the corrections.
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>

#include "world.h"

namespace firstfix::visit {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Checklist, StepsComeInOrder) {
  Walk walk(checklist({step("greet"), step("note", v1::STEP_KIND_TEXT, false), step("clean")}));
  EXPECT_EQ(message_of(walk.answer("clean", confirmed())), "step «greet» comes first");
  EXPECT_TRUE(walk.answer("greet", confirmed()));
  EXPECT_TRUE(walk.answer("clean", confirmed())) << "an optional step holds nothing up";
  EXPECT_TRUE(all_mandatory_done(walk.steps));
}

TEST(Checklist, AMandatoryStepCannotBeSkippedAnOptionalOneWithAReason) {
  Walk walk(checklist({step("greet"), step("note", v1::STEP_KIND_TEXT, false)}));
  EXPECT_EQ(code_of(walk.answer("greet", skipped("in a hurry"))), Code::kState);
  EXPECT_EQ(walk.state("greet"), v1::STEP_STATE_OPEN);
  EXPECT_TRUE(walk.answer("greet", confirmed()));
  EXPECT_EQ(code_of(walk.answer("note", skipped(""))), Code::kInvalid);
  EXPECT_TRUE(walk.answer("note", skipped("nothing to say")));
  EXPECT_EQ(walk.state("note"), v1::STEP_STATE_SKIPPED);
  EXPECT_THAT(walk.told, ElementsAre("step «note» left out: nothing to say"));
}

TEST(Checklist, AStepOfAnotherVisitIsNotFound) {
  Walk walk(checklist({step("greet")}));
  const Answering stranger{"visits/2/steps/000000", confirmed(), {}, nullptr, nullptr};
  EXPECT_EQ(answer(walk.job, walk.steps, stranger, kLi, kNow).error().code, Code::kNotFound);
}

TEST(Checklist, AReadingOutsideItsLimitsIsRefusedOrFailsTheCheck) {
  auto failing = reading("pressure", 2, 3);
  failing.set_out_of_limits(v1::OUT_OF_LIMITS_FAIL);
  Walk walk(checklist({reading("supply", 4.75, 5.25), failing}));
  EXPECT_THAT(message_of(walk.answer("supply", measured(4.7))), HasSubstr("at least 4.75 and at most 5.25 V, not 4.7"));
  EXPECT_EQ(walk.state("supply"), v1::STEP_STATE_OPEN);
  EXPECT_TRUE(walk.answer("supply", measured(4.75)));
  EXPECT_TRUE(walk.answer("pressure", measured(1)));
  EXPECT_EQ(walk.state("pressure"), v1::STEP_STATE_FAILED);
  EXPECT_THAT(walk.told, ElementsAre("check failed: step «pressure»: 1 V (at least 2 and at most 3 V)"));
  EXPECT_TRUE(all_mandatory_done(walk.steps)) << "a failed check is done: the visit goes on";
}

TEST(Checklist, AFailedCheckOwesItsFollowUpOnce) {
  auto look = choice("look", {"good", "cracked"});
  look.add_failing_choices("cracked");
  (*look.mutable_follow_up()->mutable_summary()->mutable_text())["en"] = "cracked sheath";
  Walk walk(checklist({look}));
  ASSERT_TRUE(walk.answer("look", chosen("cracked")));
  EXPECT_TRUE(follow_up_due(walk.step("look"), walk.evidence.back()));
  ASSERT_TRUE(walk.answer("look", chosen("good")));
  EXPECT_FALSE(follow_up_due(walk.step("look"), walk.evidence.back()));
  walk.step("look").set_follow_up("cases/2");
  ASSERT_TRUE(walk.answer("look", chosen("cracked")));
  EXPECT_FALSE(follow_up_due(walk.step("look"), walk.evidence.back())) << "once";
}

TEST(Checklist, ABranchIsShownByWhatItDependsOnAndHiddenAgainByACorrection) {
  Walk walk(checklist(
      {choice("finding", {"sensor", "harness"}), shown_if(step("where"), "finding", "harness"), step("mend")}));
  EXPECT_EQ(message_of(walk.answer("where", confirmed())), "step «finding» comes first");
  ASSERT_TRUE(walk.answer("finding", chosen("sensor")));
  EXPECT_EQ(walk.state("where"), v1::STEP_STATE_HIDDEN);
  EXPECT_TRUE(all_mandatory_done(walk.steps) || walk.state("mend") == v1::STEP_STATE_OPEN);
  ASSERT_TRUE(walk.answer("finding", chosen("harness")));
  EXPECT_EQ(walk.state("where"), v1::STEP_STATE_OPEN);
  EXPECT_EQ(message_of(walk.answer("mend", confirmed())), "step «where» comes first");
  ASSERT_TRUE(walk.answer("where", confirmed()));
  ASSERT_TRUE(walk.answer("finding", chosen("sensor")));
  EXPECT_EQ(walk.state("where"), v1::STEP_STATE_HIDDEN);
  ASSERT_TRUE(walk.answer("finding", chosen("harness")));
  EXPECT_EQ(walk.state("where"), v1::STEP_STATE_DONE) << "what was answered is still there";
}

TEST(Checklist, BranchesHangOnReadingsAndOnFailedChecksAndOnEachOther) {
  auto pressure = reading("pressure", 2, 3);
  pressure.set_out_of_limits(v1::OUT_OF_LIMITS_FAIL);
  auto low = choice("low", {"leak", "pump"});
  low.mutable_shown_if()->set_step("pressure");
  low.mutable_shown_if()->set_at_most(1.9);
  auto leak = shown_if(step("leak"), "low", "leak");
  auto report = step("report");
  report.mutable_shown_if()->set_step("pressure");
  report.mutable_shown_if()->set_failed(true);
  Walk walk(checklist({pressure, low, leak, report}));
  ASSERT_TRUE(walk.answer("pressure", measured(1.5)));
  EXPECT_EQ(walk.state("low"), v1::STEP_STATE_OPEN);
  EXPECT_EQ(walk.state("report"), v1::STEP_STATE_OPEN);
  ASSERT_TRUE(walk.answer("low", chosen("leak")));
  EXPECT_EQ(walk.state("leak"), v1::STEP_STATE_OPEN);
  ASSERT_TRUE(walk.answer("pressure", measured(2.5)));
  for (const auto* hidden : {"low", "leak", "report"}) EXPECT_EQ(walk.state(hidden), v1::STEP_STATE_HIDDEN) << hidden;
}

TEST(Checklist, ACorrectionKeepsBothAndSaysSo) {
  Walk walk(checklist({reading("supply", 4.5, 5.5)}));
  ASSERT_TRUE(walk.answer("supply", taken(measured(5), ago(minutes{20}))));
  ASSERT_TRUE(walk.answer("supply", taken(measured(5.1), ago(minutes{10}))));
  EXPECT_EQ(walk.step("supply").answer().reading(), 5.1);
  ASSERT_EQ(walk.evidence.size(), 2u);
  EXPECT_EQ(walk.evidence[0].evidence().reading(), 5);
  EXPECT_EQ(walk.evidence[1].corrects(), walk.evidence[0].name());
  EXPECT_EQ(walk.evidence[1].name(), "visits/1/steps/000000/evidence/01");
  EXPECT_THAT(walk.told.at(0), HasSubstr("corrected: 5.1 V"));
}

TEST(Checklist, AnOlderAnswerThatComesLateIsKeptAndDoesNotCount) {
  Walk walk(checklist({reading("supply", 4.5, 5.5)}));
  ASSERT_TRUE(walk.answer("supply", taken(measured(5.1), ago(minutes{10}))));
  ASSERT_TRUE(walk.answer("supply", taken(measured(5), ago(minutes{20}))));
  EXPECT_EQ(walk.step("supply").answer().reading(), 5.1);
  EXPECT_EQ(walk.step("supply").answered_by(), walk.evidence[0].name());
  EXPECT_THAT(walk.told.at(0), HasSubstr("an older answer came late"));
}

TEST(Checklist, TwentyAnswersAreEnough) {
  Walk walk(checklist({step("greet")}));
  for (std::uint32_t i = 0; i < kMaxEvidencePerStep; ++i) ASSERT_TRUE(walk.answer("greet", confirmed()));
  EXPECT_EQ(code_of(walk.answer("greet", confirmed())), Code::kTooLarge);
}

TEST(Checklist, WhatWasTakenBeforeTheEndIsTakenInAfterIt) {
  Walk walk(checklist({step("note", v1::STEP_KIND_CONFIRM, false)}));
  walk.job = job_in(v1::VISIT_STATE_COMPLETED);
  EXPECT_EQ(code_of(walk.answer("note", taken(confirmed(), ago(minutes{29})))), Code::kState);
  EXPECT_TRUE(walk.answer("note", taken(confirmed(), ago(minutes{31}))));
  EXPECT_EQ(walk.state("note"), v1::STEP_STATE_DONE);
}

TEST(Checklist, TimesThatCannotBeAreRefused) {
  Walk walk(checklist({step("greet")}));
  EXPECT_THAT(message_of(walk.answer("greet", taken(confirmed(), ago(minutes{66})))),
              HasSubstr("before the visit began"));
  EXPECT_THAT(message_of(walk.answer("greet", taken(confirmed(), at(minutes{6})))), HasSubstr("in the future"));
  EXPECT_TRUE(walk.answer("greet", taken(confirmed(), ago(minutes{64})))) << "a phone's clock may be a little slow";
}

TEST(Checklist, AnAnswerToAHiddenStepIsKeptForWhenItIsShown) {
  Walk walk(checklist({choice("finding", {"sensor", "harness"}), shown_if(step("where"), "finding", "harness")}));
  ASSERT_TRUE(walk.answer("finding", taken(chosen("sensor"), ago(minutes{10}))));
  ASSERT_TRUE(walk.answer("where", taken(confirmed(), ago(minutes{20}))));
  EXPECT_EQ(walk.state("where"), v1::STEP_STATE_HIDDEN);
  ASSERT_TRUE(walk.answer("finding", taken(chosen("harness"), ago(minutes{5}))));
  EXPECT_EQ(walk.state("where"), v1::STEP_STATE_DONE);
}

// Whatever order the answers to one step come in, the same one counts and all are kept.
TEST(Checklist, TheOrderOfComingDoesNotMatter) {
  EXPECT_TRUE(rc::check("the answer taken last counts", [] {
    const auto count = *rc::gen::inRange<std::size_t>(1, 10);
    const auto keys = *rc::gen::container<std::vector<int>>(count, rc::gen::arbitrary<int>());
    std::vector<int> order(count);
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](int a, int b) {
      return std::pair(keys[static_cast<std::size_t>(a)], a) < std::pair(keys[static_cast<std::size_t>(b)], b);
    });
    Walk walk(checklist({reading("supply", 0, 100)}));
    for (const int i : order) RC_ASSERT(walk.answer("supply", taken(measured(i), ago(minutes{50 - i}))).has_value());
    RC_ASSERT(walk.step("supply").answer().reading() == static_cast<double>(count - 1));
    RC_ASSERT(walk.evidence.size() == count);
  }));
}

// Whatever is answered, skipped or corrected: no step is done whose mandatory predecessors are open at that moment.
TEST(Checklist, NoSequenceOfAnswersGetsAheadOfAMandatoryStep) {
  EXPECT_TRUE(rc::check("steps come in order", [] {
    Walk walk(checklist({step("a"), choice("b", {"x", "y"}), shown_if(step("c"), "b", "y"), step("d")}));
    const auto tries = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 4), rc::gen::inRange(0, 3)));
    for (const auto& [which, how] : tries) {
      const std::string id(1, static_cast<char>('a' + which));
      const auto given = how == 2 ? skipped("no") : id != "b" ? confirmed() : chosen(how == 0 ? "x" : "y");
      const auto before = walk.steps;
      const bool taken = walk.answer(id, given).has_value();
      for (int i = 0; taken && i < which; ++i)
        RC_ASSERT(before[static_cast<std::size_t>(i)].state() != v1::STEP_STATE_OPEN);
    }
    for (const auto& one : walk.steps) RC_ASSERT(one.state() != v1::STEP_STATE_SKIPPED);  // all are mandatory
  }));
}

}  // namespace
}  // namespace firstfix::visit
