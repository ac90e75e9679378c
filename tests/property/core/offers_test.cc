// However engineers, dispatchers and timers fall over one another: a visit is accepted once at a time, by whom it was
// offered to.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "casework/convert.h"
#include "support/fakes.h"
#include "visit/visit.h"

namespace firstfix::visit {
namespace {

using namespace std::chrono_literals;

class Scene {
 public:
  Scene() {
    job.visit.set_name("visits/1");
    job.record.set_name("cases/1");
    plan("engineers/li");
  }

  // Anybody tries anything; what is refused changes nothing.
  void somebody_tries() {
    now_ = now_ + std::chrono::minutes{*rc::gen::inRange(0, 10)};
    const auto who = *rc::gen::element<std::string>("engineers/li", "engineers/max");
    const auto* about = offers.empty() ? nullptr : &pick();
    switch (*rc::gen::inRange(0, 8)) {
      case 0:
        if (job.visit.state() == v1::VISIT_STATE_PROPOSED) plan(who);
        return keep(offer(job, "offers/" + std::to_string(offers.size()), 15min, "dispatch/ann", now_));
      case 1:
        if (about != nullptr) keep(accept(job, *about, who, now_));
        return;
      case 2:
        if (about != nullptr) keep(decline(job, *about, "no", who, now_));
        return;
      case 3:  // as the desk does it: the timer of an offer that is open
        if (about != nullptr && about->state() == v1::OFFER_STATE_OPEN) keep(expire(job, *about, now_));
        return;
      case 4:
        if (open(job.visit) && !begun(job.visit)) keep(withdraw(job, "another", "dispatch/ann", now_));
        return;
      case 5:
        return keep(travel(job, who, now_, now_));
      case 6:
        return keep(arrive(job, who, now_, now_));
      default:
        return keep(cancel(job, "sold", "dispatch/ann", now_));
    }
  }

  Job job;
  std::map<std::string, v1::Offer> offers;

 private:
  void plan(const std::string& engineer) { keep(propose(job, {engineer, now_, now_, now_ + 1h, {}}, now_)); }
  v1::Offer& pick() {
    auto it = offers.begin();
    std::advance(it, *rc::gen::inRange<std::size_t>(0, offers.size()));
    return it->second;
  }
  void keep(const Effects& effects) {
    job.visit = effects.visits.back();
    job.record = effects.cases.back();
    for (const auto& one : effects.offers) offers[one.name()] = one;
    job.offers.clear();
    if (const auto found = offers.find(job.visit.offer()); found != offers.end()) job.offers.push_back(found->second);
  }
  void keep(const Result<Effects>& effects) {
    if (effects) keep(*effects);
  }

  Instant now_ = testing::kMorning;
};

RC_GTEST_PROP(Offers, AreAcceptedOnceAtATimeByWhomTheyAreFor, ()) {
  Scene scene;
  for (int i = *rc::gen::inRange(1, 40); i > 0; --i) {
    scene.somebody_tries();
    int standing = 0;
    for (const auto& [name, offer] : scene.offers) {
      const bool accepted = offer.state() == v1::OFFER_STATE_ACCEPTED,
                 still_open = offer.state() == v1::OFFER_STATE_OPEN;
      if (accepted || still_open) {
        ++standing;
        RC_ASSERT(scene.job.visit.offer() == name);
        RC_ASSERT(scene.job.visit.engineer() == offer.engineer());
      }
      RC_ASSERT(still_open == !offer.has_settled_at());
    }
    RC_ASSERT(standing <= 1);
    const auto state = scene.job.visit.state();
    const bool taken = state >= v1::VISIT_STATE_ACCEPTED && state <= v1::VISIT_STATE_COMPLETED;
    if (taken) RC_ASSERT(scene.offers.at(scene.job.visit.offer()).state() == v1::OFFER_STATE_ACCEPTED);
    if (state == v1::VISIT_STATE_OFFERED) RC_ASSERT(standing == 1);
  }
}

}  // namespace
}  // namespace firstfix::visit
