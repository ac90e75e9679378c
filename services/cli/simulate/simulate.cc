// `firstfix simulate`: what one more engineer, depot or part, or another policy, does to a service region.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "cli/commands.h"
#include "simulation/comparison.h"

namespace firstfix::cli {
namespace {

using namespace simulation;

struct Options {
  std::string scenario_file, json_file, svg_file;
  std::vector<std::string> set, variants;
  std::vector<std::string> policies = {"nearest-free", "planner", "reoptimise"};
  int seeds = 5, threads = 2;
  std::uint64_t seed = 1;
};

std::string settings_help() {
  std::ostringstream out;
  const Scenario defaults;
  out << "Settings (for --set, --variant and --scenario) and their defaults:\n";
  for (const auto& one : settings()) out << "  " << one.name << "=" << one.get(defaults) << "  " << one.help << "\n";
  return out.str();
}

Result<Scenario> base_scenario(const Options& options) {
  Scenario scenario;
  if (!options.scenario_file.empty()) {
    std::ifstream in(options.scenario_file);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) return fail(Code::kInvalid, "cannot read " + options.scenario_file);
    if (const auto done = set_all(scenario, text.str()); !done)
      return fail(Code::kInvalid, options.scenario_file + ": " + done.error().message);
  }
  for (const auto& assignment : options.set) FIRSTFIX_CHECK(set(scenario, assignment));
  return scenario;
}

// "one more engineer:engineers=21,depots=3".
Result<std::pair<std::string, Scenario>> variant(Scenario scenario, const std::string& text) {
  const auto colon = text.find(':');
  std::istringstream assignments(colon == std::string::npos ? text : text.substr(colon + 1));
  for (std::string one; std::getline(assignments, one, ',');) FIRSTFIX_CHECK(set(scenario, one));
  return std::pair{colon == std::string::npos ? text : text.substr(0, colon), scenario};
}

Result<simulation::Plan> plan_of(const Options& options) {
  FIRSTFIX_TRY(base, base_scenario(options));
  std::vector<std::pair<std::string, Scenario>> scenarios = {{"as it is", base}};
  for (const auto& text : options.variants) {
    FIRSTFIX_TRY(one, variant(base, text));
    scenarios.push_back(std::move(one));
  }
  simulation::Plan plan{
      .arms = {}, .first_seed = options.seed, .seeds = options.seeds, .threads = options.threads, .progress = {}};
  for (const auto& [name, scenario] : scenarios)
    for (const auto& policy : options.policies) plan.arms.push_back({name, policy, scenario});
  return plan;
}

Status write(const std::string& path, const std::string& text) {
  std::ofstream out(path);
  out << text;
  out.close();
  return out ? Status{} : Status{fail(Code::kUnavailable, "cannot write " + path)};
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Status run(const Options& options) {
  FIRSTFIX_TRY(plan, plan_of(options));
  if (isatty(STDERR_FILENO) != 0)
    plan.progress = [](int done, int all) { std::cerr << "\r" << done << " of " << all << " runs" << std::flush; };
  FIRSTFIX_TRY(all, run_all(plan, seconds_now));
  if (plan.progress) std::cerr << "\n";
  std::cout << to_text(all);
  if (!options.json_file.empty()) FIRSTFIX_CHECK(write(options.json_file, to_json(all)));
  if (!options.svg_file.empty()) FIRSTFIX_CHECK(write(options.svg_file, to_svg(all)));
  return {};
}

}  // namespace

void add_simulate(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("simulate", "try engineers, depots, stock and policies on a simulated region");
  command->footer(
      settings_help() +
      "Policies: nearest-free  the nearest free qualified engineer takes the oldest job\n"
      "          planner       a plan every morning; a new job is put where it costs least\n"
      "          reoptimise    the same, and the rest of the day is improved as it goes\n"
      "The same seed gives the same failures under every policy and variant; differences are taken seed by seed.\n"
      "Example: firstfix simulate --set engineers=20 --variant \"one more engineer:engineers=21\" \\\n"
      "           --variant \"one more depot:depots=3\" --policy reoptimise --seeds 10 --svg compared.svg");
  command->add_option("--scenario", options->scenario_file, "JSON file with settings");
  command->add_option("--set", options->set, "setting=number; may be repeated")->take_all();
  command->add_option("--variant", options->variants, "name:setting=number,… to compare with; may be repeated")
      ->take_all();
  command->add_option("--policy", options->policies, "one or more, separated by commas; the first is compared with")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--seeds", options->seeds, "how many")->capture_default_str()->check(CLI::Range(1, 1000));
  command->add_option("--seed", options->seed, "the first one")->capture_default_str();
  command->add_option("--threads", options->threads, "runs at a time")->capture_default_str()->check(CLI::Range(1, 64));
  command->add_option("--json", options->json_file, "write the figures to this file");
  command->add_option("--svg", options->svg_file, "draw the comparison into this file");
  command->callback([options, &exit_code] {
    if (const auto done = run(*options); !done)
      std::cerr << "firstfix simulate: " << done.error().message << "\n", exit_code = 2;
  });
}

}  // namespace firstfix::cli
