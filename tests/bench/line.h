// The devices' side of the broker: one MQTT 5 connection that speaks for all of them, at QoS 1.
#pragma once

#include <mqtt/async_client.h>

#include <functional>
#include <string>

#include "net/no_delay.h"

namespace firstfix::bench {

struct Account {
  std::string broker, user, password;
};

class Line : public virtual mqtt::callback {
 public:
  using Hear = std::function<void(const std::string& topic, const std::string& payload)>;

  // Connects and subscribes; throws mqtt::exception if that fails. `hear` is called on the library's thread.
  Line(const Account& account, const std::string& client_id, const std::string& filter, Hear hear)
      : hear_(std::move(hear)), client_(account.broker, client_id, mqtt::create_options(MQTTVERSION_5, kMostUnsent)) {
    client_.set_callback(*this);
    mqtt::connect_options options;
    options.set_mqtt_version(MQTTVERSION_5);
    options.set_clean_start(true);
    options.set_user_name(account.user);
    options.set_password(account.password);
    options.set_properties({{mqtt::property::RECEIVE_MAXIMUM, kMostUnsent}});
    client_.connect(options)->wait();
    net::send_small_packets_at_once();
    client_.subscribe(filter, 1)->wait();
  }
  ~Line() override { client_.disconnect()->wait(); }

  void publish(const std::string& topic, std::string payload) {
    client_.publish(mqtt::make_message(topic, std::move(payload), 1, false));
  }

 private:
  static constexpr int kMostUnsent = 20'000;
  void message_arrived(mqtt::const_message_ptr in) override { hear_(in->get_topic(), in->to_string()); }

  const Hear hear_;
  mqtt::async_client client_;
};

}  // namespace firstfix::bench
