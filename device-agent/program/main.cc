#include <CLI/CLI.hpp>

#include "commands.h"

int main(int argc, char** argv) {
  CLI::App app{"firstfix-agent: reports a machine's fault codes to FirstFix and loses none of them.", "firstfix-agent"};
  app.require_subcommand(1);
  int exit_code = 0;
  firstfix::agent::add_decode(app, exit_code);
  firstfix::agent::add_run(app, exit_code);
  CLI11_PARSE(app, argc, argv);
  return exit_code;
}
