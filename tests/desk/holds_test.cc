// The parts of a time that is held, while the case's own visit comes and goes.
#include "appointments_town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;

class HoldsTest : public AppointmentsTest {
 protected:
  void automation(const std::string& level) {
    town.put<v1::Territory>("name: 'territories/north' automation: AUTOMATION_LEVEL_" + level +
                            " offer_timeout { seconds: 36000 }");
  }
  void plan(const std::string& case_name) {
    automation("AUTOMATIC");
    ASSERT_TRUE(town.as<v1::Case>("dispatch/ann", [&](Command& command) { return approve_case(command, case_name); }));
  }
  // Its visit is cancelled, and nobody plans another.
  void visit_is_given_back(const std::string& case_name) {
    automation("OBSERVE");
    const auto visit = visit_of(case_name).name();
    ASSERT_TRUE(town.as<v1::Visit>("dispatch/ann",
                                   [&](Command& command) { return cancel_visit(command, visit, "not today"); }));
    ASSERT_EQ(town.get<v1::Case>(case_name).visit(), "");
  }
  // Whose the one hose is: a visit's, an appointment's, or nobody's.
  std::string hose_is_kept_for() {
    std::string holder = "nobody";
    for (const auto& one : town.all<v1::Reservation>("reservations/"))
      if (one.part() == "parts/hose" && one.state() == v1::RESERVATION_STATE_HELD)
        holder = (holder == "nobody" ? "" : holder + " and ") + one.visit() + one.appointment();
    return holder;
  }
};

TEST_F(HoldsTest, AHoldTakesOverThePartsOfTheVisitThatIsGivenBack) {
  const auto lathe = burst_case("assets/lathe"), saw = burst_case("assets/saw");
  plan(lathe);
  const auto held = hold(lathe, 50, 52);
  ASSERT_TRUE(held) << held.error().message;
  ASSERT_EQ(hose_is_kept_for(), visit_of(lathe).name());
  visit_is_given_back(lathe);
  EXPECT_EQ(hose_is_kept_for(), held->name());
  EXPECT_EQ(hoses().reserved(), 1u);
  booked(saw, 26, 28);
  EXPECT_EQ(hose_of(saw), "nowhere") << "it was offered to another with that hose";
  ASSERT_TRUE(book_it(held->name()));
  EXPECT_EQ(hose_is_kept_for(), visit_of(lathe).name());
}

TEST_F(HoldsTest, TheVisitThatIsPlannedAgainHasWhatItsCustomersHoldKeeps) {
  const auto lathe = burst_case("assets/lathe");
  const auto held = hold(lathe, 50, 52);
  ASSERT_TRUE(held) << held.error().message;
  ASSERT_EQ(hose_is_kept_for(), held->name());
  plan(lathe);
  EXPECT_EQ(hose_of(lathe), "stockLocations/van-li");
  EXPECT_EQ(hose_is_kept_for(), visit_of(lathe).name());
  ASSERT_TRUE(cancel(held->name()));
  EXPECT_EQ(hose_is_kept_for(), visit_of(lathe).name()) << "calling off the hold takes nothing from the visit";
  EXPECT_EQ(hoses().reserved(), 1u);
}

TEST_F(HoldsTest, WhatAHoldTookOverIsFreeWhenItIsOver) {
  const auto lathe = burst_case("assets/lathe");
  plan(lathe);
  ASSERT_TRUE(hold(lathe, 50, 52));
  visit_is_given_back(lathe);
  town.advance(5min);
  EXPECT_EQ(hose_is_kept_for(), "nobody");
  EXPECT_EQ(hoses().reserved(), 0u);
}

TEST_F(HoldsTest, AHoldDoesWithoutWhatItsVisitNeverHad) {
  const auto lathe = unplanned_case("assets/lathe");
  plan(lathe);
  ASSERT_TRUE(hold(lathe, 50, 52));
  visit_is_given_back(lathe);
  EXPECT_EQ(hose_is_kept_for(), "nobody");
}

}  // namespace
}  // namespace firstfix::desk
