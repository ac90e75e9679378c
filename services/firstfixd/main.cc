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
  app.add_option("--config", path, "TOML file; deploy/firstfixd.toml shows every key")->required();
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
