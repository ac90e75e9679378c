// What every caller meets first: health, reflection, who may call what.
#include <gmock/gmock.h>
#include <google/protobuf/dynamic_message.h>

#include "firstfix/v1/case_service.pb.h"
#include "served_town.h"

namespace firstfix::api {
namespace {

using google::protobuf::Message;
using ::testing::HasSubstr;

using ServingTest = ServedTown;

// Calls a method that is not of our schema, by the wire form of its request. The response's bytes.
std::string raw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method, const std::string& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds{20});
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  void* tag = nullptr;
  bool ok = false;
  const grpc::Slice slice(request);
  const grpc::ByteBuffer sent(&slice, 1);
  grpc::ByteBuffer received;
  auto call = stub.PrepareCall(&context, method, &queue);
  call->StartCall(nullptr);
  queue.Next(&tag, &ok);
  call->WriteLast(sent, {}, nullptr);
  queue.Next(&tag, &ok);
  call->Read(&received, nullptr);
  queue.Next(&tag, &ok);
  std::string bytes;
  std::vector<grpc::Slice> slices;
  if (ok && received.Dump(&slices).ok())
    for (const auto& one : slices) bytes.append(reinterpret_cast<const char*>(one.begin()), one.size());
  grpc::Status status;
  call->Finish(&status, nullptr);
  queue.Next(&tag, &ok);
  return bytes;
}

TEST_F(ServingTest, HealthSaysServingOnlyWhenItIs) {
  const auto health = [&] { return raw(plain(), "/grpc.health.v1.Health/Check", ""); };
  EXPECT_EQ(health(), "\x08\x02") << "NOT_SERVING before everything is there";
  server->set_serving(true);
  EXPECT_EQ(health(), "\x08\x01") << "SERVING";
  server->set_serving(false);
  EXPECT_EQ(health(), "\x08\x02");
}

TEST_F(ServingTest, ReflectionListsEveryService) {
  // A ServerReflectionRequest with list_services (field 7) set.
  const auto listed =
      raw(plain(), "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", std::string("\x3A\x01*", 3));
  for (const auto* service : all_services()) EXPECT_THAT(listed, HasSubstr(service->full_name()));
}

TEST_F(ServingTest, NobodyCallsWithoutAToken) {
  for (const auto* service : all_services())
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      const std::unique_ptr<Message> request(
          google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type())->New());
      EXPECT_EQ(call(method, {}, *request).error_code(), grpc::StatusCode::UNAUTHENTICATED) << method.full_name();
    }
}

TEST_F(ServingTest, EveryRoleCallsWhatTheSchemaLetsItAndNothingElse) {
  for (const auto* service : all_services())
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      const std::unique_ptr<Message> request(
          google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.input_type())->New());
      for (const auto role : {v1::ROLE_DEVICE, v1::ROLE_ENGINEER, v1::ROLE_DISPATCHER, v1::ROLE_LEAD, v1::ROLE_CUSTOMER,
                              v1::ROLE_ADMIN}) {
        const auto status = call(method, {role, "engineers/li"}, *request);
        EXPECT_NE(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << method.full_name();
        EXPECT_NE(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED) << method.full_name();
        if (!may_call(method, role)) {
          EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED)
              << role_name(role) << " " << method.full_name();
          EXPECT_THAT(status.error_message(), HasSubstr(role_name(role)));
        } else {
          EXPECT_THAT(status.error_message(), Not(HasSubstr("may not call")))
              << role_name(role) << " " << method.full_name();
        }
      }
    }
}

TEST_F(ServingTest, AnExpiredTokenIsRefusedByTheServicesOwnClock) {
  const auto& method = *method_of(v1::ListCasesRequest::descriptor());
  const auto early = token(kAdmin);
  EXPECT_TRUE(call_with(early, method, v1::ListCasesRequest{}).ok());
  town.clock.advance(std::chrono::hours{2});
  const auto status = call_with(early, method, v1::ListCasesRequest{});
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(status.error_message(), HasSubstr("expired"));
}

TEST_F(ServingTest, AMessageOverTheLimitIsRefused) {
  v1::CreateCaseRequest huge;
  huge.set_summary(std::string(5 << 20, 'x'));
  EXPECT_EQ(call(*method_of(v1::CreateCaseRequest::descriptor()), kDispatcher, huge).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ServingTest, AnAddressThatIsTakenIsSaid) {
  Server second(*town.desk, tokens, {});
  const auto started = second.start({.address = address()});
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Code::kUnavailable);
  EXPECT_THAT(started.error().message, HasSubstr(address()));
}

TEST(StatusMap, HasOneGrpcCodeForEachOfOurs) {
  const std::map<Code, grpc::StatusCode> kMap = {{Code::kInvalid, grpc::StatusCode::INVALID_ARGUMENT},
                                                 {Code::kNotFound, grpc::StatusCode::NOT_FOUND},
                                                 {Code::kExists, grpc::StatusCode::ALREADY_EXISTS},
                                                 {Code::kState, grpc::StatusCode::FAILED_PRECONDITION},
                                                 {Code::kConflict, grpc::StatusCode::ABORTED},
                                                 {Code::kDenied, grpc::StatusCode::PERMISSION_DENIED},
                                                 {Code::kUnauthenticated, grpc::StatusCode::UNAUTHENTICATED},
                                                 {Code::kTooLarge, grpc::StatusCode::RESOURCE_EXHAUSTED},
                                                 {Code::kUnavailable, grpc::StatusCode::UNAVAILABLE},
                                                 {Code::kExpired, grpc::StatusCode::OUT_OF_RANGE},
                                                 {Code::kCorrupt, grpc::StatusCode::DATA_LOSS},
                                                 {Code::kInternal, grpc::StatusCode::INTERNAL}};
  for (const auto& [ours, theirs] : kMap) {
    const auto status = to_grpc({ours, "why"});
    EXPECT_EQ(status.error_code(), theirs);
    EXPECT_EQ(status.error_message(), "why");
  }
}

}  // namespace
}  // namespace firstfix::api
