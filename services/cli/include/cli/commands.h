// The commands of `firstfix`. Each add_* registers one sub-command on the application; its callback sets `exit_code`.
#pragma once

namespace CLI {
class App;
}

namespace firstfix::cli {

void add_plan(CLI::App& app, int& exit_code);
void add_predict(CLI::App& app, int& exit_code);
void add_simulate(CLI::App& app, int& exit_code);
void add_replay(CLI::App& app, int& exit_code);
void add_token(CLI::App& app, int& exit_code);
void add_call(CLI::App& app, int& exit_code);

}  // namespace firstfix::cli
