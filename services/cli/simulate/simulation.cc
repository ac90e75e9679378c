#include "simulation/simulation.h"

#include <algorithm>
#include <cmath>
#include <queue>

#include "expertise.h"
#include "simulation/random.h"

namespace firstfix::simulation {
namespace {

enum Purpose : std::uint64_t { kFailures = 21, kTravel, kRepair };

constexpr Time kFirstLook = 15 * 60;  // until an engineer knows what it is
constexpr Time kPickup = 10 * 60;
constexpr Time kTick = 30 * 60;
constexpr double kRepairSpread = 0.35;  // standard deviation of the logarithm of a repair's duration

// What really is wrong. Nobody sees it before having looked.
struct Truth {
  int cause = 0;
  std::vector<int> parts, codes;
  double repair_s = 0;
};

struct Event {
  Time at = 0;
  std::int64_t turn = 0;  // among events of one moment: first come, first served
  enum Kind { kFails, kArrives, kFinishes, kShiftBegins, kShiftEnds, kTickDue, kResupplied } kind = kFails;
  int who = 0;   // machine, engineer or depot
  int what = 0;  // job or part

  friend bool operator>(const Event& a, const Event& b) { return std::tie(a.at, a.turn) > std::tie(b.at, b.turn); }
};

class Run {
 public:
  Run(const Region& region, std::uint64_t seed, Policy& policy)
      : region_(region),
        scenario_(region.scenario),
        seed_(seed),
        policy_(policy),
        expertise_(region, seed),
        board_{.region = region, .jobs = {}, .waiting = {}, .engineers = {}, .depot_stock = {}},
        failures_(region.machines.size()) {
    const auto parts = static_cast<std::size_t>(scenario_.parts);
    board_.depot_stock.assign(region.depots.size(), std::vector<int>(parts, scenario_.depot_stock));
    for (const auto& model : region.engineers) {
      EngineerState state{.at = model.home, .van = std::vector<int>(parts), .route = {}};
      for (const int part : region.van_parts) state.van[static_cast<std::size_t>(part)] = scenario_.van_stock;
      board_.engineers.push_back(std::move(state));
    }
  }

  Outcome run(const std::function<bool(double)>& progress) {
    const Time end = scenario_.days * kDay;
    for (std::size_t i = 0; i < region_.machines.size(); ++i) next_failure(static_cast<int>(i), 0);
    for (int day = 0; day < scenario_.days; ++day) {
      post(day * kDay + hours(scenario_.shift_start_h), Event::kShiftBegins);
      post(day * kDay + hours(scenario_.shift_end_h), Event::kShiftEnds);
    }
    while (!events_.empty() && events_.top().at < end) {
      const auto event = events_.top();
      events_.pop();
      board_.now = event.at;
      handle(event);
      if (progress && (++handled_ & 4095) == 0 && !progress(static_cast<double>(event.at) / static_cast<double>(end)))
        break;
    }
    return outcome();
  }

 private:
  static Time hours(double h) { return static_cast<Time>(h * 3600); }

  void post(Time at, Event::Kind kind, int who = 0, int what = 0) { events_.push({at, turn_++, kind, who, what}); }

  void handle(const Event& event) {
    switch (event.kind) {
      case Event::kFails:
        return fail(event.who);
      case Event::kArrives:
        return arrive(event.who, event.what);
      case Event::kFinishes:
        return finish(event.who, event.what);
      case Event::kShiftBegins:
        return begin_shift();
      case Event::kShiftEnds:
        return end_shift();
      case Event::kTickDue:
        if (!board_.in_shift()) return;
        decide(Policy::Occasion::kTick, 0);
        return post(board_.now + kTick, Event::kTickDue);
      case Event::kResupplied:
        ++board_.depot_stock[index(event.who)][index(event.what)];
        return;
    }
  }

  static std::size_t index(int n) { return static_cast<std::size_t>(n); }

  void next_failure(int machine, Time after) {
    Random random(seed_, {kFailures, static_cast<std::uint64_t>(machine), failures_[index(machine)]});
    const double mean = 365.0 * kDay / scenario_.failures_a_year;
    post(after + static_cast<Time>(random.exponential(mean)), Event::kFails, machine);
  }

  Truth draw_truth(int machine) {
    Random random(seed_, {kFailures, static_cast<std::uint64_t>(machine), failures_[index(machine)]++, 1});
    double all = 0;
    for (const auto& cause : region_.causes) all += cause.weight;
    double at = random.uniform() * all;
    Truth truth;
    while (truth.cause + 1 < static_cast<int>(region_.causes.size()) &&
           (at -= region_.causes[index(truth.cause)].weight) > 0)
      ++truth.cause;
    const auto& cause = region_.causes[index(truth.cause)];
    for (const auto& [part, p] : cause.parts)
      if (random.chance(p)) truth.parts.push_back(part);
    std::vector<bool> shown(index(scenario_.codes));
    for (std::size_t code = 0; code < shown.size(); ++code) shown[code] = random.chance(scenario_.leak);
    for (const auto& [code, p] : cause.codes)
      if (random.chance(p)) shown[index(code)] = true;
    for (int code = 0; code < scenario_.codes; ++code)
      if (shown[index(code)]) truth.codes.push_back(code);
    truth.repair_s = random.lognormal(cause.repair_median_s, kRepairSpread);
    return truth;
  }

  void fail(int machine) {
    truths_.push_back(draw_truth(machine));
    const auto judgement = expertise_.judge(truths_.back().codes);
    const auto& believed = region_.causes[index(judgement.cause)];
    const double contract = scenario_.response_h * (region_.machines[index(machine)].gold ? 1 : 3);
    Job job{.machine = machine,
            .occurred = board_.now,
            .due = board_.now + hours(contract),
            .skills = believed.skills,
            .kit = judgement.kit,
            .service = kFirstLook + static_cast<Time>(believed.repair_median_s)};
    board_.jobs.push_back(std::move(job));
    board_.waiting.push_back(static_cast<int>(board_.jobs.size()) - 1);
    if (board_.in_shift()) decide(Policy::Occasion::kNewJob, board_.waiting.back());
  }

  void begin_shift() {
    board_.shift_from = board_.now;
    board_.shift_to = board_.now + hours(scenario_.shift_end_h - scenario_.shift_start_h);
    paid_s_ += static_cast<double>(board_.shift_to - board_.shift_from) * static_cast<double>(board_.engineers.size());
    for (auto& engineer : board_.engineers) restock(engineer);
    decide(Policy::Occasion::kShiftBegins, 0);
    post(board_.now + kTick, Event::kTickDue);
  }

  // Overnight a courier brings to the van what it lacks, from whichever depot has it.
  void restock(EngineerState& engineer) {
    for (const int part : region_.van_parts) {
      for (std::size_t depot = 0; depot < board_.depot_stock.size(); ++depot) {
        while (engineer.van[index(part)] < scenario_.van_stock && board_.depot_stock[depot][index(part)] > 0) {
          take(static_cast<int>(depot), part);
          ++engineer.van[index(part)];
        }
      }
    }
  }

  void take(int depot, int part) {
    --board_.depot_stock[index(depot)][index(part)];
    post(board_.now + static_cast<Time>(scenario_.resupply_days * kDay), Event::kResupplied, depot, part);
  }

  void end_shift() {
    for (std::size_t i = 0; i < board_.engineers.size(); ++i) {
      board_.engineers[i].route.clear();
      if (!board_.engineers[i].busy) go_home(static_cast<int>(i));
    }
  }

  void go_home(int who) {
    auto& engineer = board_.engineers[index(who)];
    const auto& home = region_.engineers[index(who)].home;
    if (!engineer.out) return;
    drive(engineer.at, home, static_cast<double>(region_.travel_s(engineer.at, home)));
    const Time back = board_.now + static_cast<Time>(region_.travel_s(engineer.at, home));
    overtime_s_ += static_cast<double>(std::max<Time>(0, back - board_.shift_to));
    engineer.at = home;
    engineer.out = false;
  }

  void drive(const Point& from, const Point& to, double seconds) {
    km_ += region_.distance_km(from, to);
    busy_s_ += seconds;
  }

  void decide(Policy::Occasion occasion, int what) {
    policy_.decide(board_, occasion, what);
    for (std::size_t i = 0; i < board_.engineers.size(); ++i) set_out(static_cast<int>(i));
  }

  // To the first job of the route for which the parts can still be had: somebody else may have taken the last one.
  void set_out(int who) {
    auto& engineer = board_.engineers[index(who)];
    if (engineer.busy) return;
    auto& route = engineer.route;
    const auto next = std::find_if(route.begin(), route.end(), [&](int job) { return board_.supplied(job, who); });
    const int what = next != route.end() ? *next : kNobody;
    route.erase(route.begin(), next != route.end() ? next + 1 : next);
    if (what == kNobody) return;
    auto& job = board_.jobs[index(what)];
    board_.waiting.erase(std::find(board_.waiting.begin(), board_.waiting.end(), what));
    job.where = Where::kAssigned;
    const Time predicted = board_.travel(who, what);
    const auto& there = region_.machines[index(job.machine)].position;
    Random random(seed_, {kTravel, static_cast<std::uint64_t>(job.machine), failures_[index(job.machine)],
                          static_cast<std::uint64_t>(job.visits)});
    const double noise = random.lognormal(1, scenario_.travel_noise);
    Time stay = 0;
    if (const int depot = board_.depot_for(what, who); depot != kNobody) {
      fetch(engineer, job, depot);
      drive(engineer.at, region_.depots[index(depot)], 0);
      engineer.at = region_.depots[index(depot)];
      stay = kPickup;
    }
    drive(engineer.at, there, 0);
    const auto real = static_cast<Time>(static_cast<double>(predicted - stay) * noise) + stay;
    busy_s_ += static_cast<double>(real);
    engineer.busy = engineer.out = true;
    engineer.at = there;
    engineer.free_at = board_.now + predicted + job.service;
    post(board_.now + real, Event::kArrives, who, what);
  }

  void fetch(EngineerState& engineer, const Job& job, int depot) {
    for (const int part : job.kit) {
      if (engineer.van[index(part)] > 0 || board_.depot_stock[index(depot)][index(part)] == 0) continue;
      take(depot, part);
      ++engineer.van[index(part)];
    }
  }

  void arrive(int who, int what) {
    auto& engineer = board_.engineers[index(who)];
    auto& job = board_.jobs[index(what)];
    const auto& truth = truths_[index(what)];
    if (job.arrived == 0) job.arrived = board_.now;
    const bool able = can_repair(who, what);
    const auto work = able ? kFirstLook + static_cast<Time>(truth.repair_s) : kFirstLook * 2;
    busy_s_ += static_cast<double>(work);
    engineer.free_at = board_.now + work;
    post(board_.now + work, Event::kFinishes, who, what);
  }

  bool can_repair(int who, int what) const {
    const auto& truth = truths_[index(what)];
    const auto& van = board_.engineers[index(who)].van;
    const auto& skills = region_.engineers[index(who)].skills;
    return std::all_of(truth.parts.begin(), truth.parts.end(), [&](int part) { return van[index(part)] > 0; }) &&
           std::all_of(region_.causes[index(truth.cause)].skills.begin(),
                       region_.causes[index(truth.cause)].skills.end(), [&](int s) { return skills[index(s)]; });
  }

  void finish(int who, int what) {
    auto& engineer = board_.engineers[index(who)];
    auto& job = board_.jobs[index(what)];
    const auto& truth = truths_[index(what)];
    engineer.busy = false;
    if (can_repair(who, what)) {
      for (const int part : truth.parts) --engineer.van[index(part)];
      job.where = Where::kDone;
      job.restored = board_.now;
      expertise_.learn(truth.codes, truth.cause, truth.parts);
      next_failure(job.machine, board_.now);
    } else {
      // Now it is known what it takes.
      ++job.visits;
      job.where = Where::kWaiting;
      job.skills = region_.causes[index(truth.cause)].skills;
      job.kit = truth.parts;
      job.service = static_cast<Time>(region_.causes[index(truth.cause)].repair_median_s);
      board_.waiting.push_back(what);
    }
    if (board_.in_shift())
      decide(Policy::Occasion::kEngineerFree, who);
    else
      overtime_s_ += static_cast<double>(std::min(board_.now - board_.shift_to, kDay)), go_home(who);
  }

  Outcome outcome() const {
    Outcome out;
    std::vector<double> restore;
    std::int64_t first_time = 0, late = 0;
    double late_h = 0;
    for (const auto& job : board_.jobs) {
      ++out.failures;
      if (job.where != Where::kDone) continue;
      restore.push_back(static_cast<double>(job.restored - job.occurred) / 3600);
      first_time += job.visits == 0;
      late += job.arrived > job.due;
      late_h += static_cast<double>(std::max<Time>(0, job.arrived - job.due)) / 3600;
    }
    out.restored = static_cast<std::int64_t>(restore.size());
    out.open_at_end = out.failures - out.restored;
    if (restore.empty()) return out;
    const auto n = static_cast<double>(restore.size());
    std::sort(restore.begin(), restore.end());
    for (const double h : restore) out.restore_mean_h += h / n;
    out.restore_p50_h = restore[restore.size() / 2];
    out.restore_p90_h = restore[restore.size() * 9 / 10];
    out.first_time_fix = static_cast<double>(first_time) / n;
    out.late_share = static_cast<double>(late) / n;
    out.late_mean_h = late_h / n;
    out.km_a_job = km_ / n;
    out.busy_share = paid_s_ > 0 ? busy_s_ / paid_s_ : 0;
    out.overtime_h_a_week = overtime_s_ / 3600 / static_cast<double>(board_.engineers.size()) / (scenario_.days / 7.0);
    return out;
  }

  const Region& region_;
  const Scenario& scenario_;
  const std::uint64_t seed_;
  Policy& policy_;
  Expertise expertise_;
  Board board_;
  std::vector<Truth> truths_;            // by job
  std::vector<std::uint64_t> failures_;  // by machine: how many so far
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::int64_t turn_ = 0, handled_ = 0;
  double km_ = 0, busy_s_ = 0, paid_s_ = 0, overtime_s_ = 0;
};

}  // namespace

Outcome simulate(const Region& region, std::uint64_t seed, Policy& policy,
                 const std::function<bool(double)>& progress) {
  return Run(region, seed, policy).run(progress);
}

}  // namespace firstfix::simulation
