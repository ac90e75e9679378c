#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>

#include <fstream>
#include <sstream>

#include "services.h"

namespace firstfix::api {
namespace {

constexpr int kMaxMessageBytes = 4 * 1024 * 1024;
constexpr int kKeepaliveMs = 60'000, kLeastPingGapMs = 20'000;
constexpr int kMaxThreads = 64;

Result<std::string> read_pem(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) return fail(Code::kInvalid, "cannot read " + path);
  if (text.str().find("-----BEGIN ") == std::string::npos) return fail(Code::kInvalid, path + " is not in PEM form");
  return text.str();
}

Result<std::shared_ptr<grpc::ServerCredentials>> credentials(const ListenOptions& options) {
  if (options.cert_file.empty()) return grpc::InsecureServerCredentials();
  FIRSTFIX_TRY(cert, read_pem(options.cert_file));
  FIRSTFIX_TRY(key, read_pem(options.key_file));
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs.push_back({key, cert});
  if (!options.client_ca_file.empty()) {
    FIRSTFIX_TRY(ca, read_pem(options.client_ca_file));
    tls.pem_root_certs = ca;
    tls.client_certificate_request = options.client_certificate_required
                                         ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                         : GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  return grpc::SslServerCredentials(tls);
}

}  // namespace

struct Server::Services {
  Services(desk::Desk& desk, const Tokens& tokens, Operations given)
      : edge(desk, tokens), feed(desk), operations(std::move(given)) {
    all.push_back(make_case_service(edge, feed));
    all.push_back(make_dispatch_service(edge));
    all.push_back(make_appointment_service(edge));
    all.push_back(make_planning_service(edge));
    all.push_back(make_engineer_service(edge, feed));
    all.push_back(make_fleet_service(edge));
    all.push_back(make_knowledge_service(edge));
    all.push_back(make_workforce_service(edge));
    all.push_back(make_inventory_service(edge));
    all.push_back(make_admin_service(edge, operations));
  }

  Edge edge;
  Feed feed;
  Operations operations;
  std::vector<std::unique_ptr<grpc::Service>> all;
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

Server::Server(desk::Desk& desk, const Tokens& tokens, Operations operations)
    : services_(std::make_unique<Services>(desk, tokens, std::move(operations))) {}
Server::~Server() = default;

Status Server::start(const ListenOptions& options) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  FIRSTFIX_TRY(secured, credentials(options));
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.address, secured, &services_->port);
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kLeastPingGapMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetResourceQuota(grpc::ResourceQuota("firstfixd").SetMaxThreads(kMaxThreads));
  for (const auto& service : services_->all) builder.RegisterService(service.get());
  services_->server = builder.BuildAndStart();
  if (!services_->server || services_->port == 0)
    return fail(Code::kUnavailable,
                "cannot listen on " + options.address + ": is it taken, or are certificate and key not a pair?");
  set_serving(false);
  return {};
}

int Server::port() const {
  return services_->port;
}

void Server::set_serving(bool serving) {
  if (auto* health = services_->server->GetHealthCheckService()) health->SetServingStatus(serving);
}

void Server::stop(Duration grace) {
  if (!services_->server) return;
  set_serving(false);
  services_->feed.end_all();
  services_->server->Shutdown(std::chrono::system_clock::now() + grace);
  services_->server->Wait();
}

}  // namespace firstfix::api
