// What falls due: in order, each at its own time, and again later if it fails.
#include <gmock/gmock.h>

#include "casework/convert.h"
#include "desk/timer_watch.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TimersTest : public ::testing::Test {
 protected:
  Town town;
  Machine press{town, "press-1"};
};

TEST_F(TimersTest, AnOfferThatIsNotAnsweredGoesToTheNextEngineerInTime) {
  press.say({press.fault("j1939-100-1")});
  EXPECT_EQ(town.open_offer().engineer(), "engineers/li");
  town.advance(15min);
  const auto second = town.open_offer();
  EXPECT_EQ(second.engineer(), "engineers/max");
  EXPECT_EQ(to_instant(second.offered_at()), kMorning + 15min);
  EXPECT_THAT(town.only<v1::Case>().declined_by(), ElementsAre("engineers/li"));
}

TEST_F(TimersTest, WhenNobodyIsLeftTheCaseSaysSoAndIsTriedAgain) {
  press.say({press.fault("j1939-100-1")});
  town.advance(40min);
  const auto record = town.only<v1::Case>();
  EXPECT_EQ(record.state(), v1::CASE_STATE_OPEN);
  EXPECT_FALSE(record.plan_due_reason().empty());
  EXPECT_GT(town.desk->next_timer().value(), town.clock.now());
}

TEST_F(TimersTest, AnAcceptedOfferDoesNotExpire) {
  press.say({press.fault("j1939-100-1")});
  const auto offer = town.open_offer();
  ASSERT_TRUE(
      town.as<v1::Offer>("engineers/li", [&](Command& command) { return accept_offer(command, offer.name()); }));
  town.advance(24h);
  EXPECT_EQ(town.get<v1::Offer>(offer.name()).state(), v1::OFFER_STATE_ACCEPTED);
}

TEST_F(TimersTest, TheOnDelayOfACodeIsWaitedFor) {
  town.put<v1::FaultCode>(R"(name: "faultCodes/j1939-100-1" severity: SEVERITY_MAJOR on_delay { seconds: 30 })");
  press.say({press.fault("j1939-100-1")});
  EXPECT_EQ(town.only<v1::FaultEpisode>().state(), v1::EPISODE_STATE_PENDING);
  EXPECT_TRUE(town.all<v1::Case>().empty());
  town.advance(30s);
  EXPECT_EQ(town.only<v1::Case>().state(), v1::CASE_STATE_OFFERED);
}

TEST_F(TimersTest, TheOffDelayEndsAnEpisode) {
  press.say({press.fault("j1939-100-1")});
  press.say({press.cleared("j1939-100-1")});
  EXPECT_EQ(town.only<v1::FaultEpisode>().state(), v1::EPISODE_STATE_CLEARING);
  town.advance(10s);
  EXPECT_EQ(town.only<v1::FaultEpisode>().state(), v1::EPISODE_STATE_CLEARED);
  EXPECT_EQ(town.only<v1::Case>().active_episode_count(), 0u);
}

TEST_F(TimersTest, OneThatFailsIsTriedAgainAMinuteLaterAndHoldsUpNoOther) {
  const auto set = [&](const std::string& subject, Duration in) {
    town.write([&](Command& command) {
      return command.uow.set_timer({internal::v1::TIMER_KIND_PLAN_DUE, subject, kMorning + in});
    });
  };
  set("cases/that-is-not-there", 1s);
  press.say({press.fault("j1939-100-1")});
  EXPECT_EQ(town.desk->fire_timers(kTenant, kMorning + 1s).value(), 1u);
  EXPECT_EQ(town.desk->next_timer().value(), kMorning + 61s);
  town.advance(15min);
  EXPECT_EQ(town.open_offer().engineer(), "engineers/max") << "the offer expired all the same";
}

TEST_F(TimersTest, OneThatWasMovedSinceDoesNothing) {
  press.say({press.fault("j1939-100-1")});
  const auto offer = town.open_offer();
  ASSERT_TRUE(
      town.as<v1::Offer>("engineers/li", [&](Command& command) { return accept_offer(command, offer.name()); }));
  EXPECT_EQ(town.desk->fire_timers(kTenant, kMorning + 1h).value(), 0u);
}

TEST_F(TimersTest, TheUnansweredRuleRunsByItselfOverDays) {
  town.put<v1::Asset>(R"(name: "assets/press" site: "sites/hall")");  // its device is taken off: no telemetry
  ASSERT_TRUE(town.as<v1::Case>("dispatch/ann", [](Command& command) {
    return create_case(command, {"assets/press", "it hums", v1::SEVERITY_MAJOR, {"j1939-100-1"}});
  }));
  town.accept_and_do("new hose");
  EXPECT_EQ(town.only<v1::Case>().state(), v1::CASE_STATE_AWAITING_CONFIRMATION);
  town.advance(24h * 40);
  const auto record = town.only<v1::Case>();
  EXPECT_EQ(record.state(), v1::CASE_STATE_CLOSED);
  EXPECT_EQ(record.resolution(), v1::CASE_RESOLUTION_UNCONFIRMED);
  EXPECT_EQ(to_instant(record.closed_at()), kMorning + 24h * 7);
}

TEST_F(TimersTest, TheWatchKnowsFromTheLogWhenTheNextFallsDue) {
  TimerWatch watch(*town.desk);
  EXPECT_EQ(watch.next(kTenant).value(), kNever);
  const auto set = [&](Duration in) {
    town.write([&](Command& command) {
      return command.uow.set_timer({internal::v1::TIMER_KIND_PLAN_DUE, "cases/none", kMorning + in});
    });
  };
  set(3h);
  EXPECT_EQ(watch.next(kTenant).value(), kMorning + 3h);
  set(1h);
  EXPECT_EQ(watch.next(kTenant).value(), kMorning + 1h) << "an earlier one counts at once";
  set(2h);
  EXPECT_LE(watch.next(kTenant).value(), kMorning + 2h) << "never too late";
  watch.forget(kTenant);
  EXPECT_EQ(watch.next(kTenant).value(), kMorning + 2h) << "searched anew, it is exact";
}

}  // namespace
}  // namespace firstfix::desk
