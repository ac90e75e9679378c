// The process: opens everything in order, and closes it in the opposite one.
#pragma once

#include <memory>

#include "firstfixd/config.h"

namespace firstfix::firstfixd {

class Daemon {
 public:
  // Opens the store, starts followers, gRPC and MQTT; health says SERVING when all of it is there.
  static Result<std::unique_ptr<Daemon>> start(const Config& config);
  // Health NOT_SERVING → MQTT in → streams and calls → followers → store. Under ten seconds.
  ~Daemon();

  int grpc_port() const;

 private:
  struct Parts;
  explicit Daemon(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace firstfix::firstfixd
