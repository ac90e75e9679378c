// Who goes on a visit: its lead, who is the visit's engineer, seconds beside the lead, and experts who help from afar.
#pragma once

#include <string_view>

#include "base/result.h"
#include "firstfix/v1/visit.pb.h"

namespace firstfix::visit {

// A visit that was planned before there were crews has none written down: its engineer is the whole crew.
void write_crew(v1::Visit& visit);

// The member, or null. `write_crew` first.
const v1::CrewMember* member_of(const v1::Visit& visit, std::string_view engineer);
v1::CrewMember* member_of(v1::Visit& visit, std::string_view engineer);
bool is_member(const v1::Visit& visit, std::string_view engineer);

// Does the member come to the machine?
bool comes(const v1::CrewMember& member);
// Does the member only come to learn, so that the visit takes place without them too?
bool only_learns(const v1::CrewMember& member);

// May the engineer answer steps and record parts now? Only who is of the crew, on site, and has arrived. The visit's
// own state is not looked at.
Status may_work(const v1::Visit& visit, std::string_view engineer);

}  // namespace firstfix::visit
