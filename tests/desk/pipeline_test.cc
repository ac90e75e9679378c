// The way of a fault, in one commit: episode, case, diagnosis, reservations, visit, offer together, or none of them.
#include <gmock/gmock.h>

#include <set>

#include "desk/bookings.h"
#include "firstfix/v1/inventory.pb.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace testing;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PipelineTest : public ::testing::Test {
 protected:
  Town town;
  Machine press{town, "press-1"};
};

TEST_F(PipelineTest, AFaultBecomesAnOfferInOneCommit) {
  const store::Partition partition{kTenant, 0};
  const auto before = town.store->position(partition);
  press.say({press.fault("j1939-100-1")});
  ASSERT_EQ(town.store->position(partition), before + 1);
  internal::v1::ChangeEntry entry;
  ASSERT_TRUE(entry.ParseFromString(town.store->tail(partition, {before}, 1)->at(0).entry));
  std::set<std::string> told;
  for (const auto& change : entry.changes()) told.insert(change.type());
  for (const auto* type : {"FaultEpisode", "Case", "Diagnosis", "PartsPlan", "Reservation", "Visit", "ChecklistStep",
                           "Offer", "TimelineEntry"})
    EXPECT_THAT(told, Contains(type));

  const auto record = town.only<v1::Case>();
  EXPECT_EQ(record.state(), v1::CASE_STATE_OFFERED);
  EXPECT_EQ(town.only<v1::FaultEpisode>().case_name(), record.name());
  const auto diagnosis = town.only<v1::Diagnosis>();
  EXPECT_EQ(diagnosis.causes(0).cause(), "causes/hose");
  EXPECT_THAT(diagnosis.evidence(), Not(IsEmpty()));
  const auto offer = town.open_offer();
  EXPECT_EQ(offer.engineer(), "engineers/li") << "who lives next door and has the hose";
  const auto reservation = town.only<v1::Reservation>();
  EXPECT_EQ(reservation.location(), "stockLocations/van-li");
  EXPECT_EQ(reservation.visit(), offer.visit());
}

TEST_F(PipelineTest, AnErrorAtAnyWriteLeavesNothing) {
  const auto batch = press.batch({press.fault("j1939-100-1")});
  const auto before = town.everything();
  int failed = 0;
  for (;; ++failed) {
    town.store->writes = 0;
    town.store->failing_write = failed;
    const auto receipt = press.send(batch);
    if (receipt) break;
    EXPECT_EQ(receipt.error().code, Code::kUnavailable);
    ASSERT_EQ(town.everything(), before) << "after an error at write " << failed;
  }
  EXPECT_GT(failed, 20) << "the way of a fault takes some writes";
  EXPECT_EQ(town.only<v1::Case>().state(), v1::CASE_STATE_OFFERED) << "and sent again, it is done";
}

TEST_F(PipelineTest, ReplayingAnInputChangesNothing) {
  const auto batch = press.batch({press.fault("j1939-100-1"), press.worked(10)});
  ASSERT_TRUE(press.send(batch));
  auto before = town.everything();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(press.send(batch)->durable_through(), 2u);
  auto after = town.everything();
  EXPECT_EQ(town.all<v1::FaultEpisode>().size(), 1u);
  EXPECT_EQ(after.size(), before.size());
  EXPECT_EQ(town.only<v1::Case>().timeline_count(), town.all<v1::TimelineEntry>().size());
}

TEST_F(PipelineTest, FaultsOfOneAssetJoinOneCase) {
  press.say({press.fault("j1939-100-1"), press.fault("j1939-110-3"), press.fault("j1939-111-4")});
  press.say({press.fault("maker-e17")});
  const auto record = town.only<v1::Case>();
  EXPECT_EQ(record.episode_count(), 4u);
  EXPECT_EQ(record.active_episode_count(), 4u);
  EXPECT_EQ(town.all<v1::Visit>().size(), 1u);
}

TEST_F(PipelineTest, WithoutAnybodyWhoCanTheCaseIsKeptAndSaysWhy) {
  for (const auto* name : {"engineers/li", "engineers/max"})
    town.put<v1::Engineer>("name: '" + std::string(name) + "' territory: 'territories/north'");  // without any skill
  press.say({press.fault("j1939-100-1")});
  const auto record = town.only<v1::Case>();
  EXPECT_EQ(record.state(), v1::CASE_STATE_OPEN);
  EXPECT_THAT(record.plan_due_reason(), HasSubstr("hydraulics"));
  EXPECT_THAT(town.all<v1::Visit>(), IsEmpty());
  // Li learns it; the next attempt finds her.
  town.put<v1::Engineer>(R"(name: "engineers/li" territory: "territories/north" van: "stockLocations/van-li"
                            skills { skill: "skills/hydraulics" level: 2 }
                            home { latitude_deg: 53.0 longitude_deg: 10.01 })");
  town.advance(std::chrono::minutes{1});
  EXPECT_EQ(town.open_offer().engineer(), "engineers/li");
  EXPECT_THAT(town.only<v1::Case>().plan_due_reason(), IsEmpty());
}

TEST_F(PipelineTest, ByAutomationLevelItIsOfferedProposedOrOnlyDiagnosed) {
  const auto state_at = [](const std::string& level) {
    Town other;
    other.put<v1::Territory>("name: 'territories/north' automation: AUTOMATION_LEVEL_" + level);
    Machine machine{other, "press-1"};
    machine.say({machine.fault("j1939-100-1")});
    EXPECT_EQ(other.all<v1::Diagnosis>().size(), 1u);
    EXPECT_EQ(other.all<v1::Reservation>().empty(), level == "OBSERVE");
    return other.only<v1::Case>().state();
  };
  EXPECT_EQ(state_at("AUTOMATIC"), v1::CASE_STATE_OFFERED);
  EXPECT_EQ(state_at("PROPOSE"), v1::CASE_STATE_PROPOSED);
  EXPECT_EQ(state_at("UNSPECIFIED"), v1::CASE_STATE_PROPOSED);
  EXPECT_EQ(state_at("OBSERVE"), v1::CASE_STATE_OPEN);
}

TEST_F(PipelineTest, WhoGoesIsWeighedWithThePricesThatAreConfigured) {
  const auto who_goes = [](double over_qualification) {
    Town other;
    other.put<v1::Engineer>(R"(name: "engineers/li" territory: "territories/north" van: "stockLocations/van-li"
                               skills { skill: "skills/hydraulics" level: 5 }
                               home { latitude_deg: 53.0 longitude_deg: 10.01 })");
    Environment environment{*other.store, other.clock, other.entropy};
    environment.prices.one.over_qualification = over_qualification;
    other.desk = std::make_unique<Desk>(std::move(environment));
    Machine machine{other, "press-1"};
    machine.say({machine.fault("j1939-100-1")});
    return other.open_offer().engineer();
  };
  EXPECT_EQ(who_goes(5), "engineers/li") << "who lives next door, though level 2 would do";
  EXPECT_EQ(who_goes(200), "engineers/max");
}

TEST_F(PipelineTest, ToTheEndTheMachineProvesItAndTheCustomerConfirms) {
  press.say({press.fault("j1939-100-1")});
  const auto visit = town.open_offer().visit();
  town.accept_and_do("new hose");
  EXPECT_EQ(town.only<v1::Case>().state(), v1::CASE_STATE_WAITING_FOR_OPERATION);
  EXPECT_EQ(town.only<v1::Reservation>().state(), v1::RESERVATION_STATE_RELEASED) << "no part was recorded as used";
  press.say({press.cleared("j1939-100-1")});
  town.advance(std::chrono::minutes{1});
  press.say({press.worked(100)});
  town.advance(std::chrono::hours{1});
  press.say({press.worked(3700)});
  EXPECT_EQ(town.only<v1::Case>().state(), v1::CASE_STATE_AWAITING_CONFIRMATION);
  const auto closed = town.as<v1::Case>("contacts/ann", [&](Command& command) {
    return confirm_case(command, town.only<v1::Case>().name(), true, "", "");
  });
  ASSERT_TRUE(closed) << closed.error().message;
  EXPECT_EQ(closed->resolution(), v1::CASE_RESOLUTION_CONFIRMED);
  EXPECT_EQ(closed->visit(), visit);
  EXPECT_EQ(town.desk->next_timer().value(), kNever) << "nothing is left to do";
}

TEST_F(PipelineTest, ARecurrenceOpensTheSameCaseAgain) {
  press.say({press.fault("j1939-100-1")});
  town.accept_and_do("new hose");
  press.say({press.cleared("j1939-100-1")});
  town.advance(std::chrono::minutes{1});
  press.say({press.fault("j1939-100-1")});
  const auto record = town.only<v1::Case>();
  EXPECT_EQ(record.reopened_count(), 1u);
  EXPECT_EQ(record.state(), v1::CASE_STATE_OFFERED) << "a further visit is offered at once";
  EXPECT_EQ(town.all<v1::Visit>().size(), 2u);
}

}  // namespace
}  // namespace firstfix::desk
