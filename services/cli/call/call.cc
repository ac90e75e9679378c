// `firstfix call`: any method of the API from the command line, in JSON.
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "api/access.h"
#include "cli/commands.h"

namespace firstfix::cli {
namespace {

using google::protobuf::Message;

constexpr int kDescribedDepth = 3;  // of messages within messages

struct Options {
  std::string method, json = "{}", server = "127.0.0.1:7443", token_file, ca_file;
  int timeout_s = 30;
  bool list = false, describe = false;
};

const google::protobuf::MethodDescriptor* find_method(const std::string& name) {
  for (const auto* service : api::all_services())
    for (int i = 0; i < service->method_count(); ++i)
      if (service->method(i)->full_name() == name || service->name() + "." + service->method(i)->name() == name)
        return service->method(i);
  return nullptr;
}

std::unique_ptr<Message> make(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

std::string read(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void list_methods() {
  for (const auto* service : api::all_services())
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* method = service->method(i);
      std::cout << service->name() << "." << method->name() << "\n";
    }
}

// One line a field, nested messages indented below theirs.
void describe_fields(const google::protobuf::Descriptor& type, int depth) {
  using google::protobuf::FieldDescriptor;
  for (int i = 0; i < type.field_count(); ++i) {
    const auto* field = type.field(i);
    const bool message = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    std::string what = message ? field->message_type()->name() : field->type_name();
    if (field->is_map()) {
      what = "map";
    } else if (field->enum_type() != nullptr) {
      what.clear();
      for (int v = 1; v < field->enum_type()->value_count(); ++v)
        what += (v > 1 ? " | " : "") + field->enum_type()->value(v)->name();
    }
    std::cout << std::string(static_cast<std::size_t>(2 + 2 * depth), ' ') << field->name()
              << (field->is_repeated() && !field->is_map() ? " []" : "") << "  " << what;
    if (const auto* one_of = field->real_containing_oneof()) std::cout << "  (one of " << one_of->name() << ")";
    std::cout << "\n";
    const bool ours = message && !field->is_map() && field->message_type()->file()->package() == "firstfix.v1";
    if (ours && depth < kDescribedDepth) describe_fields(*field->message_type(), depth + 1);
  }
}

void describe(const google::protobuf::MethodDescriptor& method) {
  std::cout << method.service()->name() << "." << method.name() << "\n  may be called by:";
  for (const auto role : method.options().GetExtension(v1::permission).roles())
    std::cout << " " << api::role_name(static_cast<v1::Role>(role));
  std::cout << "\n\nrequest: " << method.input_type()->name() << (method.client_streaming() ? ", a stream" : "")
            << "\n";
  describe_fields(*method.input_type(), 0);
  std::cout << "\nanswer: " << method.output_type()->name() << (method.server_streaming() ? ", a stream" : "") << "\n";
  describe_fields(*method.output_type(), 0);
}

grpc::Status run(const Options& options, const google::protobuf::MethodDescriptor& method) {
  const auto request = make(method.input_type());
  if (const auto parsed = google::protobuf::util::JsonStringToMessage(options.json, request.get()); !parsed.ok())
    return {grpc::StatusCode::INVALID_ARGUMENT,
            "the request is not the JSON of a " + method.input_type()->name() + ": " + std::string(parsed.message())};
  grpc::SslCredentialsOptions tls;
  if (!options.ca_file.empty()) tls.pem_root_certs = read(options.ca_file);
  const auto channel = grpc::CreateChannel(
      options.server, options.ca_file.empty() ? grpc::InsecureChannelCredentials() : grpc::SslCredentials(tls));
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  const char* from_environment = std::getenv("FIRSTFIX_TOKEN");
  auto token = !options.token_file.empty()   ? read(options.token_file)
               : from_environment != nullptr ? std::string(from_environment)
                                             : std::string();
  while (!token.empty() && std::isspace(static_cast<unsigned char>(token.back()))) token.pop_back();
  context.AddMetadata("authorization", "Bearer " + token);
  if (!method.server_streaming())
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(options.timeout_s));

  grpc::CompletionQueue queue;
  const auto wait = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  bool own = false;
  grpc::ByteBuffer sent, received;
  grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(*request, &sent, &own);
  auto call = stub.PrepareCall(&context, "/" + method.service()->full_name() + "/" + method.name(), &queue);
  call->StartCall(nullptr);
  wait();
  call->Write(sent, nullptr);
  wait();
  call->WritesDone(nullptr);
  wait();
  google::protobuf::util::JsonPrintOptions print;
  print.add_whitespace = !method.server_streaming();
  print.preserve_proto_field_names = true;
  for (call->Read(&received, nullptr); wait(); call->Read(&received, nullptr)) {
    const auto response = make(method.output_type());
    std::string json;
    if (!grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&received, response.get()).ok() ||
        !google::protobuf::util::MessageToJsonString(*response, &json, print).ok())
      return {grpc::StatusCode::INTERNAL, "the response does not parse"};
    std::cout << json << std::endl;
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  wait();
  return status;
}

int call(const Options& options) {
  if (options.list || options.method.empty()) return list_methods(), 0;
  const auto* method = find_method(options.method);
  if (method != nullptr && options.describe) return describe(*method), 0;
  if (method == nullptr || method->client_streaming()) {
    std::cerr << "firstfix call: there is no method '" << options.method
              << "' that can be called with one request; `firstfix call --list` shows all\n";
    return 2;
  }
  const auto status = run(options, *method);
  if (status.ok()) return 0;
  std::cerr << "firstfix call: " << method->name() << ": " << status.error_message() << " (code " << status.error_code()
            << ")\n";
  return 1;
}

}  // namespace

void add_call(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("call", "call a method of the API, in JSON");
  command->footer(
      "Example: FIRSTFIX_TOKEN=$(firstfix token …) firstfix call CaseService.ListCases '{\"open_only\": "
      "true}'\nWhat a method takes and who may call it: firstfix call EngineerService.RequestDeviation "
      "--describe\nStreams print one JSON object a line until they end.");
  command->add_option("method", options->method, "Service.Method");
  command->add_option("request", options->json, "the request as JSON")->capture_default_str();
  command->add_option("--server", options->server, "host:port")->capture_default_str();
  command->add_option("--token-file", options->token_file, "file with the token; else the variable FIRSTFIX_TOKEN");
  command->add_option("--ca-file", options->ca_file, "speak TLS and trust this authority");
  command->add_option("--timeout", options->timeout_s, "seconds, for calls that are not streams")
      ->capture_default_str();
  command->add_flag("--list", options->list, "list all methods");
  command->add_flag("--describe", options->describe, "say what the method takes and answers, and who may call it");
  command->callback([options, &exit_code] { exit_code = call(*options); });
}

}  // namespace firstfix::cli
