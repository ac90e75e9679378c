#include "problem_reader.h"

namespace firstfix::planning {

Result<int> ProblemReader::engineer(const In& in) {
  FIRSTFIX_TRY(id, in.integer(-kMostId, kMostId));
  const auto found = engineer_at_.find(id);
  if (found == engineer_at_.end()) return in.bad("there is no engineer " + std::to_string(id));
  return found->second;
}

// One engineer or a list.
Result<std::vector<int>> ProblemReader::engineers(const In& in) {
  std::vector<int> out;
  if (!in.present()) return out;
  if (!in.json().is_array()) {
    FIRSTFIX_TRY(one, engineer(in));
    return std::vector<int>{one};
  }
  FIRSTFIX_CHECK(in.array(0, kMaxEngineers));
  for (std::size_t i = 0; i < in.size(); ++i) {
    FIRSTFIX_TRY(one, engineer(in.item(i)));
    out.push_back(one);
  }
  return out;
}

Status ProblemReader::read_job(const In& in, Job& out) {
  FIRSTFIX_CHECK(in.object());
  in.note_unknown({"id",
                   "location",
                   "lat",
                   "lon",
                   "kind",
                   "service",
                   "skills",
                   "priority",
                   "windows",
                   "parts",
                   "skill_levels",
                   "due",
                   "late_cost_per_hour",
                   "crew",
                   "supervised",
                   "preferred",
                   "excluded",
                   "previous_engineer",
                   "fixed",
                   "hazard",
                   "territory"},
                  problem_.ignored);
  FIRSTFIX_TRY(id, in.member("id").integer(-kMostId, kMostId));
  out.id = id;
  if (!job_at_.try_emplace(out.id, static_cast<int>(job_at_.size())).second)
    return in.member("id").bad("two jobs have the id " + std::to_string(out.id));
  FIRSTFIX_TRY(at, place(in.member("location")));
  out.place = at;
  FIRSTFIX_TRY(service, in.member("service").seconds());
  out.service = service;
  FIRSTFIX_TRY(needed, skills<NeededSkill>(in.member("skills"), in.member("skill_levels")));
  out.skills = std::move(needed);
  FIRSTFIX_TRY(priority, in.member("priority").integer(0, 100));
  out.priority = static_cast<int>(priority);
  const auto windows = in.member("windows");
  FIRSTFIX_CHECK(windows.array(0, 256));
  for (std::size_t i = 0; i < windows.size(); ++i) {
    FIRSTFIX_TRY(window, read_span(windows.item(i)));
    out.windows.push_back(window);
  }
  FIRSTFIX_TRY(parts, in.member("parts").quantities());
  out.parts = std::move(parts);
  return read_job_rules(in, out);
}

Status ProblemReader::read_job_rules(const In& in, Job& out) {
  FIRSTFIX_TRY(due, in.member("due").seconds_or(kForever));
  out.due = due;
  if (const auto cost = in.member("late_cost_per_hour"); cost.present()) {
    FIRSTFIX_TRY(per_hour, cost.number(0, kMostMoney));
    out.late_cost_per_hour = per_hour;
  }
  if (const auto crew = in.member("crew"); crew.present()) {
    FIRSTFIX_TRY(count, crew.integer(1, 2));
    out.crew = static_cast<int>(count);
  }
  if (const auto supervised = in.member("supervised"); supervised.present()) {
    FIRSTFIX_TRY(flag, supervised.boolean());
    out.supervised = flag;
  }
  if (const auto hazard = in.member("hazard"); hazard.present()) {
    FIRSTFIX_TRY(flag, hazard.boolean());
    out.hazard = flag;
  }
  FIRSTFIX_TRY(preferred, engineers(in.member("preferred")));
  out.preferred = std::move(preferred);
  FIRSTFIX_TRY(excluded, engineers(in.member("excluded")));
  out.excluded = std::move(excluded);
  // An engineer of an earlier visit may have left since.
  if (const auto previous = in.member("previous_engineer"); previous.present()) {
    FIRSTFIX_TRY(who, previous.integer(-kMostId, kMostId));
    if (const auto found = engineer_at_.find(who); found != engineer_at_.end()) out.previous_engineer = found->second;
  }
  if (const auto territory = in.member("territory"); territory.present()) {
    FIRSTFIX_TRY(number, territories_.number(territory));
    out.territory = number;
  }
  return read_fixed(in.member("fixed"), out);
}

Status ProblemReader::read_fixed(const In& in, Job& out) {
  if (!in.present()) return {};
  FIRSTFIX_CHECK(in.object());
  FIRSTFIX_TRY(who, engineer(in.member("engineer")));
  out.fixed_engineer = who;
  if (!in.member("start").present()) return {};
  FIRSTFIX_TRY(start, in.member("start").seconds());
  out.fixed_start = start;
  return {};
}

}  // namespace firstfix::planning
