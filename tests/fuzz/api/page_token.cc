// Any text in place of a page token: only one that was sealed for this very list is taken.
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include <cstdlib>

#include "api/paging.h"

namespace {

using google::protobuf::FieldDescriptorProto;

// The request and response of some list: one string field each.
std::unique_ptr<google::protobuf::Message> message_with(const std::string& field) {
  static google::protobuf::DescriptorPool pool;
  static google::protobuf::DynamicMessageFactory factory;
  const auto* type = pool.FindMessageTypeByName("With_" + field);
  if (type == nullptr) {
    google::protobuf::FileDescriptorProto file;
    file.set_name(field + ".proto");
    auto& made = *file.add_message_type();
    made.set_name("With_" + field);
    auto& one = *made.add_field();
    one.set_name(field);
    one.set_number(1);
    one.set_type(FieldDescriptorProto::TYPE_STRING);
    one.set_label(FieldDescriptorProto::LABEL_OPTIONAL);
    type = pool.BuildFile(file)->message_type(0);
  }
  return std::unique_ptr<google::protobuf::Message>(factory.GetPrototype(type)->New());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix;
  const std::string token(reinterpret_cast<const char*>(data), size);
  const auto request = message_with("page_token"), again = message_with("next_page_token");
  request->GetReflection()->SetString(request.get(), request->GetDescriptor()->field(0), token);
  const auto sealed = api::check_page_token(*request, "acme");
  const auto name = api::name_from_page_token(token);
  if (!sealed || !name || token.empty()) return 0;
  const auto* next = again->GetDescriptor()->field(0);
  again->GetReflection()->SetString(again.get(), next, api::page_token_of(*name));
  api::seal_page_token(*request, "acme", *again);
  if (again->GetReflection()->GetString(*again, next) != token) std::abort();
  return 0;
}
