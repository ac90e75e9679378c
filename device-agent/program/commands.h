// The commands of `firstfix-agent`. Each adds itself to the command line and says by `exit_code` how it went.
#pragma once

namespace CLI {
class App;
}

namespace firstfix::agent {

void add_decode(CLI::App& app, int& exit_code);
void add_run(CLI::App& app, int& exit_code);

}  // namespace firstfix::agent
