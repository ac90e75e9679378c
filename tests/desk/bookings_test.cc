// Rosters and reservations: no engineer is booked twice, no part reserved twice.
#include "desk/bookings.h"

#include <gmock/gmock.h>

#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;

class BookingsTest : public ::testing::Test {
 protected:
  static constexpr const char* kVan = "stockLocations/van-li";

  Status run(const std::function<Status(Command&)>& what) {
    return town
        .as<v1::Case>("dispatch/ann",
                      [&](Command& command) -> Result<v1::Case> {
                        FIRSTFIX_CHECK(what(command));
                        return v1::Case{};
                      })
        .map([](auto&&) {});
  }
  // Books Li: sets out, works from, works to; hours after 08:00.
  Status book_li(const std::string& visit, double travels, double from, double to, const std::string& beside = "") {
    return run([&](Command& command) {
      internal::v1::RosterStop stop;
      const auto at = [](double hours) { return kMorning.micros + static_cast<std::int64_t>(hours * 3600e6); };
      stop.set_visit(visit);
      stop.set_beside(beside);
      stop.set_travel_starts_us(at(travels));
      stop.set_starts_us(at(from));
      stop.set_ends_us(at(to));
      return book(command.uow, "engineers/li", stop);
    });
  }
  v1::StockLine hoses() const { return town.get<v1::StockLine>(line_name(kVan, "parts/hose")); }

  Town town;
};

TEST_F(BookingsTest, AnEngineerIsNotAtTwoPlaces) {
  ASSERT_TRUE(book_li("visits/1", 1, 2, 3));
  EXPECT_EQ(book_li("visits/2", 2, 2.5, 3.5).error().code, Code::kConflict);
  EXPECT_EQ(book_li("visits/2", 0, 0.5, 2.5).error().code, Code::kConflict);
  EXPECT_EQ(book_li("visits/1", 5, 6, 7).error().code, Code::kConflict) << "nor twice for one visit";
  EXPECT_TRUE(book_li("visits/2", 3, 4, 5));
  EXPECT_TRUE(book_li("visits/3", 0, 0.5, 1.5)) << "before it, as long as the work does not overlap";
}

TEST_F(BookingsTest, WhoHasSetOutIsBusyFromThenOn) {
  ASSERT_TRUE(book_li("visits/1", 1, 2, 3));
  ASSERT_TRUE(run([](Command& command) { return freeze(command.uow, "engineers/li", "visits/1"); }));
  EXPECT_EQ(book_li("visits/2", 0, 0.5, 1.5).error().code, Code::kConflict);
}

TEST_F(BookingsTest, AStopThatIsTakenOffLeavesTheDayFree) {
  ASSERT_TRUE(book_li("visits/1", 1, 2, 3));
  for (int twice = 0; twice < 2; ++twice)
    ASSERT_TRUE(run([](Command& command) { return unbook(command.uow, "engineers/li", "visits/1"); }));
  EXPECT_TRUE(book_li("visits/2", 1, 2, 3));
}

TEST_F(BookingsTest, HeldTimeMayOverlapOnlyTheVisitWhosePlaceItWouldTake) {
  ASSERT_TRUE(book_li("visits/1", 1, 2, 3));
  ASSERT_TRUE(book_li("visits/2", 3, 4, 5));
  EXPECT_EQ(book_li("appointments/1", 3, 3.5, 4.5, "visits/1").error().code, Code::kConflict);
  EXPECT_TRUE(book_li("appointments/1", 2, 2.5, 3.5, "visits/1"));
  EXPECT_EQ(book_li("visits/3", 3, 3.25, 3.75).error().code, Code::kConflict) << "and is nobody else's";
}

TEST_F(BookingsTest, WhatIsGivenBackLeavesTheDayAsItWas) {
  ASSERT_TRUE(book_li("visits/2", 2, 4, 5));
  const auto day = [&] {
    const auto snapshot = town.store->snapshot();
    auto roster = roster_of(View(*snapshot, kTenant), "engineers/li").value();
    roster.clear_version();
    return roster.SerializeAsString();
  };
  const auto before = day();
  ASSERT_TRUE(book_li("appointments/1", 1, 2, 3));
  ASSERT_TRUE(run([](Command& command) { return unbook(command.uow, "engineers/li", "appointments/1"); }));
  EXPECT_EQ(before, day());
}

TEST_F(BookingsTest, WhoSetsOutDoesSoAfterTheStopBeforeThoughItWasBookedLater) {
  ASSERT_TRUE(book_li("visits/2", 2, 4, 5));
  ASSERT_TRUE(book_li("visits/1", 1, 2, 3));
  ASSERT_TRUE(run([](Command& command) { return freeze(command.uow, "engineers/li", "visits/2"); }));
  EXPECT_TRUE(run([](Command& command) { return unbook(command.uow, "engineers/li", "visits/1"); }));
  EXPECT_TRUE(book_li("visits/3", 1, 2, 3)) << "on the way from three on, not from two";
}

TEST_F(BookingsTest, APartIsReservedOnce) {
  const auto take = [&](const std::string& visit) {
    return run([&](Command& command) { return reserve(command.uow, visit, kVan, "parts/hose", 1); });
  };
  ASSERT_TRUE(take("visits/1"));
  EXPECT_EQ(take("visits/2").error().code, Code::kConflict);
  ASSERT_TRUE(run([](Command& command) { return release_parts(command.uow, "visits/1"); }));
  EXPECT_TRUE(take("visits/2"));
  EXPECT_EQ(hoses().reserved(), 1u);
  EXPECT_EQ(hoses().on_hand(), 1u);
}

TEST_F(BookingsTest, AQuantityThatNobodyHasIsNotFreeHoweverLarge) {
  ASSERT_TRUE(run([](Command& command) { return reserve(command.uow, "visits/1", kVan, "parts/hose", 1); }));
  const auto all =
      run([](Command& command) { return reserve(command.uow, "visits/2", kVan, "parts/hose", UINT32_MAX); });
  EXPECT_EQ(all.error().code, Code::kConflict);
}

TEST_F(BookingsTest, WhatWasUsedLeavesTheStockAndTheRestIsGivenBack) {
  ASSERT_TRUE(run([](Command& command) { return set_stock(command, kVan, "parts/hose", 5).map([](auto&&) {}); }));
  ASSERT_TRUE(run([](Command& command) { return reserve(command.uow, "visits/1", kVan, "parts/hose", 3); }));
  const auto used =
      from_text<internal::v1::UsedParts>("lines { part: 'parts/hose' quantity: 2 location: 'stockLocations/van-li' }");
  ASSERT_TRUE(run([&](Command& command) { return consume_parts(command.uow, "visits/1", used); }));
  EXPECT_EQ(hoses().on_hand(), 3u);
  EXPECT_EQ(hoses().reserved(), 0u);
}

TEST_F(BookingsTest, WhatWasUsedWithoutAReservationLeavesTheStockToo) {
  ASSERT_TRUE(run([](Command& command) { return reserve(command.uow, "visits/other", kVan, "parts/hose", 1); }));
  const auto used = from_text<internal::v1::UsedParts>(
      "lines { part: 'parts/hose' quantity: 2 location: 'stockLocations/depot' }"
      "lines { part: 'parts/hose' quantity: 1 location: 'stockLocations/van-li' }");
  ASSERT_TRUE(run([&](Command& command) { return consume_parts(command.uow, "visits/1", used); }));
  EXPECT_EQ(town.get<v1::StockLine>("stockLocations/depot/lines/hose").on_hand(), 0u) << "as far as the books have any";
  EXPECT_EQ(hoses().on_hand(), 1u) << "what another visit holds stays";
}

TEST_F(BookingsTest, StockIsNotSetBelowWhatIsReserved) {
  ASSERT_TRUE(run([](Command& command) { return reserve(command.uow, "visits/1", kVan, "parts/hose", 1); }));
  const auto set = run([](Command& command) { return set_stock(command, kVan, "parts/hose", 0).map([](auto&&) {}); });
  EXPECT_EQ(set.error().code, Code::kState);
}

}  // namespace
}  // namespace firstfix::desk
