// A hazard breaks into a day that is full: who gives way to it, what becomes of them, and who decides that.
#include <gmock/gmock.h>

#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/qualifications.h"
#include "desk/replanning.h"
#include "firstfix/v1/inventory.pb.h"
#include "firstfix/v1/knowledge.pb.h"
#include "firstfix/v1/workforce.pb.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Li is alone today. The lathe, an hour's work, is hers at once; then the boiler next to it is a hazard.
class GivingWayTest : public ::testing::Test {
 protected:
  explicit GivingWayTest(const std::string& level = "AUTOMATIC") {
    town.put<v1::Territory>("name: 'territories/north' automation: AUTOMATION_LEVEL_" + level);
    town.put<v1::Asset>(R"(name: "assets/boiler" site: "sites/hall" model: "assetModels/mp")");
    town.put<v1::StockLine>(R"(name: "stockLocations/van-li/lines/hose" location: "stockLocations/van-li"
                               part: "parts/hose" on_hand: 3)");
    at_work("engineers/max", false);
    lathe = broken("assets/lathe", v1::SEVERITY_MAJOR);
    EXPECT_EQ(visit(lathe).engineer(), "engineers/li");
  }

  void at_work(const std::string& name, bool is) {
    town.write([&](Command& command) -> Status {
      FIRSTFIX_TRY(engineer, command.uow.get<v1::Engineer>(name));
      engineer.set_inactive(!is);
      return command.uow.put(engineer);
    });
  }
  std::string broken(const std::string& asset, v1::Severity severity) {
    const auto made = town.as<v1::Case>("dispatch/ann", [&](Command& command) {
      return create_case(command,
                         {.asset = asset, .summary = "it leaks", .severity = severity, .codes = {"j1939-100-1"}});
    });
    EXPECT_TRUE(made) << made.error().message;
    return made ? made->name() : "";
  }
  std::string hazard() { return broken("assets/boiler", v1::SEVERITY_HAZARD); }

  v1::Visit visit(const std::string& case_name) { return town.get<v1::Visit>(town.get<v1::Case>(case_name).visit()); }
  Instant starts(const std::string& case_name) { return to_instant(visit(case_name).starts_at()); }
  std::vector<std::string> timeline(const std::string& case_name) {
    std::vector<std::string> out;
    for (const auto& entry : town.all<v1::TimelineEntry>(case_name)) out.push_back(entry.text());
    return out;
  }
  void accept(const std::string& case_name) {
    const auto name = visit(case_name).offer();
    const auto done = town.as<v1::Offer>("engineers/li", [&](Command& command) { return accept_offer(command, name); });
    ASSERT_TRUE(done) << done.error().message;
  }
  Result<v1::Case> approve(const std::string& case_name, bool make_room) {
    return town.as<v1::Case>("dispatch/ann",
                             [&](Command& command) { return approve_case(command, case_name, make_room); });
  }
  // The lathe's customer is promised that work begins within so long of when it is planned.
  void promise(Duration within) {
    const auto when = starts(lathe);
    const auto booked = town.as<v1::Appointment>("dispatch/ann", [&](Command& command) -> Result<v1::Appointment> {
      FIRSTFIX_TRY(held, hold_slot(command, lathe, {when - 1h, when + within}));
      return book_appointment(command, held.name(), "");
    });
    ASSERT_TRUE(booked) << booked.error().message;
  }
  // The lathe's visit is where it was, and the hazard after it.
  void expect_undisturbed(const v1::Visit& before, const std::string& other) {
    EXPECT_EQ(visit(lathe).etag(), before.etag());
    EXPECT_GE(starts(other), to_instant(before.ends_at()));
    EXPECT_THAT(visit(other).assignment().gave_way(), IsEmpty());
  }

  Town town;
  std::string lathe;
};

class ProposingTest : public GivingWayTest {
 protected:
  ProposingTest() : GivingWayTest("PROPOSE") {}
};

TEST_F(GivingWayTest, TheHazardIsFirstAndWhoGaveWayIsPlannedAndOfferedAnewInTheSameCommit) {
  const auto before = visit(lathe);
  const auto boiler = hazard();
  EXPECT_EQ(starts(boiler), to_instant(before.starts_at()));
  EXPECT_THAT(visit(boiler).assignment().gave_way(), ElementsAre(before.name()));
  EXPECT_THAT(visit(boiler).assignment().reason(), HasSubstr(before.name() + " gives way to it: 60 min sooner"));
  const auto after = visit(lathe);
  EXPECT_EQ(after.name(), before.name());
  EXPECT_EQ(after.state(), v1::VISIT_STATE_OFFERED);
  EXPECT_GE(to_instant(after.starts_at()), to_instant(visit(boiler).ends_at()));
  EXPECT_EQ(town.get<v1::Offer>(before.offer()).state(), v1::OFFER_STATE_WITHDRAWN) << "li is told";
  EXPECT_THAT(timeline(lathe), Contains(HasSubstr("it gives way to " + boiler + ", a hazard")));
  const auto snapshot = town.store->snapshot();
  EXPECT_EQ(roster_of(View(*snapshot, kTenant), "engineers/li")->stops_size(), 2);
  EXPECT_EQ(town.get<v1::StockLine>("stockLocations/van-li/lines/hose").reserved(), 2u) << "a hose for each";
}

TEST_F(GivingWayTest, WhatLiHasAgreedToGivesWayUnlessSheMayBeAboutToSetOut) {
  const auto second = broken("assets/press", v1::SEVERITY_MAJOR);
  accept(lathe);
  accept(second);
  const auto first = visit(lathe), before = visit(second);
  const auto boiler = hazard();
  EXPECT_EQ(visit(lathe).etag(), first.etag()) << "it begins in some minutes";
  EXPECT_EQ(starts(boiler), to_instant(before.starts_at()));
  EXPECT_THAT(visit(boiler).assignment().gave_way(), ElementsAre(before.name()));
  EXPECT_EQ(visit(second).state(), v1::VISIT_STATE_OFFERED) << "she is asked again";
  EXPECT_GE(starts(second), to_instant(visit(boiler).ends_at()));
}

TEST_F(GivingWayTest, NothingGivesWayToWhatIsNoWorse) {
  const auto before = visit(lathe);
  expect_undisturbed(before, broken("assets/boiler", v1::SEVERITY_MAJOR));
}

TEST_F(GivingWayTest, NorToAMachineThatStandsIfItIsRepairedInTimeByContract) {
  const auto before = visit(lathe);
  const auto boiler = broken("assets/boiler", v1::SEVERITY_CRITICAL);
  ASSERT_LE(starts(boiler), to_instant(town.get<v1::Case>(boiler).respond_by()));
  expect_undisturbed(before, boiler);
}

TEST_F(GivingWayTest, WhatAPersonHasDecidedStays) {
  town.write([&](Command& command) -> Status {
    FIRSTFIX_TRY(named, command.uow.get<v1::Visit>(visit(lathe).name()));
    named.set_named_by("dispatch/ann");
    return command.uow.put(named);
  });
  const auto before = visit(lathe);
  expect_undisturbed(before, hazard());
}

TEST_F(GivingWayTest, WhoIsOnTheWayGoesOn) {
  accept(lathe);
  const auto moving = town.as<v1::Visit>(
      "engineers/li", [&](Command& command) { return start_travel(command, visit(lathe).name(), command.now()); });
  ASSERT_TRUE(moving) << moving.error().message;
  const auto before = visit(lathe);
  expect_undisturbed(before, hazard());
}

TEST_F(GivingWayTest, APromisedVisitDoesNotLeaveItsWindow) {
  promise(50min);
  const auto before = visit(lathe);
  expect_undisturbed(before, hazard());
}

TEST_F(GivingWayTest, APromisedVisitGivesWayWithinItsWindowAndTheCustomerIsTold) {
  promise(2h);
  const auto before = starts(lathe);
  const auto boiler = hazard();
  EXPECT_EQ(starts(boiler), before);
  const auto kept = town.only<v1::Appointment>();
  EXPECT_EQ(kept.state(), v1::APPOINTMENT_STATE_BOOKED);
  EXPECT_EQ(to_instant(kept.expected_arrival_at()), starts(lathe));
  EXPECT_LE(starts(lathe), to_instant(kept.ends_at()));
  EXPECT_GE(starts(lathe), to_instant(visit(boiler).ends_at()));
}

TEST_F(GivingWayTest, IfTheOtherVisitChangesMeanwhileAllIsPlannedAnew) {
  int transactions = 0;
  const auto before = visit(lathe);
  town.store->before_transaction = [&] {
    if (++transactions != 2) return;
    town.store->before_transaction = nullptr;
    town.write([&](Command& command) -> Status {
      FIRSTFIX_TRY(named, command.uow.get<v1::Visit>(before.name()));
      named.set_named_by("dispatch/ann");
      return command.uow.put(named);
    });
  };
  const auto boiler = hazard();
  EXPECT_EQ(transactions, 2);
  EXPECT_EQ(to_instant(visit(lathe).starts_at()), to_instant(before.starts_at()));
  EXPECT_GE(starts(boiler), to_instant(before.ends_at()));
}

TEST_F(GivingWayTest, IfTheDayIsFullTheHazardIsDoneAndTheOtherListed) {
  town.write([&](Command& command) -> Status {
    for (const auto& shift : town.all<v1::Shift>()) FIRSTFIX_CHECK(command.uow.erase<v1::Shift>(shift.name()));
    auto short_day = from_text<v1::Shift>("name: 'shifts/short' engineer: 'engineers/li'");
    *short_day.mutable_starts_at() = to_proto(kMorning);
    *short_day.mutable_ends_at() = to_proto(kMorning + 80min);
    return command.uow.put(short_day);
  });
  const auto boiler = hazard();
  EXPECT_EQ(visit(boiler).engineer(), "engineers/li");
  EXPECT_THAT(visit(boiler).assignment().reason(), HasSubstr("nobody has time for it otherwise"));
  const auto waiting = town.get<v1::Case>(lathe);
  EXPECT_THAT(waiting.plan_due_reason(), HasSubstr("no time for it"));
  EXPECT_THAT(waiting.plan_relaxation(), AllOf(HasSubstr("with engineers/li until"), HasSubstr("minutes of overtime")));
  const auto snapshot = town.store->snapshot();
  const View view(*snapshot, kTenant);
  Minds minds;
  const auto unfit = unfit_bookings(view, **minds.knowledge(view), town.clock.now());
  ASSERT_TRUE(unfit);
  ASSERT_EQ(unfit->size(), 1u) << "dispatch sees it";
  EXPECT_THAT(unfit->front().reason, HasSubstr("it gives way to " + boiler));
}

TEST_F(ProposingTest, WhatNobodyWasAskedForGivesWayByItself) {
  const auto before = visit(lathe);
  ASSERT_EQ(before.state(), v1::VISIT_STATE_PROPOSED);
  const auto boiler = hazard();
  EXPECT_EQ(starts(boiler), to_instant(before.starts_at()));
  EXPECT_EQ(visit(lathe).state(), v1::VISIT_STATE_PROPOSED);
}

TEST_F(ProposingTest, WhatSomebodyWasAskedForGivesWayIfADispatcherSaysSo) {
  ASSERT_TRUE(approve(lathe, false));
  const auto before = visit(lathe);
  const auto boiler = hazard();
  expect_undisturbed(before, boiler);
  EXPECT_THAT(visit(boiler).assignment().reason(),
              HasSubstr("engineers/li could come if " + before.name() + " gave way: 60 min sooner"));
  const auto done = approve(boiler, true);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->state(), v1::CASE_STATE_OFFERED);
  EXPECT_EQ(starts(boiler), to_instant(before.starts_at()));
  EXPECT_THAT(visit(boiler).assignment().gave_way(), ElementsAre(before.name()));
  EXPECT_EQ(visit(lathe).state(), v1::VISIT_STATE_PROPOSED) << "a person says yes to its new time";
}

TEST_F(ProposingTest, ALookAtTheDaysAsAWholeDoesNotPutTheHazardOffAgain) {
  town.put<v1::Site>(
      "name: 'sites/far' customer: 'customers/mill' territory: 'territories/north' "
      "position { latitude_deg: 53.0 longitude_deg: 11.3 }");
  town.put<v1::Asset>(R"(name: "assets/boiler" site: "sites/far" model: "assetModels/mp")");
  const auto boiler = hazard();
  ASSERT_LT(starts(boiler), starts(lathe));
  ASSERT_LT(starts(boiler) + 3h, to_instant(town.get<v1::Case>(boiler).respond_by())) << "by contract it could wait";
  town.write([&](Command& command) -> Status {
    FIRSTFIX_TRY(found, replan_territory(command, "territories/north"));
    EXPECT_FALSE(found.proposal) << found.proposal->reason();
    return {};
  });
}

TEST_F(ProposingTest, RoomIsMadeOnlyForWhatCannotWait) {
  const auto boiler = broken("assets/boiler", v1::SEVERITY_MAJOR);
  const auto refused = approve(boiler, true);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kState);
  EXPECT_THAT(refused.error().message, HasSubstr("can wait"));
}

}  // namespace
}  // namespace firstfix::desk
