// Who may come to a site and when, and who is called out: what no price and no dispatcher overrides, and what does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "planning/place.h"
#include "planning/windows.h"
#include "town.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const SkillNeed kGas{"gas", 2}, kPower{"power", 2};

Candidate knows_gas(const std::string& id, double home) {
  return candidate(person(id, {{"gas", 2}}), home);
}

std::string who_goes(const Result<Placement>& placement) {
  return placement ? placement->choice.engineer : placement.error().message;
}

auto cannot(const std::string& id, const std::string& reason) {
  return AllOf(Field(&Other::engineer, id), Field(&Other::reason, HasSubstr(reason)));
}

// --- hours of access ---

TEST(Access, WorkBeginsWithinTheHoursBothEndsIncluded) {
  auto work = job({kGas});
  work.access = {{at(8), at(8, 20)}, {at(10), at(11)}, {at(15), at(16)}};
  auto li = knows_gas("li", 0);
  EXPECT_EQ(placed(work, {li})->choice.starts, at(10)) << "she cannot be there by twenty past eight";
  EXPECT_EQ(placed(work, {li})->choice.travel_starts, at(9, 30)) << "and does not wait at the gate";
  li.route = {{at(9), at(10, 30), along(30)}};
  EXPECT_EQ(placed(work, {li})->choice.starts, at(10, 30)) << "it goes on after they end";
  li.route = {{at(9), at(11), along(30)}};
  EXPECT_EQ(placed(work, {li})->choice.starts, at(11));
  li.route = {{at(9), at(11, 1), along(30)}};
  EXPECT_EQ(placed(work, {li})->choice.starts, at(15));
}

TEST(Access, ItIsSaidThatTheHoursAreWhatKeepsSomebody) {
  auto work = job({kGas});
  work.access = {{at(19), at(20)}};
  EXPECT_THAT(who_goes(placed(work, {knows_gas("li", 0)})), HasSubstr("has no time for it when work may begin"));
  work.only = "li";
  EXPECT_THAT(who_goes(placed(work, {knows_gas("li", 0)})), HasSubstr("has no time for it when work may begin"))
      << "a dispatcher's word opens no gate";
}

TEST(Access, ACrewAndWhoHelpsFromAfarBeginWithinTheHours) {
  auto work = job({kGas, kPower});
  work.access = {{at(8), at(8, 45)}, {at(13), at(14)}};
  auto omar = candidate(person("omar", {{"power", 2}}), 90);
  EXPECT_EQ(placed(work, {knows_gas("li", 20), omar})->choice.starts, at(13)) << "Omar drives an hour";
  work.skills[1].remote = true;
  omar.on_site = false;
  const auto from_afar = placed(work, {knows_gas("li", 20), omar});
  ASSERT_THAT(from_afar->choice.crew, SizeIs(2));
  EXPECT_EQ(from_afar->choice.starts, at(8, 10));
  omar.route = {{at(8), at(9), along(90)}};
  EXPECT_EQ(placed(work, {knows_gas("li", 20), omar})->choice.starts, at(13));
}

TEST(Access, PartsAreFetchedForTheTimeAtWhichTheWorkMayBegin) {
  auto work = job({kGas});
  work.parts = {"hose"};
  work.without["hose"] = 400;
  work.depots = {{"depot", along(-30), {"hose"}}};
  work.access = {{at(8), at(9)}, {at(13), at(14)}};
  const auto placement = placed(work, {knows_gas("li", 0)});
  EXPECT_THAT(fetching(placement), ElementsAre("depot: hose"));
  EXPECT_EQ(placement->choice.starts, at(13)) << "by nine she could only come without it";
}

TEST(Access, NoWindowIsOfferedWithoutIt) {
  auto work = job({kGas});
  work.access = {{at(11), at(12, 30)}};
  const auto offers = cheapest_windows(work, {knows_gas("li", 0)}, Street{}, Weights{}, kEight,
                                       windows_within(at(8), at(18), 2h, Zone{}), 9);
  ASSERT_THAT(*offers, SizeIs(2));
  EXPECT_EQ(offers->front().placement.choice.starts, at(11));
  EXPECT_EQ(offers->back().placement.choice.starts, at(12));
}

// --- who may come, and who should ---

TEST(NotWanted, GoesToTheSiteInNoRole) {
  auto work = job({kGas});
  work.not_wanted = {"li"};
  const auto placement = placed(work, {knows_gas("li", 20), knows_gas("max", 200)});
  EXPECT_EQ(who_goes(placement), "max");
  EXPECT_THAT(placement->impossible, ElementsAre(cannot("li", "is not wanted at the site")));
  work.only = "li";
  EXPECT_THAT(who_goes(placed(work, {knows_gas("li", 20)})), HasSubstr("is not wanted at the site"));
}

TEST(NotWanted, IsNoSecondAndNoTraineeButMayHelpFromAfar) {
  auto work = job({kGas, kPower});
  work.not_wanted = {"omar"};
  const auto omar = candidate(person("omar", {{"power", 2}}), 30);
  EXPECT_FALSE(placed(work, {knows_gas("li", 30), omar}));
  work.skills[1].remote = true;
  const auto helped = placed(work, {knows_gas("li", 30), omar});
  ASSERT_THAT(helped->choice.crew, SizeIs(2));
  EXPECT_EQ(helped->choice.crew[1].role, Role::kRemoteExpert);

  auto lesson = job({kGas});
  lesson.train = true;
  auto mentor = knows_gas("li", 30), novice = candidate(person("nils", {{"gas", 1}}), 30);
  mentor.person.mentors = {"gas"};
  EXPECT_THAT(placed(lesson, {mentor, novice})->choice.crew, SizeIs(2));
  lesson.not_wanted = {"nils"};
  EXPECT_THAT(placed(lesson, {mentor, novice})->choice.crew, SizeIs(1));
}

TEST(Preferred, ComesIfThatCostsLittle) {
  auto work = job({kGas});
  const auto goes = [&](double home) { return who_goes(placed(work, {knows_gas("li", 20), knows_gas("zoe", home)})); };
  EXPECT_EQ(goes(15), "li") << "who is nearer";
  work.preferred = {"zoe"};
  EXPECT_EQ(goes(15), "zoe") << "ten minutes of driving cost less than a stranger";
  EXPECT_EQ(goes(0), "li") << "forty cost more";
}

TEST(Preferred, OneOfACrewIsEnough) {
  auto work = job({kGas, kPower});
  const std::vector<Candidate> both = {knows_gas("li", 20), candidate(person("omar", {{"power", 2}}), 30)};
  const auto cost = placed(work, both)->choice.cost;
  work.preferred = {"omar"};
  EXPECT_DOUBLE_EQ(placed(work, both)->choice.cost, cost);
  work.preferred = {"zoe"};
  EXPECT_DOUBLE_EQ(placed(work, both)->choice.cost, cost + Weights{}.continuity);
}

// --- on call ---

Candidate on_call(const std::string& id, Interval when) {
  auto out = knows_gas(id, 0);
  out.shifts.clear();
  out.on_call = {when};
  return out;
}

TEST(OnCall, IsForWhatIsUrgentOnly) {
  auto work = job({kGas});
  EXPECT_THAT(who_goes(placed(work, {on_call("li", all_day())})),
              HasSubstr("has time for it only on call, and the job can wait"));
  work.only = "li";
  EXPECT_FALSE(placed(work, {on_call("li", all_day())})) << "a dispatcher's word makes it no more urgent";
  work.urgent = true;
  EXPECT_EQ(placed(work, {on_call("li", all_day())})->choice.starts, at(8, 30));
}

TEST(OnCall, GivesWayToARegularShiftThatIsSoonEnough) {
  auto work = job({kGas});
  work.urgent = true;
  auto zoe = knows_gas("zoe", 0);
  zoe.shifts = {{at(12), at(20)}};
  const auto goes = [&] { return who_goes(placed(work, {on_call("li", all_day()), zoe})); };
  EXPECT_EQ(goes(), "zoe") << "four hours of waiting cost less than calling Li out";
  work.respond_by = at(9);
  EXPECT_EQ(goes(), "li") << "but being late for three and a half does not";
  work.respond_by = kNever;
  work.hazard = true;
  EXPECT_EQ(goes(), "li") << "and nobody saves money on a hazard";
}

TEST(OnCall, OneAndTheSameEngineerIsCalledOutOnlyWhereHerShiftIsTooLate) {
  auto work = job({kGas});
  work.urgent = true;
  auto li = on_call("li", {at(8), at(12)});
  li.shifts = {{at(12), at(20)}};
  EXPECT_EQ(placed(work, {li})->choice.starts, at(12, 30));
  work.respond_by = at(9);
  EXPECT_EQ(placed(work, {li})->choice.starts, at(8, 30));
}

TEST(OnCall, NobodyIsCalledOutForAWindowThatIsOfferedOrToLearn) {
  auto work = job({kGas});
  work.urgent = true;
  EXPECT_FALSE(cheapest_windows(work, {on_call("li", all_day())}, Street{}, Weights{}, kEight,
                                windows_within(at(8), at(18), 2h, Zone{}), 5));
  work.train = true;
  auto mentor = knows_gas("li", 30), novice = candidate(person("nils", {{"gas", 1}}), 30);
  mentor.person.mentors = {"gas"};
  EXPECT_THAT(placed(work, {mentor, novice})->choice.crew, SizeIs(2));
  std::swap(novice.shifts, novice.on_call);
  EXPECT_THAT(placed(work, {mentor, novice})->choice.crew, SizeIs(1));
}

// Two regular days, on call in the evening and the night between; eleven hours of rest are due.
Candidate li_with_a_night_on_call() {
  auto li = knows_gas("li", 0);
  li.shifts = {{at(8), at(18)}, {at(24 + 8), at(24 + 18)}};
  li.on_call = {{at(18), at(24 + 8)}};
  li.min_rest = 11h;
  return li;
}

TEST(OnCall, ACallOutNeedsNoRestBeforeIt) {
  auto work = job({kGas});
  work.urgent = true;
  work.not_before = at(21);
  auto li = li_with_a_night_on_call();
  li.route = {{at(16), at(17), along(30)}};
  work.respond_by = at(21);
  EXPECT_EQ(placed(work, {li})->choice.starts, at(21)) << "three and a half hours after she came home";
}

TEST(OnCall, TheNextShiftIsRestedForAfterACallOut) {
  auto work = job({kGas});
  work.not_before = at(24 + 8);
  auto li = li_with_a_night_on_call();
  li.route = {{at(22), at(23), along(30)}};  // home at half past eleven
  EXPECT_EQ(placed(work, {li})->choice.starts, at(24 + 11)) << "she leaves at half past ten";
  work.not_before = at(16);
  EXPECT_EQ(placed(work, {li})->choice.starts, at(16)) << "the shift before it ends as it ever did";
}

TEST(OnCall, NobodyIsCalledOutWhoWouldLackTheRestBeforeWhatIsBooked) {
  auto work = job({kGas});
  work.urgent = true;
  work.not_before = at(22);
  work.respond_by = at(22);
  auto li = li_with_a_night_on_call();
  li.route = {{at(24 + 11, 30), at(24 + 12, 30), along(30)}};  // she leaves at eleven
  EXPECT_EQ(placed(work, {li})->choice.starts, at(22)) << "home at half past eleven";
  li.route = {{at(24 + 9), at(24 + 10), along(30)}};
  EXPECT_EQ(placed(work, {li})->choice.starts, at(24 + 10));
}

}  // namespace
}  // namespace firstfix::planning
