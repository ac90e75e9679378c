#include "familiar.h"

#include <deque>

#include "desk/keys.h"
#include "firstfix/v1/visit.pb.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kMostLookedAt = 8;

std::vector<std::string> who_came(const v1::Visit& visit) {
  if (visit.crew().empty()) return {visit.engineer()};
  std::vector<std::string> out;
  for (const auto& member : visit.crew())
    if (member.has_arrived_at() && member.role() != v1::CREW_ROLE_REMOTE_EXPERT) out.push_back(member.engineer());
  return out;
}

// The last names of an index under `parent`, the newest first: names sort by the time of their making.
Result<std::deque<std::string>> newest(const View& view, std::string_view index, const std::string& parent) {
  std::deque<std::string> out;
  FIRSTFIX_CHECK(view.each_entry(index, {parent}, [&](std::string_view name, auto) {
    out.emplace_front(name);
    if (out.size() > kMostLookedAt) out.pop_back();
    return true;
  }));
  return out;
}

Result<std::vector<std::string>> who_was_there(const View& view, const std::string& case_name) {
  FIRSTFIX_TRY(visits, newest(view, index::kVisitOfCase, case_name));
  for (const auto& name : visits) {
    FIRSTFIX_TRY(visit, view.find<v1::Visit>(name));
    if (visit && visit->state() == v1::VISIT_STATE_COMPLETED) return who_came(*visit);
  }
  return std::vector<std::string>{};
}

}  // namespace

Result<std::vector<std::string>> familiar_with(const View& view, const v1::Case& record, const v1::Site* site) {
  if (site != nullptr && !site->preferred_engineers().empty())
    return std::vector<std::string>(site->preferred_engineers().begin(), site->preferred_engineers().end());
  FIRSTFIX_TRY(cases, newest(view, index::kCaseOfAsset, record.asset()));
  for (const auto& name : cases) {
    FIRSTFIX_TRY(there, who_was_there(view, name));
    if (!there.empty()) return std::move(there);
  }
  return std::vector<std::string>{};
}

}  // namespace firstfix::desk
