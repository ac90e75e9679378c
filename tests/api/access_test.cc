// Nothing is open by oversight: every method states who may call it, every field who may see it.
#include "api/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "firstfix/v1/case.pb.h"
#include "firstfix/v1/engineer_service.pb.h"
#include "support/filled.h"

namespace firstfix::api {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;

constexpr v1::Role kRoles[] = {v1::ROLE_DEVICE, v1::ROLE_ENGINEER, v1::ROLE_DISPATCHER,
                               v1::ROLE_LEAD,   v1::ROLE_CUSTOMER, v1::ROLE_ADMIN};

// The schema's files as they lie in the source, so that a new one cannot be forgotten.
std::vector<const FileDescriptor*> schema() {
  std::vector<const FileDescriptor*> files;
  for (const auto& entry : std::filesystem::directory_iterator(FIRSTFIX_SOURCE "/proto/firstfix/v1")) {
    const auto name = "firstfix/v1/" + entry.path().filename().string();
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    EXPECT_NE(file, nullptr) << name << " is not linked: does api/access.cc know it?";
    if (file != nullptr) files.push_back(file);
  }
  return files;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

v1::Audience audience_of(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::seen_by);
}

TEST(Access, KnowsEveryServiceOfTheSchema) {
  std::set<std::string> known, written;
  for (const auto* service : all_services()) known.insert(service->full_name());
  for (const auto* file : schema())
    for (int i = 0; i < file->service_count(); ++i) written.insert(file->service(i)->full_name());
  EXPECT_EQ(known, written);
}

TEST(Access, EveryMethodStatesWhoMayCallIt) {
  for (const auto* service : all_services())
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      const auto& roles = method.options().GetExtension(v1::permission).roles();
      EXPECT_FALSE(roles.empty()) << method.full_name();
      for (const auto role : roles) EXPECT_NE(role, v1::ROLE_UNSPECIFIED) << method.full_name();
    }
}

TEST(Access, AMethodIsKnownByItsRequest) {
  std::set<const Descriptor*> requests;
  for (const auto* service : all_services())
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      EXPECT_TRUE(requests.insert(method.input_type()).second) << method.full_name() << " shares its request type";
      EXPECT_EQ(method_of(method.input_type()), &method);
    }
  EXPECT_EQ(method_of(v1::Case::descriptor()), nullptr);
}

TEST(Access, WhoIsNotNamedMayNotCall) {
  for (const auto* service : all_services())
    for (int i = 0; i < service->method_count(); ++i)
      EXPECT_FALSE(may_call(*service->method(i), v1::ROLE_UNSPECIFIED)) << service->method(i)->full_name();
}

TEST(Access, EveryFieldOfAResourceSaysWhoSeesIt) {
  for (const auto* file : schema()) {
    // What devices say is shown to no client as it is; a service's requests and responses are envelopes.
    if (file->name() == "firstfix/v1/device.proto" || file->name() == "firstfix/v1/options.proto") continue;
    for (int i = 0; i < file->message_type_count(); ++i) {
      const auto& type = *file->message_type(i);
      bool stated = false;
      for (int f = 0; f < type.field_count(); ++f)
        stated = stated || type.field(f)->options().HasExtension(v1::seen_by);
      if (ends_with(file->name(), "_service.proto") && !stated) continue;
      for (int f = 0; f < type.field_count(); ++f)
        EXPECT_NE(audience_of(*type.field(f)), v1::AUDIENCE_UNSPECIFIED) << type.field(f)->full_name();
    }
  }
}

// Every field that is set, at every depth.
void each_set(const Message& message, const std::function<void(const FieldDescriptor&)>& visit) {
  std::vector<const FieldDescriptor*> set;
  message.GetReflection()->ListFields(message, &set);
  for (const auto* field : set) {
    visit(*field);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) continue;
    if (field->is_repeated())
      for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i)
        each_set(message.GetReflection()->GetRepeatedMessage(message, field, i), visit);
    else
      each_set(message.GetReflection()->GetMessage(message, field), visit);
  }
}

TEST(Visibility, NoResponseShowsAnybodyWhatTheyMayNotSee) {
  for (const auto* service : all_services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* type = service->method(i)->output_type();
      for (const auto role : kRoles) {
        const std::unique_ptr<Message> response(
            google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
        testing::fill(*response);
        keep_visible(*response, role);
        each_set(*response, [&](const FieldDescriptor& field) {
          const bool staff = role != v1::ROLE_CUSTOMER && role != v1::ROLE_DEVICE;
          const bool lead = role == v1::ROLE_LEAD || role == v1::ROLE_ADMIN;
          const auto audience = audience_of(field);
          EXPECT_TRUE(audience != v1::AUDIENCE_STAFF || staff)
              << role_name(role) << " sees " << field.full_name() << " in " << type->name();
          EXPECT_TRUE(audience != v1::AUDIENCE_LEAD || lead)
              << role_name(role) << " sees " << field.full_name() << " in " << type->name();
        });
      }
    }
  }
}

TEST(Visibility, ACustomerSeesWhatHappensButNotTheOffice) {
  v1::Case record;
  testing::fill(record);
  keep_visible(record, v1::ROLE_CUSTOMER);
  EXPECT_EQ(record.summary(), "summary");
  EXPECT_EQ(record.next_action(), "next_action");
  EXPECT_TRUE(record.has_proving());
  EXPECT_EQ(record.owner(), "");
  EXPECT_EQ(record.diagnosis(), "");
  EXPECT_EQ(record.proving().epoch(), 0u) << "also within what is seen";
}

TEST(Visibility, AnEngineerSeesTheWholeOffer) {
  v1::StreamWorkResponse work;
  testing::fill(work);
  auto before = work;
  keep_visible(work, v1::ROLE_LEAD);
  EXPECT_EQ(work.SerializeAsString(), before.SerializeAsString());
}

}  // namespace
}  // namespace firstfix::api
