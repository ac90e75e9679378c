// Who is qualified for what, and who may go together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "planning/crew.h"
#include "town.h"

namespace firstfix::planning {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const SkillNeed kGas{"gas", 2}, kPower{"power", 3}, kControls{"controls", 1, true};
const Interval kTen{at(10), at(11)};

TEST(Needs, AreThoseOfTheMostProbableCauseHoweverImprobable) {
  EXPECT_THAT(needs_of({{0.1, {kGas}}, {0.09, {kPower}}}, {}), ElementsAre(kGas));
}

TEST(Needs, AreTheUnionOverAllProbableCausesAtTheHighestLevel) {
  EXPECT_THAT(needs_of({{0.5, {kGas}}, {0.25, {kPower, {"gas", 4}}}, {0.249, {kControls}}}, {}),
              ElementsAre(SkillNeed{"gas", 4}, kPower));
}

TEST(Needs, ContainWhatTheMachineTakesWhateverTheCause) {
  EXPECT_THAT(needs_of({}, {kPower}), ElementsAre(kPower));
  EXPECT_THAT(needs_of({{0.9, {{"power", 5}}}}, {kPower}), ElementsAre(SkillNeed{"power", 5}));
}

TEST(Certificate, CountsOnlyIfItCoversTheWholeVisit) {
  struct Row {
    const char* what;
    std::vector<Interval> certified;
    bool counts;
  };
  const std::vector<Row> table = {
      {"needs none", Holding{}.certified, true},
      {"covers the day", {{at(0), at(24)}}, true},
      {"exactly the visit", {kTen}, true},
      {"ended before", {{at(0), at(9)}}, false},
      {"ends during the work", {{at(0), at(10, 59)}}, false},
      {"begins during the work", {{at(10, 1), at(24)}}, false},
      {"begins tomorrow", {{at(32), at(48)}}, false},
      {"one expired, another renewed", {{at(0), at(9)}, {at(9), at(48)}}, true},
      {"none, where one is needed", {}, false},
  };
  for (const auto& row : table) {
    auto li = person("li", {{"gas", 3}});
    li.skills["gas"].certified = row.certified;
    EXPECT_EQ(covers(li, kGas, kTen), row.counts) << row.what;
    EXPECT_EQ(level_in(li, "gas", kTen), row.counts ? 3 : 0) << row.what;
    EXPECT_EQ(why_not(li, kGas, kTen).empty(), row.counts) << row.what;
  }
}

TEST(Certificate, ThatIsOverIsNamed) {
  auto li = person("li", {{"gas", 3}});
  li.skills["gas"].certified = {{at(0), at(9)}};
  EXPECT_THAT(why_not(li, kGas, kTen), HasSubstr("certificate for gas has expired"));
  EXPECT_THAT(why_not(person("omar", {{"gas", 1}}), kGas, kTen), HasSubstr("gas at level 1, 2 needed"));
  EXPECT_THAT(why_not(person("zoe", {}), kGas, kTen), HasSubstr("lacks gas"));
}

TEST(Mentor, NeedsTheLevelAndThePermission) {
  auto zoe = person("zoe", {{"gas", 4}});
  EXPECT_FALSE(may_mentor(zoe, kGas, kTen)) << "a master who is no mentor";
  zoe.mentors = {"gas"};
  EXPECT_TRUE(may_mentor(zoe, kGas, kTen));
  EXPECT_FALSE(may_mentor(zoe, {"gas", 5}, kTen)) << "a mentor below the level";
  zoe.skills["gas"].certified = {{at(0), at(9)}};
  EXPECT_FALSE(may_mentor(zoe, kGas, kTen)) << "a mentor whose certificate has expired";
}

// The rule of crews, one row a crew: who, in which role, whether it may go, and if not why.
struct Going {
  const char* what;
  std::vector<SkillNeed> needs;
  std::vector<std::pair<const char*, Role>> crew;
  const char* unfit;  // part of the reason; empty: it may go
};

TEST(Crew, MayGoOrNot) {
  auto gas = person("gas", {{"gas", 2}}), power = person("power", {{"power", 3}}),
       both = person("both", {{"gas", 2}, {"power", 3}}), controls = person("controls", {{"controls", 1}}),
       mentor = person("mentor", {{"gas", 4}}), novice = person("novice", {{"gas", 1}}), pupil = person("pupil", {}),
       stranger = person("stranger", {});
  mentor.mentors = {"gas"};
  pupil.learns = {"gas"};
  std::map<std::string, const Person*> people;
  for (const auto* one : {&gas, &power, &both, &controls, &mentor, &novice, &pupil, &stranger}) people[one->id] = one;
  constexpr auto L = Role::kLead, S = Role::kSecond, R = Role::kRemoteExpert;
  const std::vector<Going> table = {
      {"one who knows it", {kGas}, {{"gas", L}}, ""},
      {"one who knows both", {kGas, kPower}, {{"both", L}}, ""},
      {"one who knows one of two", {kGas, kPower}, {{"gas", L}}, "lacks power"},
      {"two who together know both", {kGas, kPower}, {{"gas", L}, {"power", S}}, ""},
      {"anybody, where nothing is needed", {}, {{"stranger", L}}, ""},
      {"a novice alone", {kGas}, {{"novice", L}}, "gas at level 1, 2 needed"},
      {"a novice under a mentor", {kGas}, {{"mentor", L}, {"novice", S}}, ""},
      {"a novice beside a master who is no mentor", {kGas}, {{"gas", L}, {"novice", S}}, "no mentor"},
      {"a novice who leads the mentor", {kGas}, {{"novice", L}, {"mentor", S}}, "leads, but covers none"},
      {"a pupil without any level, under a mentor", {kGas}, {{"mentor", L}, {"pupil", S}}, ""},
      {"a stranger who learns nothing", {kGas}, {{"mentor", L}, {"stranger", S}}, "covers none"},
      {"an expert from afar for what may come so", {kGas, kControls}, {{"gas", L}, {"controls", R}}, ""},
      {"an expert from afar for what takes hands", {kGas, kPower}, {{"gas", L}, {"power", R}}, "cannot be brought"},
      {"a stranger talked through everything",
       {kControls},
       {{"stranger", L}, {"controls", R}},
       "leads, but covers none"},
      {"a mentor by phone", {kControls, kGas}, {{"controls", L}, {"mentor", R}}, "cannot be brought from afar"},
      {"nobody", {kGas}, {}, "nobody goes"},
      {"one person twice", {kGas}, {{"both", L}, {"both", S}}, "two members"},
      {"two leads", {kGas}, {{"gas", L}, {"both", L}}, "one lead"},
      {"five", {kGas}, {{"gas", L}, {"both", S}, {"mentor", S}, {"power", S}, {"controls", R}}, "at most 4"},
  };
  for (const auto& row : table) {
    Crew crew;
    for (const auto& [id, role] : row.crew) crew.push_back({people.at(id), role});
    const auto reason = unfit(row.needs, crew, kTen);
    if (*row.unfit == '\0') {
      EXPECT_THAT(reason, IsEmpty()) << row.what;
    } else {
      EXPECT_THAT(reason, HasSubstr(row.unfit)) << row.what;
    }
  }
}

TEST(Crew, MembersAnswerForDifferentSkills) {
  auto mentor = person("mentor", {{"gas", 4}}), power = person("power", {{"power", 3}, {"gas", 1}});
  mentor.mentors = {"gas"};
  const auto all = duties({kGas, kPower}, {{&mentor, Role::kLead}, {&power, Role::kSecond}}, kTen);
  EXPECT_THAT(all[0].covers, ElementsAre(kGas));
  EXPECT_THAT(all[1].covers, ElementsAre(kPower));
  EXPECT_THAT(all[1].trains, ElementsAre(kGas)) << "who covers one skill may practise another";
}

TEST(NobodyHas, NamesTheNeedsThatNoOneCanEverCover) {
  const auto gas = person("gas", {{"gas", 1}}), controls = person("controls", {{"controls", 2}, {"power", 3}});
  EXPECT_THAT(nobody_has({kGas, kPower, kControls}, {&gas, &controls}, {true, false}, kEight),
              ElementsAre(kGas, kPower))
      << "gas is too low; power would have to come; controls come from afar";
}

}  // namespace
}  // namespace firstfix::planning
