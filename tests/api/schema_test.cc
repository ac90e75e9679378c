// The schema keeps the habits that a client relies on (AIP-131 to 135, 155, 158); names and comments are buf's
// business.
#include <gtest/gtest.h>

#include "api/access.h"

namespace firstfix::api {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;

void each_method(const std::function<void(const MethodDescriptor&)>& visit) {
  for (const auto* service : all_services())
    for (int i = 0; i < service->method_count(); ++i) visit(*service->method(i));
}

bool begins(const MethodDescriptor& method, std::initializer_list<std::string_view> verbs) {
  for (const auto verb : verbs)
    if (method.name().compare(0, verb.size(), verb) == 0) return true;
  return false;
}

bool has(const Descriptor& type, const char* name, FieldDescriptor::Type kind) {
  const auto* field = type.FindFieldByName(name);
  return field != nullptr && field->type() == kind && !field->is_repeated();
}

TEST(Schema, AListComesInPages) {
  each_method([](const MethodDescriptor& method) {
    if (!begins(method, {"List"})) return;
    // Shown whole, each with a limit of its own: an engineer's open work, a visit's checklist, bookings to be looked
    // at.
    for (const auto* whole : {"ListWork", "ListSteps", "ListUnfitBookings"})
      if (method.name() == whole) return;
    EXPECT_TRUE(has(*method.input_type(), "page_size", FieldDescriptor::TYPE_INT32)) << method.full_name();
    EXPECT_TRUE(has(*method.input_type(), "page_token", FieldDescriptor::TYPE_STRING)) << method.full_name();
    EXPECT_TRUE(has(*method.output_type(), "next_page_token", FieldDescriptor::TYPE_STRING)) << method.full_name();
    EXPECT_TRUE(method.output_type()->field(0)->is_repeated()) << method.full_name();
  });
}

TEST(Schema, AGetNamesWhatItGets) {
  each_method([](const MethodDescriptor& method) {
    if (!begins(method, {"Get"}) || method.output_type()->FindFieldByName("name") == nullptr) return;  // a report
    EXPECT_TRUE(has(*method.input_type(), "name", FieldDescriptor::TYPE_STRING)) << method.full_name();
  });
}

TEST(Schema, AWriteCanBeSentAgain) {
  each_method([](const MethodDescriptor& method) {
    if (begins(method, {"Get", "List", "Watch", "Stream", "Download", "Search"})) return;
    // A blob is named by its content, and the manual clock is for tests.
    if (method.client_streaming() || method.name() == "AdvanceClock") return;
    EXPECT_TRUE(has(*method.input_type(), "request_id", FieldDescriptor::TYPE_STRING)) << method.full_name();
  });
}

TEST(Schema, AnUpdateWritesOneResourceWithAnEtag) {
  each_method([](const MethodDescriptor& method) {
    if (!begins(method, {"Update"})) return;
    const auto* resource = method.input_type()->field(0)->message_type();
    ASSERT_NE(resource, nullptr) << method.full_name();
    EXPECT_EQ(resource, method.output_type()) << method.full_name();
    EXPECT_TRUE(has(*resource, "name", FieldDescriptor::TYPE_STRING)) << method.full_name();
    EXPECT_TRUE(has(*resource, "etag", FieldDescriptor::TYPE_STRING)) << method.full_name();
  });
}

TEST(Schema, AStreamCanBeResumed) {
  each_method([](const MethodDescriptor& method) {
    if (!method.server_streaming() || begins(method, {"Download"})) return;
    EXPECT_TRUE(has(*method.input_type(), "cursor", FieldDescriptor::TYPE_STRING)) << method.full_name();
    EXPECT_TRUE(has(*method.output_type(), "cursor", FieldDescriptor::TYPE_STRING)) << method.full_name();
  });
}

}  // namespace
}  // namespace firstfix::api
