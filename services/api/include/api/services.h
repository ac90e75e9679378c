// The gRPC services. Unary calls are synchronous, because they touch the disk; the streams of changes are callback
// reactors, which hold no thread while nothing happens.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>

#include "api/edge.h"
#include "api/feed.h"
#include "base/time.h"

namespace firstfix::api {

// What AdminService needs of the process.
struct Operations {
  std::string version;
  // Moves a manual clock and lets all that fell due happen; kState with the system's clock.
  std::function<Result<std::size_t>(Duration by)> advance_clock;
  bool manual_clock = false;
  std::function<std::map<std::string, std::uint64_t>(const std::string& tenant)> followers;
};

// All services on one listener.
struct ListenOptions {
  std::string address = "127.0.0.1:7443";
  std::string cert_file, key_file;  // TLS if given
  // Mutual TLS if given: a client's certificate must be of this authority, and names the principal unless a token does.
  std::string client_ca_file;
  bool client_certificate_required = true;  // else a client without one needs a token
};

class Server {
 public:
  // Everything given outlives the server.
  Server(desk::Desk& desk, const Tokens& tokens, Operations operations);
  ~Server();

  // kUnavailable with the reason if the address cannot be had. Health says NOT_SERVING until set_serving(true).
  Status start(const ListenOptions& options);
  int port() const;
  void set_serving(bool serving);
  // Ends the streams, lets calls finish for at most `grace`, then cuts them off.
  void stop(Duration grace);

 private:
  struct Services;
  std::unique_ptr<Services> services_;
};

}  // namespace firstfix::api
