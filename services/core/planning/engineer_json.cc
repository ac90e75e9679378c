#include <algorithm>

#include "problem_reader.h"

namespace firstfix::planning {
namespace {

// Until when, or how long after the end of the shift; of several shifts it is always the latter (see read_days).
Result<Seconds> read_overtime_end(const In& engineer, const In& overtime) {
  const bool several = engineer.member("shifts").present();
  if (const auto lasts = overtime.member("seconds"); lasts.present() || several) {
    FIRSTFIX_TRY(seconds, lasts.seconds());
    if (several) return seconds;
    FIRSTFIX_TRY(shift, read_span(engineer.member("shift")));
    return shift.to + seconds;
  }
  return overtime.member("until").seconds();
}

}  // namespace

Status ProblemReader::read_engineer(const In& in, Engineer& out) {
  FIRSTFIX_CHECK(in.object());
  in.note_unknown(
      {"id", "location", "end_location", "lat", "lon", "shift", "skills", "van_stock", "skill_levels", "certificates",
       "breaks", "max_work", "overtime", "mentor_of", "territory", "shifts", "min_rest", "on_call"},
      problem_.ignored);
  FIRSTFIX_TRY(id, in.member("id").integer(-kMostId, kMostId));
  out.id = id;
  if (!engineer_at_.try_emplace(out.id, static_cast<int>(problem_.engineers.size())).second)
    return in.member("id").bad("two engineers have the id " + std::to_string(out.id));
  FIRSTFIX_TRY(start, place(in.member("location")));
  out.start = out.end = start;
  if (in.member("end_location").present()) {
    FIRSTFIX_TRY(end, place(in.member("end_location")));
    out.end = end;
  }
  if (!in.member("shifts").present()) {
    FIRSTFIX_TRY(shift, read_span(in.member("shift")));
    out.shift = shift;
  }
  FIRSTFIX_TRY(held, skills<HeldSkill>(in.member("skills"), in.member("skill_levels")));
  out.skills = std::move(held);
  FIRSTFIX_TRY(stock, in.member("van_stock").quantities());
  out.van_stock = std::move(stock);
  return read_engineer_rules(in, out);
}

Status ProblemReader::read_engineer_rules(const In& in, Engineer& out) {
  FIRSTFIX_CHECK(read_certificates(in.member("certificates"), out));
  if (const auto breaks = in.member("breaks"); breaks.present()) {
    FIRSTFIX_CHECK(breaks.array(0, 16));
    for (std::size_t i = 0; i < breaks.size(); ++i) {
      const auto one = breaks.item(i);
      FIRSTFIX_CHECK(one.object());
      FIRSTFIX_TRY(from, one.member("from").seconds());
      FIRSTFIX_TRY(to, one.member("to").seconds());
      FIRSTFIX_TRY(duration, one.member("duration").seconds());
      out.breaks.push_back({from, to, duration});
    }
  }
  FIRSTFIX_TRY(max_work, in.member("max_work").seconds_or(kForever));
  out.max_work = max_work;
  if (const auto overtime = in.member("overtime"); overtime.present()) {
    FIRSTFIX_CHECK(overtime.object());
    FIRSTFIX_TRY(until, read_overtime_end(in, overtime));
    FIRSTFIX_TRY(cost, overtime.member("cost_per_hour").number(0, kMostMoney));
    out.overtime = Overtime{until, cost};
  }
  if (const auto mentor = in.member("mentor_of"); mentor.present()) {
    FIRSTFIX_CHECK(mentor.array(0, kMaxKinds));
    for (std::size_t i = 0; i < mentor.size(); ++i) {
      FIRSTFIX_TRY(skill, skills_.number(mentor.item(i)));
      out.mentor_of.push_back(skill);
    }
  }
  if (const auto territory = in.member("territory"); territory.present()) {
    FIRSTFIX_TRY(number, territories_.number(territory));
    out.territory = number;
  }
  return {};
}

Status ProblemReader::read_certificates(const In& in, Engineer& out) {
  if (!in.present()) return {};
  FIRSTFIX_CHECK(in.array(0, kMaxKinds));
  for (std::size_t i = 0; i < in.size(); ++i) {
    const auto one = in.item(i);
    FIRSTFIX_CHECK(one.object());
    FIRSTFIX_TRY(skill, skills_.number(one.member("skill")));
    FIRSTFIX_TRY(until, one.member("until").seconds());
    const auto held =
        std::find_if(out.skills.begin(), out.skills.end(), [&](const auto& has) { return has.skill == skill; });
    if (held == out.skills.end()) return one.member("skill").bad("is not among the engineer's skills");
    held->certified_until = std::min(held->certified_until, until);
  }
  return {};
}

}  // namespace firstfix::planning
