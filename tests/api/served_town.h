// The town behind its services, on a port of this machine, and callers of every kind.
#pragma once

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include "api/services.h"
#include "town/town.h"

namespace firstfix::api {

using testing::from_text;
using testing::kTenant;

struct Caller {
  v1::Role role = v1::ROLE_UNSPECIFIED;
  std::string subject;
  std::string tenant = kTenant;
};

inline const Caller kAdmin{v1::ROLE_ADMIN, "admin"}, kDispatcher{v1::ROLE_DISPATCHER, "dispatch/ann"},
    kLead{v1::ROLE_LEAD, "lead/kim"}, kLi{v1::ROLE_ENGINEER, "engineers/li"},
    kCustomer{v1::ROLE_CUSTOMER, "contacts/ann"};

class ServedTown : public ::testing::Test {
 protected:
  void SetUp() override { serve({.address = "127.0.0.1:0"}); }
  void TearDown() override {
    if (server) server->stop(Duration{0});
  }

  void serve(const ListenOptions& options) {
    Operations operations;
    operations.version = "test";
    operations.advance_clock = [](Duration) -> Result<std::size_t> { return 0; };
    operations.followers = [](const std::string&) { return std::map<std::string, std::uint64_t>{}; };
    server = std::make_unique<Server>(*town.desk, tokens, std::move(operations));
    const auto started = server->start(options);
    ASSERT_TRUE(started) << started.error().message;
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(server->port()); }
  std::shared_ptr<grpc::Channel> plain() const {
    return grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
  }
  std::string token(const Caller& caller) const {
    return tokens.sign({caller.tenant, caller.role, caller.subject}, town.clock.now() + std::chrono::hours{1});
  }

  // Sends one request to any method and ends with its status and its (first) response. Without a role no token is sent.
  grpc::Status call(const google::protobuf::MethodDescriptor& method, const Caller& caller,
                    const google::protobuf::Message& request, google::protobuf::Message* response = nullptr) {
    return call_with(caller.role == v1::ROLE_UNSPECIFIED ? "" : token(caller), method, request, response);
  }
  grpc::Status call_with(const std::string& bearer, const google::protobuf::MethodDescriptor& method,
                         const google::protobuf::Message& request, google::protobuf::Message* response = nullptr) {
    if (!channel) channel = plain();
    grpc::ClientContext context;
    if (!bearer.empty()) context.AddMetadata("authorization", "Bearer " + bearer);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds{20});
    grpc::GenericStub stub(channel);
    grpc::CompletionQueue queue;
    const auto wait = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    grpc::ByteBuffer sent, received;
    bool own = false;
    EXPECT_TRUE(
        (grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(request, &sent, &own).ok()));
    auto call = stub.PrepareCall(&context, "/" + method.service()->full_name() + "/" + method.name(), &queue);
    call->StartCall(nullptr);
    wait();
    call->WriteLast(sent, {}, nullptr);
    wait();
    call->Read(&received, nullptr);
    const bool answered = wait();
    if (answered && response != nullptr) {
      EXPECT_TRUE(
          (grpc::GenericDeserialize<grpc::ProtoBufferReader, google::protobuf::Message>(&received, response).ok()));
    }
    if (answered && method.server_streaming()) context.TryCancel();  // it would go on for ever
    grpc::Status status;
    call->Finish(&status, nullptr);
    wait();
    return status;
  }
  // "CaseService.GetCase" with a request in text form.
  template <class Request, class Response>
  grpc::Status ask(const Caller& caller, const std::string& request, Response& response) {
    return call(*method_of(Request::descriptor()), caller, from_text<Request>(request), &response);
  }
  template <class Request>
  grpc::StatusCode code_of(const Caller& caller, const std::string& request) {
    return call(*method_of(Request::descriptor()), caller, from_text<Request>(request)).error_code();
  }

  testing::Town town;
  Tokens tokens = Tokens::with_key(std::string(32, 'k')).value();
  std::unique_ptr<Server> server;
  std::shared_ptr<grpc::Channel> channel;
};

}  // namespace firstfix::api
