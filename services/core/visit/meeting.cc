#include "visit/meeting.h"

#include "casework/convert.h"
#include "visit/visit.h"

namespace firstfix::visit {
namespace {

bool moved(const v1::Visit& before, const v1::Visit& now) {
  const auto same = [&](auto get) { return to_instant(get(before)) == to_instant(get(now)); };
  return before.engineer() != now.engineer() || open(before) != open(now) ||
         !same([](const auto& visit) { return visit.starts_at(); }) ||
         !same([](const auto& visit) { return visit.ends_at(); }) ||
         !same([](const auto& visit) { return visit.expected_done_at(); });
}

}  // namespace

std::vector<std::string> meetings_touched(const v1::Visit& before, const v1::Visit& now) {
  std::vector<std::string> out;
  if ((before.hand_overs().empty() && before.pickups().empty()) || !moved(before, now)) return out;
  if (!before.hand_overs().empty()) out.push_back(before.name());
  for (const auto& pickup : before.pickups())
    if (!pickup.at_visit().empty()) out.push_back(pickup.at_visit());
  return out;
}

}  // namespace firstfix::visit
