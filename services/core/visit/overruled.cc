#include "visit/overruled.h"

#include "casework/convert.h"
#include "visit/answer.h"

namespace firstfix::visit {
namespace {

constexpr std::uint32_t kMostOverruled = 1000;

}  // namespace

bool overruled_by(const v1::Offer& offer, std::string_view engineer) {
  return offer.engineer() == engineer && offer.has_accepted_at() && offer.state() == v1::OFFER_STATE_WITHDRAWN;
}

Result<Effects> keep_overruled(const Job& job, const v1::Offer& offer, const LateWork& work, std::string_view by,
                               Instant now) {
  FIRSTFIX_CHECK(plausible("the time", work.at, now, job.zone));
  if (job.visit.overruled_count() >= kMostOverruled)
    return fail(Code::kTooLarge, job.visit.name() + " has 1000 pieces of overruled work already");
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  auto& kept = effects.overruled.emplace_back();
  const auto number = std::to_string(visit.overruled_count());
  kept.set_name(visit.name() + "/overruled/" + std::string(6 - number.size(), '0') + number);
  kept.set_engineer(by.data(), by.size());
  *kept.mutable_at() = to_proto(work.at);
  *kept.mutable_received_at() = to_proto(now);
  kept.set_what(work.what);
  kept.set_step(work.step);
  if (!work.step.empty()) *kept.mutable_evidence() = work.evidence;
  kept.set_offer(offer.name());
  kept.mutable_found_causes()->Assign(work.found_causes.begin(), work.found_causes.end());
  visit.set_overruled_count(visit.overruled_count() + 1);
  std::string line = std::string(by) + " " + work.what + " at " + in_words(work.at, job.zone) +
                     ", without a connection; " + visit.name() + " had been taken back at " +
                     in_words(to_instant(offer.settled_at()), job.zone) + " («" + offer.reason() + "»)";
  if (!visit.engineer().empty() && visit.engineer() != by) line += " and is now with " + visit.engineer();
  tell(record, effects, v1::TIMELINE_KIND_ACTION, line + ": kept, not counted", by, kept.name(), now);
  effects.cases.push_back(std::move(record));
  effects.visits.push_back(std::move(visit));
  return effects;
}

}  // namespace firstfix::visit
