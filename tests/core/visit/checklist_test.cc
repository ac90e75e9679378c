// The checklist: the same for every engineer, in order, with evidence.
#include "visit/checklist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "casework/convert.h"
#include "support/fakes.h"

namespace firstfix::visit {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Instant kNow = testing::kMorning;

v1::StepTemplate step(const std::string& id, v1::StepKind kind, bool mandatory = true) {
  v1::StepTemplate out;
  out.set_id(id);
  (*out.mutable_title()->mutable_text())["en"] = id;
  out.set_kind(kind);
  out.set_mandatory(mandatory);
  return out;
}

v1::ServiceStandard standard(const std::string& name, v1::StandardKind kind, std::vector<v1::StepTemplate> steps) {
  v1::ServiceStandard out;
  out.set_name("serviceStandards/" + name);
  out.set_kind(kind);
  out.set_revision(3);
  for (auto& one : steps) *out.add_steps() = std::move(one);
  return out;
}

v1::Evidence evidence(const std::function<void(v1::Evidence&)>& fill) {
  v1::Evidence out;
  fill(out);
  return out;
}

// A visit on site with one step of each kind.
class ChecklistTest : public ::testing::Test {
 protected:
  void SetUp() override {
    visit.set_name("visits/1");
    visit.set_engineer("engineers/li");
    visit.set_state(v1::VISIT_STATE_ON_SITE);
    auto pressure = step("pressure", v1::STEP_KIND_READING);
    pressure.set_minimum(2);
    pressure.set_maximum(4);
    pressure.set_unit("bar");
    auto colour = step("colour", v1::STEP_KIND_CHOICE, false);
    colour.add_choices("clear");
    colour.add_choices("black");
    steps = compose("visits/1", {});
    const auto all =
        standard("all", v1::STANDARD_KIND_REPAIR,
                 {step("isolate", v1::STEP_KIND_CONFIRM), pressure, colour, step("note", v1::STEP_KIND_TEXT, false),
                  step("serial", v1::STEP_KIND_SCAN), step("photo", v1::STEP_KIND_PHOTO)});
    steps = compose("visits/1", {&all});
  }
  Status take(std::size_t index, const v1::Evidence& given) {
    auto answered = answer(visit, steps, index, given, "engineers/li", kNow);
    if (!answered) return fail(answered.error());
    steps[index] = std::move(*answered);
    return {};
  }
  Status confirm(std::size_t index) {
    return take(index, evidence([](auto& e) { e.set_confirmed(true); }));
  }

  v1::Visit visit;
  std::vector<v1::ChecklistStep> steps;
};

TEST(Compose, PutsOpeningSafetyRepairAndClosingInOrder) {
  const auto closing = standard("close", v1::STANDARD_KIND_CLOSING, {step("sign", v1::STEP_KIND_SIGNATURE)});
  const auto repair =
      standard("fix", v1::STANDARD_KIND_REPAIR, {step("a", v1::STEP_KIND_TEXT), step("b", v1::STEP_KIND_TEXT)});
  const auto opening = standard("open", v1::STANDARD_KIND_OPENING, {step("greet", v1::STEP_KIND_CONFIRM)});
  const auto steps = compose("visits/1", {&closing, &repair, &opening});
  std::vector<std::string> ids, names;
  for (const auto& one : steps) ids.push_back(one.template_().id()), names.push_back(one.name());
  EXPECT_THAT(ids, ElementsAre("greet", "a", "b", "sign"));
  EXPECT_EQ(names.front(), "visits/1/steps/000000");
  EXPECT_EQ(steps[1].standard(), "serviceStandards/fix@3") << "the revision that it was taken from";
}

TEST_F(ChecklistTest, TakesEachKindOfAnswer) {
  EXPECT_TRUE(confirm(0));
  EXPECT_TRUE(take(1, evidence([](auto& e) { e.set_reading(3.2); })));
  EXPECT_TRUE(take(2, evidence([](auto& e) { e.set_choice("black"); })));
  EXPECT_TRUE(take(3, evidence([](auto& e) { e.set_text("smells burnt"); })));
  EXPECT_TRUE(take(4, evidence([](auto& e) { e.set_scan("SN-17"); })));
  EXPECT_TRUE(take(5, evidence([](auto& e) { e.set_blob("blobs/" + std::string(64, 'a')); })));
  EXPECT_TRUE(all_mandatory_done(steps));
  EXPECT_EQ(steps[0].evidence(0).by(), "engineers/li");
  EXPECT_EQ(to_instant(steps[0].evidence(0).taken_at()), kNow);
}

TEST_F(ChecklistTest, ComesInOrder) {
  const auto early = take(1, evidence([](auto& e) { e.set_reading(3); }));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, Code::kState);
  EXPECT_THAT(early.error().message, HasSubstr("«isolate» comes first"));
  ASSERT_TRUE(confirm(0));
  ASSERT_TRUE(take(1, evidence([](auto& e) { e.set_reading(3); })));
  EXPECT_TRUE(take(4, evidence([](auto& e) { e.set_scan("SN-17"); })))
      << "what is not mandatory need not be waited for";
}

TEST_F(ChecklistTest, AMandatoryStepCannotBeSkippedAndAnotherOnlyWithAReason) {
  EXPECT_EQ(take(0, evidence([](auto& e) { e.set_skipped_reason("no time"); })).error().code, Code::kState);
  ASSERT_TRUE(confirm(0));
  ASSERT_TRUE(take(1, evidence([](auto& e) { e.set_reading(3); })));
  EXPECT_FALSE(take(2, evidence([](auto& e) { e.set_skipped_reason(""); })));
  EXPECT_TRUE(take(2, evidence([](auto& e) { e.set_skipped_reason("no oil left"); })));
  EXPECT_EQ(steps[2].state(), v1::STEP_STATE_SKIPPED);
}

TEST_F(ChecklistTest, RefusesWhatIsNoAnswerToTheStep) {
  const std::vector<std::pair<std::size_t, v1::Evidence>> wrong = {
      {0, evidence([](auto& e) { e.set_confirmed(false); })},
      {0, evidence([](auto& e) { e.set_text("yes"); })},
      {0, evidence([](auto&) {})},
      {1, evidence([](auto& e) { e.set_reading(1.9); })},
      {1, evidence([](auto& e) { e.set_reading(4.1); })},
      {1, evidence([](auto& e) { e.set_reading(std::numeric_limits<double>::quiet_NaN()); })},
      {2, evidence([](auto& e) { e.set_choice("green"); })},
      {3, evidence([](auto& e) { e.set_text(""); })},
      {3, evidence([](auto& e) { e.set_text(std::string(4001, 'x')); })},
      {4, evidence([](auto& e) { e.set_scan(""); })},
      {5, evidence([](auto& e) { e.set_blob("blobs/../../etc/passwd"); })},
  };
  for (const auto& [index, given] : wrong) {
    SetUp();
    for (std::size_t i = 0; i < index; ++i) steps[i].set_state(v1::STEP_STATE_DONE);
    const auto outcome = take(index, given);
    ASSERT_FALSE(outcome) << given.ShortDebugString();
    EXPECT_EQ(outcome.error().code, Code::kInvalid) << outcome.error().message;
    EXPECT_THAT(outcome.error().message, HasSubstr("«" + steps[index].template_().id() + "»"));
  }
}

TEST_F(ChecklistTest, IsAnsweredOnSiteByTheEngineerOfTheVisit) {
  visit.set_state(v1::VISIT_STATE_TRAVELLING);
  EXPECT_EQ(confirm(0).error().code, Code::kState);
  visit.set_state(v1::VISIT_STATE_ON_SITE);
  visit.set_engineer("engineers/max");
  EXPECT_EQ(confirm(0).error().code, Code::kDenied);
  visit.set_engineer("engineers/li");
  EXPECT_EQ(confirm(99).error().code, Code::kNotFound);
}

TEST_F(ChecklistTest, ACorrectionIsAddedAndBothStay) {
  ASSERT_TRUE(confirm(0));
  ASSERT_TRUE(take(1, evidence([](auto& e) { e.set_reading(2.1); })));
  ASSERT_TRUE(take(1, evidence([](auto& e) { e.set_reading(2.9); })));
  ASSERT_EQ(steps[1].evidence_size(), 2);
  EXPECT_EQ(steps[1].evidence(0).reading(), 2.1);
  while (steps[1].evidence_size() < kMaxEvidencePerStep) ASSERT_TRUE(take(1, steps[1].evidence(0)));
  EXPECT_EQ(take(1, steps[1].evidence(0)).error().code, Code::kTooLarge);
}

TEST_F(ChecklistTest, IsNotDoneWhileAMandatoryStepIsOpen) {
  const auto open = all_mandatory_done(steps);
  ASSERT_FALSE(open);
  EXPECT_THAT(open.error().message, HasSubstr("«isolate» is mandatory"));
}

TEST(Standard, IsRefusedWithTheStepThatIsWrong) {
  const auto problem = [](const std::function<void(v1::ServiceStandard&)>& spoil) {
    auto one = standard("s", v1::STANDARD_KIND_REPAIR, {step("a", v1::STEP_KIND_CONFIRM)});
    spoil(one);
    const auto outcome = validate(one);
    return outcome ? std::string() : outcome.error().message;
  };
  EXPECT_EQ(problem([](auto&) {}), "");
  EXPECT_THAT(problem([](auto& s) { s.clear_kind(); }), HasSubstr("kind"));
  EXPECT_THAT(problem([](auto& s) { s.clear_steps(); }), HasSubstr("steps"));
  EXPECT_THAT(problem([](auto& s) { *s.add_steps() = s.steps(0); }), HasSubstr("steps[a].id"));
  EXPECT_THAT(problem([](auto& s) { s.mutable_steps(0)->clear_title(); }), HasSubstr("title"));
  EXPECT_THAT(problem([](auto& s) { s.mutable_steps(0)->set_kind(v1::STEP_KIND_CHOICE); }), HasSubstr("choices"));
  EXPECT_THAT(problem([](auto& s) {
                s.mutable_steps(0)->set_minimum(2);
                s.mutable_steps(0)->set_maximum(1);
              }),
              HasSubstr("minimum"));
}

}  // namespace
}  // namespace firstfix::visit
