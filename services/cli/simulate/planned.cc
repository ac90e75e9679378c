// Policies that plan: the product's planner decides who drives where in which order.
#include <algorithm>

#include "planning/solve.h"
#include "simulation/simulation.h"

namespace firstfix::simulation {
namespace {

constexpr std::uint64_t kMorning = 4000, kAgain = 1500;  // iterations of the planner
constexpr double kPatience = 1.0 / 3;  // what waiting costs before the contract's time, of what it costs after it

std::size_t index(int n) {
  return static_cast<std::size_t>(n);
}

// The rest of the day as the planner sees it. Places: where the engineers are, their homes, the machines.
class Today {
 public:
  Today(const Board& board, std::vector<int> jobs) : board_(board), jobs_(std::move(jobs)) {
    const auto& region = board.region;
    problem_.skill_count = region.scenario.skills;
    problem_.now = seconds(board.now);
    problem_.weights.moved_stops = 2;  // nobody has been told yet, but a day that is turned over has its price
    problem_.weights.shifted_stops = 0;
    problem_.weights.notice = planning::kForever;
    for (const auto& engineer : board.engineers) points_.push_back(engineer.at);
    for (const auto& engineer : region.engineers) points_.push_back(engineer.home);
    for (const int job : jobs_) points_.push_back(region.machines[index(board.jobs[index(job)].machine)].position);
    for (std::size_t i = 0; i < board.engineers.size(); ++i) add_engineer(static_cast<int>(i));
    for (std::size_t i = 0; i < jobs_.size(); ++i) add_job(static_cast<int>(i));
    problem_.travel = planning::Matrix(static_cast<int>(points_.size()));
    for (int a = 0; a < problem_.travel.size(); ++a)
      for (int b = 0; b < problem_.travel.size(); ++b)
        problem_.travel.at(a, b) =
            static_cast<planning::Seconds>(region.travel_s(points_[index(a)], points_[index(b)]));
  }

  const planning::Problem& problem() const { return problem_; }

  planning::Plan routes() const {
    planning::Plan plan;
    for (std::size_t i = 0; i < board_.engineers.size(); ++i) {
      planning::Route route{.engineer = static_cast<int>(i), .stops = {}};
      for (const int job : board_.engineers[i].route) {
        const auto found = std::find(jobs_.begin(), jobs_.end(), job);
        if (found != jobs_.end())
          route.stops.push_back({.what = static_cast<int>(found - jobs_.begin()), .start = problem_.now, .parts = {}});
      }
      if (!route.stops.empty()) plan.routes.push_back(std::move(route));
    }
    return plan;
  }

  void take(const planning::Plan& plan, Board& board) const {
    for (auto& engineer : board.engineers) engineer.route.clear();
    for (const auto& route : plan.routes)
      for (const auto& stop : route.stops)
        if (stop.kind == planning::Stop::Kind::kJob)
          board.engineers[index(route.engineer)].route.push_back(jobs_[index(stop.what)]);
  }

 private:
  planning::Seconds seconds(Time t) const { return static_cast<planning::Seconds>(t - board_.now / kDay * kDay); }

  void add_engineer(int who) {
    const auto& state = board_.engineers[index(who)];
    const auto& model = board_.region.engineers[index(who)];
    const Time from = std::min(std::max(board_.now, state.busy ? state.free_at : 0), board_.shift_to);
    planning::Engineer out{.id = who, .start = who, .end = static_cast<int>(board_.engineers.size()) + who};
    out.shift = {seconds(from), seconds(board_.shift_to)};
    for (std::size_t skill = 0; skill < model.skills.size(); ++skill)
      if (model.skills[skill]) out.skills.push_back({.skill = static_cast<int>(skill)});
    // Home by the end of the shift, and a little overtime rather than a job left for tomorrow.
    out.overtime = planning::Overtime{seconds(board_.shift_to) + 3600, 60};
    problem_.engineers.push_back(std::move(out));
  }

  void add_job(int i) {
    const auto& job = board_.jobs[index(jobs_[index(i)])];
    planning::Job out{.id = i, .place = 2 * static_cast<int>(board_.engineers.size()) + i};
    out.service = static_cast<planning::Seconds>(job.service);
    for (const int skill : job.skills) out.skills.push_back({.skill = skill});
    if (job.visits > 0)
      for (std::size_t who = 0; who < board_.engineers.size(); ++who)
        if (!board_.supplied(jobs_[index(i)], static_cast<int>(who))) out.excluded.push_back(static_cast<int>(who));
    const auto waited_days = (board_.now - job.occurred) / kDay;
    out.priority = static_cast<int>(std::min<Time>(80, 40 + 10 * waited_days));
    out.due = problem_.now;
    out.late_cost_per_hour = board_.region.scenario.late_cost_per_hour * (job.due <= board_.shift_to ? 1 : kPatience);
    problem_.jobs.push_back(std::move(out));
  }

  const Board& board_;
  std::vector<int> jobs_;
  std::vector<Point> points_;
  planning::Problem problem_;
};

class Planned final : public Policy {
 public:
  Planned(bool reoptimise, std::uint64_t seed) : reoptimise_(reoptimise), seed_(seed) {}

  void decide(Board& board, Occasion occasion, int) override {
    switch (occasion) {
      case Occasion::kShiftBegins:
        changed_ = false;
        return plan(board, kMorning);
      case Occasion::kNewJob:
        changed_ = true;
        return plan(board, 0);
      case Occasion::kEngineerFree:
        changed_ = true;
        // Somebody who has come back without success has brought a job back.
        if (!board.waiting.empty() && fresh(board, board.waiting.back())) plan(board, 0);
        return;
      case Occasion::kTick:
        if (!reoptimise_ || !changed_) return;
        changed_ = false;
        return plan(board, kAgain);
    }
  }

 private:
  static bool fresh(const Board& board, int job) {
    return board.jobs[index(job)].visits > 0 &&
           std::none_of(board.engineers.begin(), board.engineers.end(), [&](const EngineerState& engineer) {
             return std::find(engineer.route.begin(), engineer.route.end(), job) != engineer.route.end();
           });
  }

  static bool somebody_can(const Board& board, int job) {
    for (std::size_t i = 0; i < board.engineers.size(); ++i)
      if (board.qualified(static_cast<int>(i), job) && board.supplied(job, static_cast<int>(i))) return true;
    return false;
  }

  // All parts that there are, of each kind.
  static std::vector<int> stock(const Board& board) {
    std::vector<int> all(index(board.region.scenario.parts));
    const auto add = [&](const std::vector<int>& some) {
      for (std::size_t part = 0; part < some.size(); ++part) all[part] += some[part];
    };
    for (const auto& depot : board.depot_stock) add(depot);
    for (const auto& engineer : board.engineers) add(engineer.van);
    return all;
  }

  // The jobs worth a place in the plan, oldest first: a part that is there once is counted on by one job.
  static std::vector<int> worth_planning(const Board& board) {
    auto left = stock(board);
    std::vector<int> jobs;
    for (const int which : board.waiting) {
      const auto& job = board.jobs[index(which)];
      if (job.visits > 0) {
        if (std::any_of(job.kit.begin(), job.kit.end(), [&](int part) { return left[index(part)] == 0; })) continue;
        if (!somebody_can(board, which)) continue;
        for (const int part : job.kit) --left[index(part)];
      } else if (!somebody_can(board, which)) {
        continue;
      }
      jobs.push_back(which);
    }
    return jobs;
  }

  void plan(Board& board, std::uint64_t iterations) {
    auto jobs = worth_planning(board);
    if (jobs.empty()) return;
    const Today today(board, std::move(jobs));
    const auto current = today.routes();
    planning::SolveOptions options;
    options.iterations = iterations;
    options.seed = seed_;
    options.reasons = false;
    if (!current.routes.empty()) options.current = &current;
    if (const auto solution = planning::solve(today.problem(), options)) today.take(solution->plan, board);
  }

  const bool reoptimise_;
  const std::uint64_t seed_;
  bool changed_ = false;
};

}  // namespace

std::unique_ptr<Policy> planned(bool reoptimise, std::uint64_t seed) {
  return std::make_unique<Planned>(reoptimise, seed);
}

}  // namespace firstfix::simulation
