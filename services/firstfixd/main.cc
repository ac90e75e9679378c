#include <pthread.h>
#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>

#include "firstfixd/daemon.h"

int main(int argc, char** argv) {
  CLI::App app{"FirstFix: takes machines' faults over MQTT, and serves dispatchers and engineers over gRPC.",
               "firstfixd"};
  std::string path;
  bool check = false;
  app.add_option("--config", path, "TOML file; deploy/config/firstfixd.toml shows every key")->required();
  app.add_flag("--check", check, "read the configuration and the files that it names, say what is wrong, and end");
  app.footer(
      "Ready when the gRPC health service says SERVING. SIGTERM drains and ends within ten seconds; what a kill "
      "leaves\n"
      "is whole too. Exit codes: 0 ended as asked, 1 could not start, 2 the configuration is wrong.\n"
      "Example: firstfixd --config /etc/firstfix/firstfixd.toml");
  CLI11_PARSE(app, argc, argv);

  // Blocked before any thread starts, so that only the wait below takes them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  spdlog::set_default_logger(spdlog::stderr_color_mt("firstfixd"));
  const auto config = firstfix::firstfixd::read_config(path);
  if (!config) {
    spdlog::critical("{}", config.error().message);
    return 2;
  }
  if (const auto files = check_files(*config); !files) {
    spdlog::critical("{}: {}", path, files.error().message);
    return 2;
  }
  if (check) {
    spdlog::info("{} is well", path);
    return 0;
  }
  spdlog::set_level(spdlog::level::from_str(config->log_level));
  auto daemon = firstfix::firstfixd::Daemon::start(*config);
  if (!daemon) {
    spdlog::critical("{}", daemon.error().message);
    return 1;
  }
  spdlog::info("serving gRPC on port {}", (*daemon)->grpc_port());
  int signal = 0;
  sigwait(&signals, &signal);
  spdlog::info("signal {}: draining", signal);
  daemon->reset();
  spdlog::info("closed");
  return 0;
}
