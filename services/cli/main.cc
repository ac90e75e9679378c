#include <CLI/CLI.hpp>

#include "cli/commands.h"

int main(int argc, char** argv) {
  CLI::App app{"FirstFix: from a machine's fault code to the right engineer with the right parts.", "firstfix"};
  app.require_subcommand(1);
  int exit_code = 0;
#ifdef FIRSTFIX_HAS_plan
  firstfix::cli::add_plan(app, exit_code);
#endif
#ifdef FIRSTFIX_HAS_predict
  firstfix::cli::add_predict(app, exit_code);
#endif
#ifdef FIRSTFIX_HAS_simulate
  firstfix::cli::add_simulate(app, exit_code);
#endif
#ifdef FIRSTFIX_HAS_replay
  firstfix::cli::add_replay(app, exit_code);
#endif
#ifdef FIRSTFIX_HAS_token
  firstfix::cli::add_token(app, exit_code);
#endif
#ifdef FIRSTFIX_HAS_call
  firstfix::cli::add_call(app, exit_code);
#endif
  CLI11_PARSE(app, argc, argv);
  return exit_code;
}
