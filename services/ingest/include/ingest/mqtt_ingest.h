// MQTT 5 in: takes what devices publish, hands it to a Sink in order per device, and gives receipts after the commit.
//
// The client library calls back on one thread and acknowledges when the callback returns, so the callback only puts
// the message into a bounded queue; a fixed number of workers, each with its share of the devices, take it from
// there. A full queue holds the callback back, and by it the broker. What a crash loses from the queue the device
// still has: it keeps a record until its receipt.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "firstfix/v1/device.pb.h"

namespace firstfix::ingest {

// Where messages go. Called on the workers' threads, several at a time, but for one device in order.
class Sink {
 public:
  virtual ~Sink() = default;
  // Durable when it returns. kInvalid and kTooLarge: the batch can never be taken. Other errors: later perhaps.
  virtual Result<v1::Receipt> batch(const std::string& tenant, const std::string& device, const v1::FaultBatch& batch,
                                    Instant received_at) = 0;
  virtual Status state(const std::string& tenant, const std::string& device, const v1::DeviceState& state) = 0;
  virtual Status reject(const std::string& tenant, std::string_view topic, std::string_view reason,
                        std::string_view payload) = 0;
};

struct Options {
  std::string broker = "tcp://127.0.0.1:1883";  // tcp:// or ssl://
  std::string client_id = "firstfixd";
  std::string user, password;
  std::string ca_file, cert_file, key_file;  // for ssl://; cert and key for mutual TLS
  std::size_t workers = 8;
  std::size_t queue_limit = 4096;  // messages in memory, over all workers
};

class MqttIngest {
 public:
  // `clock` says when a message was received. Both outlive the ingest.
  MqttIngest(Options options, Sink& sink, const Clock& clock);
  ~MqttIngest();
  MqttIngest(const MqttIngest&) = delete;
  MqttIngest& operator=(const MqttIngest&) = delete;

  // Connects in the background and keeps trying, with growing pauses; subscribes anew after every connect.
  void start();
  // Stops taking messages, lets the workers finish what they have begun, disconnects. Idempotent.
  void stop();
  bool connected() const;
  // Waits for the first connection; false if it did not come in time.
  bool wait_connected(Duration patience);

  // Sends a command to a device; lost if the device is away, which its next message puts right.
  void send_command(const std::string& tenant, const std::string& device, const v1::DeviceCommand& command);

 private:
  class Client;
  std::unique_ptr<Client> client_;
};

}  // namespace firstfix::ingest
