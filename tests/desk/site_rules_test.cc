// What the records say of a site and of the hours on call, from the record to the offer.
#include <gmock/gmock.h>

#include "casework/convert.h"
#include "desk/site_access.h"
#include "desk/zones.h"
#include "firstfix/v1/knowledge.pb.h"
#include "firstfix/v1/workforce.pb.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The hours of access as instants: "03-29T06:00 to 03-29T10:00".
std::vector<std::string> open_at(const std::string& access, const std::string& from, const std::string& to) {
  std::vector<std::string> out;
  for (const auto& one : access_within(from_text<v1::Site>(access), *zone_named("Europe/Berlin"),
                                       parse_iso8601(from).value(), parse_iso8601(to).value()))
    out.push_back(to_iso8601(one.from).substr(5, 11) + " to " + to_iso8601(one.to).substr(5, 11));
  return out;
}

TEST(SiteAccess, IsAsTheClocksOfThePlaceShowIt) {
  EXPECT_THAT(open_at("access { from_minute: 480 to_minute: 720 } access { from_minute: 780 to_minute: 960 }",
                      "2026-03-02T00:00:00Z", "2026-03-02T22:00:00Z"),
              ElementsAre("03-02T07:00 to 03-02T11:00", "03-02T12:00 to 03-02T15:00"));
  EXPECT_THAT(open_at("access { weekdays: DAY_OF_WEEK_TUESDAY weekdays: DAY_OF_WEEK_SUNDAY from_minute: 480"
                      " to_minute: 720 }",
                      "2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z"),
              ElementsAre("03-03T07:00 to 03-03T11:00", "03-08T07:00 to 03-08T11:00"));
  EXPECT_THAT(open_at("", "2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z"), IsEmpty()) << "at any time";
}

TEST(SiteAccess, IsCutToTheTimeAskedForAndHoursThatMeetAreOne) {
  EXPECT_THAT(open_at("access { from_minute: 480 to_minute: 720 }", "2026-03-02T08:00:00Z", "2026-03-03T07:00:00Z"),
              ElementsAre("03-02T08:00 to 03-02T11:00", "03-03T07:00 to 03-03T07:00"));
  EXPECT_THAT(open_at("access { from_minute: 0 to_minute: 360 } access { from_minute: 1320 to_minute: 1440 }",
                      "2026-03-02T12:00:00Z", "2026-03-03T12:00:00Z"),
              ElementsAre("03-02T21:00 to 03-03T05:00"))
      << "over midnight";
  const auto never = open_at("access { weekdays: DAY_OF_WEEK_FRIDAY from_minute: 480 to_minute: 720 }",
                             "2026-03-02T00:00:00Z", "2026-03-04T00:00:00Z");
  EXPECT_THAT(never, ElementsAre("03-01T23:59 to 03-01T23:59")) << "over before, which is not at any time";
}

TEST(SiteAccess, FollowsTheClocksWhenTheyAreChanged) {
  EXPECT_THAT(open_at("access { from_minute: 480 to_minute: 720 }", "2026-03-28T00:00:00Z", "2026-03-29T22:00:00Z"),
              ElementsAre("03-28T07:00 to 03-28T11:00", "03-29T06:00 to 03-29T10:00"));
  EXPECT_THAT(open_at("access { from_minute: 90 to_minute: 150 }", "2026-03-29T00:00:00Z", "2026-03-29T22:00:00Z"),
              ElementsAre("03-29T00:30 to 03-29T00:59"))
      << "from half past one to two: there is no half past two";
  EXPECT_THAT(open_at("access { from_minute: 120 to_minute: 150 }", "2026-10-24T22:00:00Z", "2026-10-25T22:00:00Z"),
              ElementsAre("10-25T00:00 to 10-25T00:30", "10-25T01:00 to 10-25T01:30"))
      << "the hour that comes twice";
}

class SiteRulesTest : public ::testing::Test {
 protected:
  void hall(const std::string& rules) {
    town.put<v1::Site>(
        "name: 'sites/hall' customer: 'customers/mill' territory: 'territories/north' "
        "position { latitude_deg: 53.0 longitude_deg: 10.0 } " +
        rules);
  }
  v1::Visit visit_of(const v1::Case& record) { return town.get<v1::Visit>(record.visit()); }
  std::vector<std::string> impossible(const v1::Visit& visit) {
    std::vector<std::string> out;
    for (const auto& one : visit.assignment().impossible()) out.push_back(one.engineer() + ": " + one.reason());
    return out;
  }

  Town town;
  Machine press{town, "press-1"};
};

TEST_F(SiteRulesTest, WhoIsExcludedIsNotSentAndTheAnswerSaysWhy) {
  hall("excluded_engineers: 'engineers/li'");
  press.say({press.fault("j1939-100-1")});
  EXPECT_EQ(town.open_offer().engineer(), "engineers/max");
  EXPECT_THAT(impossible(town.only<v1::Visit>()), ElementsAre("engineers/li: is not wanted at the site"));
}

TEST_F(SiteRulesTest, ADispatchersWordDoesNotOverrideIt) {
  hall("excluded_engineers: 'engineers/li'");
  press.say({press.fault("j1939-100-1")});
  const auto named = town.as<v1::Visit>("dispatch/ann", [&](Command& command) {
    return reassign_visit(command, town.only<v1::Visit>().name(), "engineers/li", "she knows the place");
  });
  const auto reason = named ? town.only<v1::Case>().plan_due_reason() : named.error().message;
  EXPECT_THAT(reason, HasSubstr("is not wanted at the site"));
}

// Max has moved one street further than li, and has a hose too.
class TwoNearTest : public SiteRulesTest {
 protected:
  TwoNearTest() {
    town.put<v1::Engineer>(R"(name: "engineers/max" territory: "territories/north" van: "stockLocations/van-max"
                              skills { skill: "skills/hydraulics" level: 2 }
                              home { latitude_deg: 53.0 longitude_deg: 10.02 })");
    town.put<v1::StockLine>(R"(name: "stockLocations/van-max/lines/hose" location: "stockLocations/van-max"
                               part: "parts/hose" on_hand: 1)");
  }
  // A case of the past; ids sort by time.
  void was_at_the_press(const std::string& id, const std::string& crew, const std::string& state = "COMPLETED") {
    town.put<v1::Case>("name: 'cases/" + id + "' asset: 'assets/press' state: CASE_STATE_CLOSED");
    town.put<v1::Visit>("name: 'visits/" + id + "' case_name: 'cases/" + id + "' state: VISIT_STATE_" + state + crew);
  }
  std::string who_is_sent() {
    press.say({press.fault("j1939-100-1")});
    return town.open_offer().engineer();
  }
};

TEST_F(TwoNearTest, WhereNobodyIsKnownTheNearerComes) {
  EXPECT_EQ(who_is_sent(), "engineers/li");
}

TEST_F(TwoNearTest, WhoIsPreferredComesIfThatCostsLittle) {
  hall("preferred_engineers: 'engineers/max'");
  EXPECT_EQ(who_is_sent(), "engineers/max");
}

TEST_F(TwoNearTest, WhoWasAtTheMachineLastComesAgainIfThatCostsLittle) {
  was_at_the_press("1", " engineer: 'engineers/li'");
  was_at_the_press("2", " engineer: 'engineers/max'");
  was_at_the_press("3", " engineer: 'engineers/li'", "CANCELLED");
  EXPECT_EQ(who_is_sent(), "engineers/max");
}

TEST_F(TwoNearTest, WhoOnlyHelpedFromAfarOrWasNeverThereIsNotKnownThere) {
  was_at_the_press("1", R"( engineer: 'engineers/ida'
                            crew { engineer: 'engineers/ida' role: CREW_ROLE_LEAD arrived_at { seconds: 9 } }
                            crew { engineer: 'engineers/max' role: CREW_ROLE_REMOTE_EXPERT arrived_at { seconds: 9 } }
                            crew { engineer: 'engineers/max' role: CREW_ROLE_SECOND })");
  EXPECT_EQ(who_is_sent(), "engineers/li");
}

TEST_F(TwoNearTest, WhomTheSitePrefersGoesBeforeWhoWasThereLast) {
  hall("preferred_engineers: 'engineers/li'");
  was_at_the_press("1", " engineer: 'engineers/max'");
  EXPECT_EQ(who_is_sent(), "engineers/li");
}

TEST_F(SiteRulesTest, WorkBeginsWhenTheSiteIsOpenByTheTerritorysClocks) {
  town.put<v1::Territory>(
      R"(name: "territories/north" automation: AUTOMATION_LEVEL_AUTOMATIC time_zone: "Europe/Berlin")");
  hall("access { weekdays: DAY_OF_WEEK_MONDAY from_minute: 780 to_minute: 900 }");
  press.say({press.fault("j1939-100-1")});
  EXPECT_EQ(to_instant(visit_of(town.only<v1::Case>()).starts_at()), kMorning + 3h) << "one o'clock, which is eleven";
}

TEST_F(SiteRulesTest, TheBreakOfAShiftIsKeptAndTheDayEndsWhereTheRecordSays) {
  const auto eight = kMorning.micros / 1'000'000;
  const auto seconds = [](std::int64_t s) { return "{ seconds: " + std::to_string(s) + " }"; };
  town.put<v1::Shift>("name: 'shifts/li-0' engineer: 'engineers/li' starts_at " + seconds(eight - 7200) + " ends_at " +
                      seconds(eight + 50400) + " meal_break { earliest_at " + seconds(eight) + " latest_at " +
                      seconds(eight + 600) + " takes " + seconds(2400) + " }");
  town.write([](Command& command) -> Status {
    FIRSTFIX_TRY(li, command.uow.get<v1::Engineer>("engineers/li"));
    li.mutable_end_location()->set_latitude_deg(53.0);
    li.mutable_end_location()->set_longitude_deg(10.0);
    return command.uow.put(li);
  });
  press.say({press.fault("j1939-100-1")});
  const auto visit = visit_of(town.only<v1::Case>());
  EXPECT_EQ(visit.engineer(), "engineers/li");
  EXPECT_EQ(to_instant(visit.travel_starts_at()), kMorning + 40min);
  const auto hours = [](Duration d) { return static_cast<double>(d.count()) / 3.6e9; };
  EXPECT_NEAR(visit.assignment().cost(), 10 * hours(to_instant(visit.starts_at()) - kMorning), 0.01)
      << "no way costs anything: the hall, where her day ends, is where she has to go";
}

// Li is on call from ten in the evening to six; the mill is promised that somebody comes within the hour.
class OnCallTest : public SiteRulesTest {
 protected:
  OnCallTest() {
    const auto evening = kMorning.micros / 1'000'000 + 14 * 3600;
    town.put<v1::Shift>("name: 'shifts/night' engineer: 'engineers/li' on_call: true starts_at { seconds: " +
                        std::to_string(evening) + " } ends_at { seconds: " + std::to_string(evening + 8 * 3600) + " }");
    town.put<v1::Customer>("name: 'customers/mill' response_time { seconds: 3600 }");
  }
  void press_fails_at_three(const std::string& severity) {
    town.put<v1::FaultCode>("name: 'faultCodes/j1939-100-1' alarm_class: ALARM_CLASS_ALARM severity: SEVERITY_" +
                            severity);
    town.advance(19h);
    press.say({press.fault("j1939-100-1")});
  }
  v1::Visit at_three_in_the_morning(const std::string& severity) {
    press_fails_at_three(severity);
    return visit_of(town.only<v1::Case>());
  }
};

TEST_F(OnCallTest, AMachineThatStandsAtThreeInTheMorningCallsTheEngineerOut) {
  const auto visit = at_three_in_the_morning("CRITICAL");
  EXPECT_EQ(visit.engineer(), "engineers/li");
  EXPECT_LT(to_instant(visit.starts_at()), kMorning + 20h);
}

TEST_F(OnCallTest, AHazardCallsTheEngineerOutWhateverTheContractSays) {
  town.put<v1::Customer>("name: 'customers/mill' response_time { seconds: 86400 }");
  EXPECT_LT(to_instant(at_three_in_the_morning("HAZARD").starts_at()), kMorning + 20h);
}

TEST_F(OnCallTest, AMachineThatStandsWaitsForTheShiftIfItsContractAllows) {
  town.put<v1::Customer>("name: 'customers/mill' response_time { seconds: 86400 }");
  EXPECT_GE(to_instant(at_three_in_the_morning("CRITICAL").travel_starts_at()), kMorning + 22h);
}

TEST_F(OnCallTest, AMinorFaultWaitsForTheMorning) {
  const auto visit = at_three_in_the_morning("MINOR");
  EXPECT_EQ(visit.engineer(), "engineers/li");
  EXPECT_GE(to_instant(visit.travel_starts_at()), kMorning + 22h) << "her shift begins at six";
}

TEST_F(OnCallTest, WhereThereIsNothingElseItIsSaidThatTheFaultCanWait) {
  for (int day = 0; day < 7; ++day)
    for (const auto* id : {"li", "max"})
      town.put<v1::Shift>("name: 'shifts/" + std::string(id) + "-" + std::to_string(day) + "' engineer: 'engineers/" +
                          id + "' starts_at { seconds: 1 } ends_at { seconds: 2 }");
  press_fails_at_three("MINOR");
  EXPECT_THAT(town.only<v1::Case>().plan_due_reason(), HasSubstr("has time for it only on call, and the job can wait"));
}

}  // namespace
}  // namespace firstfix::desk
