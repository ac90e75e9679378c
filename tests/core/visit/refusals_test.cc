// Refusals that say a time of day say it as the clocks at the machine show it.
#include "visit/overruled.h"
#include "world.h"

namespace firstfix::visit {
namespace {

using std::chrono::minutes;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// kNow is 10:00 there.
Zone two_hours_ahead() {
  return {"Africa/Tripoli", [](Instant) { return Clocks{std::chrono::hours{2}, kNever}; }};
}

Job job_there(v1::VisitState state) {
  auto job = job_in(state);
  job.zone = two_hours_ahead();
  return job;
}

v1::Offer expired(v1::OfferState state) {
  auto offer = offer_in(state);
  *offer.mutable_expires_at() = to_proto(ago(minutes{5}));
  return offer;
}

template <class T>
std::string refusal(const Result<T>& result) {
  return result ? "not refused" : result.error().message;
}

// "2026-03-02T08:00:00Z" is nobody's clock.
auto says(const std::string& time) {
  return AllOf(HasSubstr(time + " (Africa/Tripoli)"), Not(HasSubstr("Z")));
}

TEST(Refusals, SayWhenAnOfferExpiredAsTheClocksAtTheMachineShowIt) {
  const auto job = job_there(v1::VISIT_STATE_OFFERED);
  for (const auto state : {v1::OFFER_STATE_OPEN, v1::OFFER_STATE_EXPIRED})
    EXPECT_THAT(refusal(accept(job, expired(state), kLi, kNow)), says("2026-03-02 09:55"));
}

TEST(Refusals, SayATimeThatCannotBeRightAsTheClocksAtTheMachineShowIt) {
  const auto accepted = job_there(v1::VISIT_STATE_ACCEPTED), on_site = job_there(v1::VISIT_STATE_ON_SITE);
  EXPECT_THAT(refusal(travel(accepted, kLi, at(minutes{30}), kNow)), says("2026-03-02 10:30"));
  EXPECT_THAT(refusal(arrive(accepted, kLi, ago(minutes{60 * 24 * 8}), kNow)), says("2026-02-22 10:00"));
  EXPECT_THAT(refusal(estimate(on_site, kLi, ago(minutes{1}), kNow)), says("2026-03-02 09:59"));
  EXPECT_THAT(refusal(complete(on_site, {}, {{"causes/hose"}, "", true, ago(minutes{90})}, kLi, kNow)),
              says("2026-03-02 08:30"));
}

TEST(Refusals, SayATimeAfterTheArrivalAsTheClocksAtTheMachineShowIt) {
  auto job = job_there(v1::VISIT_STATE_ACCEPTED);
  job = *arrive(job, kLi, ago(minutes{60}), kNow).map([&](const Effects& effects) {
    auto there = job;
    there.visit = effects.visits.back();
    return there;
  });
  EXPECT_THAT(refusal(travel(job, kLi, ago(minutes{50}), kNow)), says("2026-03-02 09:10"));
}

TEST(Refusals, SayWhatAChecklistCannotTakeInAsTheClocksAtTheMachineShowIt) {
  const auto refused = [](v1::VisitState state, Instant claimed) {
    const auto taken = takes_work(job_there(state), kLi, "taken_at", claimed, kNow);
    return taken ? "not refused" : taken.error().message;
  };
  EXPECT_THAT(refused(v1::VISIT_STATE_ON_SITE, ago(minutes{90})), says("2026-03-02 08:30"));
  EXPECT_THAT(refused(v1::VISIT_STATE_COMPLETED, ago(minutes{10})), says("2026-03-02 09:30"));
}

TEST(Refusals, SayWhenOverruledWorkCannotHaveBeenDoneAsTheClocksAtTheMachineShowIt) {
  const auto job = job_there(v1::VISIT_STATE_OFFERED);
  const auto offer = offer_in(v1::OFFER_STATE_WITHDRAWN);
  EXPECT_THAT(refusal(keep_overruled(job, offer, {.what = "set out", .at = at(minutes{20})}, kLi, kNow)),
              says("2026-03-02 10:20"));
}

TEST(Refusals, SayUtcWhereNobodyHasSaidWhichClocksHangThere) {
  EXPECT_THAT(refusal(estimate(job_in(v1::VISIT_STATE_ON_SITE), kLi, ago(minutes{1}), kNow)),
              HasSubstr("2026-03-02 07:59 (UTC)"));
}

}  // namespace
}  // namespace firstfix::visit
