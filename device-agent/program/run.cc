// `firstfix-agent run`: reads a source and reports to FirstFix, until it is told to end.
#include <pthread.h>
#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <random>
#include <thread>

#include "agent_io/feeder.h"
#include "agent_io/spool.h"
#include "agent_io/uplink.h"
#include "commands.h"

namespace firstfix::agent {
namespace {

class SystemClock final : public Clock {
 public:
  Instant now() const override {
    return {std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count()};
  }
};

class SystemEntropy final : public Entropy {
 public:
  std::uint64_t next() override {
    std::lock_guard lock(mutex_);
    return std::uint64_t{device_()} << 32 | device_();
  }

 private:
  std::mutex mutex_;
  std::random_device device_;
};

struct Options {
  UplinkOptions uplink;
  std::string password_file, spool, source, log_level = "info";
  std::uint64_t spool_limit = 64 << 20;
  bool exit_when_delivered = false;
};

Result<std::string> first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  if (!std::getline(in, line) && !in.eof()) return fail(Code::kInvalid, "cannot read " + path);
  return line;
}

// Waits for SIGTERM or SIGINT (blocked before any thread began), or for the end of the work.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaddset(&set_, signal);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  void wait() {
    int signal = 0;
    sigwait(&set_, &signal);
  }
  static void end_wait() { ::kill(::getpid(), SIGUSR1); }

 private:
  sigset_t set_{};
};

Status run(const Options& options, Signals& signals) {
  FIRSTFIX_TRY(source, parse_source(options.source));
  auto uplink_options = options.uplink;
  if (!options.password_file.empty()) {
    FIRSTFIX_TRY(password, first_line(options.password_file));
    uplink_options.password = password;
  }
  SystemClock clock;
  SystemEntropy entropy;
  std::vector<std::string> reports;
  FIRSTFIX_TRY(spool, Spool::open({options.spool, options.spool_limit, false}, clock, entropy, reports));
  for (const auto& report : reports) spdlog::warn("spool: {}", report);

  Feeder* reads = nullptr;
  Uplink uplink(uplink_options, *spool, clock, entropy, [&reads] { reads->want_snapshot(); });
  Feeder feeder(source, *spool, clock, [&uplink] { uplink.poke(); });
  reads = &feeder;
  uplink.start();
  Status outcome;
  std::thread reader([&] {
    outcome = feeder.run();
    if (!outcome)
      spdlog::error("{}: {}", options.source, outcome.error().message);
    else
      spdlog::info("{}: at its end", options.source);
    if (!outcome || (options.exit_when_delivered && uplink.wait_delivered())) Signals::end_wait();
  });
  signals.wait();
  feeder.stop();
  spool->close();
  uplink.stop();
  reader.join();
  return outcome;
}

}  // namespace

void add_run(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("run", "read a source and report its faults to FirstFix");
  command->footer(
      "Sources: can-log:FILE[,speed=N|max][,at=TIME]  a candump or PCAN capture, at its own pace times N\n"
      "         can:INTERFACE                         a CAN interface of this machine\n"
      "         json:FILE or json:-                   one change a line, such as\n"
      "             {\"spn\": 102, \"fmi\": 3, \"sa\": 0, \"kind\": \"active\", \"count\": 1, \"lamps\": [\"amber\"]}\n"
      "             {\"code\": \"pump-overheat\", \"kind\": \"cleared\", \"after_s\": 2}\n"
      "             {\"working\": true, \"operating_s\": 120}\n"
      "         csv:FILE                              the same fields, named by the first row\n"
      "What is not yet durable at FirstFix stays in the spool over restarts, crashes and lost connections.\n"
      "All options may stand in a file, as keys under [run]: firstfix-agent run --config FILE\n"
      "Example: firstfix-agent run --broker ssl://broker:8883 --ca-file ca.pem --tenant acme --device truck-7\n"
      "           --user acme/truck-7 --password-file secret --spool /var/lib/firstfix-agent --source can:can0");
  // A file is the whole program's to the parser: it would not read one that belongs to a command.
  app.set_config("--config", "", "TOML file with the options of run as keys (without the dashes) under [run]");
  app.allow_config_extras(false);
  command->fallthrough();
  command->add_option("--broker", options->uplink.broker, "tcp://host:port or ssl://host:port")->capture_default_str();
  command->add_option("--tenant", options->uplink.tenant, "whose machine it is")->required();
  command->add_option("--device", options->uplink.device, "this device's id, unique within the tenant")->required();
  command->add_option("--user", options->uplink.user, "broker user");
  command->add_option("--password-file", options->password_file, "file whose first line is the broker password");
  command->add_option("--ca-file", options->uplink.ca_file, "trust this authority (ssl://)");
  command->add_option("--cert", options->uplink.cert_file, "own certificate (mutual TLS)");
  command->add_option("--key", options->uplink.key_file, "own private key (mutual TLS)");
  command->add_option("--spool", options->spool, "folder for what is not delivered yet")->required();
  command
      ->add_option("--spool-limit", options->spool_limit,
                   "bytes; beyond them the oldest records are dropped, and said to be")
      ->capture_default_str()
      ->check(CLI::Range(kMinSpoolBytes, std::uint64_t{1} << 40));
  command->add_option("--source", options->source, "where the faults come from; see below")->required();
  command->add_option("--log-level", options->log_level, "debug, info, warn or error")->capture_default_str();
  command->add_flag("--exit-when-delivered", options->exit_when_delivered,
                    "end when the source has ended and all of it is durable");
  command->callback([options, &exit_code] {
    Signals signals;
    spdlog::set_default_logger(spdlog::stderr_color_mt("firstfix-agent"));
    spdlog::set_level(spdlog::level::from_str(options->log_level));
    const auto done = run(*options, signals);
    if (!done) spdlog::critical("{}", done.error().message);
    exit_code = done ? 0 : 1;
  });
}

}  // namespace firstfix::agent
