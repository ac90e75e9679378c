// Reads a problem. Ids become positions here, and nowhere else.
#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "base/geo.h"
#include "json_in.h"
#include "planning/json.h"

namespace firstfix::planning {
namespace {

constexpr double kMostMoney = 1e9;
constexpr int kMostLevel = 1'000;
constexpr std::int64_t kMostId = 1'000'000'000'000'000;

// Gives each name of a kind (skill, territory) the next number.
class Names {
 public:
  explicit Names(const char* kind) : kind_(kind) {}

  // A name is a text or a whole number; both spell the same.
  Result<int> number(const In& in) {
    if (!in.present()) return in.bad("is missing");
    std::string name;
    if (in.json().is_string()) {
      name = in.json().get<std::string>();
    } else {
      FIRSTFIX_TRY(id, in.integer(0, kMostId));
      name = std::to_string(id);
    }
    return number(in, name);
  }
  Result<int> number(const In& in, const std::string& name) {
    const auto [it, fresh] = numbers_.try_emplace(name, static_cast<int>(numbers_.size()));
    if (fresh && numbers_.size() > kMaxKinds)
      return in.bad(std::string("more than ") + std::to_string(kMaxKinds) + " kinds of " + kind_, Code::kTooLarge);
    return it->second;
  }
  int count() const { return static_cast<int>(numbers_.size()); }
  std::vector<std::string> list() const {
    std::vector<std::string> out(numbers_.size());
    for (const auto& [name, number] : numbers_) out[static_cast<std::size_t>(number)] = name;
    return out;
  }

 private:
  const char* kind_;
  std::unordered_map<std::string, int> numbers_;
};

class Reader {
 public:
  Result<Problem> read(const In& root);

 private:
  Status read_engineer(const In& in, Engineer& out);
  Status read_engineer_rules(const In& in, Engineer& out);
  Status read_certificates(const In& in, Engineer& out);
  Status read_job(const In& in, Job& out);
  Status read_job_rules(const In& in, Job& out);
  Status read_fixed(const In& in, Job& out);
  Status read_depots(const In& root);
  Status read_weights(const In& in);
  Status read_matrix(const In& in);
  Status travel_from_positions(const In& root);
  Status name_skills(const In& meta);

  Result<int> place(const In& in);
  Result<std::vector<int>> engineers(const In& in);
  Result<int> engineer(const In& in);
  template <class T>
  Result<std::vector<T>> skills(const In& ids, const In& levels);

  Problem problem_;
  Names skills_{"skill"}, territories_{"territory"};
  std::unordered_map<std::int64_t, int> engineer_at_, job_at_;
};

Result<int> Reader::place(const In& in) {
  FIRSTFIX_TRY(at, in.integer(0, problem_.travel.size() - 1));
  return static_cast<int>(at);
}

Result<int> Reader::engineer(const In& in) {
  FIRSTFIX_TRY(id, in.integer(-kMostId, kMostId));
  const auto found = engineer_at_.find(id);
  if (found == engineer_at_.end()) return in.bad("there is no engineer " + std::to_string(id));
  return found->second;
}

// One engineer or a list.
Result<std::vector<int>> Reader::engineers(const In& in) {
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

template <class T>
Result<std::vector<T>> Reader::skills(const In& ids, const In& levels) {
  std::vector<T> out;
  const auto named = [&](int skill) -> T& {
    for (auto& one : out)
      if (one.skill == skill) return one;
    out.push_back({.skill = skill});
    return out.back();
  };
  FIRSTFIX_CHECK(ids.array(0, kMaxKinds));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    FIRSTFIX_TRY(skill, skills_.number(ids.item(i)));
    named(skill);
  }
  if (!levels.present()) return out;
  FIRSTFIX_CHECK(levels.object());
  for (auto it = levels.json().begin(); it != levels.json().end(); ++it) {
    const auto in = levels.member(it.key().c_str());
    FIRSTFIX_TRY(skill, skills_.number(in, it.key()));
    FIRSTFIX_TRY(level, in.integer(0, kMostLevel));
    named(skill).level = static_cast<int>(level);
  }
  return out;
}

Status Reader::read_engineer(const In& in, Engineer& out) {
  FIRSTFIX_CHECK(in.object());
  in.note_unknown({"id", "location", "end_location", "lat", "lon", "shift", "skills", "van_stock", "skill_levels",
                   "certificates", "breaks", "max_work", "overtime", "mentor_of", "territory", "shifts", "min_rest"},
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

Status Reader::read_engineer_rules(const In& in, Engineer& out) {
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

Status Reader::read_certificates(const In& in, Engineer& out) {
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

Status Reader::read_job(const In& in, Job& out) {
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

Status Reader::read_job_rules(const In& in, Job& out) {
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

Status Reader::read_fixed(const In& in, Job& out) {
  if (!in.present()) return {};
  FIRSTFIX_CHECK(in.object());
  FIRSTFIX_TRY(who, engineer(in.member("engineer")));
  out.fixed_engineer = who;
  if (!in.member("start").present()) return {};
  FIRSTFIX_TRY(start, in.member("start").seconds());
  out.fixed_start = start;
  return {};
}

Status Reader::read_depots(const In& root) {
  const auto in = root.member("depots");
  if (!in.present()) return {};
  FIRSTFIX_CHECK(in.array(0, 1'000));
  for (std::size_t i = 0; i < in.size(); ++i) {
    const auto one = in.item(i);
    FIRSTFIX_CHECK(one.object());
    one.note_unknown({"id", "location", "lat", "lon", "stock", "pickup_seconds"}, problem_.ignored);
    Depot depot;
    FIRSTFIX_TRY(id, one.member("id").integer(-kMostId, kMostId));
    depot.id = id;
    for (const auto& other : problem_.depots)
      if (other.id == id) return one.member("id").bad("two depots have the id " + std::to_string(id));
    FIRSTFIX_TRY(at, place(one.member("location")));
    depot.place = at;
    FIRSTFIX_TRY(stock, one.member("stock").quantities());
    depot.stock = std::move(stock);
    FIRSTFIX_TRY(pickup, one.member("pickup_seconds").seconds_or(0));
    depot.pickup = pickup;
    problem_.depots.push_back(std::move(depot));
  }
  return {};
}

Status Reader::read_weights(const In& in) {
  if (!in.present()) return {};
  FIRSTFIX_CHECK(in.object());
  auto& w = problem_.weights;
  const std::pair<const char*, double*> known[] = {{"travel", &w.travel},
                                                   {"lateness", &w.lateness},
                                                   {"overtime", &w.overtime},
                                                   {"waiting", &w.waiting},
                                                   {"continuity", &w.continuity},
                                                   {"over_qualification", &w.over_qualification},
                                                   {"moved_stops", &w.moved_stops},
                                                   {"shifted_stops", &w.shifted_stops},
                                                   {"growth", &w.growth}};
  in.note_unknown({"travel", "lateness", "overtime", "waiting", "continuity", "over_qualification", "moved_stops",
                   "shifted_stops", "growth"},
                  problem_.ignored);
  for (const auto& [key, weight] : known) {
    if (!in.member(key).present()) continue;
    FIRSTFIX_TRY(value, in.member(key).number(0, 1e6));
    *weight = value;
  }
  return {};
}

Status Reader::read_matrix(const In& in) {
  FIRSTFIX_CHECK(in.array(1, kMaxPlaces));
  const auto size = in.size();
  problem_.travel = Matrix(static_cast<int>(size));
  for (std::size_t i = 0; i < size; ++i) {
    const auto row = in.item(i);
    FIRSTFIX_CHECK(row.array(0, kMaxPlaces));
    if (row.size() != size)
      return row.bad("has " + std::to_string(row.size()) + " entries in a matrix of " + std::to_string(size));
    for (std::size_t j = 0; j < size; ++j) {
      FIRSTFIX_TRY(value, row.item(j).number(0, kLatestTime));
      // A fraction of a second is rounded up: the engineer is not there before.
      problem_.travel.at(static_cast<int>(i), static_cast<int>(j)) = static_cast<Seconds>(std::ceil(value));
    }
  }
  return {};
}

// Without a matrix a place is a position in the list of engineers, then jobs, then depots.
Status Reader::travel_from_positions(const In& root) {
  std::vector<Position> at;
  for (const char* list : {"engineers", "jobs", "depots"}) {
    const auto in = root.member(list);
    if (!in.present()) continue;
    for (std::size_t i = 0; i < in.size(); ++i) {
      const auto one = in.item(i);
      FIRSTFIX_CHECK(one.object());
      FIRSTFIX_TRY(latitude, one.member("lat").number(-90, 90));
      FIRSTFIX_TRY(longitude, one.member("lon").number(-180, 180));
      at.push_back({latitude, longitude});
    }
  }
  if (at.size() > kMaxPlaces) return root.bad("more than " + std::to_string(kMaxPlaces) + " places", Code::kTooLarge);
  const auto meta = root.member("meta");
  if (!meta.present()) return root.bad("needs either `matrix` or `meta` with `detour` and `speed_kmh`");
  FIRSTFIX_CHECK(meta.object());
  FIRSTFIX_TRY(detour, meta.member("detour").number(1, 100));
  FIRSTFIX_TRY(speed, meta.member("speed_kmh").number(0.1, 2'000));
  const int size = static_cast<int>(at.size());
  problem_.travel = Matrix(size);
  for (int i = 0; i < size; ++i)
    for (int j = i + 1; j < size; ++j)
      problem_.travel.at(i, j) = problem_.travel.at(j, i) = static_cast<Seconds>(std::lround(
          distance_m(at[static_cast<std::size_t>(i)], at[static_cast<std::size_t>(j)]) * detour / (speed / 3.6)));
  return {};
}

// meta.skills may say what skills are called.
Status Reader::name_skills(const In& meta) {
  problem_.skill_names = skills_.list();
  if (!meta.present() || !meta.json().is_object()) return {};
  const auto names = meta.member("skills");
  if (!names.present() || !names.json().is_object()) return {};
  for (auto& name : problem_.skill_names)
    if (const auto found = names.json().find(name); found != names.json().end() && found->is_string())
      name = found->get<std::string>();
  return {};
}

Result<Problem> Reader::read(const In& root) {
  FIRSTFIX_CHECK(root.object());
  root.note_unknown({"meta", "engineers", "jobs", "matrix", "depots", "now", "weights"}, problem_.ignored);
  const auto engineers = root.member("engineers"), jobs = root.member("jobs");
  FIRSTFIX_CHECK(engineers.array(0, kMaxEngineers));
  FIRSTFIX_CHECK(jobs.array(0, kMaxJobs));
  if (root.member("depots").present()) FIRSTFIX_CHECK(root.member("depots").array(0, 1'000));
  if (root.member("matrix").present()) {
    FIRSTFIX_CHECK(read_matrix(root.member("matrix")));
  } else {
    FIRSTFIX_CHECK(travel_from_positions(root));
  }
  for (std::size_t i = 0; i < engineers.size(); ++i) {
    Engineer one;
    FIRSTFIX_CHECK(read_engineer(engineers.item(i), one));
    FIRSTFIX_TRY(days, read_days(engineers.item(i), std::move(one), static_cast<int>(problem_.engineers.size())));
    problem_.engineers.insert(problem_.engineers.end(), days.begin(), days.end());
    if (problem_.engineers.size() > kMaxEngineers)
      return engineers.bad("more than " + std::to_string(kMaxEngineers) + " engineers times days", Code::kTooLarge);
  }
  problem_.jobs.resize(jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) FIRSTFIX_CHECK(read_job(jobs.item(i), problem_.jobs[i]));
  FIRSTFIX_CHECK(read_depots(root));
  FIRSTFIX_CHECK(read_weights(root.member("weights")));
  FIRSTFIX_TRY(now, root.member("now").seconds_or(0));
  problem_.now = now;
  FIRSTFIX_CHECK(name_skills(root.member("meta")));
  problem_.skill_count = skills_.count();
  problem_.territory_count = territories_.count();
  for (const auto& e : problem_.engineers)
    problem_.part_count = std::max(problem_.part_count, static_cast<int>(e.van_stock.size()));
  for (const auto& j : problem_.jobs)
    problem_.part_count = std::max(problem_.part_count, static_cast<int>(j.parts.size()));
  for (const auto& d : problem_.depots)
    problem_.part_count = std::max(problem_.part_count, static_cast<int>(d.stock.size()));
  FIRSTFIX_CHECK(validate(problem_));
  return std::move(problem_);
}

}  // namespace

Result<Problem> read_problem(std::string_view json) {
  FIRSTFIX_TRY(parsed, parse_json(json));
  return Reader().read(In(parsed));
}

}  // namespace firstfix::planning
