// firstfix predict: learn from a service history, answer cases that it has not seen.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>

#include "cli/commands.h"
#include "predict/forecaster.h"

namespace firstfix::cli {
namespace {

constexpr const char* kHelp =
    R"(Learns from a service history and answers cases: what is wrong, what the repair takes, what to carry.

The history is a folder of CSV files, times in ISO 8601 UTC; further columns are ignored:
  assets.csv       asset_id,model[,age_years]
  faults.csv       asset_id,code,occurred_at[,cleared_at][,readings]
                   cleared_at: when it went away, empty while it is there; readings: numbers that came with it,
                   name=value;name=value, at most 32
  work_orders.csv  work_order_id,asset_id,completed_at,kind,causes,parts
                   kind: corrective or preventive; causes and parts are separated by semicolons
  parts.csv        part,carry_cost,miss_cost (optional: what a part carried for nothing and a second visit cost)
  families.csv     kind,member,family (optional: who is alike, so that what is new borrows from its family)
                   kind: model, code or part; a member that ends with * is all names that begin so. A row of kind
                   standards: J1939 codes (j1939-SPN-FMI) of one SPN, and OBD-II codes of one component, are alike

A case is one JSON object a line:
  {"case_id":"1","kind":"stopped","asset_id":"A1","model":"m","as_of":"2026-03-01T08:00:00Z",
   "faults":[{"code":"E1","occurred_at":"...","cleared_at":"...","readings":{"oil_bar":1.2}}],
   "work_orders":[{"completed_at":"...","kind":"corrective","causes":["K1"],"parts":["P1"]}]}
  cleared_at and readings may be left out.
  kind stopped: it has failed, say why. warning: it still runs, say whether it fails within 24 h, and why.

The answer is one JSON object a line: causes and parts with probabilities, none_probability (of a warning: that nothing
fails), the kit worth carrying, and the evidence in words.

Rows and cases that cannot be right are listed on standard error with file and line, and skipped.
Exit code: 0 all cases answered, 1 some were not, 2 a file cannot be read or written.)";

struct Options {
  std::string history, cases, out;
};

Instant clock_now() {
  return {std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

int broken(const std::string& what) {
  std::cerr << "firstfix predict: " << what << "\n";
  return 2;
}

void report(const predict::History& history, const predict::Forecaster& forecaster) {
  for (const auto& row : history.bad) std::cerr << row.file << ':' << row.line << ": " << row.reason << "; skipped\n";
  std::cerr << "learnt " << forecaster.visits() << " repairs and " << forecaster.warnings() << " warnings of "
            << history.machines.size() << " machines; " << history.bad.size() << " of " << history.rows
            << " rows skipped\n";
}

int run(const Options& options) {
  const auto history = predict::read_history(options.history, clock_now());
  if (!history) return broken(history.error().message);
  const predict::Forecaster forecaster(*history);
  report(*history, forecaster);
  std::ifstream cases(options.cases, std::ios::binary);
  if (!cases) return broken(options.cases + " cannot be read");
  std::ofstream out(options.out, std::ios::binary | std::ios::trunc);
  if (!out) return broken(options.out + " cannot be written");
  const bool watched = isatty(STDERR_FILENO) != 0;
  std::size_t line = 0, answered = 0, refused = 0;
  for (std::string text; std::getline(cases, text);) {
    ++line;
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (const auto question = predict::parse_case(text)) {
      out << predict::to_json(forecaster.answer(*question)) << '\n';
      ++answered;
    } else {
      std::cerr << options.cases << ':' << line << ": " << question.error().message << "; skipped\n";
      ++refused;
    }
    if (watched && line % 1000 == 0) std::cerr << '\r' << answered << " cases answered" << std::flush;
  }
  out.flush();
  if (!out) return broken(options.out + " cannot be written");
  std::cerr << (watched ? "\r" : "") << answered << " cases answered, " << refused << " refused\n";
  return refused == 0 ? 0 : 1;
}

}  // namespace

void add_predict(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("predict", "learn from a service history and answer cases");
  command->footer(kHelp);
  const auto options = std::make_shared<Options>();
  command->add_option("--history", options->history, "folder of the history's CSV files")->required();
  command->add_option("--cases", options->cases, "cases, one JSON object a line")->required();
  command->add_option("--out", options->out, "where the answers go, one JSON object a line")->required();
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace firstfix::cli
