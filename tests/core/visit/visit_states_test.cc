// What may be done with a visit in which state, as one table: command × state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "casework/convert.h"
#include "support/fakes.h"
#include "visit/visit.h"

namespace firstfix::visit {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr Instant kNow = testing::kMorning;
constexpr std::string_view kLi = "engineers/li";

// A visit in a state, offered to Li and (from accepted on) accepted by her.
struct Scene {
  explicit Scene(v1::VisitState state) {
    job.visit.set_name("visits/1");
    job.visit.set_case_name("cases/1");
    job.visit.set_state(state);
    job.visit.set_engineer(std::string(kLi));
    if (state >= v1::VISIT_STATE_TRAVELLING) *job.visit.mutable_travelled_at() = to_proto(kNow);
    job.record.set_name("cases/1");
    offer.set_name("offers/1");
    offer.set_visit("visits/1");
    offer.set_engineer(std::string(kLi));
    offer.set_state(state == v1::VISIT_STATE_OFFERED ? v1::OFFER_STATE_OPEN : v1::OFFER_STATE_ACCEPTED);
    *offer.mutable_expires_at() = to_proto(kNow + 15min);
    job.offers = {offer};
  }
  Job job;
  v1::Offer offer;
};

using Command = std::function<Result<Effects>(const Scene&)>;

const std::map<std::string, Command> kCommands = {
    {"offer", [](auto& s) { return visit::offer(s.job, "offers/2", 15min, "dispatch/ann", kNow); }},
    {"accept", [](auto& s) { return accept(s.job, s.offer, kLi, kNow); }},
    {"decline", [](auto& s) { return decline(s.job, s.offer, "my van is broken", kLi, kNow); }},
    {"travel", [](auto& s) { return travel(s.job, kLi, kNow, kNow); }},
    {"arrive", [](auto& s) { return arrive(s.job, kLi, kNow, kNow); }},
    {"complete",
     [](auto& s) {
       return complete(s.job, {}, {{"causes/hose"}, "", true, kNow}, kLi, kNow);
     }},
    {"cancel", [](auto& s) { return cancel(s.job, "sold the machine", "dispatch/ann", kNow); }},
};

TEST(VisitStates, CommandByState) {
  // The state that the visit is in afterwards; − where the command is refused.
  const std::vector<std::string> kColumns = {"offer", "accept", "decline", "travel", "arrive", "complete", "cancel"};
  const std::map<v1::VisitState, std::vector<std::string>> kTable = {
      {v1::VISIT_STATE_PROPOSED, {"offered", "−", "−", "−", "−", "−", "cancelled"}},
      {v1::VISIT_STATE_OFFERED, {"−", "accepted", "proposed", "−", "−", "−", "cancelled"}},
      {v1::VISIT_STATE_ACCEPTED, {"−", "−", "−", "travelling", "on site", "−", "cancelled"}},
      {v1::VISIT_STATE_TRAVELLING, {"−", "−", "−", "−", "on site", "−", "cancelled"}},
      {v1::VISIT_STATE_ON_SITE, {"−", "−", "−", "−", "−", "completed", "cancelled"}},
      {v1::VISIT_STATE_COMPLETED, {"−", "−", "−", "−", "−", "−", "−"}},
      {v1::VISIT_STATE_CANCELLED, {"−", "−", "−", "−", "−", "−", "−"}},
  };
  for (const auto& [state, row] : kTable) {
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      const auto effects = kCommands.at(kColumns[i])(Scene(state));
      const auto after = effects ? std::string(state_name(effects->visits.back().state())) : "−";
      EXPECT_EQ(after, row[i]) << kColumns[i] << " of a visit that is " << state_name(state);
      if (effects) continue;
      EXPECT_EQ(effects.error().code, Code::kState) << effects.error().message;
    }
  }
}

TEST(VisitStates, OnlyItsEngineerMoves) {
  for (const auto* command : {"accept", "decline"}) {
    Scene scene(v1::VISIT_STATE_OFFERED);
    scene.offer.set_engineer("engineers/max");
    EXPECT_EQ(kCommands.at(command)(scene).error().code, Code::kDenied) << command;
  }
  for (const auto& [command, state] :
       {std::pair{"travel", v1::VISIT_STATE_ACCEPTED}, std::pair{"arrive", v1::VISIT_STATE_TRAVELLING},
        std::pair{"complete", v1::VISIT_STATE_ON_SITE}}) {
    Scene scene(state);
    scene.job.visit.set_engineer("engineers/max");
    EXPECT_EQ(kCommands.at(command)(scene).error().code, Code::kDenied) << command;
  }
}

TEST(VisitStates, AnOfferIsAcceptedInTimeOrNotAtAll) {
  Scene scene(v1::VISIT_STATE_OFFERED);
  EXPECT_TRUE(accept(scene.job, scene.offer, kLi, kNow + 15min - 1us));
  EXPECT_EQ(accept(scene.job, scene.offer, kLi, kNow + 15min).error().code, Code::kExpired);
  scene.offer.set_state(v1::OFFER_STATE_EXPIRED);
  EXPECT_EQ(accept(scene.job, scene.offer, kLi, kNow).error().code, Code::kExpired);
}

TEST(VisitStates, WhoDeclinesOrDoesNotAnswerIsNotAskedAgain) {
  const Scene scene(v1::VISIT_STATE_OFFERED);
  for (const auto& effects :
       {decline(scene.job, scene.offer, "no", kLi, kNow).value(), expire(scene.job, scene.offer, kNow)}) {
    EXPECT_THAT(effects.cases.back().declined_by(), ::testing::ElementsAre(kLi));
    EXPECT_EQ(effects.cases.back().state(), v1::CASE_STATE_OPEN);
    EXPECT_TRUE(effects.visits.back().engineer().empty());
  }
  const auto withdrawn = withdraw(scene.job, "another is nearer", "dispatch/ann", kNow);
  EXPECT_TRUE(withdrawn.cases.back().declined_by().empty()) << "who was taken off may be asked again";
  EXPECT_EQ(withdrawn.offers.back().state(), v1::OFFER_STATE_WITHDRAWN);
}

TEST(VisitStates, WhatSettlesAnOfferTakesItsTimerAway) {
  const Scene scene(v1::VISIT_STATE_OFFERED);
  for (const auto& effects : {accept(scene.job, scene.offer, kLi, kNow).value(), expire(scene.job, scene.offer, kNow),
                              decline(scene.job, scene.offer, "no", kLi, kNow).value()}) {
    ASSERT_EQ(effects.timers.size(), 1u);
    EXPECT_EQ(effects.timers[0].kind, internal::v1::TIMER_KIND_OFFER_EXPIRES);
    EXPECT_EQ(effects.timers[0].subject, "offers/1");
    EXPECT_EQ(effects.timers[0].due, kNever);
  }
}

TEST(VisitStates, DecliningTakesAReason) {
  const Scene scene(v1::VISIT_STATE_OFFERED);
  EXPECT_THAT(decline(scene.job, scene.offer, "", kLi, kNow).error().message, HasSubstr("reason"));
}

TEST(VisitStates, APhoneThatWasOfflineMayTellOfYesterdayButNotOfTomorrow) {
  const Scene scene(v1::VISIT_STATE_ACCEPTED);
  EXPECT_TRUE(travel(scene.job, kLi, kNow - 24h, kNow));
  EXPECT_EQ(to_instant(travel(scene.job, kLi, kNow - 24h, kNow)->visits.back().travelled_at()), kNow - 24h);
  EXPECT_FALSE(travel(scene.job, kLi, kNow + 1h, kNow));
  EXPECT_FALSE(travel(scene.job, kLi, kNow - 24h * 8, kNow));
}

TEST(VisitStates, TheLeadAtTheMachineSaysHowLongItTakes) {
  const Scene there(v1::VISIT_STATE_ON_SITE), driving(v1::VISIT_STATE_TRAVELLING);
  const auto said = estimate(there.job, kLi, kNow + 3h, kNow);
  ASSERT_TRUE(said) << said.error().message;
  EXPECT_EQ(to_instant(said->visits.back().expected_done_at()), kNow + 3h);
  EXPECT_EQ(estimate(driving.job, kLi, kNow + 3h, kNow).error().code, Code::kState);
  EXPECT_EQ(estimate(there.job, "engineers/max", kNow + 3h, kNow).error().code, Code::kDenied);
  EXPECT_EQ(estimate(there.job, kLi, kNow - 1us, kNow).error().code, Code::kInvalid);
  EXPECT_EQ(estimate(there.job, kLi, kNow + 25h, kNow).error().code, Code::kInvalid);
}

TEST(VisitStates, ACompletedVisitSaysWhatWasFoundOrDone) {
  const Scene scene(v1::VISIT_STATE_ON_SITE);
  EXPECT_FALSE(complete(scene.job, {}, {{}, "", true, kNow}, kLi, kNow));
  EXPECT_TRUE(complete(scene.job, {}, {{}, "tightened a hose", true, kNow}, kLi, kNow));
}

}  // namespace
}  // namespace firstfix::visit
