// Reads and writes plans.
#include <array>
#include <cmath>
#include <unordered_map>

#include "json_in.h"
#include "planning/check.h"
#include "planning/json.h"

namespace firstfix::planning {
namespace {

constexpr std::array<const char*, 6> kStates = {"open", "promised", "locked", "driving", "on_site", "done"};

class Reader {
 public:
  explicit Reader(const Problem& problem) : p_(problem) {
    for (std::size_t i = 0; i < p_.engineers.size(); ++i)
      engineer_.try_emplace(p_.engineers[i].id, static_cast<int>(i));
    for (std::size_t i = 0; i < p_.jobs.size(); ++i) job_[p_.jobs[i].id] = static_cast<int>(i);
    for (std::size_t i = 0; i < p_.depots.size(); ++i) depot_[p_.depots[i].id] = static_cast<int>(i);
  }

  Result<Plan> read(const In& root) {
    FIRSTFIX_CHECK(root.object());
    const auto routes = root.member("routes");
    FIRSTFIX_CHECK(routes.array(0, kMaxEngineers));
    Plan plan;
    std::vector<bool> driven(p_.engineers.size());
    for (std::size_t i = 0; i < routes.size(); ++i) {
      const auto in = routes.item(i);
      FIRSTFIX_CHECK(in.object());
      FIRSTFIX_TRY(id, in.member("engineer").integer(-kMostId, kMostId));
      FIRSTFIX_TRY(who, day_of(id, in.member("day")));
      FIRSTFIX_TRY(route, read_route(in.member("stops"), who));
      if (who == kNone) continue;
      if (driven[static_cast<std::size_t>(who)])
        return in.member("engineer").bad("engineer " + std::to_string(id) + " has two routes on one day");
      driven[static_cast<std::size_t>(who)] = true;
      plan.routes.push_back(std::move(route));
    }
    return plan;
  }

 private:
  // The entry of an engineer's day, the first if none is said; kNone if there is no such engineer or day.
  Result<int> day_of(std::int64_t id, const In& day) {
    std::int64_t which = 0;
    if (day.present()) {
      FIRSTFIX_TRY(number, day.integer(0, kMaxEngineers));
      which = number;
    }
    const auto found = engineer_.find(id);
    if (found == engineer_.end()) return kNone;
    const auto entry = static_cast<std::size_t>(found->second + which);
    return entry < p_.engineers.size() && p_.engineers[entry].id == id ? static_cast<int>(entry) : kNone;
  }

  Result<Route> read_route(const In& stops, int engineer) {
    Route route{engineer, {}};
    FIRSTFIX_CHECK(stops.array(0, kMaxJobs));
    for (std::size_t i = 0; i < stops.size(); ++i) {
      const auto in = stops.item(i);
      FIRSTFIX_CHECK(in.object());
      FIRSTFIX_TRY(stop, read_stop(in, engineer));
      if (stop.what != kNone) route.stops.push_back(std::move(stop));
    }
    return route;
  }

  Result<Stop> read_stop(const In& in, int engineer) {
    Stop stop;
    FIRSTFIX_TRY(start, in.member("start").seconds());
    stop.start = start;
    FIRSTFIX_CHECK(read_state(in, stop));
    if (in.member("break").present()) {
      FIRSTFIX_TRY(which, in.member("break").integer(0, 1'000));
      stop.kind = Stop::Kind::kBreak;
      if (engineer == kNone) return stop;
      if (static_cast<std::size_t>(which) >= p_.engineers[static_cast<std::size_t>(engineer)].breaks.size())
        return in.member("break").bad("the engineer has no such break");
      stop.what = static_cast<int>(which);
      return stop;
    }
    if (in.member("pickup").present()) return read_pickup(in.member("pickup"), stop);
    FIRSTFIX_TRY(id, in.member("job").integer(-kMostId, kMostId));
    if (const auto found = job_.find(id); found != job_.end()) stop.what = found->second;
    if (stop.what == kNone || engineer == kNone) return stop;
    const auto& job = p_.jobs[static_cast<std::size_t>(stop.what)];
    auto& count = visits_[stop.what];
    if (++count > (job.supervised ? 2 : job.crew)) return in.member("job").bad("is visited too often");
    return stop;
  }

  Status read_state(const In& in, Stop& stop) {
    const auto state = in.member("state");
    if (!state.present()) return {};
    FIRSTFIX_TRY(name, state.text());
    std::size_t i = 0;
    while (i < kStates.size() && name != kStates[i]) ++i;
    if (i == kStates.size()) return state.bad("must be open, promised, locked, driving, on_site or done");
    stop.state = static_cast<StopState>(i);
    stop.promised = {std::max(0, stop.start - kPromiseTolerance), stop.start + kPromiseTolerance};
    if (!in.member("window").present()) return {};
    FIRSTFIX_TRY(window, read_span(in.member("window")));
    if (stop.start < window.from || stop.start > window.to)
      return in.member("window").bad("does not hold the start that was promised");
    stop.promised = window;
    return {};
  }

  Result<Stop> read_pickup(const In& in, Stop stop) {
    FIRSTFIX_CHECK(in.object());
    if (in.member("colleague").present()) return read_hand_over(in, std::move(stop));
    stop.kind = Stop::Kind::kPickup;
    FIRSTFIX_TRY(id, in.member("depot").integer(-kMostId, kMostId));
    FIRSTFIX_CHECK(read_parts(in, stop));
    if (const auto found = depot_.find(id); found != depot_.end()) stop.what = found->second;
    return stop;
  }

  // Out of a colleague's van, at a job at which the colleague then is.
  Result<Stop> read_hand_over(const In& in, Stop stop) {
    if (p_.hand_over == kNone) return in.member("colleague").bad("needs `hand_over_seconds` in the problem");
    stop.kind = Stop::Kind::kHandOver;
    FIRSTFIX_TRY(id, in.member("colleague").integer(-kMostId, kMostId));
    FIRSTFIX_TRY(who, day_of(id, in.member("day")));
    FIRSTFIX_TRY(job, in.member("job").integer(-kMostId, kMostId));
    FIRSTFIX_CHECK(read_parts(in, stop));
    stop.colleague = who;
    if (const auto found = job_.find(job); found != job_.end() && who != kNone) stop.what = found->second;
    return stop;
  }

  Status read_parts(const In& in, Stop& stop) {
    FIRSTFIX_TRY(parts, in.member("parts").quantities());
    if (parts.size() > static_cast<std::size_t>(p_.part_count))
      return in.member("parts").bad("names more kinds of part than the problem has");
    stop.parts = std::move(parts);
    return {};
  }

  const Problem& p_;
  std::unordered_map<std::int64_t, int> engineer_, job_, depot_;
  std::unordered_map<int, int> visits_;
};

Json write_stop(const Problem& p, const Stop& stop) {
  Json out{{"start", stop.start}};
  switch (stop.kind) {
    case Stop::Kind::kJob:
      out["job"] = p.jobs[static_cast<std::size_t>(stop.what)].id;
      break;
    case Stop::Kind::kBreak:
      out["break"] = stop.what;
      break;
    case Stop::Kind::kPickup:
      out["pickup"] = {{"depot", p.depots[static_cast<std::size_t>(stop.what)].id}, {"parts", stop.parts}};
      break;
    case Stop::Kind::kHandOver: {
      const auto& colleague = p.engineers[static_cast<std::size_t>(stop.colleague)];
      auto& pickup = out["pickup"] = {
          {"colleague", colleague.id}, {"job", p.jobs[static_cast<std::size_t>(stop.what)].id}, {"parts", stop.parts}};
      if (colleague.first_day != kNone) pickup["day"] = stop.colleague - colleague.first_day;
      break;
    }
  }
  if (stop.state != StopState::kOpen) out["state"] = kStates[static_cast<std::size_t>(stop.state)];
  if (stop.state == StopState::kPromised) out["window"] = {stop.promised.from, stop.promised.to};
  return out;
}

void write_why(const Problem& p, const Assignment& why, Json& stop) {
  auto& runners_up = stop["runners_up"] = Json::array();
  for (const auto& one : why.runners_up)
    runners_up.push_back({{"engineer", p.engineers[static_cast<std::size_t>(one.engineer)].id},
                          {"start", one.start},
                          {"extra_cost", std::round(one.extra_cost * 100) / 100}});
  if (!why.excluded.empty()) stop["cannot"] = why.excluded;
}

}  // namespace

Result<Plan> read_plan(std::string_view json, const Problem& problem) {
  FIRSTFIX_TRY(parsed, parse_json(json));
  return Reader(problem).read(In(parsed));
}

std::string write_plan(const Problem& p, const Plan& plan, const Plan* current,
                       const std::vector<Assignment>* explained) {
  std::unordered_map<int, const Assignment*> why;
  if (explained != nullptr)
    for (const auto& one : *explained) why[one.job] = &one;
  Json routes = Json::array(), unassigned = Json::array();
  for (const auto& route : plan.routes) {
    Json stops = Json::array();
    for (const auto& stop : route.stops) {
      stops.push_back(write_stop(p, stop));
      if (stop.kind != Stop::Kind::kJob) continue;
      if (const auto found = why.find(stop.what); found != why.end()) write_why(p, *found->second, stops.back());
    }
    const auto& engineer = p.engineers[static_cast<std::size_t>(route.engineer)];
    routes.push_back({{"engineer", engineer.id}, {"stops", stops}});
    if (engineer.first_day != kNone) routes.back()["day"] = route.engineer - engineer.first_day;
  }
  for (const auto& left : plan.unassigned) {
    Json out{{"job", p.jobs[static_cast<std::size_t>(left.job)].id}, {"reason", left.reason}};
    if (!left.cheapest_relaxation.empty()) out["cheapest_relaxation"] = left.cheapest_relaxation;
    unassigned.push_back(std::move(out));
  }
  const auto cost = check(p, plan, current).cost;
  Json costs{{"total", cost.total()},
             {"travel", cost.travel},
             {"lateness", cost.lateness},
             {"overtime", cost.overtime},
             {"waiting", cost.waiting},
             {"continuity", cost.continuity},
             {"moved_stops", cost.moved_stops},
             {"shifted_stops", cost.shifted_stops},
             {"over_qualification", cost.over_qualification},
             {"growth", cost.growth},
             {"call_out", cost.call_out},
             {"fairness", cost.fairness}};
  Json out{{"routes", routes}, {"unassigned", unassigned}, {"cost", costs}};
  if (explained != nullptr) out["explained"] = explained->size();
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace firstfix::planning
