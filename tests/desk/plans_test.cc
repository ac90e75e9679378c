// Plans are made outside the transaction that takes them; one that the world has overtaken is made again.
#include <gmock/gmock.h>

#include "casework/convert.h"
#include "desk/bookings.h"
#include "firstfix/v1/inventory.pb.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PlansTest : public ::testing::Test {
 protected:
  // Before the transaction of this number, counted from 1, something else happens.
  void meanwhile(int number, const std::function<void()>& happens) {
    town.store->before_transaction = [this, number, happens] {
      if (++transactions == number) happens();
    };
  }
  // Li is booked for the whole day by somebody else.
  void book_li() {
    town.write([&](Command& command) {
      internal::v1::RosterStop stop;
      stop.set_visit("visits/other");
      stop.set_travel_starts_us(kMorning.micros);
      stop.set_starts_us(kMorning.micros);
      stop.set_ends_us((kMorning + 14h).micros);
      return book(command.uow, "engineers/li", stop);
    });
  }

  Town town;
  Machine press{town, "press-1"};
  int transactions = 0;
};

TEST_F(PlansTest, AFaultIsPlannedBeforeItsOneTransaction) {
  meanwhile(0, [] {});
  press.say({press.fault("j1939-100-1")});
  EXPECT_EQ(transactions, 1);
}

TEST_F(PlansTest, AnEngineersDayThatIsTakenMeanwhileIsPlannedAgain) {
  meanwhile(1, [&] { book_li(); });
  press.say({press.fault("j1939-100-1")});
  EXPECT_EQ(transactions, 2);
  EXPECT_EQ(town.open_offer().engineer(), "engineers/max");
}

TEST_F(PlansTest, APartThatIsGoneMeanwhileIsPlannedAgain) {
  meanwhile(1, [&] {
    town.write([](Command& command) {
      return reserve(command.uow, "visits/other", "stockLocations/van-li", "parts/hose", 1);
    });
  });
  press.say({press.fault("j1939-100-1")});
  const auto offer = town.open_offer();
  EXPECT_EQ(offer.engineer(), "engineers/li");
  const auto visit = town.get<v1::Visit>(offer.visit());
  ASSERT_EQ(visit.pickups_size(), 1) << "the depot has one more, on the way";
  EXPECT_EQ(visit.pickups(0).location(), "stockLocations/depot");
}

TEST_F(PlansTest, ACatalogueThatChangesMeanwhileIsPlannedAgain) {
  meanwhile(1, [&] { town.put<v1::Engineer>("name: 'engineers/li' inactive: true"); });
  press.say({press.fault("j1939-100-1")});
  EXPECT_EQ(town.open_offer().engineer(), "engineers/max");
}

TEST_F(PlansTest, WhoIsOvertakenAgainAndAgainKeepsTheCaseAndPlansALittleLater) {
  town.store->before_transaction = [&] {
    town.put<v1::Engineer>("name: 'engineers/new' inactive: true");  // the workforce changes all the time
  };
  press.say({press.fault("j1939-100-1")});
  town.store->before_transaction = nullptr;
  EXPECT_EQ(town.only<v1::FaultEpisode>().state(), v1::EPISODE_STATE_ACTIVE) << "the fault is not lost";
  EXPECT_THAT(town.only<v1::Case>().plan_due_reason(), HasSubstr("others were booked first"));
  EXPECT_THAT(town.all<v1::Offer>(), IsEmpty());
  town.advance(0s);
  EXPECT_EQ(town.open_offer().engineer(), "engineers/li");
}

}  // namespace
}  // namespace firstfix::desk
