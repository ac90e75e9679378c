#include "firstfixd/daemon.h"

#include <spdlog/spdlog.h>

#include <filesystem>

#include "firstfixd/clocks.h"
#include "firstfixd/followers.h"
#include "travel/open.h"

#ifndef FIRSTFIX_VERSION
#define FIRSTFIX_VERSION "0.1.0"
#endif

namespace firstfix::firstfixd {
namespace {

constexpr Duration kGrace = std::chrono::seconds{3}, kBrokerPatience = std::chrono::seconds{5};
const std::string kClockKey = store::key({"", "manual-clock"});

// What devices send goes to the desk.
class DeskSink final : public ingest::Sink {
 public:
  explicit DeskSink(desk::Desk& desk) : desk_(desk) {}
  Result<v1::Receipt> batch(const std::string& tenant, const std::string& device, const v1::FaultBatch& batch,
                            Instant received_at) override {
    return desk_.batch(tenant, device, batch, received_at);
  }
  Status state(const std::string& tenant, const std::string& device, const v1::DeviceState& state) override {
    return desk_.device_state(tenant, device, state);
  }
  Status reject(const std::string& tenant, std::string_view topic, std::string_view reason,
                std::string_view payload) override {
    return desk_.reject(tenant, topic, reason, payload);
  }

 private:
  desk::Desk& desk_;
};

// A clock whose target is chosen after the store, which needs a clock, is open.
class ClockOf final : public Clock {
 public:
  Instant now() const override { return manual ? manual->now() : system.now(); }
  SystemClock system;
  std::unique_ptr<ManualClock> manual;
};

// Where a manual clock goes on: it must not run backwards over a restart.
Result<Instant> manual_start(const Config& config, const store::Store& store) {
  FIRSTFIX_TRY(kept, store.snapshot()->get(store::Table::kSystem, kClockKey));
  if (kept) return Instant{static_cast<std::int64_t>(store::from_big_endian(*kept))};
  if (!config.clock_start.empty()) return parse_iso8601(config.clock_start);
  return SystemClock{}.now();
}

}  // namespace

struct Daemon::Parts {
  Config config;
  ClockOf clock;
  SystemEntropy entropy;
  std::unique_ptr<store::Store> store;
  std::optional<api::Tokens> tokens;
  std::unique_ptr<desk::Desk> desk;
  std::unique_ptr<Followers> followers;
  std::unique_ptr<DeskSink> sink;
  std::unique_ptr<ingest::MqttIngest> ingest;
  std::unique_ptr<api::Server> server;
};

Daemon::Daemon(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
int Daemon::grpc_port() const {
  return parts_->server->port();
}

Result<std::unique_ptr<Daemon>> Daemon::start(const Config& config) {
  auto owned = std::make_unique<Parts>();
  auto& parts = *owned;
  parts.config = config;
  FIRSTFIX_TRY(key, read_text_file(config.token_key_file));
  FIRSTFIX_TRY(tokens, api::Tokens::with_key(key));
  parts.tokens = tokens;
  if (!config.mqtt_password_file.empty()) {
    FIRSTFIX_TRY(password, read_text_file(config.mqtt_password_file));
    parts.config.mqtt.password = password.substr(0, password.find_first_of("\r\n"));
  }
  std::error_code made;
  std::filesystem::create_directories(config.store_directory, made);
  if (made) return fail(Code::kUnavailable, "cannot make " + config.store_directory + ": " + made.message());
  FIRSTFIX_TRY(store,
               store::open_rocksdb({config.store_directory, &parts.clock, parts.entropy.next(), config.durability}));
  parts.store = std::move(store);
  if (config.manual_clock) {
    FIRSTFIX_TRY(start, manual_start(config, *parts.store));
    parts.clock.manual = std::make_unique<ManualClock>(start);
  }
  FIRSTFIX_TRY(travel, travel::open(config.travel, parts.clock));
  parts.desk = std::make_unique<desk::Desk>(
      desk::Environment{*parts.store, parts.clock, parts.entropy, std::move(travel), config.prices});
  parts.followers = std::make_unique<Followers>(*parts.desk, parts.clock.manual.get(),
                                                std::chrono::hours{24 * config.log_retention_days});
  parts.followers->start();

  api::Operations operations;
  operations.version = FIRSTFIX_VERSION;
  operations.manual_clock = config.manual_clock;
  operations.followers = [&parts](const std::string& tenant) { return parts.followers->positions(tenant); };
  operations.advance_clock = [&parts](Duration by) -> Result<std::size_t> {
    FIRSTFIX_TRY(fired, parts.followers->advance(by));
    const auto kept = store::big_endian(static_cast<std::uint64_t>(parts.clock.now().micros));
    FIRSTFIX_CHECK(parts.store->transact(
        [&](store::Transaction& txn) { return txn.put(store::Table::kSystem, kClockKey, kept); }));
    return fired;
  };
  parts.server = std::make_unique<api::Server>(*parts.desk, *parts.tokens, std::move(operations));
  FIRSTFIX_CHECK(parts.server->start(config.grpc));
  if (config.mqtt_enabled) {
    parts.sink = std::make_unique<DeskSink>(*parts.desk);
    parts.ingest = std::make_unique<ingest::MqttIngest>(parts.config.mqtt, *parts.sink, parts.clock);
    parts.ingest->start();
    // Ready means that devices are heard too; but people are served even if the broker is away.
    if (!parts.ingest->wait_connected(kBrokerPatience))
      spdlog::warn("serving without the broker {}: devices keep what they have to say", config.mqtt.broker);
  }
  parts.server->set_serving(true);
  return std::unique_ptr<Daemon>(new Daemon(std::move(owned)));
}

Daemon::~Daemon() {
  auto& parts = *parts_;
  parts.server->set_serving(false);
  if (parts.ingest) parts.ingest->stop();
  parts.server->stop(kGrace);
  parts.followers->stop();
  parts.server.reset();
  parts.followers.reset();
  parts.desk.reset();
  parts.store.reset();
}

}  // namespace firstfix::firstfixd
