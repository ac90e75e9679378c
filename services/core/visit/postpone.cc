#include "casework/case.h"
#include "casework/convert.h"
#include "visit/visit.h"

namespace firstfix::visit {

Result<Effects> postpone(const Job& job, Instant travel_starts, Instant starts, std::string_view why, Instant now) {
  if (!open(job.visit) || begun(job.visit) || job.visit.engineer().empty())
    return fail(Code::kState,
                job.visit.name() + " is " + std::string(state_name(job.visit.state())) + " and cannot be put off");
  Effects effects;
  auto visit = job.visit;
  auto record = job.record;
  const auto by = starts - to_instant(visit.starts_at());
  const auto service = to_instant(visit.ends_at()) - to_instant(visit.starts_at());
  *visit.mutable_travel_starts_at() = to_proto(travel_starts);
  *visit.mutable_starts_at() = to_proto(starts);
  *visit.mutable_ends_at() = to_proto(starts + service);
  for (auto& member : *visit.mutable_crew())
    *member.mutable_travel_starts_at() =
        to_proto(member.engineer() == visit.engineer() ? travel_starts : to_instant(member.travel_starts_at()) + by);
  tell(record, effects, v1::TIMELINE_KIND_DECISION,
       visit.engineer() + " is planned for " + in_words(starts, job.zone) + " now, and not " +
           in_words(to_instant(job.visit.starts_at()), job.zone) + ": " + std::string(why),
       kFirstFix, visit.name(), now);
  effects.visits.push_back(std::move(visit));
  effects.cases.push_back(std::move(record));
  return effects;
}

}  // namespace firstfix::visit
