// Better than the standard: with a reason, a benefit to the customer, and whoever has to agree.
#include "world.h"

namespace firstfix::visit {
namespace {

using std::chrono::minutes;
using testing::HasSubstr;

v1::StepTemplate with_rule(v1::StepTemplate step, v1::DeviationApproval approval, bool provisional = false) {
  step.mutable_deviation()->set_approval(approval);
  step.mutable_deviation()->set_provisional_offline(provisional);
  return step;
}

struct Visit : Walk {
  std::vector<v1::Deviation> deviations;
  v1::Contact mary = contact("contacts/mary", "customers/hill-farm");

  using Walk::Walk;
  Status keep(Result<Effects> effects) {
    if (effects)
      for (const auto& one : effects->deviations) deviations.push_back(one);
    return take(std::move(effects));
  }
  DeviationRequest request(const std::string& id) {
    DeviationRequest out;
    out.step = step(id).name();
    out.reason = "the shed has no light";
    out.benefit = "she can drive at once";
    out.at = kNow;
    if (!deviations.empty() && deviations.back().name() == step(id).deviation()) out.last = &deviations.back();
    return out;
  }
  Status ask(const DeviationRequest& asked) { return keep(request_deviation(job, steps, asked, kLi, kNow)); }
  Status decide(const std::string& id, const DeviationDecision& decision) {
    const auto asked = deviations.back();
    return keep(decide_deviation(job, step(id), asked, decision, kNow));
  }
};

const DeviationDecision kLeadAgrees{true, "", false, "leads/kim"};
const DeviationDecision kLeadRefuses{false, "clean it", false, "leads/kim"};

TEST(Deviation, WantsAReasonAndTheBenefitToTheCustomer) {
  Visit visit(checklist({with_rule(step("clean"), v1::DEVIATION_APPROVAL_NONE)}));
  auto asked = visit.request("clean");
  asked.reason.clear();
  EXPECT_EQ(message_of(visit.ask(asked)), "reason is needed");
  asked = visit.request("clean");
  asked.benefit.clear();
  EXPECT_EQ(message_of(visit.ask(asked)), "benefit is needed");
  EXPECT_EQ(visit.state("clean"), v1::STEP_STATE_OPEN);
}

TEST(Deviation, WhereNobodyHasToAgreeItIsApprovedAtOnceAndTold) {
  Visit visit(checklist({with_rule(step("clean"), v1::DEVIATION_APPROVAL_NONE)}));
  ASSERT_TRUE(visit.ask(visit.request("clean")));
  EXPECT_EQ(visit.deviations[0].state(), v1::DEVIATION_STATE_APPROVED);
  EXPECT_EQ(visit.state("clean"), v1::STEP_STATE_DEVIATED);
  EXPECT_TRUE(all_mandatory_done(visit.steps));
  EXPECT_THAT(visit.told.at(0), testing::AllOf(HasSubstr("the shed has no light"), HasSubstr("she can drive at once")));
}

TEST(Deviation, ALeadIsAskedWhereNothingElseIsSaidAndTheStepWaits) {
  Visit visit(checklist({step("clean")}));
  ASSERT_TRUE(visit.ask(visit.request("clean")));
  EXPECT_EQ(visit.deviations[0].state(), v1::DEVIATION_STATE_REQUESTED);
  EXPECT_EQ(visit.state("clean"), v1::STEP_STATE_OPEN);
  EXPECT_FALSE(all_mandatory_done(visit.steps));
  EXPECT_THAT(message_of(visit.ask(visit.request("clean"))), HasSubstr("waits for its answer already"));
  ASSERT_TRUE(visit.decide("clean", kLeadAgrees));
  EXPECT_EQ(visit.state("clean"), v1::STEP_STATE_DEVIATED);
  EXPECT_EQ(code_of(visit.decide("clean", kLeadRefuses)), Code::kState) << "decided once";
}

TEST(Deviation, RefusedItIsDoneAfterAllOrAskedAgain) {
  Visit visit(checklist({step("clean")}));
  ASSERT_TRUE(visit.ask(visit.request("clean")));
  EXPECT_EQ(message_of(visit.decide("clean", {false, "", false, "leads/kim"})), "reason is needed");
  ASSERT_TRUE(visit.decide("clean", kLeadRefuses));
  EXPECT_EQ(visit.state("clean"), v1::STEP_STATE_OPEN);
  ASSERT_TRUE(visit.ask(visit.request("clean")));
  EXPECT_EQ(visit.deviations.back().name(), "visits/1/steps/000000/deviations/01");
  const auto waiting = visit.deviations.back();
  const Answering done{visit.step("clean").name(), confirmed(), {}, nullptr, &waiting};
  ASSERT_TRUE(visit.keep(answer(visit.job, visit.steps, done, kLi, kNow)));
  EXPECT_EQ(visit.deviations.back().state(), v1::DEVIATION_STATE_WITHDRAWN);
  EXPECT_EQ(visit.state("clean"), v1::STEP_STATE_DONE);
}

TEST(Deviation, WhoHasToAgreeDecidesAndNobodyElse) {
  Visit visit(checklist({with_rule(step("clean"), v1::DEVIATION_APPROVAL_CUSTOMER)}));
  ASSERT_TRUE(visit.ask(visit.request("clean")));
  EXPECT_EQ(code_of(visit.decide("clean", kLeadAgrees)), Code::kDenied);
  ASSERT_TRUE(visit.decide("clean", {true, "", true, "contacts/mary"}));
  Visit other(checklist({step("clean")}));
  ASSERT_TRUE(other.ask(other.request("clean")));
  EXPECT_EQ(code_of(other.decide("clean", {true, "", true, "contacts/mary"})), Code::kDenied);
}

TEST(Deviation, TheCustomersSignatureAtTheMachineIsTheirWord) {
  Visit visit(checklist({with_rule(step("clean"), v1::DEVIATION_APPROVAL_CUSTOMER)}));
  auto asked = visit.request("clean");
  asked.signature = {kept('a')};
  EXPECT_EQ(code_of(visit.ask(asked)), Code::kInvalid) << "nobody is named";
  asked.signed_by = "contacts/mary";
  asked.signer = &visit.mary;
  asked.signature = {kept('a', "visits/1/steps/000009")};
  EXPECT_EQ(code_of(visit.ask(asked)), Code::kInvalid) << "it proves another thing already";
  asked.signature = {kept('a')};
  ASSERT_TRUE(visit.ask(asked));
  EXPECT_EQ(visit.deviations.back().state(), v1::DEVIATION_STATE_APPROVED);
  EXPECT_EQ(visit.deviations.back().decided_by(), "contacts/mary");
}

TEST(Deviation, WithoutAConnectionItIsProvisionalWhereTheStepSaysSo) {
  Visit visit(checklist({with_rule(step("clean"), v1::DEVIATION_APPROVAL_LEAD, true), step("sign")}));
  auto asked = visit.request("clean");
  asked.offline = true;
  ASSERT_TRUE(visit.ask(asked));
  EXPECT_EQ(visit.deviations.back().state(), v1::DEVIATION_STATE_PROVISIONAL);
  EXPECT_TRUE(visit.answer("sign", confirmed())) << "the work goes on";
  auto strict = visit.request("sign");
  Visit other(checklist({step("sign")}));
  strict.offline = true;
  ASSERT_TRUE(other.ask(strict = other.request("sign")));
  EXPECT_EQ(other.deviations.back().state(), v1::DEVIATION_STATE_REQUESTED) << "no rule, no provision";
}

TEST(Deviation, AProvisionalOneThatIsRefusedOpensItsStepAgainWhileTheVisitIsOn) {
  Visit visit(checklist({with_rule(step("clean"), v1::DEVIATION_APPROVAL_LEAD, true)}));
  auto asked = visit.request("clean");
  asked.offline = true;
  ASSERT_TRUE(visit.ask(asked));
  ASSERT_TRUE(visit.decide("clean", kLeadRefuses));
  EXPECT_EQ(visit.state("clean"), v1::STEP_STATE_OPEN);
}

TEST(Deviation, AProvisionalOneThatIsRefusedAfterTheVisitIsOwed) {
  Visit visit(checklist({with_rule(step("clean"), v1::DEVIATION_APPROVAL_LEAD, true)}));
  auto asked = visit.request("clean");
  asked.offline = true;
  ASSERT_TRUE(visit.ask(asked));
  visit.job.visit.set_state(v1::VISIT_STATE_COMPLETED);
  ASSERT_TRUE(visit.decide("clean", kLeadRefuses));
  EXPECT_EQ(visit.state("clean"), v1::STEP_STATE_DEVIATED);
  EXPECT_TRUE(owed_after_refusal(visit.job, visit.step("clean"), visit.deviations.back()));
}

TEST(Deviation, SafetyIsNeverProvisionalAndForbiddenUnlessTheStandardSaysWhoAgrees) {
  Visit locked(checklist({step("lock")}, v1::STANDARD_KIND_SAFETY));
  EXPECT_EQ(message_of(locked.ask(locked.request("lock"))), "step «lock» cannot be deviated from");
  // Even if a standard could say so, it does not hold.
  Visit visit(checklist({with_rule(step("lock"), v1::DEVIATION_APPROVAL_LEAD, true)}, v1::STANDARD_KIND_SAFETY));
  auto asked = visit.request("lock");
  asked.offline = true;
  ASSERT_TRUE(visit.ask(asked));
  EXPECT_EQ(visit.deviations.back().state(), v1::DEVIATION_STATE_REQUESTED);
}

TEST(Deviation, TheCustomersDataIsTheCustomersToRisk) {
  const auto steps = checklist({step("save")}, v1::STANDARD_KIND_DATA_BACKUP);
  EXPECT_EQ(approval_of(steps[0]), v1::DEVIATION_APPROVAL_CUSTOMER);
}

TEST(Deviation, NobodyIsAskedAboutAStepThatWasDoneBefore) {
  Visit visit(checklist({step("clean")}));
  ASSERT_TRUE(visit.answer("clean", taken(confirmed(), ago(minutes{1}))));
  EXPECT_THAT(message_of(visit.ask(visit.request("clean"))), HasSubstr("is done already"));
}

TEST(Deviation, ToldAfterTheStepWasDoneAfterAllItIsKeptAndChangesNothing) {
  for (const auto approval : {v1::DEVIATION_APPROVAL_LEAD, v1::DEVIATION_APPROVAL_NONE}) {
    Visit visit(checklist({with_rule(step("clean"), approval)}));
    ASSERT_TRUE(visit.answer("clean", taken(confirmed(), ago(minutes{1}))));
    auto asked = visit.request("clean");
    asked.at = ago(minutes{2});
    ASSERT_TRUE(visit.ask(asked));
    EXPECT_EQ(visit.state("clean"), v1::STEP_STATE_DONE);
    EXPECT_EQ(visit.deviations.back().state(),
              approval == v1::DEVIATION_APPROVAL_LEAD ? v1::DEVIATION_STATE_WITHDRAWN : v1::DEVIATION_STATE_APPROVED);
  }
}

TEST(Deviation, AnAnswerForAVisitThatIsOverIsForNobody) {
  Visit visit(checklist({step("clean")}));
  ASSERT_TRUE(visit.ask(visit.request("clean")));
  visit.job.visit.set_state(v1::VISIT_STATE_CANCELLED);
  EXPECT_THAT(message_of(visit.decide("clean", kLeadAgrees)), HasSubstr("nobody waits for the answer any more"));
}

}  // namespace
}  // namespace firstfix::visit
