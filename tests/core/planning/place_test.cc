// Which crew is chosen for one job, and when.
#include "planning/place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "town.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const SkillNeed kGas{"gas", 2}, kPower{"power", 2};

std::vector<std::string> going(const Result<Placement>& placement) {
  std::vector<std::string> out;
  if (!placement) return {placement.error().message};
  for (const auto& member : placement->choice.crew)
    out.push_back(member.engineer + (member.role == Role::kLead     ? ":lead"
                                     : member.role == Role::kSecond ? ":second"
                                                                    : ":remote"));
  return out;
}

TEST(Place, OneWhoKnowsAllGoesAloneThoughACrewWereNearer) {
  const auto placement = placed(
      job({kGas, kPower}), {candidate(person("li", {{"gas", 2}}), 30), candidate(person("omar", {{"power", 2}}), 30),
                            candidate(person("zoe", {{"gas", 2}, {"power", 2}}), 90)});
  EXPECT_THAT(going(placement), ElementsAre("zoe:lead"));
}

TEST(Place, ACrewBeginsWhenTheLastOfItCanBeThere) {
  const auto placement = placed(
      job({kGas, kPower}), {candidate(person("li", {{"gas", 2}}), 20), candidate(person("omar", {{"power", 2}}), 90)});
  ASSERT_THAT(going(placement), ElementsAre("li:lead", "omar:second"));
  const auto& choice = placement->choice;
  EXPECT_EQ(choice.starts, at(9)) << "Omar drives an hour";
  EXPECT_EQ(choice.crew[1].travel_starts, at(8));
  EXPECT_EQ(choice.crew[0].travel_starts, at(8, 50)) << "Li sets out so as not to wait";
  EXPECT_THAT(choice.crew[0].duty.covers, ElementsAre(kGas));
  EXPECT_THAT(choice.crew[1].duty.covers, ElementsAre(kPower));
  EXPECT_THAT(placement->reason, HasSubstr("omar is second with power at level 2"));
}

TEST(Place, ACrewWaitsForATimeWhenBothAreFree) {
  auto li = candidate(person("li", {{"gas", 2}}), 20), omar = candidate(person("omar", {{"power", 2}}), 30);
  li.route = {{at(8), at(12), along(30)}};
  omar.route = {{at(12, 30), at(15), along(30)}};
  const auto placement = placed(job({kGas, kPower}), {li, omar});
  EXPECT_EQ(placement->choice.starts, at(15)) << "between twelve and half past an hour does not fit";
}

TEST(Place, AnExpertFromAfarIsBookedWhereComingCostsMore) {
  SkillNeed from_afar = kPower;
  from_afar.remote = true;
  const auto li = candidate(person("li", {{"gas", 2}}), 30);
  const auto with = [&](double home) {
    return going(placed(job({kGas, from_afar}), {li, candidate(person("omar", {{"power", 2}}), home)}));
  };
  EXPECT_THAT(with(35), ElementsAre("li:lead", "omar:second"));
  EXPECT_THAT(with(150), ElementsAre("li:lead", "omar:remote"));
}

TEST(Place, AnExpertFromAfarHasToBeFreeAllTheTime) {
  SkillNeed from_afar = kPower;
  from_afar.remote = true;
  const auto li = candidate(person("li", {{"gas", 2}}), 30);
  auto omar = candidate(person("omar", {{"power", 2}}), 1000);
  omar.on_site = false;
  omar.route = {{at(8, 30), at(11), along(1000)}};
  const auto placement = placed(job({kGas, from_afar}), {li, omar});
  ASSERT_THAT(going(placement), ElementsAre("li:lead", "omar:remote"));
  EXPECT_EQ(placement->choice.starts, at(11));
}

// Li works from eight to ten in the evening, and tomorrow from six; her home is half an hour from the job.
Candidate li_on_two_days(Duration min_rest) {
  auto li = candidate(person("li", {{"gas", 2}}), 0);
  li.shifts = {{at(8), at(22)}, {at(24 + 6), at(24 + 18)}};
  li.min_rest = min_rest;
  return li;
}

TEST(Place, NobodyComesHomeTooLateForTheRestBeforeTheNextDay) {
  auto work = job({kGas});
  work.not_before = at(19);
  auto li = li_on_two_days(11h);
  li.route = {{at(24 + 7), at(24 + 8), along(30)}};  // she leaves at half past six
  EXPECT_EQ(placed(work, {li})->choice.starts, at(24 + 8))
      << "home at half past eight in the evening: ten hours of rest";
  work.not_before = at(18);
  EXPECT_EQ(placed(work, {li})->choice.starts, at(18)) << "home at half past seven: eleven";
  li.min_rest = 0s;
  work.not_before = at(19);
  EXPECT_EQ(placed(work, {li})->choice.starts, at(19)) << "which is what has held it back";
}

TEST(Place, NobodyLeavesBeforeTheRestAfterTheDayBefore) {
  auto work = job({kGas});
  work.not_before = at(24 + 6);
  auto li = li_on_two_days(11h);
  li.route = {{at(19), at(21), along(30)}};  // home at half past nine
  EXPECT_EQ(placed(work, {li})->choice.starts, at(24 + 9)) << "she leaves at half past eight";
  li.route.clear();
  EXPECT_EQ(placed(work, {li})->choice.starts, at(24 + 6, 30)) << "a day without work is rest";
}

TEST(Place, ALongBreakIsNoNight) {
  auto work = job({kGas});
  work.not_before = at(15);
  auto li = li_on_two_days(11h);
  li.shifts = {{at(8), at(12)}, {at(14), at(18)}};
  li.route = {{at(9), at(10), along(30)}};
  EXPECT_EQ(placed(work, {li})->choice.starts, at(15));
}

TEST(Place, NobodyOfAnotherTerritoryComes) {
  auto omar = candidate(person("omar", {{"gas", 2}}), 30);
  omar.on_site = false;
  EXPECT_FALSE(placed(job({kGas}), {omar}));
}

TEST(Place, TheSkillThatNoOneHasIsNamedBeforeAllElse) {
  const auto placement = placed(job({kGas, {"power", 5}}),
                                {candidate(person("li", {{"gas", 2}})), candidate(person("omar", {{"power", 2}}))});
  ASSERT_FALSE(placement);
  EXPECT_EQ(placement.error().code, Code::kUnavailable);
  EXPECT_EQ(placement.error().message.find("nobody has power at level 5"), 0u) << placement.error().message;
}

TEST(Place, ANoviceWhomADispatcherNamesGoesUnderAMentor) {
  auto master = candidate(person("zoe", {{"gas", 4}}), 30);
  const auto novice = candidate(person("tim", {{"gas", 1}}), 30);
  auto wanted = job({kGas});
  wanted.only = "tim";
  EXPECT_FALSE(placed(wanted, {master, novice})) << "Zoe is no mentor";
  master.person.mentors = {"gas"};
  EXPECT_THAT(going(placed(wanted, {master, novice})), ElementsAre("zoe:lead", "tim:second"));
}

TEST(Place, ANoviceIsNotTakenAlongUnlessTheOrganisationSaysSo) {
  auto master = candidate(person("zoe", {{"gas", 4}}), 30);
  master.person.mentors = {"gas"};
  const auto novice = candidate(person("tim", {{"gas", 1}}), 30);
  auto wanted = job({kGas});
  EXPECT_THAT(going(placed(wanted, {master, novice})), ElementsAre("zoe:lead"));
  wanted.train = true;
  EXPECT_THAT(going(placed(wanted, {master, novice})), ElementsAre("zoe:lead", "tim:second"));
}

TEST(Place, ATraineeNeverDelaysTheJobNorComesFromFarAway) {
  auto master = candidate(person("zoe", {{"gas", 4}}), 30);
  master.person.mentors = {"gas"};
  auto wanted = job({kGas});
  wanted.train = true;
  for (const double home : {40.0, 95.0}) {  // ten minutes away, but Zoe is there at once
    const auto placement = placed(wanted, {master, candidate(person("tim", {{"gas", 1}}), home)});
    EXPECT_THAT(going(placement), ElementsAre("zoe:lead"));
    EXPECT_EQ(placement->choice.starts, at(8));
  }
  master.home = along(120);
  EXPECT_THAT(going(placed(wanted, {master, candidate(person("tim", {{"gas", 1}}), 95)})), ElementsAre("zoe:lead"))
      << "over an hour's drive to learn";
}

TEST(Place, TheTraineeWhoIsNearestToTheNextLevelComes) {
  auto master = candidate(person("zoe", {{"gas", 4}}), 30);
  master.person.mentors = {"gas"};
  auto tim = candidate(person("tim", {{"gas", 1}}), 30), ann = candidate(person("ann", {{"gas", 1}}), 30);
  tim.visits_to_go["gas"] = 1;
  ann.visits_to_go["gas"] = 3;
  auto wanted = job({kGas});
  wanted.train = true;
  EXPECT_THAT(going(placed(wanted, {ann, master, tim})), ElementsAre("zoe:lead", "tim:second"));
}

TEST(Place, TheCertificateCountsOnTheDayOfTheVisit) {
  auto li = candidate(person("li", {{"gas", 2}}), 30);
  li.shifts = {{at(8), at(18)}, {at(32), at(42)}};
  li.route = {{at(8), at(18), along(30)}};
  li.person.skills["gas"].certified = {{at(0), at(24)}};
  EXPECT_FALSE(placed(job({kGas}), {li})) << "valid today, but she has time only tomorrow";
  li.person.skills["gas"].certified = {{at(30), at(48)}};
  EXPECT_EQ(placed(job({kGas}), {li})->choice.starts, at(32)) << "valid from tomorrow, when she comes";
}

TEST(Place, ACrewIsFoundWhereACertificateOfTheOneWhoKnowsAllHasExpired) {
  auto zoe = candidate(person("zoe", {{"gas", 2}, {"power", 2}}), 30);
  zoe.person.skills["gas"].certified = {{at(0), at(8, 10)}};
  const auto li = candidate(person("li", {{"gas", 2}}), 30);
  EXPECT_THAT(going(placed(job({kGas, kPower}), {zoe, li})), ElementsAre("li:lead", "zoe:second"));
}

TEST(Place, WhatLiesOnTheWayCostsOnlyTheDetour) {
  auto li = candidate(person("li", {{"gas", 2}}), 0);
  li.route = {{at(12), at(13), along(60)}};  // she drives past the job
  const auto omar = candidate(person("omar", {{"gas", 2}}), 20);
  const auto placement = placed(job({kGas}), {li, omar});
  ASSERT_THAT(going(placement), ElementsAre("li:lead"));
  EXPECT_EQ(placement->choice.travel, 30min) << "which is how far it is, and told";
  EXPECT_NEAR(placement->choice.cost, 5, 0.01) << "half an hour of waiting, and no way that she would not go anyway";
}

// The hose for the job is in the van of Omar, who is at work ten minutes down the street until noon.
Job job_for_a_hose() {
  auto out = job({kGas});
  out.parts = {"hose"};
  out.without = {{"hose", 400}};
  out.meetings = {{"omar", "van-omar", "visits/his", along(10), {at(8), at(12)}, 10min, {"hose"}}};
  return out;
}

TEST(Place, ThePartThatOnlyAColleagueHasIsTakenOutOfTheColleaguesVanAtWork) {
  const auto placement = placed(job_for_a_hose(), {candidate(person("li", {{"gas", 2}}), 0)});
  ASSERT_THAT(going(placement), ElementsAre("li:lead"));
  const auto& choice = placement->choice;
  EXPECT_EQ(choice.travel_starts, at(8));
  EXPECT_EQ(choice.starts, at(8, 40)) << "ten minutes to Omar, ten with him, twenty on";
  ASSERT_EQ(choice.pickups.size(), 1u);
  EXPECT_EQ(choice.pickups[0].location, "van-omar");
  EXPECT_THAT(choice.pickups[0].parts, ElementsAre("hose"));
  EXPECT_EQ(choice.pickups[0].visit, "visits/his");
  EXPECT_EQ(choice.pickups[0].when.from, at(8, 10));
  EXPECT_EQ(choice.pickups[0].when.to, at(8, 20));
  EXPECT_THAT(placement->reason, HasSubstr("takes 1 part(s) out of the van of omar, at work on visits/his"));
}

TEST(Place, NobodyIsMetWhereADepotOrTheOwnVanHasThePart) {
  auto work = job_for_a_hose();
  work.depots = {{"depot", along(15), {"hose"}}};
  auto li = candidate(person("li", {{"gas", 2}}), 0);
  EXPECT_THAT(fetching(placed(work, {li})), ElementsAre("depot: hose")) << "though Omar is nearer";
  li.van_parts = {"hose"};
  EXPECT_THAT(fetching(placed(work, {li})), IsEmpty());
}

TEST(Place, TheColleagueIsMetOnlyWhileAtWork) {
  auto work = job_for_a_hose();
  const auto li = candidate(person("li", {{"gas", 2}}), 0);
  work.meetings[0].open = {at(9), at(12)};
  EXPECT_EQ(placed(work, {li})->choice.pickups.at(0).when.from, at(9)) << "not before Omar is there";
  EXPECT_EQ(placed(work, {li})->choice.travel_starts, at(8, 50)) << "nor waited for at the door";
  work.meetings[0].open = {at(8), at(8, 19)};
  EXPECT_THAT(fetching(placed(work, {li})), IsEmpty()) << "he leaves before it is handed over";
  work.meetings[0].open = {at(8), at(8, 20)};
  EXPECT_THAT(fetching(placed(work, {li})), ElementsAre("van-omar: hose"));
  work.not_before = at(10);
  EXPECT_THAT(fetching(placed(work, {li})), IsEmpty()) << "by then he has left";
}

TEST(Place, WhoHasThePartGoesWhereThatCostsLess) {
  auto work = job_for_a_hose();
  const auto li = candidate(person("li", {{"gas", 2}}), 20);
  auto omar = candidate(person("omar", {{"gas", 2}}), 40);
  omar.van_parts = {"hose"};
  EXPECT_THAT(going(placed(work, {li, omar})), ElementsAre("omar:lead")) << "a meeting would take longer";
  omar.route = {{at(8), at(12), along(10)}};
  EXPECT_THAT(going(placed(work, {li, omar})), ElementsAre("li:lead")) << "he is busy until noon";
  work.meetings.clear();
  EXPECT_THAT(going(placed(work, {li, omar})), ElementsAre("omar:lead")) << "rather late than in vain";
  work.without.clear();
  EXPECT_THAT(going(placed(work, {li, omar})), ElementsAre("li:lead")) << "which is what has decided it";
}

TEST(Place, NobodyMeetsThemselves) {
  auto omar = candidate(person("omar", {{"gas", 2}}), 0);
  omar.route = {{at(8), at(12), along(10)}};
  EXPECT_THAT(fetching(placed(job_for_a_hose(), {omar})), IsEmpty());
}

TEST(EvenShares, WhoHasLessToDoGoesIfThatIsWanted) {
  auto work = job({kGas});
  auto li = candidate(person("li", {{"gas", 2}}), 20), zoe = candidate(person("zoe", {{"gas", 2}}), 0);
  li.route = {{at(10), at(17), along(20)}};
  auto weights = Weights{};
  const auto goes = [&] { return going(place(work, {li, zoe}, Street{}, weights, kEight)); };
  EXPECT_THAT(goes(), ElementsAre("li:lead")) << "who is nearer";
  weights.fairness = 20;
  EXPECT_THAT(goes(), ElementsAre("zoe:lead")) << "who has nothing else to do";
}

TEST(EvenShares, TheShiftOnTheNextDayMayBeTheFairerOne) {
  auto work = job({kGas});
  auto li = candidate(person("li", {{"gas", 2}}), 20);
  li.shifts = {{at(8), at(18)}, {at(32), at(42)}};
  li.route = {{at(10), at(17), along(20)}};
  auto weights = Weights{.wait_per_hour = 0};
  EXPECT_LT(place(work, {li}, Street{}, weights, kEight)->choice.starts, at(18));
  weights.fairness = 20;
  EXPECT_GT(place(work, {li}, Street{}, weights, kEight)->choice.starts, at(32));
}

}  // namespace
}  // namespace firstfix::planning
