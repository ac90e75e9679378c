// `firstfix plan`: runs the planner that the service runs on a problem from a file.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>

#include "cli/commands.h"
#include "planning/check.h"
#include "planning/explain.h"
#include "planning/insert.h"
#include "planning/json.h"
#include "planning/solomon.h"
#include "planning/solve.h"

namespace firstfix::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kRunnersUp = 3;

struct Options {
  std::string problem, solomon, current, out = "-";
  std::vector<std::int64_t> insert;
  double limit_s = 5;
  std::uint64_t iterations = 0, seed = 1;
  int threads = 2;
  bool soft_windows = false, explain = false;
  SteadyClock::time_point began;
};

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(Code::kNotFound, "cannot open " + path);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) return fail(Code::kUnavailable, "cannot read " + path);
  return bytes;
}

Status write_file(const std::string& path, const std::string& bytes) {
  if (path == "-") {
    std::cout << bytes << "\n" << std::flush;
    return {};
  }
  std::ofstream out(path, std::ios::binary);
  out << bytes << "\n" << std::flush;
  if (!out) return fail(Code::kUnavailable, "cannot write " + path);
  return {};
}

double seconds_since(SteadyClock::time_point began) {
  return std::chrono::duration<double>(SteadyClock::now() - began).count();
}

// How the time from the start of the program to the end of writing is spent. Writing takes about as long again per job
// as it did at most in measurements, explaining per job and engineer likewise, but never more than a quarter of what is
// left.
struct Times {
  double explain_from = 0, write_from = 0;  // since the start
};

Times times_of(const Options& options, std::size_t jobs, std::size_t engineers) {
  const auto count = static_cast<double>(jobs);
  Times out;
  out.write_from = options.limit_s - 0.02 - count * (options.explain ? 50e-6 : 20e-6);
  out.explain_from = out.write_from;
  if (!options.explain) return out;
  const double wanted = 0.05 + count * (50e-6 + 0.5e-6 * static_cast<double>(engineers));
  out.explain_from -= std::min(wanted, std::max(0.0, out.write_from - seconds_since(options.began)) / 4);
  return out;
}

planning::SolveOptions solve_options(const Options& options, const Times& times) {
  planning::SolveOptions out{.threads = options.threads, .seed = options.seed};
  if (options.iterations > 0) {
    out.iterations = options.iterations;
    return out;
  }
  const double searching = times.explain_from - seconds_since(options.began);
  out.spent = [began = SteadyClock::now(), searching] {
    return searching <= 0 ? 1.0 : seconds_since(began) / searching;
  };
  return out;
}

// Why each stop is whose it is, as far as the time goes.
std::optional<std::vector<planning::Assignment>> explained(const Options& options, const Times& times,
                                                           const planning::Problem& problem, const planning::Plan& plan,
                                                           const planning::Plan* current) {
  if (!options.explain) return std::nullopt;
  planning::ExplainOptions settings{.most = kRunnersUp, .current = current, .enough = {}};
  if (options.iterations == 0) settings.enough = [&] { return seconds_since(options.began) >= times.write_from; };
  if (settings.enough && settings.enough()) return std::vector<planning::Assignment>{};
  auto out = planning::explain_assignments(problem, plan, settings);
  if (!out) std::cerr << "firstfix plan: not explained: " << out.error().message << "\n";
  return out ? *std::move(out) : std::vector<planning::Assignment>{};
}

Status plan_solomon(const Options& options) {
  FIRSTFIX_TRY(text, read_file(options.solomon));
  FIRSTFIX_TRY(instance, planning::read_solomon(text));
  FIRSTFIX_TRY(solution, planning::solve(instance.problem,
                                         solve_options(options, times_of(options, instance.problem.jobs.size(), 0))));
  std::cerr << solution.iterations << " iterations\n";
  FIRSTFIX_CHECK(write_file(options.out, planning::write_solomon(instance, solution.plan)));
  if (!solution.plan.unassigned.empty())
    return fail(Code::kUnavailable, std::to_string(solution.plan.unassigned.size()) + " customers are not served");
  return {};
}

Status plan_problem(const Options& options) {
  FIRSTFIX_TRY(text, read_file(options.problem));
  FIRSTFIX_TRY(problem, planning::read_problem(text));
  for (const auto& field : problem.ignored) std::cerr << "firstfix plan: " << field << " is not known and ignored\n";
  if (options.soft_windows) planning::soften_windows(problem);
  const auto times = times_of(options, problem.jobs.size(), problem.engineers.size());
  auto settings = solve_options(options, times);
  planning::Plan current;
  if (!options.current.empty()) {
    FIRSTFIX_TRY(current_text, read_file(options.current));
    FIRSTFIX_TRY(plan, planning::read_plan(current_text, problem));
    current = std::move(plan);
    settings.current = &current;
  }
  FIRSTFIX_TRY(solution, planning::solve(problem, settings));
  std::cerr << solution.iterations << " iterations\n";
  const auto why = explained(options, times, problem, solution.plan, settings.current);
  return write_file(options.out, planning::write_plan(problem, solution.plan, settings.current, why ? &*why : nullptr));
}

Result<int> job_of(const planning::Problem& problem, std::int64_t id) {
  for (std::size_t i = 0; i < problem.jobs.size(); ++i)
    if (problem.jobs[i].id == id) return static_cast<int>(i);
  return fail(Code::kNotFound, "--insert " + std::to_string(id) + ": the problem has no such job");
}

void tell(const planning::Problem& problem, const planning::Insertion& done, double ms) {
  const auto job = [&](int i) { return "job " + std::to_string(problem.jobs[static_cast<std::size_t>(i)].id); };
  const auto whom = [&](int i, planning::Seconds start) {
    return "engineer " + std::to_string(problem.engineers[static_cast<std::size_t>(i)].id) + " at " +
           std::to_string(start);
  };
  std::cerr << job(done.job) << ": " << whom(done.engineer, done.start) << ", " << done.extra_cost << " dearer, " << ms
            << " ms\n";
  for (const auto& other : done.displaced)
    std::cerr << "  gives way: " << job(other.job) << ", now "
              << (other.engineer == planning::kNone ? "unassigned" : whom(other.engineer, other.start)) << "\n";
}

// Jobs that have just come in, one after another, into the plan that is being driven; the rest stays as it is. What has
// no place is left out, and the plan says why.
Status insert_jobs(const Options& options) {
  FIRSTFIX_TRY(text, read_file(options.problem));
  FIRSTFIX_TRY(problem, planning::read_problem(text));
  if (options.soft_windows) planning::soften_windows(problem);
  FIRSTFIX_TRY(current_text, read_file(options.current));
  FIRSTFIX_TRY(current, planning::read_plan(current_text, problem));
  FIRSTFIX_TRY(live, planning::LivePlan::open(problem, current));
  for (const auto id : options.insert) {
    FIRSTFIX_TRY(job, job_of(problem, id));
    const auto began = SteadyClock::now();
    const auto found = live.insert(job);
    if (!found && found.error().code != Code::kUnavailable)
      return fail(found.error().code, "--insert " + std::to_string(id) + ": " + found.error().message);
    if (!found) {
      std::cerr << "job " << id << ": " << found.error().message << "\n";
      continue;
    }
    FIRSTFIX_CHECK(live.commit(*found));
    tell(problem, *found, seconds_since(began) * 1000);
  }
  return write_file(options.out, planning::write_plan(problem, live.plan(), &current));
}

}  // namespace

void add_plan(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  options->began = SteadyClock::now();
  auto* command = app.add_subcommand("plan", "plan a day of field service: who does what, when");
  command->footer(
      "Examples:\n"
      "  firstfix plan --problem day.json --time-limit 5s --out plan.json\n"
      "  firstfix plan --problem now.json --plan plan.json --time-limit 1s   (re-plan; frozen stops stay)\n"
      "  firstfix plan --problem now.json --plan plan.json --insert 17       (job 17 at once; all else stays)\n"
      "  firstfix plan --solomon R101.txt --time-limit 10s                   (the classic routing benchmark)\n"
      "Parts that a van lacks are fetched at `depots`, while they are `open` [from, to], at several if none has all of "
      "them;\n"
      "with `hand_over_seconds` in the problem also out of the van of a colleague, where the colleague works.\n"
      "An engineer's `on_call` names the days, counted from 0 in `shifts`, on which nothing but a hazard or an "
      "emergency\n"
      "(priority 85 and up) takes them out, for `weights.call_out`; `weights.fairness` makes shares of work even.");
  auto* problem = command->add_option("--problem", options->problem, "the problem, JSON");
  command->add_option("--solomon", options->solomon, "a problem in Solomon's text format instead")->excludes(problem);
  auto* current =
      command->add_option("--plan", options->current, "the plan being driven; the stops' states say what may change")
          ->needs(problem);
  auto* insert = command->add_option(
      "--insert", options->insert,
      "ids of jobs that are not in the plan: each gets the cheapest place, within milliseconds; where it "
      "has\nnone, up to two of less worth in one day give way and are placed elsewhere, if anywhere");
  insert->needs(current)->delimiter(',');
  command->add_option("--time-limit", options->limit_s, "from start to the plan written; 0 gives a first plan")
      ->transform(CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"ms", 0.001}, {"m", 60}},
                                        CLI::AsNumberWithUnit::CASE_SENSITIVE, "TIME"))
      ->check(CLI::Range(0.0, 86'400.0))
      ->capture_default_str();
  command->add_option("--iterations", options->iterations, "so many rounds on one thread instead of a time limit");
  command->add_option("--threads", options->threads, "threads that search")
      ->check(CLI::Range(1, planning::kMaxThreads))
      ->capture_default_str();
  command->add_flag("--soft-windows", options->soft_windows, "starts after the last window are allowed, at a price");
  auto* explain = command->add_flag(
      "--explain", options->explain,
      "beside each stop its runners-up and why the others cannot; the soonest stops first, as the time allows");
  explain->needs(problem)->excludes(insert);
  command->add_option("--seed", options->seed, "of the randomness")->capture_default_str();
  command->add_option("--out", options->out, "where the plan goes; - for standard output")->capture_default_str();
  command->callback([options, &exit_code] {
    auto done = Status{};
    if (options->problem.empty() == options->solomon.empty())
      done = fail(Code::kInvalid, "give --problem or --solomon");
    else
      done = !options->solomon.empty() ? plan_solomon(*options)
             : options->insert.empty() ? plan_problem(*options)
                                       : insert_jobs(*options);
    if (done) return;
    std::cerr << "firstfix plan: " << done.error().message << "\n";
    exit_code = 1;
  });
}

}  // namespace firstfix::cli
