// Every command on a checklist in every state of its visit: it does what it says, or it gives the state's reason and
// changes nothing. (How a visit moves between its states is in visit_states_test.cc.)
#include <functional>
#include <map>

#include "visit/overruled.h"
#include "world.h"

namespace firstfix::visit {
namespace {

using std::chrono::minutes;

constexpr v1::VisitState kStates[] = {v1::VISIT_STATE_PROPOSED,   v1::VISIT_STATE_OFFERED, v1::VISIT_STATE_ACCEPTED,
                                      v1::VISIT_STATE_TRAVELLING, v1::VISIT_STATE_ON_SITE, v1::VISIT_STATE_COMPLETED,
                                      v1::VISIT_STATE_CANCELLED};

Result<Effects> only_if(const Status& allowed) {
  if (!allowed) return fail(allowed.error());
  return Effects{};
}

struct Row {
  const char* command;
  std::function<Result<Effects>(const Job&)> run;
  std::vector<v1::VisitState> allowed;
};

const std::vector<Row>& table() {
  static const auto kSteps = checklist({step("clean", v1::STEP_KIND_CONFIRM, false)});
  static const v1::ServiceStandard kMore = standard("more", v1::STANDARD_KIND_REPAIR, {step("more")});
  static const std::vector<v1::VisitState> kOnSite = {v1::VISIT_STATE_ON_SITE};
  // What was done on site and is told after the end is taken in.
  static const std::vector<v1::VisitState> kOnSiteOrAfter = {v1::VISIT_STATE_ON_SITE, v1::VISIT_STATE_COMPLETED};
  static const std::vector<Row> kTable = {
      {"set out, told late",
       [](auto& job) { return travel(job, kLi, ago(minutes{70}), kNow); },
       {v1::VISIT_STATE_ACCEPTED, v1::VISIT_STATE_ON_SITE, v1::VISIT_STATE_COMPLETED}},
      {"answer a step",
       [](auto& job) {
         const auto evidence = taken(confirmed(), ago(minutes{40}));
         return answer(job, kSteps, {kSteps[0].name(), evidence, {}, nullptr, nullptr}, kLi, kNow);
       },
       kOnSiteOrAfter},
      {"ask to deviate",
       [](auto& job) {
         DeviationRequest asked;
         asked.step = kSteps[0].name();
         asked.reason = "it rains";
         asked.benefit = "she can drive at once";
         asked.at = ago(minutes{40});
         return request_deviation(job, kSteps, asked, kLi, kNow);
       },
       kOnSiteOrAfter},
      {"decide about a deviation",
       [](auto& job) {
         v1::Deviation asked;
         asked.set_state(v1::DEVIATION_STATE_REQUESTED);
         asked.set_approval(v1::DEVIATION_APPROVAL_LEAD);
         return decide_deviation(job, kSteps[0], asked, {true, "", false, "leads/kim"}, kNow);
       },
       kOnSite},
      {"record parts", [](auto& job) { return only_if(takes_work(job, kLi, "at", ago(minutes{40}), kNow)); },
       kOnSiteOrAfter},
      {"add a repair", [](auto& job) { return add_repair(job, kSteps, {&kMore}, "causes/other", kLi, kNow); }, kOnSite},
  };
  return kTable;
}

TEST(ChecklistStates, EveryCommandInEveryState) {
  for (const auto& row : table()) {
    for (const auto state : kStates) {
      SCOPED_TRACE(std::string(row.command) + " while " + std::string(state_name(state)));
      const auto done = row.run(job_in(state));
      const bool allowed = std::find(row.allowed.begin(), row.allowed.end(), state) != row.allowed.end();
      ASSERT_EQ(done.has_value(), allowed) << (done ? "" : done.error().message);
      if (allowed) continue;
      EXPECT_EQ(done.error().code, Code::kState);
      EXPECT_THAT(done.error().message, testing::HasSubstr(std::string(state_name(state)))) << "how it stands is said";
    }
  }
}

TEST(ChecklistStates, AStrangerIsDeniedInEveryState) {
  const auto steps = checklist({step("clean")});
  for (const auto state : kStates) {
    SCOPED_TRACE(std::string(state_name(state)));
    const auto job = job_in(state);
    DeviationRequest asked;
    asked.step = steps[0].name();
    asked.at = kNow;
    for (const auto& [what, done] : std::map<std::string, Result<Effects>>{
             {"set out", travel(job, kZoe, kNow, kNow)},
             {"arrive", arrive(job, kZoe, kNow, kNow)},
             {"answer", answer(job, steps, {steps[0].name(), confirmed(), {}, nullptr, nullptr}, kZoe, kNow)},
             {"deviate", request_deviation(job, steps, asked, kZoe, kNow)},
             {"repair", add_repair(job, steps, {}, "causes/other", kZoe, kNow)},
             {"complete", complete(job, steps, {{}, "done", true, kNow, {}}, kZoe, kNow)}}) {
      ASSERT_FALSE(done.has_value()) << what;
      EXPECT_EQ(done.error().code, Code::kDenied) << what << ": " << done.error().message;
    }
  }
}

TEST(ChecklistStates, TimesThatCannotBeAreRefused) {
  const auto accepted = job_in(v1::VISIT_STATE_ACCEPTED);
  EXPECT_EQ(travel(accepted, kLi, at(minutes{6}), kNow).error().code, Code::kInvalid);
  EXPECT_EQ(arrive(accepted, kLi, ago(minutes{7 * 24 * 60 + 1}), kNow).error().code, Code::kInvalid);
  EXPECT_TRUE(arrive(accepted, kLi, at(minutes{4}), kNow)) << "a phone's clock may be a little fast";
  const auto there = job_in(v1::VISIT_STATE_ON_SITE);
  EXPECT_EQ(travel(there, kLi, ago(minutes{59}), kNow).error().code, Code::kInvalid) << "set out after the arrival";
  EXPECT_EQ(complete(there, {}, {{}, "done", true, ago(minutes{61}), {}}, kLi, kNow).error().code, Code::kInvalid);
}

TEST(ChecklistStates, SettingOutThatIsToldLateFillsItsTimeAndMovesNothing) {
  const auto effects = travel(job_in(v1::VISIT_STATE_ON_SITE), kLi, ago(minutes{90}), kNow);
  ASSERT_TRUE(effects);
  EXPECT_EQ(effects->visits.back().state(), v1::VISIT_STATE_ON_SITE);
  EXPECT_EQ(to_instant(effects->visits.back().travelled_at()), ago(minutes{90}));
  EXPECT_TRUE(effects->timeline.empty());
}

TEST(ChecklistStates, AVisitDoesNotEndWhileAMandatoryStepIsOpen) {
  const auto job = job_in(v1::VISIT_STATE_ON_SITE);
  auto steps = checklist({step("clean"), step("note", v1::STEP_KIND_TEXT, false)});
  const Completion done{{}, "cleaned the plug", true, kNow, {}};
  const auto refused = complete(job, steps, done, kLi, kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "step «clean» is mandatory and still open");
  for (const auto state :
       {v1::STEP_STATE_DONE, v1::STEP_STATE_FAILED, v1::STEP_STATE_DEVIATED, v1::STEP_STATE_HIDDEN}) {
    steps[0].set_state(state);
    EXPECT_TRUE(complete(job, steps, done, kLi, kNow)) << v1::StepState_Name(state);
  }
}

TEST(ChecklistStates, DataAtRiskWithoutABackUpInTheChecklistHoldsTheEndBack) {
  const auto job = job_in(v1::VISIT_STATE_ON_SITE);
  const Completion found{{"causes/program"}, "", true, kNow, {"causes/program"}};
  const auto refused = complete(job, {}, found, kLi, kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kState);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("AddRepair"));
  auto saved = checklist({step("save")}, v1::STANDARD_KIND_DATA_BACKUP);
  saved[0].set_state(v1::STEP_STATE_DONE);
  EXPECT_TRUE(complete(job, saved, found, kLi, kNow));
}

TEST(ChecklistStates, ARepairAddedOnSiteComesBeforeTheClosingAndIsAddedOnce) {
  const auto closing = standard("closing", v1::STANDARD_KIND_CLOSING, {step("sign")});
  const auto repair = standard("reflash", v1::STANDARD_KIND_REPAIR, {step("reflash")});
  auto steps = compose("visits/1", {&closing});
  const auto effects =
      add_repair(job_in(v1::VISIT_STATE_ON_SITE), steps, {&closing, &repair}, "causes/program", kLi, kNow);
  ASSERT_TRUE(effects);
  ASSERT_EQ(effects->steps.size(), 1u);
  EXPECT_EQ(effects->visits.back().step_count(), 2u);
  steps.push_back(effects->steps[0]);
  sort_by_work(steps);
  EXPECT_EQ(steps[0].template_().id(), "reflash");
  EXPECT_TRUE(add_repair(job_in(v1::VISIT_STATE_ON_SITE), steps, {&closing, &repair}, "causes/program", kLi, kNow)
                  ->steps.empty());
}

TEST(OverruledWork, IsKeptAndToldAndMovesNothing) {
  auto job = job_in(v1::VISIT_STATE_OFFERED);
  job.visit.set_engineer(std::string(kZoe));
  auto offer = offer_in(v1::OFFER_STATE_WITHDRAWN);
  *offer.mutable_accepted_at() = to_proto(ago(minutes{200}));
  *offer.mutable_settled_at() = to_proto(ago(minutes{100}));
  offer.set_reason("li does not answer");
  ASSERT_TRUE(overruled_by(offer, kLi));
  EXPECT_FALSE(overruled_by(offer, kZoe));
  EXPECT_FALSE(overruled_by(offer_in(v1::OFFER_STATE_WITHDRAWN), kLi)) << "never accepted, never his";
  const auto effects = keep_overruled(job, offer, {.what = "was at the machine", .at = ago(minutes{90})}, kLi, kNow);
  ASSERT_TRUE(effects);
  const auto& visit = effects->visits.back();
  EXPECT_EQ(visit.state(), v1::VISIT_STATE_OFFERED);
  EXPECT_EQ(visit.engineer(), kZoe);
  EXPECT_EQ(visit.overruled_count(), 1u);
  EXPECT_EQ(effects->overruled.at(0).name(), "visits/1/overruled/000000");
  EXPECT_THAT(effects->timeline.at(0).text(),
              testing::AllOf(testing::HasSubstr("engineers/li was at the machine at"),
                             testing::HasSubstr("li does not answer"), testing::HasSubstr("now with engineers/zoe")));
}

}  // namespace
}  // namespace firstfix::visit
