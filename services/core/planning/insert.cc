#include "planning/insert.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "errand.h"
#include "hand_over.h"
#include "hold.h"
#include "planning/check.h"
#include "reasons.h"
#include "to_plan.h"

namespace firstfix::planning {
namespace {

constexpr int kMostDisplaced = 2;  // neighbours in one day
constexpr std::size_t kMostRunnersUp = 5;
constexpr std::size_t kMostTries = 40;  // ways to make room that are followed to the end

// A way to make room: what leaves, and the day without it but with the job.
struct Room {
  Value leaves = 0;
  Units cost = 0;
  DayRoute day;
  std::vector<int> out;
  DepotStock depots;  // with the day as it is then
};

Seconds start_of(const DayRoute& route, int job) {
  for (const auto& node : route.nodes)
    if (node.task == job) return node.start;
  return 0;
}

}  // namespace

struct LivePlan::Parts {
  Model model;
  State state;
  Plan current;
};

LivePlan::LivePlan(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
LivePlan::LivePlan(LivePlan&&) noexcept = default;
LivePlan& LivePlan::operator=(LivePlan&&) noexcept = default;
LivePlan::~LivePlan() = default;

Result<LivePlan> LivePlan::open(const Problem& problem, const Plan& plan) {
  FIRSTFIX_CHECK(validate(problem));
  if (hands_over(plan)) return fail(Code::kInvalid, "a plan in which colleagues meet is changed by solve()");
  const auto verdict = check(problem, plan, &plan);
  if (!verdict.violations.empty())
    return fail(Code::kInvalid, "the plan breaks a rule: " + verdict.violations.front().what);
  auto parts = std::make_unique<Parts>();
  parts->model = Model::compile(problem, &plan);
  parts->state = first_state(parts->model, true);
  parts->current = plan;
  return LivePlan(std::move(parts));
}

namespace {

// Every suitor's cheapest way with everything as it is.
std::vector<std::pair<Spot, const Suitor*>> ways(const Model& m, const State& state, int job) {
  std::vector<std::pair<Spot, const Suitor*>> out;
  DayRoute scratch;
  for (const auto& suitor : m.suitors(job))
    if (const auto spot = best_spot(m, state.routes[at(suitor.engineer)], job, suitor, state.depots, scratch);
        spot.possible())
      out.emplace_back(spot, &suitor);
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.first.cost < b.first.cost; });
  return out;
}

// The day with the job in it, which takes what it fetches out of the depots.
DayRoute with(const Model& m, const DayRoute& route, int job, const Suitor& suitor, int after, DepotStock& depots) {
  auto day = route;
  DayRoute scratch;
  put_at(m, day, job, suitor, after, depots, scratch);
  schedule(m, day);
  return day;
}

// Rooms for the job in one day, made by taking out up to kMostDisplaced neighbouring stops of less worth.
void find_rooms(const Model& m, const State& state, int job, const Suitor& suitor, std::vector<Room>& rooms) {
  const auto& route = state.routes[at(suitor.engineer)];
  DayRoute scratch;
  for (int first = route.first_free + 1; first <= route.stops(); ++first) {
    Room room;
    auto day = route;
    room.depots = state.depots;
    for (int count = 0; count < kMostDisplaced && first <= day.stops(); ++count) {
      const auto& node = day.nodes[at(first)];
      if (node.task >= m.jobs() || node.pin != kNone || m.for_two(node.task)) break;
      room.leaves += m.task(node.task).value;
      if (room.leaves >= m.task(job).value) break;
      room.out.push_back(node.task);
      take(m, day, first, room.depots);
      drop_idle_pickups(day);
      if (!schedule(m, day)) break;
      const auto spot = best_spot(m, day, job, suitor, room.depots, scratch);
      if (!spot.possible()) continue;
      room.day = with(m, day, job, suitor, spot.after, room.depots);
      room.cost = room.day.cost - route.cost;
      rooms.push_back(room);
      break;
    }
  }
}

// True if another day of the same engineer is among those that change: what rest leaves of this one is not known then.
bool depends(const Model& m, const std::vector<DayRoute>& days, int engineer) {
  const auto& day = m.day(engineer);
  return day.tied() && std::any_of(days.begin(), days.end(), [&](const DayRoute& other) {
           return other.engineer != engineer && other.engineer >= day.kin_begin && other.engineer < day.kin_end;
         });
}

// Gives those who left a place elsewhere; what remains without is lost. Days that change are added to `days`.
Value settle_displaced(const Model& m, const State& state, const Room& room, std::vector<DayRoute>& days,
                       std::vector<Displaced>& displaced, Units& cost) {
  Value lost = 0;
  DayRoute scratch;
  auto depots = room.depots;
  const auto day_of = [&](int e) -> const DayRoute& {
    for (const auto& day : days)
      if (day.engineer == e) return day;
    return state.routes[at(e)];
  };
  for (const int job : room.out) {
    Spot best;
    const Suitor* found = nullptr;
    for (const auto& suitor : m.suitors(job)) {
      if (depends(m, days, suitor.engineer)) continue;
      const auto spot = best_spot(m, day_of(suitor.engineer), job, suitor, depots, scratch);
      if (spot.cost < best.cost) best = spot, found = &suitor;
    }
    if (found == nullptr) {
      lost += m.task(job).value;
      displaced.push_back({job, kNone, 0});
      continue;
    }
    const int who = found->engineer;
    auto day = with(m, day_of(who), job, *found, best.after, depots);
    cost += best.cost;
    displaced.push_back({job, who, start_of(held(m, day), job)});
    const auto same = std::find_if(days.begin(), days.end(), [&](const DayRoute& d) { return d.engineer == who; });
    if (same != days.end()) {
      *same = std::move(day);
    } else {
      days.push_back(std::move(day));
    }
  }
  return lost;
}

Insertion describe(const Model& m, int job, int engineer, const std::vector<DayRoute>& days, Units cost) {
  Insertion out{.job = job, .engineer = engineer, .extra_cost = static_cast<double>(cost) / kUnitsPerMoney};
  for (const auto& day : days) {
    out.changed.push_back(to_route(m, day));
    if (day.engineer == engineer) out.start = start_of(held(m, day), job);
  }
  return out;
}

std::optional<Insertion> make_room(const Model& m, const State& state, int job) {
  std::vector<Room> rooms;
  for (const auto& suitor : m.suitors(job)) find_rooms(m, state, job, suitor, rooms);
  std::stable_sort(rooms.begin(), rooms.end(), [](const Room& a, const Room& b) {
    return a.leaves != b.leaves ? a.leaves < b.leaves : a.cost < b.cost;
  });
  if (rooms.size() > kMostTries) rooms.resize(kMostTries);
  std::optional<Insertion> best;
  auto best_worth = std::pair(INT64_MAX, INT64_MAX);
  for (const auto& room : rooms) {
    std::vector<DayRoute> days{room.day};
    std::vector<Displaced> displaced;
    auto cost = room.cost;
    const auto lost = settle_displaced(m, state, room, days, displaced, cost);
    if (std::pair(lost, cost) >= best_worth) continue;
    best_worth = {lost, cost};
    best = describe(m, job, room.day.engineer, days, cost);
    best->displaced = std::move(displaced);
  }
  return best;
}

// True if `after` serves the jobs of `before`, changed as the insertion says, and its job is where it says.
bool follows(const Insertion& insertion, const State& before, const State& after) {
  auto expected = before.engineer_of;
  expected[at(insertion.job)] = insertion.engineer;
  for (const auto& displaced : insertion.displaced) expected[at(displaced.job)] = displaced.engineer;
  return std::equal(expected.begin(), expected.end(), after.engineer_of.begin(),
                    [](int e, int f) { return (e == kNone) == (f == kNone); }) &&
         after.engineer_of[at(insertion.job)] == insertion.engineer;
}

}  // namespace

Result<Insertion> LivePlan::insert(int job) const {
  const auto& [m, state, current] = *parts_;
  if (job < 0 || job >= m.jobs()) return fail(Code::kNotFound, "there is no such job");
  if (state.engineer_of[at(job)] != kNone) return fail(Code::kState, "the job is served already");
  if (m.for_two(job)) return fail(Code::kState, "a job for two is placed by solve()");
  const auto possible = ways(m, state, job);
  if (possible.empty()) {
    if (auto made = make_room(m, state, job)) return *std::move(made);
    return fail(Code::kUnavailable, why_absent(m, state, job).reason);
  }
  const auto& [spot, suitor] = possible.front();
  auto depots = state.depots;
  const auto day = with(m, state.routes[at(suitor->engineer)], job, *suitor, spot.after, depots);
  auto out = describe(m, job, suitor->engineer, {day}, spot.cost);
  for (std::size_t i = 1; i < std::min(possible.size(), kMostRunnersUp + 1); ++i) {
    const auto& [other, who] = possible[i];
    depots = state.depots;
    const auto theirs = with(m, state.routes[at(who->engineer)], job, *who, other.after, depots);
    out.runners_up.push_back(
        {who->engineer, start_of(held(m, theirs), job), static_cast<double>(other.cost - spot.cost) / kUnitsPerMoney});
  }
  return out;
}

Status LivePlan::commit(const Insertion& insertion) {
  auto& [m, state, current] = *parts_;
  for (const auto& route : insertion.changed)
    if (route.engineer < 0 || route.engineer >= m.engineers()) return fail(Code::kInvalid, "unknown engineer");
  auto next = state;
  reread(m, insertion.changed, next);
  if (insertion.job < 0 || insertion.job >= m.jobs() || !follows(insertion, state, next))
    return fail(Code::kConflict, "the plan has changed since the insertion was worked out");
  state = std::move(next);
  Plan changed{insertion.changed, {}};
  copy_states(current, changed);
  for (auto& route : changed.routes) {
    const auto same = std::find_if(current.routes.begin(), current.routes.end(),
                                   [&](const Route& r) { return r.engineer == route.engineer; });
    if (same != current.routes.end()) {
      *same = std::move(route);
    } else {
      current.routes.push_back(std::move(route));
    }
  }
  return {};
}

Plan LivePlan::plan() const {
  auto plan = to_plan(parts_->model, parts_->state);
  copy_states(parts_->current, plan);
  return plan;
}

}  // namespace firstfix::planning
