#include "agent_io/uplink.h"

#include <mqtt/async_client.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "agent_io/records.h"
#include "firstfix/v1/device.pb.h"
#include "net/no_delay.h"

namespace firstfix::agent {
namespace {

constexpr int kQos = 1;
constexpr char kVersion[] = "0.1.0";
constexpr std::size_t kMaxRecords = 500, kMaxBytes = 192 << 10;  // of one batch; the service takes 1000 and 256 KiB
constexpr std::uint64_t kWindow = 4000;                          // records on the way without a receipt
constexpr std::chrono::milliseconds kFirstPause{500}, kLongestPause{60'000};
constexpr std::chrono::seconds kReceiptPatience{5}, kConnectPatience{10}, kGoodbye{2};
constexpr int kSessionExpiry_s = 7 * 24 * 3600;

}  // namespace

class Uplink::Client : public virtual mqtt::callback {
 public:
  Client(UplinkOptions options, Spool& spool, const Clock& clock, Entropy& entropy, std::function<void()> snapshot)
      : options_(std::move(options)),
        spool_(spool),
        clock_(clock),
        entropy_(entropy),
        snapshot_(std::move(snapshot)),
        mqtt_(options_.broker, options_.tenant + "." + options_.device, mqtt::create_options(MQTTVERSION_5)) {
    mqtt_.set_callback(*this);
  }
  ~Client() override { stop(); }

  void start() {
    thread_ = std::thread([this] { run(); });
  }

  void stop() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    mqtt_.disable_callbacks();
  }

  void poke() {
    {
      std::lock_guard lock(mutex_);
      poked_ = true;
    }
    wake_.notify_all();
  }

  bool wait_delivered() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return stopping_ || spool_.standing().delivered; });
    return !stopping_;
  }

 private:
  std::string topic(const char* channel) const {
    return "firstfix/v1/" + options_.tenant + "/" + options_.device + "/" + channel;
  }

  // --- on the client library's thread ---
  void message_arrived(mqtt::const_message_ptr message) override {
    {
      std::lock_guard lock(mutex_);
      arrived_.push_back(std::move(message));
    }
    wake_.notify_all();
  }
  void connection_lost(const std::string&) override {
    {
      std::lock_guard lock(mutex_);
      lost_ = true;
    }
    wake_.notify_all();
  }

  // --- on our own thread ---
  void run() {
    auto pause = kFirstPause;
    while (!stopped()) {
      if (connect()) {
        pause = kFirstPause;
        converse();
        if (stopped()) return goodbye();
        spdlog::warn("the connection to {} is lost", options_.broker);
      }
      // Half of the pause is random, so that a fleet does not come back in one moment.
      const auto jittered =
          pause / 2 + std::chrono::milliseconds(entropy_.next() % static_cast<std::uint64_t>(pause.count() / 2 + 1));
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, jittered, [&] { return stopping_; });
      pause = std::min(pause * 2, kLongestPause);
    }
  }

  bool stopped() {
    std::lock_guard lock(mutex_);
    return stopping_;
  }

  bool connect() {
    {
      std::lock_guard lock(mutex_);
      lost_ = false;
    }
    try {
      if (mqtt_.is_connected()) return true;
      auto token = mqtt_.connect(connect_options());
      if (!token->wait_for(kConnectPatience)) return false;
      net::send_small_packets_at_once();
      for (const auto* channel : {"receipt", "command"})
        if (!mqtt_.subscribe(topic(channel), kQos)->wait_for(kConnectPatience)) return false;
      publish(topic("state"), state(true).SerializeAsString(), true);
      spdlog::info("connected to {}", options_.broker);
      return true;
    } catch (const mqtt::exception& e) {
      spdlog::warn("{}: {}; trying again", options_.broker, e.what());
      return false;
    }
  }

  v1::DeviceState state(bool connected) {
    v1::DeviceState out;
    out.set_connected(connected);
    if (connected) out.set_epoch(spool_.standing().epoch.id);
    out.set_agent_version(kVersion);
    *out.mutable_at() = to_timestamp(clock_.now());
    return out;
  }

  mqtt::connect_options connect_options() {
    mqtt::connect_options out;
    out.set_mqtt_version(MQTTVERSION_5);
    out.set_clean_start(false);
    out.set_properties({{mqtt::property::SESSION_EXPIRY_INTERVAL, kSessionExpiry_s}});
    out.set_keep_alive_interval(20);
    out.set_connect_timeout(8);
    mqtt::message will(topic("state"), state(false).SerializeAsString(), kQos, true, content_type());
    out.set_will(mqtt::will_options(will));
    if (!options_.user.empty()) {
      out.set_user_name(options_.user);
      out.set_password(options_.password);
    }
    if (options_.broker.rfind("ssl://", 0) == 0) {
      mqtt::ssl_options tls;
      if (!options_.ca_file.empty()) tls.set_trust_store(options_.ca_file);
      if (!options_.cert_file.empty()) tls.set_key_store(options_.cert_file);
      if (!options_.key_file.empty()) tls.set_private_key(options_.key_file);
      tls.set_enable_server_cert_auth(true);
      tls.set_verify(true);
      out.set_ssl(tls);
    }
    return out;
  }

  static mqtt::properties content_type() { return {{mqtt::property::CONTENT_TYPE, "application/x-protobuf"}}; }

  bool publish(const std::string& to, std::string payload, bool retained) {
    try {
      mqtt_.publish(std::make_shared<mqtt::message>(to, std::move(payload), kQos, retained, content_type()));
      return true;
    } catch (const mqtt::exception& e) {
      spdlog::debug("publish to {}: {}", to, e.what());
      return false;
    }
  }

  // Sends what there is and takes what comes, until the connection is lost or we are to stop.
  void converse() {
    restart_from_acknowledged();
    while (true) {
      send_waiting();
      std::unique_lock lock(mutex_);
      const bool woken =
          wake_.wait_for(lock, kReceiptPatience, [&] { return stopping_ || lost_ || poked_ || !arrived_.empty(); });
      if (stopping_ || lost_) return;
      poked_ = false;
      auto arrived = std::move(arrived_);
      arrived_.clear();
      lock.unlock();
      for (const auto& message : arrived) take(*message);
      // No receipt for a while although something is on the way: it may have been lost behind the broker.
      if (!woken && !spool_.standing().delivered) restart_from_acknowledged();
    }
  }

  void restart_from_acknowledged() {
    const auto standing = spool_.standing();
    epoch_ = standing.epoch.id;
    next_ = standing.acknowledged + 1;
  }

  void send_waiting() {
    for (;;) {
      const auto standing = spool_.standing();
      if (standing.epoch.id != epoch_) restart_from_acknowledged();
      if (next_ > standing.acknowledged + kWindow) return;
      const auto batch = spool_.read(epoch_, next_, kMaxRecords, kMaxBytes);
      if (!batch) {
        spdlog::error("the spool cannot be read: {}", batch.error().message);
        return;
      }
      if (batch->items.empty() || !send(*batch)) return;
      epoch_ = batch->epoch.id;
      next_ = batch->items.back().sequence + 1;
    }
  }

  bool send(const SpoolBatch& batch) {
    v1::FaultBatch out;
    out.set_device(options_.device);
    out.set_epoch(batch.epoch.id);
    *out.mutable_epoch_started_at() = to_timestamp(batch.epoch.started);
    *out.mutable_sent_at() = to_timestamp(clock_.now());
    for (const auto& item : batch.items) {
      auto& record = *out.add_records();
      if (item.dropped)
        record = to_record(*item.dropped);
      else
        record.ParseFromString(item.record);
      record.set_sequence(item.sequence);
    }
    return publish(topic("faults"), out.SerializeAsString(), false);
  }

  void take(const mqtt::message& message) {
    const auto& payload = message.get_payload_str();
    if (message.get_topic() == topic("receipt")) {
      v1::Receipt receipt;
      if (receipt.ParseFromString(payload)) return take_receipt(receipt);
    } else if (message.get_topic() == topic("command")) {
      v1::DeviceCommand command;
      if (command.ParseFromString(payload)) return take_command(command);
    }
    spdlog::warn("{} bytes on {} are not what is expected there", payload.size(), message.get_topic());
  }

  void take_receipt(const v1::Receipt& receipt) {
    if (!receipt.reason().empty()) spdlog::warn("FirstFix says: {}", receipt.reason());
    if (receipt.durable_through() > 0) {
      const auto done = spool_.acknowledge(receipt.epoch(), receipt.durable_through());
      if (!done && done.error().code == Code::kCorrupt) {
        spdlog::error("{}; a new epoch begins", done.error().message);
        if (const auto begun = spool_.begin_epoch(); !begun) spdlog::error("{}", begun.error().message);
      } else if (!done && done.error().code != Code::kNotFound) {
        spdlog::error("{}", done.error().message);
      }
      wake_.notify_all();  // whoever waits for the delivery
    }
    if (receipt.has_resend_from() && receipt.epoch() == epoch_)
      next_ = std::min(next_, std::max(receipt.resend_from(), spool_.standing().acknowledged + 1));
  }

  void take_command(const v1::DeviceCommand& command) {
    if (command.has_resend_from())
      next_ = std::min(next_, std::max(command.resend_from(), spool_.standing().acknowledged + 1));
    if (command.has_snapshot() && command.snapshot()) snapshot_();
  }

  void goodbye() {
    try {
      if (!mqtt_.is_connected()) return;
      mqtt_
          .publish(std::make_shared<mqtt::message>(topic("state"), state(false).SerializeAsString(), kQos, true,
                                                   content_type()))
          ->wait_for(kGoodbye);
      mqtt_.disconnect()->wait_for(kGoodbye);
    } catch (const mqtt::exception& e) {
      spdlog::debug("goodbye: {}", e.what());
    }
  }

  const UplinkOptions options_;
  Spool& spool_;
  const Clock& clock_;
  Entropy& entropy_;
  const std::function<void()> snapshot_;
  mqtt::async_client mqtt_;
  std::thread thread_;
  std::uint64_t epoch_ = 0, next_ = 1;  // our own thread only
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<mqtt::const_message_ptr> arrived_;
  bool stopping_ = false, lost_ = false, poked_ = false;
};

Uplink::Uplink(UplinkOptions options, Spool& spool, const Clock& clock, Entropy& entropy,
               std::function<void()> snapshot)
    : client_(std::make_unique<Client>(std::move(options), spool, clock, entropy, std::move(snapshot))) {}
Uplink::~Uplink() = default;
void Uplink::start() {
  client_->start();
}
void Uplink::stop() {
  client_->stop();
}
void Uplink::poke() {
  client_->poke();
}
bool Uplink::wait_delivered() {
  return client_->wait_delivered();
}

}  // namespace firstfix::agent
