// From the spool to FirstFix over MQTT 5: publishes what is not acknowledged, takes receipts and commands.
//
// One thread does all the work; the client library's callbacks only put what came into a queue.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "agent_io/spool.h"
#include "base/ids.h"
#include "base/time.h"

namespace firstfix::agent {

struct UplinkOptions {
  std::string broker = "tcp://127.0.0.1:1883";  // tcp:// or ssl://
  std::string tenant, device;
  std::string user, password;
  std::string ca_file, cert_file, key_file;
};

class Uplink {
 public:
  // `snapshot` is called when FirstFix asks for all active faults. All given outlives the uplink.
  Uplink(UplinkOptions options, Spool& spool, const Clock& clock, Entropy& entropy, std::function<void()> snapshot);
  ~Uplink();

  void start();
  void stop();  // says goodbye if connected; what is not delivered stays in the spool
  void poke();  // something was written to the spool
  // Waits until everything in the spool has its receipt, or stop(); false if stopped.
  bool wait_delivered();

 private:
  class Client;
  std::unique_ptr<Client> client_;
};

}  // namespace firstfix::agent
