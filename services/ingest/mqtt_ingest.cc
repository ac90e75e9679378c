#include "ingest/mqtt_ingest.h"

#include <mqtt/async_client.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "ingest/payload.h"
#include "ingest/topic.h"
#include "net/no_delay.h"

namespace firstfix::ingest {
namespace {

constexpr int kQos = 1;
constexpr std::string_view kProtobuf = "application/x-protobuf";
constexpr std::chrono::seconds kSessionExpiry{24 * 3600};
constexpr std::chrono::seconds kFirstPause{1}, kLongestPause{30}, kPatience{4};
// A tenant for messages whose topic names none; only its administrators see them.
constexpr std::string_view kNobody = "-";

struct Message {
  std::string topic, payload, content_type;
  Instant received_at;
};

// One worker's share of the queue. push() waits while it is full.
class Lane {
 public:
  explicit Lane(std::size_t limit) : limit_(limit) {}

  void push(Message message) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return queue_.size() < limit_ || closed_; });
    if (closed_) return;  // the device still has it
    queue_.push_back(std::move(message));
    lock.unlock();
    filled_.notify_one();
  }

  // All that is waiting; empty once the lane is closed and drained.
  std::deque<Message> take() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [&] { return !queue_.empty() || closed_; });
    std::deque<Message> all;
    all.swap(queue_);
    lock.unlock();
    room_.notify_all();
    return all;
  }

  void close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    room_.notify_all();
    filled_.notify_all();
  }

 private:
  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable room_, filled_;
  std::deque<Message> queue_;
  bool closed_ = false;
};

}  // namespace

class MqttIngest::Client : public virtual mqtt::callback {
 public:
  Client(Options options, Sink& sink, const Clock& clock)
      : options_(std::move(options)),
        sink_(sink),
        clock_(clock),
        mqtt_(options_.broker, options_.client_id,
              mqtt::create_options(MQTTVERSION_5, static_cast<int>(options_.queue_limit))) {
    const auto workers = std::max<std::size_t>(1, options_.workers);
    for (std::size_t i = 0; i < workers; ++i)
      lanes_.push_back(std::make_unique<Lane>(std::max<std::size_t>(1, options_.queue_limit / workers)));
    mqtt_.set_callback(*this);
  }

  ~Client() override { stop(); }

  void start() {
    for (auto& lane : lanes_) workers_.emplace_back([this, &lane = *lane] { work(lane); });
    connector_ = std::thread([this] { keep_connected(); });
  }

  void stop() {
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return;
      stopping_ = true;
    }
    wake_.notify_all();
    if (connector_.joinable()) connector_.join();
    for (auto& lane : lanes_) lane->close();
    for (auto& worker : workers_) worker.join();
    try {
      // The session stays at the broker, which keeps what devices publish until we are back.
      if (mqtt_.is_connected()) mqtt_.disconnect()->wait_for(kPatience);
    } catch (const mqtt::exception& e) {
      spdlog::warn("mqtt: disconnect: {}", e.what());
    }
    mqtt_.disable_callbacks();
  }

  bool wait_connected(Duration patience) {
    std::unique_lock lock(mutex_);
    return wake_.wait_for(lock, patience, [&] { return subscribed_ || stopping_; });
  }

  bool is_connected() const { return mqtt_.is_connected() && subscribed_; }

  void publish(const Topic& topic, const google::protobuf::Message& message) {
    try {
      auto out =
          std::make_shared<mqtt::message>(to_string(topic), message.SerializeAsString(), kQos, false,
                                          mqtt::properties{{mqtt::property::CONTENT_TYPE, std::string(kProtobuf)}});
      mqtt_.publish(std::move(out));  // not waited for: what is lost is asked for again
    } catch (const mqtt::exception& e) {
      spdlog::debug("mqtt: publish to {}: {}", to_string(topic), e.what());
    }
  }

 private:
  // --- called by the client library, on its one thread ---
  void message_arrived(mqtt::const_message_ptr in) override {
    Message message{in->get_topic(), in->get_payload_str(), "", clock_.now()};
    const auto& properties = in->get_properties();
    if (properties.contains(mqtt::property::CONTENT_TYPE))
      message.content_type = mqtt::get<std::string>(properties, mqtt::property::CONTENT_TYPE);
    // One device's messages go one way: the topic without its last level.
    const auto device = message.topic.substr(0, message.topic.rfind('/'));
    lanes_[std::hash<std::string>{}(device) % lanes_.size()]->push(std::move(message));
  }

  void connection_lost(const std::string& cause) override {
    spdlog::warn("mqtt: connection to {} lost{}{}", options_.broker, cause.empty() ? "" : ": ", cause);
    {
      std::lock_guard lock(mutex_);
      subscribed_ = false;
    }
    wake_.notify_all();
  }

  // --- the connector's thread ---
  void keep_connected() {
    auto pause = kFirstPause;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      if (subscribed_) {
        wake_.wait(lock, [&] { return stopping_ || !subscribed_; });
        pause = kFirstPause;
        continue;
      }
      lock.unlock();
      const bool done = connect_once();
      lock.lock();
      subscribed_ = done;
      wake_.notify_all();
      if (done) continue;
      wake_.wait_for(lock, pause, [&] { return stopping_; });
      pause = std::min(pause * 2, kLongestPause);
    }
  }

  bool connect_once() {
    try {
      if (!mqtt_.is_connected()) {
        auto token = mqtt_.connect(connect_options());
        if (!token->wait_for(kPatience)) return false;
        net::send_small_packets_at_once();
      }
      // Subscriptions are not renewed by the library, and a broker may have lost them.
      for (const auto* filter : {"firstfix/v1/+/+/faults", "firstfix/v1/+/+/state"})
        if (!mqtt_.subscribe(filter, kQos)->wait_for(kPatience)) return false;
      spdlog::info("mqtt: connected to {}", options_.broker);
      return true;
    } catch (const mqtt::exception& e) {
      spdlog::warn("mqtt: {}: {}; trying again", options_.broker, e.what());
      return false;
    }
  }

  mqtt::connect_options connect_options() const {
    mqtt::connect_options out;
    out.set_mqtt_version(MQTTVERSION_5);
    out.set_clean_start(false);
    out.set_properties({{mqtt::property::SESSION_EXPIRY_INTERVAL, static_cast<int>(kSessionExpiry.count())}});
    out.set_keep_alive_interval(20);
    out.set_connect_timeout(5);
    if (!options_.user.empty()) {
      out.set_user_name(options_.user);
      out.set_password(options_.password);
    }
    if (options_.broker.rfind("ssl://", 0) == 0) {
      mqtt::ssl_options tls;
      if (!options_.ca_file.empty()) tls.set_trust_store(options_.ca_file);
      if (!options_.cert_file.empty()) tls.set_key_store(options_.cert_file);
      if (!options_.key_file.empty()) tls.set_private_key(options_.key_file);
      tls.set_verify(true);
      tls.set_enable_server_cert_auth(true);
      out.set_ssl(tls);
    }
    return out;
  }

  // --- the workers' threads ---
  void work(Lane& lane) {
    for (auto batch = lane.take(); !batch.empty(); batch = lane.take()) {
      for (const auto& message : batch) handle(message);
    }
  }

  void handle(const Message& message) {
    const auto topic = parse_topic(message.topic);
    if (!topic) return refuse(std::string(kNobody), message, topic.error().message);
    if (topic->channel == Channel::kState) return handle_state(*topic, message);
    const auto batch = parse_batch(message.payload, message.content_type);
    if (!batch) return refuse(topic->tenant, message, batch.error().message);
    const auto receipt = sink_.batch(topic->tenant, topic->device, *batch, message.received_at);
    const Topic answer{topic->tenant, topic->device, Channel::kReceipt};
    if (receipt) return publish(answer, *receipt);
    if (receipt.error().code != Code::kInvalid && receipt.error().code != Code::kTooLarge) {
      spdlog::error("mqtt: a batch of {}/{} could not be taken: {}", topic->tenant, topic->device,
                    receipt.error().message);
      return;  // no receipt: the device sends it again
    }
    refuse(topic->tenant, message, receipt.error().message);
    v1::Receipt refused;
    refused.set_epoch(batch->epoch());
    refused.set_reason(receipt.error().message);
    publish(answer, refused);
  }

  void handle_state(const Topic& topic, const Message& message) {
    if (message.payload.empty()) return;  // a retained state was taken away
    const auto state = parse_state(message.payload, message.content_type);
    if (!state) return refuse(topic.tenant, message, state.error().message);
    if (const auto done = sink_.state(topic.tenant, topic.device, *state); !done)
      spdlog::error("mqtt: the state of {}/{} could not be taken: {}", topic.tenant, topic.device,
                    done.error().message);
  }

  void refuse(const std::string& tenant, const Message& message, const std::string& reason) {
    spdlog::warn("mqtt: refused {} bytes on {}: {}", message.payload.size(), message.topic, reason);
    if (const auto done = sink_.reject(tenant, message.topic, reason, message.payload); !done)
      spdlog::error("mqtt: the reject log could not be written: {}", done.error().message);
  }

  const Options options_;
  Sink& sink_;
  const Clock& clock_;
  mqtt::async_client mqtt_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<std::thread> workers_;
  std::thread connector_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::atomic<bool> subscribed_{false};
};

MqttIngest::MqttIngest(Options options, Sink& sink, const Clock& clock)
    : client_(std::make_unique<Client>(std::move(options), sink, clock)) {}
MqttIngest::~MqttIngest() = default;
void MqttIngest::start() {
  client_->start();
}
void MqttIngest::stop() {
  client_->stop();
}
bool MqttIngest::connected() const {
  return client_->is_connected();
}
bool MqttIngest::wait_connected(Duration patience) {
  return client_->wait_connected(patience);
}
void MqttIngest::send_command(const std::string& tenant, const std::string& device, const v1::DeviceCommand& command) {
  client_->publish({tenant, device, Channel::kCommand}, command);
}

}  // namespace firstfix::ingest
