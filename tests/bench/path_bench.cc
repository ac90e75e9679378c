// Measures the path of a fault against a running FirstFix and the floor beside it. Started by fault_to_offer_bench.py
// and ingest_rate_bench.py, which make the world that it is measured in.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "path_probe.h"

namespace firstfix::bench {
namespace {

constexpr std::size_t kUsuallyOpen = 400;  // a day's work for fifty engineers
constexpr int kWarmUp = 400, kLearn = 100;
constexpr int kBlocks = 25, kOfBlock = 100;

void say(const std::string& text) {
  std::fprintf(stderr, "── %s\n", text.c_str());
}

void grow(Probe& probe, std::size_t cases, std::size_t most_open) {
  while (probe.opened() < cases) {
    probe.break_down();
    probe.keep_open(most_open);
  }
}

// Path and floor take turns, so that what else the machine does falls on both.
void latency(Probe& probe, const std::string& suffix, std::size_t most_open) {
  std::vector<double> offers, receipts, floor;
  for (int block = 0; block < kBlocks; ++block) {
    for (int i = 0; i < kOfBlock; ++i) {
      const auto sample = probe.break_down();
      offers.push_back(sample.offer_us);
      receipts.push_back(sample.receipt_us);
      probe.keep_open(most_open);
    }
    for (int i = 0; i < kOfBlock; ++i) floor.push_back(probe.through_floor());
  }
  // What it is when nothing else wants the processor: for people, since a busy machine shows in every other figure.
  std::fprintf(stderr, "   the quickest tenth: %.0f us, the floor's %.0f us\n", percentile(offers, 0.1),
               percentile(floor, 0.1));
  const auto print = [&](const char* metric, const std::vector<double>& values, double p) {
    print_line("fault_to_offer", metric + suffix, percentile(values, p), "us", percentile(floor, p));
  };
  print("p50", offers, 0.5);
  print("p99", offers, 0.99);
  print("receipt_p50", receipts, 0.5);
  print("receipt_p99", receipts, 0.99);
}

void fault_to_offer(Probe& probe, std::size_t cases, std::size_t most_open) {
  say("warm-up: " + std::to_string(kWarmUp + kLearn) + " breakdowns");
  grow(probe, kWarmUp, kUsuallyOpen);
  probe.learn(kLearn);
  for (int i = 0; i < kLearn; ++i) probe.through_floor();
  probe.keep_open(kUsuallyOpen);
  say(std::to_string(kBlocks * kOfBlock) + " breakdowns and as many runs of the floor, 400 cases open");
  latency(probe, "", kUsuallyOpen);
  if (cases == 0) return;
  say("growing to " + std::to_string(cases) + " cases, " + std::to_string(most_open) + " of them open");
  grow(probe, cases, most_open);
  say("the same again");
  latency(probe, "_grown", most_open);
}

void ingest_rate(Probe& probe, int window, int rounds, int breakdowns, int updates) {
  say("warm-up: " + std::to_string(kWarmUp + kLearn) + " breakdowns");
  grow(probe, kWarmUp, kUsuallyOpen);
  probe.learn(kLearn);
  probe.floor_per_s(1000, window);
  std::vector<double> floor, faults, counts;
  for (int round = 0; round < rounds; ++round) {
    probe.keep_open(0);
    say("round " + std::to_string(round + 1));
    floor.push_back(probe.floor_per_s(breakdowns, window));
    faults.push_back(probe.breakdowns_per_s(breakdowns, window));
    counts.push_back(probe.updates_per_s(updates, window));
  }
  const auto middle = percentile(floor, 0.5);
  print_line("ingest_rate", "breakdowns_per_s", percentile(faults, 0.5), "1/s", middle);
  print_line("ingest_rate", "updates_per_s", percentile(counts, 0.5), "1/s", middle);
}

}  // namespace
}  // namespace firstfix::bench

int main(int argc, char** argv) {
  CLI::App app{"Measures the path of a fault; see tests/bench/path_bench.cc.", "path_bench"};
  firstfix::bench::ProbeOptions options;
  std::string password_file, token_file;
  std::size_t cases = 0, most_open = 2000;
  int window = 256, rounds = 5;
  app.add_option("--broker", options.account.broker)->required();
  app.add_option("--user", options.account.user, "may speak for all devices")->required();
  app.add_option("--password-file", password_file)->required();
  app.add_option("--server", options.server)->required();
  app.add_option("--floor", options.floor)->required();
  app.add_option("--store", options.store, "directory of firstfixd's store")->required();
  app.add_option("--tokens", token_file, "one a line: the dispatcher's, then the engineers'")->required();
  app.add_option("--machines", options.machines)->required();
  app.add_option("--codes", options.codes, "fault codes in the catalogue")->required();
  app.require_subcommand(1);
  auto* latency = app.add_subcommand("fault_to_offer", "from the publish to the offer on the phone, one at a time");
  latency->add_option("--cases", cases, "grow to so many cases and measure again");
  latency->add_option("--open", most_open, "so many of them open");
  auto* rate = app.add_subcommand("ingest_rate", "faults a second, each with its receipt");
  rate->add_option("--window", window, "published and not yet acknowledged, at most");
  rate->add_option("--rounds", rounds);
  CLI11_PARSE(app, argc, argv);
  std::getline(std::ifstream(password_file), options.account.password);
  std::ifstream tokens(token_file);
  for (std::string token; std::getline(tokens, token);) options.tokens.push_back(token);
  try {
    firstfix::bench::Probe probe(options);
    if (*latency) firstfix::bench::fault_to_offer(probe, cases, most_open);
    if (*rate) firstfix::bench::ingest_rate(probe, window, rounds, options.machines, 4 * options.machines);
  } catch (const std::exception& e) {
    std::cerr << "path_bench: " << e.what() << "\n";
    return 1;
  }
  return 0;
}
