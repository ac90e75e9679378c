// What has to give so that somebody can come after all.
#include "planning/relax.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "town.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Gives = Relaxation::Gives;

const SkillNeed kGasTwo{"gas", 2};

// Of a job that takes an hour, half an hour from home.
std::optional<Relaxation> least(const Job& job, std::vector<Candidate> people) {
  return cheapest_relaxation({job, std::move(people)}, Street{}, {}, kEight);
}

Candidate li_until(Instant ends) {
  auto li = candidate(person("li", {{"gas", 2}}));
  li.shifts = {{at(8), ends}};
  return li;
}

TEST(Relax, WhatCanBeDoneNeedsNothing) {
  EXPECT_FALSE(least(job({kGasTwo}), {li_until(at(18))}));
}

TEST(Relax, OvertimeIsToldToTheMinuteUntilWhoeverStaysIsHome) {
  const auto found = least(job({kGasTwo}), {li_until(at(9, 15))});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->gives, Gives::kShift);
  EXPECT_EQ(found->engineer, "li");
  EXPECT_EQ(found->by, 45min);
  EXPECT_EQ(found->text, "with li until 2026-03-02 10:00 (UTC): 45 minutes of overtime");
}

TEST(Relax, TheLeastOvertimeOfAllIsChosenAndTomorrowsIfThatIsLess) {
  auto li = li_until(at(9, 15)), zoe = candidate(person("zoe", {{"gas", 2}}));
  zoe.shifts = {{at(8), at(9, 30)}};
  EXPECT_EQ(least(job({kGasTwo}), {li, zoe})->engineer, "zoe");
  li.shifts = {{at(8), at(8, 1)}, {at(10), at(11, 59)}};
  const auto later = least(job({kGasTwo}), {li});
  EXPECT_EQ(later->by, 1min);
  EXPECT_THAT(later->text, HasSubstr("1 minute of overtime"));
}

TEST(Relax, MoreThanFourHoursOfOvertimeAreNone) {
  auto work = job({kGasTwo});
  work.service = 5h;
  EXPECT_FALSE(least(work, {li_until(at(9))}));
}

TEST(Relax, OvertimeLeavesTheRestBeforeTomorrow) {
  auto li = li_until(at(19));
  li.route = {{at(24 + 6), at(24 + 7), along(0)}};
  li.min_rest = 10h;
  auto work = job({kGasTwo});
  work.not_before = at(18, 15);
  EXPECT_EQ(least(work, {li})->by, 45min);
  work.not_before = at(18, 31);
  EXPECT_FALSE(least(work, {li})) << "home at 20:01: less than ten hours until six";
}

TEST(Relax, WhoIsOnCallMayBeCalledOut) {
  auto li = li_until(at(8, 10));
  li.on_call = {{at(12), at(16)}};
  auto work = job({kGasTwo});
  work.not_before = at(12);
  const auto found = least(work, {li});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->gives, Gives::kCallOut);
  EXPECT_EQ(found->text, "with li at 2026-03-02 12:30 (UTC), called out");
}

TEST(Relax, APromiseMayBeKeptLater) {
  auto work = job({kGasTwo});
  work.not_after = at(8, 20);
  const auto found = least(work, {li_until(at(18))});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->gives, Gives::kPromise);
  EXPECT_EQ(found->text, "with li at 2026-03-02 08:30 (UTC): 10 minutes after the window");
}

TEST(Relax, ASiteMayBeOpenedAtAnotherTime) {
  auto work = job({kGasTwo});
  work.access = {{at(6), at(7)}};
  const auto found = least(work, {li_until(at(18))});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->gives, Gives::kAccess);
  EXPECT_EQ(found->text, "with li at 2026-03-02 08:30 (UTC), if work may begin at the site then");
}

TEST(Relax, WhoHasDeclinedMayBeAskedAgainButWhoIsNotWantedIsNot) {
  auto work = job({kGasTwo});
  work.excluded = {"li"};
  EXPECT_EQ(least(work, {li_until(at(18))})->gives, Gives::kDecline);
  work.not_wanted = {"li"};
  EXPECT_FALSE(least(work, {li_until(at(18))}));
}

TEST(Relax, WhoLacksLeastIsToldIfNothingElseHelps) {
  const auto tim = candidate(person("tim", {{"gas", 1}})), omar = candidate(person("omar", {{"power", 2}}));
  const auto found = least(job({kGasTwo, {"power", 2}}), {tim, omar});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->gives, Gives::kSkill);
  EXPECT_EQ(found->text, "with omar at 2026-03-02 08:30 (UTC), if they had gas at level 2");
  EXPECT_THAT(least(job({kGasTwo, {"power", 2}}), {tim, omar, li_until(at(8, 20))})->text, StartsWith("with omar"))
      << "li and omar would be a crew, but nobody asks two to stay";
}

TEST(Relax, ACertificateThatHasRunOutDoesNotGive) {
  auto li = li_until(at(18));
  li.person.skills["gas"].certified = {{at(0), at(8, 40)}};
  EXPECT_FALSE(least(job({kGasTwo}), {li}));
}

}  // namespace
}  // namespace firstfix::planning
