// How supervised visits become a level.
#include "growth/growth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fakes.h"

namespace firstfix::growth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Instant kNow = testing::kMorning;
constexpr const char *kZoe = "engineers/zoe", *kTim = "engineers/tim", *kEva = "engineers/eva", *kGas = "skills/gas";

v1::Visit visit_with_tim(v1::VisitState state = v1::VISIT_STATE_COMPLETED) {
  v1::Visit out;
  out.set_name("visits/1");
  out.set_state(state);
  const auto add = [&](const char* engineer, v1::CrewRole role) -> v1::CrewMember& {
    auto& one = *out.add_crew();
    one.set_engineer(engineer);
    one.set_role(role);
    one.set_state(state);
    return one;
  };
  add(kZoe, v1::CREW_ROLE_LEAD);
  add(kTim, v1::CREW_ROLE_SECOND).add_trains()->set_skill(kGas);
  add(kEva, v1::CREW_ROLE_REMOTE_EXPERT);
  return out;
}

v1::SignOff signed_off(int visit, std::uint32_t level, bool passed = true, const char* counted_for = "") {
  v1::SignOff out;
  out.set_name("signOffs/" + std::to_string(visit));
  out.set_level(level);
  out.set_passed(passed);
  out.set_counted_for(counted_for);
  return out;
}

v1::Engineer tim(std::uint32_t level) {
  v1::Engineer out;
  out.set_name(kTim);
  if (level == 0) return out;
  out.add_skills()->set_skill(kGas);
  out.mutable_skills(0)->set_level(level);
  return out;
}

v1::Skill gas(std::uint32_t visits) {
  v1::Skill out;
  out.set_name(kGas);
  out.set_visits_for_level(visits);
  return out;
}

TEST(SignOff, IsTheWordOfWhoWasThereOnWhoPractised) {
  struct Row {
    const char* what;
    v1::VisitState state;
    Assessment assessment;
    const char* mentor;
    Code code;
  };
  const Assessment good{kTim, kGas, true, "careful"};
  const std::vector<Row> refused = {
      {"a visit that goes on", v1::VISIT_STATE_ON_SITE, good, kZoe, Code::kState},
      {"a mentor who was not there", v1::VISIT_STATE_COMPLETED, good, "engineers/li", Code::kDenied},
      {"a mentor by phone", v1::VISIT_STATE_COMPLETED, good, kEva, Code::kDenied},
      {"one's own work", v1::VISIT_STATE_COMPLETED, good, kTim, Code::kDenied},
      {"a trainee who was not there",
       v1::VISIT_STATE_COMPLETED,
       {"engineers/li", kGas, true, "good"},
       kZoe,
       Code::kDenied},
      {"a skill not practised", v1::VISIT_STATE_COMPLETED, {kTim, "skills/power", true, "good"}, kZoe, Code::kState},
      {"the mentor's own skill", v1::VISIT_STATE_COMPLETED, {kZoe, kGas, true, "good"}, kZoe, Code::kDenied},
      {"without words", v1::VISIT_STATE_COMPLETED, {kTim, kGas, true, ""}, kZoe, Code::kInvalid},
      {"a novel", v1::VISIT_STATE_COMPLETED, {kTim, kGas, true, std::string(2001, 'x')}, kZoe, Code::kTooLarge},
  };
  for (const auto& row : refused) {
    const auto result = sign_off(visit_with_tim(row.state), row.assessment, 1, row.mentor, kNow);
    ASSERT_FALSE(result) << row.what;
    EXPECT_EQ(result.error().code, row.code) << row.what << ": " << result.error().message;
  }
  const auto result = sign_off(visit_with_tim(), good, 1, kZoe, kNow);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->name(), "signOffs/1.tim.gas");
  EXPECT_EQ(result->level(), 1u);
}

TEST(Counting, LeavesOutWhatDidNotPassWasAtAnotherLevelOrHasCountedAlready) {
  const auto left = counted({signed_off(1, 1), signed_off(2, 1, false), signed_off(3, 0),
                             signed_off(4, 1, true, "levelProposals/1"), signed_off(5, 1)},
                            1);
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left[0].name() + left[1].name(), "signOffs/1signOffs/5");
}

TEST(Proposal, ComesWithTheLastVisitThatIsNeededAndUsesThemUp) {
  EXPECT_FALSE(propose("levelProposals/1", tim(1), gas(2), {signed_off(1, 1)}, kNow));
  const auto made = propose("levelProposals/1", tim(1), gas(2), {signed_off(1, 1), signed_off(2, 1)}, kNow);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->proposal.to_level(), 2u);
  EXPECT_THAT(made->proposal.sign_offs(), ElementsAre("signOffs/1", "signOffs/2"));
  for (const auto& one : made->sign_offs) EXPECT_EQ(one.counted_for(), "levelProposals/1");
}

TEST(Proposal, BeginsAtNothingAndEndsAtTheTopLevel) {
  EXPECT_EQ(propose("p", tim(0), gas(1), {signed_off(1, 0)}, kNow)->proposal.to_level(), 1u);
  EXPECT_FALSE(propose("p", tim(5), gas(1), {signed_off(1, 5)}, kNow));
}

TEST(Proposal, TakesFiveVisitsUnlessTheSkillSaysOtherwise) {
  EXPECT_EQ(visits_needed(gas(0)), 5u);
  EXPECT_EQ(visits_needed(gas(3)), 3u);
}

TEST(Decision, RaisesTheLevelAndSaysWhichProposalDid) {
  const auto proposal = propose("levelProposals/1", tim(1), gas(1), {signed_off(1, 1)}, kNow)->proposal;
  const auto granted = decide(proposal, tim(1), true, "seen it", "lead/ruth", kNow);
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->engineer.skills(0).level(), 2u);
  EXPECT_EQ(granted->engineer.skills(0).granted_by(), "levelProposals/1");
  EXPECT_EQ(granted->proposal.state(), v1::LEVEL_PROPOSAL_STATE_APPROVED);
  EXPECT_EQ(decide(proposal, tim(1), false, "too hasty", "lead/ruth", kNow)->engineer.skills(0).level(), 1u);
  const auto first = propose("p", tim(0), gas(1), {signed_off(1, 0)}, kNow)->proposal;
  EXPECT_EQ(decide(first, tim(0), true, "a beginning", "lead/ruth", kNow)->engineer.skills(0).level(), 1u);
}

TEST(Decision, IsTakenOnceWithAReasonOnTheLevelProposed) {
  auto proposal = propose("levelProposals/1", tim(1), gas(1), {signed_off(1, 1)}, kNow)->proposal;
  EXPECT_EQ(decide(proposal, tim(1), true, "", "lead/ruth", kNow).error().code, Code::kInvalid);
  EXPECT_THAT(decide(proposal, tim(3), true, "ok", "lead/ruth", kNow).error().message, HasSubstr("at level 3"));
  proposal = decide(proposal, tim(1), false, "no", "lead/ruth", kNow)->proposal;
  EXPECT_EQ(decide(proposal, tim(1), true, "yes", "lead/ruth", kNow).error().code, Code::kState);
}

}  // namespace
}  // namespace firstfix::growth
