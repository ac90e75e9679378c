// A territory's days looked at as a whole: proposed, and moved all at once or not at all.
#include "desk/replanning.h"

#include <gmock/gmock.h>

#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/improver.h"
#include "town/town.h"

namespace firstfix::desk {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto kReplan = internal::v1::TIMER_KIND_REPLAN_DUE;

// Max is away when the press at li's door and the mill at his own break down: both go to li. Then he is back.
class ReplanningTest : public ::testing::Test {
 protected:
  explicit ReplanningTest(const std::string& level = "PROPOSE") {
    town.put<v1::Territory>("name: 'territories/north' automation: AUTOMATION_LEVEL_" + level);
    far_site("");
    town.put<v1::Asset>(R"(name: "assets/mill" site: "sites/far" model: "assetModels/mp")");
    town.put<v1::StockLine>(R"(name: "stockLocations/van-max/lines/hose" location: "stockLocations/van-max"
                               part: "parts/hose" on_hand: 1)");
    max(true);
    near = broken("assets/press");
    far = broken("assets/mill");
    max(false);
    EXPECT_EQ(visit(near).engineer(), "engineers/li");
    EXPECT_EQ(visit(far).engineer(), "engineers/li");
  }

  void far_site(const std::string& rules) {
    town.put<v1::Site>(
        "name: 'sites/far' customer: 'customers/mill' territory: 'territories/north' "
        "position { latitude_deg: 53.0 longitude_deg: 10.89 } " +
        rules);
  }
  void max(bool away) {
    town.write([&](Command& command) -> Status {
      FIRSTFIX_TRY(engineer, command.uow.get<v1::Engineer>("engineers/max"));
      engineer.set_inactive(away);
      return command.uow.put(engineer);
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
  internal::v1::Roster roster(const std::string& engineer) {
    const auto snapshot = town.store->snapshot();
    return *roster_of(View(*snapshot, kTenant), engineer);
  }
  Replanned replan() {
    Replanned out;
    town.write([&](Command& command) -> Status {
      FIRSTFIX_TRY(found, replan_territory(command, "territories/north"));
      out = std::move(found);
      return {};
    });
    return out;
  }
  v1::PlanProposal proposed() {
    auto found = replan();
    EXPECT_TRUE(found.proposal) << found.none_reason;
    return found.proposal.value_or(v1::PlanProposal{});
  }
  Result<v1::PlanProposal> commit(const v1::PlanProposal& proposal, const std::string& etag = "") {
    return town.as<v1::PlanProposal>(
        "dispatch/ann", [&](Command& command) { return commit_plan_proposal(command, proposal.name(), etag); });
  }
  // Commits in vain; returns what has overtaken it. Nothing but the proposal has changed.
  std::string overtaken(const v1::PlanProposal& proposal) {
    auto before = town.all<v1::Visit>();
    const auto done = commit(proposal);
    EXPECT_TRUE(done) << done.error().message;
    if (!done) return {};
    EXPECT_EQ(done->state(), v1::PLAN_PROPOSAL_STATE_OVERTAKEN);
    const auto after = town.all<v1::Visit>();
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i].etag(), after[i].etag());
    return done->settled_reason();
  }
  std::uint32_t reserved(const std::string& van) {
    return town.get<v1::StockLine>("stockLocations/" + van + "/lines/hose").reserved();
  }

  void accept_far() {
    if (visit(far).state() == v1::VISIT_STATE_PROPOSED)
      town.write([&](Command& command) { return approve_case(command, far).map([](auto&&) {}); });
    const auto taken =
        town.as<v1::Offer>("engineers/li", [&](Command& command) { return accept_offer(command, visit(far).offer()); });
    ASSERT_TRUE(taken) << taken.error().message;
  }

  Town town;
  std::string near, far;
};

class AutomaticTest : public ReplanningTest {
 protected:
  AutomaticTest() : ReplanningTest("AUTOMATIC") {}
};

TEST_F(ReplanningTest, AProposalSaysWhatWouldMoveAndMovesNothing) {
  const auto before = visit(far);
  const auto proposal = proposed();
  ASSERT_EQ(proposal.moves_size(), 1) << proposal.reason();
  const auto& move = proposal.moves(0);
  EXPECT_EQ(move.visit(), before.name());
  EXPECT_EQ(move.case_name(), far);
  EXPECT_EQ(move.from_engineer(), "engineers/li");
  EXPECT_EQ(move.to_engineer(), "engineers/max");
  EXPECT_LT(to_instant(move.starts_at()), to_instant(before.starts_at()));
  EXPECT_GT(proposal.saves(), 0);
  EXPECT_EQ(proposal.state(), v1::PLAN_PROPOSAL_STATE_OPEN);
  EXPECT_EQ(visit(far).etag(), before.etag());
}

TEST_F(ReplanningTest, NobodyIsMovedToASiteWhereTheyAreNotWanted) {
  far_site("excluded_engineers: 'engineers/max'");
  EXPECT_FALSE(replan().proposal);
}

TEST_F(ReplanningTest, AProposalRestsOnTheRulesOfTheSites) {
  const auto proposal = proposed();
  EXPECT_THAT(proposal.rests_on(),
              ::testing::Contains(::testing::ResultOf([](const auto& one) { return one.record(); }, "sites/far")));
}

TEST_F(ReplanningTest, ACommitMovesRosterPartsAndVisitTogether) {
  const auto proposal = proposed();
  const auto done = commit(proposal, proposal.etag());
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->state(), v1::PLAN_PROPOSAL_STATE_COMMITTED);
  EXPECT_EQ(done->settled_by(), "dispatch/ann");
  const auto moved = visit(far);
  EXPECT_EQ(moved.engineer(), "engineers/max");
  EXPECT_EQ(moved.state(), v1::VISIT_STATE_PROPOSED) << "a person still has to say yes to the visit";
  EXPECT_THAT(moved.assignment().reason(), HasSubstr("engineers/max instead of engineers/li"));
  EXPECT_THAT(roster("engineers/max").stops(), SizeIs(1));
  EXPECT_EQ(roster("engineers/max").stops(0).starts_us(), to_instant(moved.starts_at()).micros);
  EXPECT_THAT(roster("engineers/li").stops(), SizeIs(1));
  EXPECT_EQ(reserved("van-max"), 1u);
  EXPECT_EQ(reserved("van-li") + reserved("depot"), 1u);
  EXPECT_THAT(moved.pickups(), IsEmpty());
  EXPECT_EQ(commit(proposal).error().code, Code::kState) << "once";
}

TEST_F(ReplanningTest, AskedAgainItIsTheSameProposal) {
  const auto first = proposed();
  EXPECT_EQ(proposed().name(), first.name());
  EXPECT_THAT(town.all<v1::PlanProposal>(), SizeIs(1));
}

TEST_F(ReplanningTest, WhatTakesAnothersPlaceSavesMoreByWhatIsConfigured) {
  auto open = proposed();
  open.set_saves(open.saves() - 2);
  town.write([&](Command& command) { return command.uow.put(open); });
  EXPECT_EQ(proposed().name(), open.name()) << "two more are not worth another proposal, five would be";
  Prices prices;
  prices.day.worth_per_move = 1;
  town.write([&](Command& command) -> Status {
    Command frugal{command.uow, command.minds, command.entropy, command.plans, command.actor, command.travel, prices};
    FIRSTFIX_TRY(found, replan_territory(frugal, "territories/north"));
    EXPECT_NE(found.proposal.value().name(), open.name());
    return {};
  });
}

TEST_F(ReplanningTest, ADayThatIsGoodHasNoProposal) {
  ASSERT_TRUE(commit(proposed()));
  const auto response = replan();
  EXPECT_FALSE(response.proposal);
  EXPECT_THAT(response.none_reason, HasSubstr("as good as"));
}

TEST_F(ReplanningTest, OfWhatIsSettledTheLastFiftyOfThirtyDaysAreKept) {
  const auto reject = [&] {
    const auto proposal = proposed();
    const auto done = town.as<v1::PlanProposal>("dispatch/ann", [&](Command& command) {
      return reject_plan_proposal(command, proposal.name(), "not now", "");
    });
    EXPECT_TRUE(done) << done.error().message;
    return proposal.name();
  };
  const auto first = reject();
  const auto settle_many = [&](int count, Instant when, const std::string& name) {
    town.write([&](Command& command) -> Status {
      for (int i = 0; i < count; ++i) {
        auto old = from_text<v1::PlanProposal>("territory: 'territories/north' state: PLAN_PROPOSAL_STATE_OVERTAKEN");
        old.set_name("planProposals/" + name + std::to_string(i));
        *old.mutable_settled_at() = to_proto(when);
        FIRSTFIX_CHECK(command.uow.put(old));
      }
      auto other = from_text<v1::PlanProposal>("territory: 'territories/south' state: PLAN_PROPOSAL_STATE_OVERTAKEN");
      other.set_name("planProposals/south");
      *other.mutable_settled_at() = to_proto(kMorning - 24h * 60);
      return command.uow.put(other);
    });
  };
  settle_many(48, kMorning - 24h, "yesterday");
  settle_many(1, kMorning - 24h * 31, "long-ago");
  EXPECT_THAT(town.all<v1::PlanProposal>(), SizeIs(51));
  reject();
  EXPECT_THAT(town.all<v1::PlanProposal>("planProposals/long-ago"), IsEmpty()) << "more than thirty days";
  EXPECT_THAT(town.all<v1::PlanProposal>(), SizeIs(51)) << "fifty, and the other territory's";
  reject();
  EXPECT_THAT(town.all<v1::PlanProposal>(), SizeIs(51));
  EXPECT_THAT(town.all<v1::PlanProposal>("planProposals/yesterday"), SizeIs(47)) << "the oldest goes";
  EXPECT_THAT(town.all<v1::PlanProposal>(first), SizeIs(1));
  const auto open = proposed().name();
  settle_many(60, kMorning, "today");
  EXPECT_EQ(town.get<v1::PlanProposal>(open).state(), v1::PLAN_PROPOSAL_STATE_OPEN);
}

TEST_F(ReplanningTest, WhatHasBeenBookedMeanwhileOvertakesIt) {
  const auto proposal = proposed();
  town.write([](Command& command) {
    internal::v1::RosterStop stop;
    stop.set_visit("visits/other");
    stop.set_travel_starts_us((kMorning + 12h).micros);
    stop.set_starts_us((kMorning + 12h).micros);
    stop.set_ends_us((kMorning + 13h).micros);
    return book(command.uow, "engineers/max", stop);
  });
  EXPECT_EQ(overtaken(proposal), "rosters/max has changed since");
}

TEST_F(ReplanningTest, APartThatIsGoneOvertakesIt) {
  const auto proposal = proposed();
  town.write([](Command& command) -> Status {
    FIRSTFIX_CHECK(reserve(command.uow, "visits/other", "stockLocations/van-max", "parts/hose", 1));
    return {};
  });
  EXPECT_THAT(overtaken(proposal), HasSubstr("parts/hose for " + visit(far).name() + " is gone"));
}

TEST_F(ReplanningTest, WhoIsNoLongerQualifiedOvertakesIt) {
  const auto proposal = proposed();
  town.put<v1::Certificate>(R"(name: "certificates/old" engineer: "engineers/max" skill: "skills/hydraulics"
                               valid_until { seconds: 1000 })");
  EXPECT_THAT(overtaken(proposal), HasSubstr("skills/hydraulics"));
}

TEST_F(ReplanningTest, ItIsTooLateOnceSomebodyWouldHaveHadToSetOut) {
  const auto proposal = proposed();
  town.clock.set(to_instant(proposal.moves(0).travel_starts_at()) + 1min);
  EXPECT_THAT(overtaken(proposal), HasSubstr("would have had to set out"));
}

TEST_F(ReplanningTest, AnotherEtagIsRefused) {
  const auto proposal = proposed();
  EXPECT_EQ(commit(proposal, "99").error().code, Code::kConflict);
  EXPECT_EQ(town.get<v1::PlanProposal>(proposal.name()).state(), v1::PLAN_PROPOSAL_STATE_OPEN);
}

TEST_F(ReplanningTest, WhatIsAcceptedMovesIfAPersonSaysSo) {
  accept_far();
  const auto proposal = proposed();
  ASSERT_EQ(proposal.moves_size(), 1);
  EXPECT_TRUE(proposal.moves(0).agreed());
  const auto offer = visit(far).offer();
  ASSERT_TRUE(commit(proposal));
  EXPECT_EQ(visit(far).engineer(), "engineers/max");
  EXPECT_EQ(visit(far).state(), v1::VISIT_STATE_OFFERED);
  EXPECT_EQ(town.get<v1::Offer>(offer).state(), v1::OFFER_STATE_WITHDRAWN) << "li is told";
}

TEST_F(ReplanningTest, WhatIsAcceptedAndAboutToBeginStays) {
  accept_far();
  town.clock.set(to_instant(visit(far).travel_starts_at()) - 10min);
  EXPECT_FALSE(replan().proposal);
}

TEST_F(AutomaticTest, WhatIsAcceptedMovesOnlyIfAPersonSaysSo) {
  accept_far();
  Improver improver(*town.desk);
  ASSERT_TRUE(improver.catch_up(kTenant));
  town.advance(1min);
  EXPECT_EQ(visit(far).engineer(), "engineers/li");
  EXPECT_TRUE(proposed().moves(0).agreed());
  town.put<v1::Engineer>("name: 'engineers/new' territory: 'territories/north'");
  ASSERT_TRUE(improver.catch_up(kTenant));
  town.advance(1min);
  EXPECT_EQ(visit(far).engineer(), "engineers/li") << "nor by and by";
}

TEST_F(ReplanningTest, TheWorldThatMovesWhileItIsPlannedIsPlannedFor) {
  int transactions = 0;
  town.store->before_transaction = [&] {
    if (++transactions != 2) return;
    town.store->before_transaction = nullptr;
    town.put<v1::Certificate>(R"(name: "certificates/old" engineer: "engineers/max" skill: "skills/hydraulics"
                                 valid_until { seconds: 1000 })");
  };
  EXPECT_FALSE(replan().proposal) << "max is not qualified any more";
  EXPECT_EQ(transactions, 2);
}

TEST_F(ReplanningTest, APromiseIsKeptAndTold) {
  const auto when = to_instant(visit(far).starts_at());
  const visit::Window window{when - 2h, when + 30min};
  const auto booked = town.as<v1::Appointment>("dispatch/ann", [&](Command& command) -> Result<v1::Appointment> {
    FIRSTFIX_TRY(held, hold_slot(command, far, window));
    return book_appointment(command, held.name(), "");
  });
  ASSERT_TRUE(booked) << booked.error().message;
  ASSERT_EQ(visit(far).engineer(), "engineers/li") << "it lay within the window already";
  const auto proposal = proposed();
  ASSERT_EQ(proposal.moves_size(), 1);
  ASSERT_TRUE(commit(proposal));
  const auto starts = to_instant(visit(far).starts_at());
  EXPECT_TRUE(window.holds(starts));
  ASSERT_GT(when - starts, 15min);
  const auto told = town.get<v1::Appointment>(booked->name());
  EXPECT_EQ(to_instant(told.told_arrival_at()), starts);
  EXPECT_EQ(told.state(), v1::APPOINTMENT_STATE_BOOKED);
}

TEST_F(AutomaticTest, TheImproverLooksAMinuteAfterAChangeAndCommitsByItself) {
  const auto offer = visit(far).offer();
  Improver improver(*town.desk);
  ASSERT_TRUE(improver.catch_up(kTenant));
  town.advance(59s);
  EXPECT_THAT(town.all<v1::PlanProposal>(), IsEmpty());
  town.advance(1s);
  EXPECT_EQ(town.only<v1::PlanProposal>().state(), v1::PLAN_PROPOSAL_STATE_COMMITTED);
  EXPECT_EQ(visit(far).engineer(), "engineers/max");
  EXPECT_EQ(visit(far).state(), v1::VISIT_STATE_OFFERED);
  EXPECT_EQ(town.get<v1::Offer>(offer).state(), v1::OFFER_STATE_WITHDRAWN);
  EXPECT_EQ(town.get<v1::Offer>(visit(far).offer()).engineer(), "engineers/max");
  EXPECT_EQ(town.get<v1::Offer>(visit(far).offer()).state(), v1::OFFER_STATE_OPEN);
}

TEST_F(AutomaticTest, AnOfferWhoseVisitMovesInTimeAloneKeepsItsDeadline) {
  max(true);
  const auto last = broken("assets/lathe");
  max(false);
  const auto before = visit(last);
  ASSERT_EQ(before.engineer(), "engineers/li");
  ASSERT_GT(to_instant(before.starts_at()), to_instant(visit(far).starts_at()));
  const auto offered = town.get<v1::Offer>(before.offer());
  Improver improver(*town.desk);
  ASSERT_TRUE(improver.catch_up(kTenant));
  town.advance(1min);
  ASSERT_EQ(visit(far).engineer(), "engineers/max");
  const auto after = visit(last);
  ASSERT_EQ(after.engineer(), "engineers/li");
  EXPECT_LT(to_instant(after.starts_at()), to_instant(before.starts_at()) - 1h);
  EXPECT_EQ(after.offer(), before.offer());
  const auto offer = town.get<v1::Offer>(after.offer());
  EXPECT_EQ(offer.state(), v1::OFFER_STATE_OPEN);
  EXPECT_EQ(to_instant(offer.expires_at()), to_instant(offered.expires_at()));
  EXPECT_NE(after.etag(), before.etag()) << "li is told by the visit's new times";
  const auto stops = roster("engineers/li").stops();
  EXPECT_TRUE(std::any_of(stops.begin(), stops.end(), [&](const auto& stop) {
    return stop.visit() == after.name() && stop.starts_us() == to_instant(after.starts_at()).micros;
  }));
  const auto taken =
      town.as<v1::Offer>("engineers/li", [&](Command& command) { return accept_offer(command, after.offer()); });
  EXPECT_TRUE(taken) << taken.error().message;
}

TEST_F(AutomaticTest, WhatCouldNotBeWrittenIsLookedAtWhenItCan) {
  Improver improver(*town.desk);
  town.store->failing_write = town.store->writes;
  EXPECT_FALSE(improver.catch_up(kTenant));
  town.store->failing_write = -1;
  ASSERT_TRUE(improver.catch_up(kTenant));
  town.advance(1min);
  EXPECT_EQ(town.only<v1::PlanProposal>().state(), v1::PLAN_PROPOSAL_STATE_COMMITTED);
}

TEST_F(AutomaticTest, WhatChangesDuringTheLookIsLookedAtAMinuteLater) {
  Improver improver(*town.desk);
  ASSERT_TRUE(improver.catch_up(kTenant));
  int transactions = 0;
  town.store->before_transaction = [&] {
    if (++transactions != 2) return;
    town.store->before_transaction = nullptr;
    town.write([&](Command& command) { return command.uow.put(visit(near)); });  // of no importance to what is found
    ASSERT_TRUE(improver.catch_up(kTenant)) << "the timer of this look is still set";
  };
  town.advance(1min);
  ASSERT_EQ(transactions, 2);
  EXPECT_EQ(town.only<v1::PlanProposal>().state(), v1::PLAN_PROPOSAL_STATE_COMMITTED);
  const auto snapshot = town.store->snapshot();
  const auto due = View(*snapshot, kTenant).lookup(index::kTimer, {std::to_string(kReplan), "territories/north"});
  ASSERT_TRUE(due && *due);
  EXPECT_EQ(instant_of(**due), town.clock.now() + 1min);
}

TEST_F(AutomaticTest, WhereNothingHasChangedNobodyLooks) {
  Improver improver(*town.desk);
  ASSERT_TRUE(improver.catch_up(kTenant));
  town.advance(1min);
  ASSERT_TRUE(improver.catch_up(kTenant)) << "what it has moved itself is a change";
  town.advance(1min);
  ASSERT_TRUE(improver.catch_up(kTenant));
  const auto snapshot = town.store->snapshot();
  const auto due = View(*snapshot, kTenant).lookup(index::kTimer, {std::to_string(kReplan), "territories/north"});
  EXPECT_EQ(*due, std::nullopt);
}

TEST_F(AutomaticTest, TheImproverGoesOnWhereItWas) {
  ASSERT_TRUE(Improver(*town.desk).catch_up(kTenant));
  town.advance(1min);
  ASSERT_TRUE(Improver(*town.desk).catch_up(kTenant));
  town.advance(1min);
  const auto before = town.everything();
  ASSERT_TRUE(Improver(*town.desk).catch_up(kTenant));
  EXPECT_EQ(town.everything(), before);
}

TEST_F(ReplanningTest, WhatWasRejectedIsNotProposedAgainUnlessAsked) {
  const auto proposal = proposed();
  const auto rejected = town.as<v1::PlanProposal>("dispatch/ann", [&](Command& command) {
    return reject_plan_proposal(command, proposal.name(), "max only fills in", "");
  });
  ASSERT_TRUE(rejected) << rejected.error().message;
  Improver improver(*town.desk);
  ASSERT_TRUE(improver.catch_up(kTenant));
  town.advance(1min);
  EXPECT_THAT(town.all<v1::PlanProposal>(), SizeIs(1));
  EXPECT_NE(proposed().name(), proposal.name());
}

}  // namespace
}  // namespace firstfix::desk
