// A visit of a crew: what each of them may do when, as tables.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "casework/convert.h"
#include "support/fakes.h"
#include "visit/crew.h"
#include "visit/visit.h"

namespace firstfix::visit {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Instant kNow = testing::kMorning;
const std::string kZoe = "engineers/zoe", kOmar = "engineers/omar", kTim = "engineers/tim", kEva = "engineers/eva";

v1::CrewMember member(const std::string& engineer, v1::CrewRole role, const char* covers, const char* trains = "") {
  v1::CrewMember out;
  out.set_engineer(engineer);
  out.set_role(role);
  if (*covers != '\0') out.add_covers()->set_skill(covers);
  if (*trains != '\0') out.add_trains()->set_skill(trains);
  return out;
}

// Zoe leads, Omar knows what she does not, Tim comes along to learn, Eva helps by phone.
struct Scene {
  Scene() {
    job.visit.set_name("visits/1");
    job.visit.set_case_name("cases/1");
    job.record.set_name("cases/1");
    Plan plan{kZoe, kNow, kNow + 30min, kNow + 90min, {}, {}};
    plan.crew = {member(kZoe, v1::CREW_ROLE_LEAD, "gas"), member(kOmar, v1::CREW_ROLE_SECOND, "power"),
                 member(kTim, v1::CREW_ROLE_SECOND, "", "gas"), member(kEva, v1::CREW_ROLE_REMOTE_EXPERT, "controls")};
    take(propose(job, plan, kNow));
    take(visit::offer(job, "offers/1", 15min, "dispatch/ann", kNow).value());
  }

  void take(const Effects& effects) {
    job.visit = effects.visits.back();
    job.record = effects.cases.back();
    for (const auto& offer : effects.offers) {
      auto old = std::find_if(job.offers.begin(), job.offers.end(), [&](auto& o) { return o.name() == offer.name(); });
      if (old == job.offers.end()) {
        job.offers.push_back(offer);
      } else {
        *old = offer;
      }
    }
  }
  const v1::Offer& offer_to(const std::string& engineer) {
    return *std::find_if(job.offers.begin(), job.offers.end(), [&](auto& o) { return o.engineer() == engineer; });
  }
  void accepted_by(const std::vector<std::string>& engineers) {
    for (const auto& one : engineers) take(accept(job, offer_to(one), one, kNow).value());
  }
  std::string state() const { return std::string(state_name(job.visit.state())); }
  std::string state_of(const std::string& engineer) const {
    return std::string(state_name(member_of(job.visit, engineer)->state()));
  }

  Job job;
};

TEST(Crew, EverybodyIsOfferedTheVisit) {
  Scene scene;
  EXPECT_EQ(scene.job.offers.size(), 4u);
  EXPECT_EQ(scene.job.visit.offer(), scene.offer_to(kZoe).name()) << "the visit's own offer is the lead's";
  for (const auto& one : scene.job.visit.crew()) EXPECT_EQ(one.offer(), scene.offer_to(one.engineer()).name());
}

TEST(Crew, TheVisitIsAcceptedWhenAllHaveWhoAreNeeded) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> table = {
      {{kZoe}, "offered"},
      {{kZoe, kOmar}, "offered"},
      {{kZoe, kEva}, "offered"},
      {{kOmar, kTim, kEva}, "offered"},
      {{kZoe, kOmar, kEva}, "accepted"},  // Tim only comes to learn
      {{kEva, kTim, kOmar, kZoe}, "accepted"},
      {{kZoe, kOmar, kEva, kTim}, "accepted"},
  };
  for (const auto& [engineers, after] : table) {
    Scene scene;
    scene.accepted_by(engineers);
    EXPECT_EQ(scene.state(), after) << engineers.size() << " have accepted, the last of them " << engineers.back();
  }
}

TEST(Crew, WhoIsNeededAndDeclinesFreesAllOfThem) {
  for (const auto& one : {kZoe, kOmar, kEva}) {
    Scene scene;
    for (const auto& other : {kZoe, kOmar, kEva})
      if (other != one) scene.accepted_by({other});
    scene.take(decline(scene.job, scene.offer_to(one), "no", one, kNow).value());
    EXPECT_EQ(scene.state(), "proposed") << one;
    EXPECT_TRUE(scene.job.visit.engineer().empty() && scene.job.visit.crew().empty()) << one;
    EXPECT_THAT(scene.job.record.declined_by(), ElementsAre(one)) << "the others may be asked again";
    for (const auto& offer : scene.job.offers)
      EXPECT_EQ(offer.state(), offer.engineer() == one ? v1::OFFER_STATE_DECLINED : v1::OFFER_STATE_WITHDRAWN)
          << offer.engineer();
  }
}

TEST(Crew, WhoOnlyComesToLearnIsGoneWithout) {
  for (const bool expires : {false, true}) {
    Scene scene;
    scene.accepted_by({kZoe, kOmar, kEva});
    scene.take(expires ? expire(scene.job, scene.offer_to(kTim), kNow)
                       : decline(scene.job, scene.offer_to(kTim), "no", kTim, kNow).value());
    EXPECT_EQ(scene.state(), "accepted");
    EXPECT_FALSE(is_member(scene.job.visit, kTim));
    EXPECT_TRUE(scene.job.record.declined_by().empty());
  }
}

TEST(Crew, NobodySetsOutBeforeAllHaveAccepted) {
  Scene scene;
  scene.accepted_by({kZoe, kOmar});
  const auto refused = travel(scene.job, kZoe, kNow, kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kState);
  EXPECT_THAT(refused.error().message, HasSubstr("not all of its crew have answered"));
}

TEST(Crew, EachSetsOutAndArrivesAndTheVisitBeginsWithItsLead) {
  Scene scene;
  scene.accepted_by({kZoe, kOmar, kEva, kTim});
  struct Move {
    const char* verb;
    std::string who;
    const char* visit;   // its state afterwards; − where it is refused
    const char* member;  // and the member's
  };
  const std::vector<Move> moves = {
      {"travel", kEva, "−", "accepted"},  // helps from afar
      {"travel", kTim, "travelling", "travelling"},
      {"travel", kTim, "−", "travelling"},        // is on the way already
      {"arrive", kTim, "travelling", "on site"},  // and waits for the lead
      {"arrive", kEva, "travelling", "on site"},  // on the line
      {"travel", kZoe, "travelling", "travelling"},
      {"arrive", kZoe, "on site", "on site"},
      {"travel", kOmar, "on site", "travelling"},  // comes later
      {"arrive", kOmar, "on site", "on site"},
      {"arrive", kOmar, "−", "on site"},
  };
  for (const auto& [verb, who, visit, of_member] : moves) {
    const auto effects =
        std::string(verb) == "travel" ? travel(scene.job, who, kNow, kNow) : arrive(scene.job, who, kNow, kNow);
    EXPECT_EQ(effects ? std::string(state_name(effects->visits.back().state())) : "−", visit) << verb << " " << who;
    if (effects) scene.take(*effects);
    EXPECT_EQ(scene.state_of(who), of_member) << verb << " " << who;
  }
}

TEST(Crew, WhoIsThereMayWork) {
  Scene scene;
  scene.accepted_by({kZoe, kOmar, kEva, kTim});
  for (const auto& who : {kZoe, kTim, kEva}) scene.take(arrive(scene.job, who, kNow, kNow).value());
  EXPECT_TRUE(may_work(scene.job.visit, kZoe));
  EXPECT_TRUE(may_work(scene.job.visit, kTim));
  EXPECT_EQ(may_work(scene.job.visit, kOmar).error().code, Code::kState) << "has not arrived";
  EXPECT_EQ(may_work(scene.job.visit, kEva).error().code, Code::kDenied) << "is not there";
  EXPECT_EQ(may_work(scene.job.visit, "engineers/li").error().code, Code::kDenied) << "is a stranger";
}

TEST(Crew, OnlyTheLeadCompletesForAll) {
  Scene scene;
  scene.accepted_by({kZoe, kOmar, kEva});  // Tim has not answered
  for (const auto& who : {kZoe, kOmar}) scene.take(arrive(scene.job, who, kNow, kNow).value());
  const Completion done{{"causes/hose"}, "", true, kNow};
  EXPECT_EQ(complete(scene.job, {}, done, kOmar, kNow).error().code, Code::kDenied);
  scene.take(complete(scene.job, {}, done, kZoe, kNow).value());
  EXPECT_EQ(scene.state_of(kOmar), "completed");
  EXPECT_EQ(scene.state_of(kEva), "accepted") << "was never on the line";
  EXPECT_EQ(scene.offer_to(kTim).state(), v1::OFFER_STATE_WITHDRAWN) << "nothing is left to answer";
}

TEST(Crew, TakenBackOrCancelledAllOffersEnd) {
  for (const bool cancelled : {false, true}) {
    Scene scene;
    scene.accepted_by({kZoe, kOmar, kEva});
    scene.take(cancelled ? cancel(scene.job, "sold", "dispatch/ann", kNow).value()
                         : withdraw(scene.job, "no longer qualified", kFirstFix, kNow));
    for (const auto& offer : scene.job.offers) EXPECT_EQ(offer.state(), v1::OFFER_STATE_WITHDRAWN);
  }
}

TEST(Crew, AVisitPlannedBeforeThereWereCrewsIsItsEngineers) {
  v1::Visit old;
  old.set_engineer(kZoe);
  old.set_state(v1::VISIT_STATE_ON_SITE);
  EXPECT_TRUE(may_work(old, kZoe));
  write_crew(old);
  ASSERT_EQ(old.crew_size(), 1);
  EXPECT_EQ(old.crew(0).role(), v1::CREW_ROLE_LEAD);
}

}  // namespace
}  // namespace firstfix::visit
