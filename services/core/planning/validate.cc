#include <algorithm>
#include <cmath>

#include "planning/problem.h"

namespace firstfix::planning {
namespace {

std::string at(const char* list, std::size_t i, const char* member) {
  return std::string(list) + "[" + std::to_string(i) + "]" + (*member ? "." : "") + member;
}

Status bad(const std::string& path, const std::string& why) {
  return fail(Code::kInvalid, path + ": " + why);
}

Status too_many(const char* list, std::size_t count, int most) {
  if (count <= static_cast<std::size_t>(most)) return {};
  return fail(Code::kTooLarge, std::string(list) + ": " + std::to_string(count) + " entries; at most " +
                                   std::to_string(most) + " are allowed");
}

bool is_time(Seconds t) {
  return t >= 0 && (t <= kLatestTime || t == kForever);
}
bool is_span(const Span& span) {
  return is_time(span.from) && is_time(span.to) && span.from <= span.to;
}
bool is_price(double price) {
  return std::isfinite(price) && price >= 0 && price <= 1e9;
}
bool within(int value, std::size_t size) {
  return value >= 0 && static_cast<std::size_t>(value) < size;
}
bool within_or_none(int value, std::size_t size) {
  return value == kNone || within(value, size);
}
bool all_within(const std::vector<int>& values, std::size_t size) {
  return std::all_of(values.begin(), values.end(), [&](int value) { return within(value, size); });
}
bool none_negative(const std::vector<int>& values) {
  return std::all_of(values.begin(), values.end(), [](int value) { return value >= 0; });
}

// Several days of one engineer are entries one after another, and apart.
Status check_days(const Problem& p, std::size_t i) {
  const auto& e = p.engineers[i];
  const auto path = [&](const char* member) { return at("engineers", i, member); };
  if (e.min_rest < 0 || e.min_rest > kLatestTime) return bad(path("min_rest"), "is no duration");
  if (e.first_day == kNone || e.first_day == static_cast<int>(i)) return {};
  if (i == 0 || !within(e.first_day, i)) return bad(path("first_day"), "is no day before");
  const auto& before = p.engineers[i - 1];
  if (before.first_day != e.first_day) return bad(path("first_day"), "does not follow the engineer's day before");
  if (before.min_rest != e.min_rest) return bad(path("min_rest"), "is another than on the first day");
  if ((before.overtime ? before.overtime->until : before.shift.to) > e.shift.from)
    return bad(path("shift"), "begins before the day before ends");
  return {};
}

Status check_engineer(const Problem& p, std::size_t i) {
  const auto& e = p.engineers[i];
  const auto path = [&](const char* member) { return at("engineers", i, member); };
  const auto places = static_cast<std::size_t>(p.travel.size());
  if (!within(e.start, places)) return bad(path("location"), "is no place of the matrix");
  if (!within(e.end, places)) return bad(path("end_location"), "is no place of the matrix");
  if (!is_span(e.shift) || e.shift.to == kForever) return bad(path("shift"), "is not a span of time");
  for (const auto& held : e.skills)
    if (!within(held.skill, static_cast<std::size_t>(p.skill_count)) || held.level < 0 ||
        !is_time(held.certified_until))
      return bad(path("skills"), "names an unknown skill, a negative level or no time");
  if (!none_negative(e.van_stock)) return bad(path("van_stock"), "is negative");
  for (std::size_t b = 0; b < e.breaks.size(); ++b) {
    const auto& rest = e.breaks[b];
    const auto which = path("breaks") + "[" + std::to_string(b) + "]";
    if (!is_span({rest.from, rest.to}) || rest.duration < 0) return bad(which, "ends before it begins");
  }
  if (e.max_work < 0) return bad(path("max_work"), "is negative");
  if (e.overtime && (e.overtime->until < e.shift.to || !is_time(e.overtime->until)))
    return bad(path("overtime.until"), "is before the end of the shift");
  if (e.overtime && !is_price(e.overtime->cost_per_hour)) return bad(path("overtime.cost_per_hour"), "is no price");
  if (!all_within(e.mentor_of, static_cast<std::size_t>(p.skill_count)))
    return bad(path("mentor_of"), "names an unknown skill");
  if (!within_or_none(e.territory, static_cast<std::size_t>(p.territory_count)))
    return bad(path("territory"), "is unknown");
  return check_days(p, i);
}

Status check_job_rules(const Problem& p, std::size_t i) {
  const auto& j = p.jobs[i];
  const auto path = [&](const char* member) { return at("jobs", i, member); };
  if (j.crew != 1 && j.crew != 2) return bad(path("crew"), "must be 1 or 2");
  if (j.supervised && j.crew != 1) return bad(path("supervised"), "contradicts a crew of two");
  if (!all_within(j.preferred, p.engineers.size())) return bad(path("preferred"), "names an unknown engineer");
  if (!all_within(j.excluded, p.engineers.size())) return bad(path("excluded"), "names an unknown engineer");
  if (!within_or_none(j.previous_engineer, p.engineers.size()))
    return bad(path("previous_engineer"), "is an unknown engineer");
  if (!within_or_none(j.fixed_engineer, p.engineers.size())) return bad(path("fixed"), "names an unknown engineer");
  if (j.fixed_start && j.fixed_engineer == kNone) return bad(path("fixed.start"), "needs an engineer too");
  if (j.fixed_start && !is_time(*j.fixed_start)) return bad(path("fixed.start"), "is no time");
  if (j.fixed_engineer != kNone &&
      std::find(j.excluded.begin(), j.excluded.end(), j.fixed_engineer) != j.excluded.end())
    return bad(path("fixed.engineer"), "is excluded too");
  if (j.fixed_start && !j.windows.empty() && std::none_of(j.windows.begin(), j.windows.end(), [&](const Span& window) {
        return window.from <= *j.fixed_start && *j.fixed_start <= window.to;
      }))
    return bad(path("fixed.start"), "lies outside the windows");
  if (!within_or_none(j.territory, static_cast<std::size_t>(p.territory_count)))
    return bad(path("territory"), "is unknown");
  return {};
}

Status check_job(const Problem& p, std::size_t i) {
  const auto& j = p.jobs[i];
  const auto path = [&](const char* member) { return at("jobs", i, member); };
  if (!within(j.place, static_cast<std::size_t>(p.travel.size())))
    return bad(path("location"), "is no place of the matrix");
  if (j.service < 0 || j.service > kLatestTime) return bad(path("service"), "is no duration");
  for (const auto& need : j.skills)
    if (!within(need.skill, static_cast<std::size_t>(p.skill_count)) || need.level < 0)
      return bad(path("skills"), "names an unknown skill or a negative level");
  if (j.priority < 0 || j.priority > 100) return bad(path("priority"), "must be from 0 to 100");
  for (std::size_t w = 0; w < j.windows.size(); ++w)
    if (!is_span(j.windows[w])) return bad(path("windows") + "[" + std::to_string(w) + "]", "is not a span of time");
  if (!none_negative(j.parts)) return bad(path("parts"), "is negative");
  if (!is_time(j.due)) return bad(path("due"), "is no time");
  if (!is_price(j.late_cost_per_hour)) return bad(path("late_cost_per_hour"), "is no price");
  return check_job_rules(p, i);
}

Status check_depot(const Problem& p, std::size_t i) {
  const auto& d = p.depots[i];
  if (!within(d.place, static_cast<std::size_t>(p.travel.size())))
    return bad(at("depots", i, "location"), "is no place of the matrix");
  if (!none_negative(d.stock)) return bad(at("depots", i, "stock"), "is negative");
  if (d.pickup < 0) return bad(at("depots", i, "pickup_seconds"), "is negative");
  if (!is_span(d.open)) return bad(at("depots", i, "open"), "is not a span of time");
  return {};
}

Status check_sizes(const Problem& p) {
  FIRSTFIX_CHECK(too_many("engineers", p.engineers.size(), kMaxEngineers));
  FIRSTFIX_CHECK(too_many("jobs", p.jobs.size(), kMaxJobs));
  FIRSTFIX_CHECK(too_many("matrix", static_cast<std::size_t>(p.travel.size()), kMaxPlaces));
  for (const int kinds : {p.skill_count, p.part_count, p.territory_count})
    if (kinds < 0 || kinds > kMaxKinds)
      return fail(Code::kTooLarge, "more than " + std::to_string(kMaxKinds) + " kinds of skill, part or territory");
  return {};
}

}  // namespace

Status validate(const Problem& p) {
  FIRSTFIX_CHECK(check_sizes(p));
  for (int i = 0; i < p.travel.size(); ++i)
    for (int j = 0; j < p.travel.size(); ++j)
      if (p.travel(i, j) < 0 || p.travel(i, j) > kLatestTime)
        return bad("matrix[" + std::to_string(i) + "][" + std::to_string(j) + "]", "is no travel time");
  for (std::size_t i = 0; i < p.engineers.size(); ++i) FIRSTFIX_CHECK(check_engineer(p, i));
  for (std::size_t i = 0; i < p.jobs.size(); ++i) FIRSTFIX_CHECK(check_job(p, i));
  for (std::size_t i = 0; i < p.depots.size(); ++i) FIRSTFIX_CHECK(check_depot(p, i));
  const auto& w = p.weights;
  for (const double weight : {w.travel, w.lateness, w.overtime, w.waiting, w.continuity, w.over_qualification,
                              w.moved_stops, w.shifted_stops, w.growth, w.call_out, w.fairness})
    if (!is_price(weight) || weight > 1e6) return bad("weights", "must be from 0 to 1000000");
  if (w.notice < 0) return bad("weights.notice", "must not be negative");
  if (p.hand_over != kNone && (p.hand_over < 0 || p.hand_over > kLatestTime))
    return bad("hand_over_seconds", "is no duration");
  if (p.now < 0 || p.now > kLatestTime) return bad("now", "is no time");
  return {};
}

}  // namespace firstfix::planning
