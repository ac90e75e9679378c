// The town in which colleagues meet: two engineers, and a mill half-way between them, where one has parts that the
// other needs.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "desk/bookings.h"
#include "desk/qualifications.h"
#include "desk/replanning.h"
#include "town/town.h"

namespace firstfix::desk {

using testing::from_text, testing::kTenant, testing::Town;

// The last two hoses are in Max's van. He has agreed to the mill, half-way to the hall, when the press in the hall
// breaks down, at Li's door.
class MeetingsTown : public ::testing::Test {
 protected:
  MeetingsTown() {
    hand_over(600);
    town.put<v1::Site>(R"(name: "sites/middle" customer: "customers/mill" territory: "territories/north"
                          position { latitude_deg: 53.0 longitude_deg: 10.3 })");
    town.put<v1::Asset>(R"(name: "assets/mill" site: "sites/middle" model: "assetModels/mp")");
    stock("depot", 0);
    stock("van-li", 0);
    stock("van-max", 2);
    here("li", false);
    mill = broken("assets/mill");
    here("li", true);
    EXPECT_EQ(visit(mill).engineer(), "engineers/max");
    accept(mill);
  }

  void hand_over(int seconds) {
    town.put<v1::Territory>("name: 'territories/north' automation: AUTOMATION_LEVEL_AUTOMATIC hand_over { seconds: " +
                            std::to_string(seconds) + " }");
  }
  void stock(const std::string& place, int count, const std::string& part = "hose") {
    town.put<v1::StockLine>("name: 'stockLocations/" + place + "/lines/" + part + "' location: 'stockLocations/" +
                            place + "' part: 'parts/" + part + "' on_hand: " + std::to_string(count));
  }
  void here(const std::string& engineer, bool is) {
    town.write([&](Command& command) -> Status {
      FIRSTFIX_TRY(record, command.uow.get<v1::Engineer>("engineers/" + engineer));
      record.set_inactive(!is);
      FIRSTFIX_CHECK(command.uow.put(record));
      return review_bookings(command, record.name());
    });
  }
  std::string broken(const std::string& asset) {
    const auto made = town.as<v1::Case>("dispatch/ann", [&](Command& command) {
      return create_case(command, {.asset = asset, .summary = "it leaks", .codes = {"j1939-100-1"}});
    });
    EXPECT_TRUE(made) << made.error().message;
    return made ? made->name() : "";
  }
  v1::Visit visit(const std::string& case_name) { return town.get<v1::Visit>(town.get<v1::Case>(case_name).visit()); }
  void accept(const std::string& case_name) {
    const auto planned = visit(case_name);
    const auto done = town.as<v1::Offer>(planned.engineer(),
                                         [&](Command& command) { return accept_offer(command, planned.offer()); });
    ASSERT_TRUE(done) << done.error().message;
  }
  v1::StockLine line(const std::string& place, const std::string& part) {
    return town.get<v1::StockLine>("stockLocations/" + place + "/lines/" + part);
  }
  std::uint32_t reserved() { return line("van-max", "hose").reserved(); }
  std::vector<std::string> told(const std::string& case_name) {
    std::vector<std::string> out;
    for (const auto& entry : town.all<v1::TimelineEntry>(case_name + "/")) out.push_back(entry.text());
    return out;
  }
  void expect_no_better_day() {
    town.write([&](Command& command) -> Status {
      FIRSTFIX_TRY(found, replan_territory(command, "territories/north"));
      EXPECT_FALSE(found.proposal) << found.proposal->reason();
      return {};
    });
  }
  // The press breaks down, and Li is to meet Max.
  void meeting() {
    press = broken("assets/press");
    ASSERT_EQ(visit(press).engineer(), "engineers/li");
    ASSERT_THAT(visit(press).pickups(), ::testing::SizeIs(1)) << visit(press).assignment().reason();
    ASSERT_EQ(visit(press).pickups(0).at_visit(), visit(mill).name());
  }
  // The press needs a belt as well, of which there is one in the depot near the hall: Li is to fetch it there before
  // Max is at the mill.
  void meeting_and_depot() {
    town.put<v1::Part>(R"(name: "parts/belt")");
    town.put<v1::Cause>(R"(name: "causes/hose" display_name: "burst hose"
                        codes { code: "faultCodes/j1939-100-1" probability: 0.9 }
                        parts { part: "parts/hose" probability: 0.9 quantity: 1 }
                        parts { part: "parts/belt" probability: 0.9 quantity: 1 }
                        skills { skill: "skills/hydraulics" level: 2 } repair_time { seconds: 3600 })");
    town.put<v1::StockLine>(R"(name: "stockLocations/depot/lines/belt" location: "stockLocations/depot"
                               part: "parts/belt" on_hand: 1)");
    press = broken("assets/press");
    ASSERT_EQ(visit(press).engineer(), "engineers/li");
    ASSERT_THAT(visit(press).pickups(), ::testing::SizeIs(2)) << visit(press).assignment().reason();
  }
  std::uint32_t belts_reserved() { return line("depot", "belt").reserved(); }
  internal::v1::RosterStop stop_of(const std::string& case_name) {
    const auto snapshot = town.store->snapshot();
    const auto roster = roster_of(View(*snapshot, kTenant), visit(case_name).engineer());
    for (const auto& stop : roster->stops())
      if (stop.visit() == visit(case_name).name()) return stop;
    return {};
  }
  void li_sets_out() {
    const auto name = visit(press).name();
    const auto done = town.as<v1::Visit>("engineers/li",
                                         [&](Command& command) { return start_travel(command, name, command.now()); });
    ASSERT_TRUE(done) << done.error().message;
  }
  void expect_no_meeting() {
    EXPECT_THAT(visit(mill).hand_overs(), ::testing::IsEmpty());
    const auto left = visit(press);
    for (const auto& pickup : left.pickups()) EXPECT_TRUE(left.engineer().empty() || pickup.at_visit().empty());
  }

  Town town;
  std::string mill, press;
};

}  // namespace firstfix::desk
