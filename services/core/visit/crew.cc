#include "visit/crew.h"

#include <algorithm>

namespace firstfix::visit {

void write_crew(v1::Visit& visit) {
  if (!visit.crew().empty() || visit.engineer().empty()) return;
  auto& lead = *visit.add_crew();
  lead.set_engineer(visit.engineer());
  lead.set_role(v1::CREW_ROLE_LEAD);
  lead.set_state(visit.state());
  lead.set_offer(visit.offer());
  *lead.mutable_covers() = visit.skills();
  *lead.mutable_travel_starts_at() = visit.travel_starts_at();
}

const v1::CrewMember* member_of(const v1::Visit& visit, std::string_view engineer) {
  const auto found = std::find_if(visit.crew().begin(), visit.crew().end(),
                                  [&](const auto& member) { return member.engineer() == engineer; });
  return found == visit.crew().end() ? nullptr : &*found;
}

v1::CrewMember* member_of(v1::Visit& visit, std::string_view engineer) {
  return const_cast<v1::CrewMember*>(member_of(std::as_const(visit), engineer));
}

bool is_member(const v1::Visit& visit, std::string_view engineer) {
  return visit.engineer() == engineer || member_of(visit, engineer) != nullptr;
}

bool comes(const v1::CrewMember& member) {
  return member.role() != v1::CREW_ROLE_REMOTE_EXPERT;
}

bool only_learns(const v1::CrewMember& member) {
  return member.role() == v1::CREW_ROLE_SECOND && member.covers().empty();
}

Status may_work(const v1::Visit& visit, std::string_view engineer) {
  auto written = visit;
  write_crew(written);
  const auto* member = member_of(std::as_const(written), engineer);
  if (member == nullptr) return fail(Code::kDenied, visit.name() + " is not the visit of " + std::string(engineer));
  if (!comes(*member))
    return fail(Code::kDenied, std::string(engineer) + " helps from afar: who is on site says what was done");
  if (member->state() != v1::VISIT_STATE_ON_SITE && member->state() != v1::VISIT_STATE_COMPLETED)
    return fail(Code::kState, std::string(engineer) + " has not arrived: say so first");
  return {};
}

}  // namespace firstfix::visit
