#include <algorithm>
#include <cmath>

#include "base/geo.h"
#include "planning/json.h"
#include "problem_reader.h"

namespace firstfix::planning {

Result<int> ProblemReader::place(const In& in) {
  FIRSTFIX_TRY(at, in.integer(0, problem_.travel.size() - 1));
  return static_cast<int>(at);
}

Status ProblemReader::read_depots(const In& root) {
  const auto in = root.member("depots");
  if (!in.present()) return {};
  FIRSTFIX_CHECK(in.array(0, 1'000));
  for (std::size_t i = 0; i < in.size(); ++i) {
    const auto one = in.item(i);
    FIRSTFIX_CHECK(one.object());
    one.note_unknown({"id", "location", "lat", "lon", "stock", "pickup_seconds", "open"}, problem_.ignored);
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
    if (one.member("open").present()) {
      FIRSTFIX_TRY(open, read_span(one.member("open")));
      depot.open = open;
    }
    problem_.depots.push_back(std::move(depot));
  }
  return {};
}

Status ProblemReader::read_weights(const In& in) {
  if (!in.present()) return {};
  FIRSTFIX_CHECK(in.object());
  auto& w = problem_.weights;
  const std::pair<const char*, double*> known[] = {
      {"travel", &w.travel},           {"lateness", &w.lateness},
      {"overtime", &w.overtime},       {"waiting", &w.waiting},
      {"continuity", &w.continuity},   {"over_qualification", &w.over_qualification},
      {"moved_stops", &w.moved_stops}, {"shifted_stops", &w.shifted_stops},
      {"growth", &w.growth},           {"call_out", &w.call_out},
      {"fairness", &w.fairness}};
  in.note_unknown({"travel", "lateness", "overtime", "waiting", "continuity", "over_qualification", "moved_stops",
                   "shifted_stops", "growth", "call_out", "fairness", "notice"},
                  problem_.ignored);
  for (const auto& [key, weight] : known) {
    if (!in.member(key).present()) continue;
    FIRSTFIX_TRY(value, in.member(key).number(0, 1e6));
    *weight = value;
  }
  FIRSTFIX_TRY(notice, in.member("notice").seconds_or(w.notice));
  w.notice = notice;
  return {};
}

Status ProblemReader::read_matrix(const In& in) {
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
Status ProblemReader::travel_from_positions(const In& root) {
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
Status ProblemReader::name_skills(const In& meta) {
  problem_.skill_names = skills_.list();
  if (!meta.present() || !meta.json().is_object()) return {};
  const auto names = meta.member("skills");
  if (!names.present() || !names.json().is_object()) return {};
  for (auto& name : problem_.skill_names)
    if (const auto found = names.json().find(name); found != names.json().end() && found->is_string())
      name = found->get<std::string>();
  return {};
}

Result<Problem> ProblemReader::read(const In& root) {
  FIRSTFIX_CHECK(root.object());
  root.note_unknown({"meta", "engineers", "jobs", "matrix", "depots", "now", "weights", "hand_over_seconds"},
                    problem_.ignored);
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
  FIRSTFIX_TRY(hand_over, root.member("hand_over_seconds").seconds_or(kNone));
  problem_.hand_over = hand_over;
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

Result<Problem> read_problem(std::string_view json) {
  FIRSTFIX_TRY(parsed, parse_json(json));
  return ProblemReader().read(In(parsed));
}

}  // namespace firstfix::planning
