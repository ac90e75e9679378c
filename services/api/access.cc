#include "api/access.h"

#include <map>
#include <mutex>
#include <shared_mutex>

#include "firstfix/v1/admin_service.pb.h"
#include "firstfix/v1/appointment_service.pb.h"
#include "firstfix/v1/case_service.pb.h"
#include "firstfix/v1/dispatch_service.pb.h"
#include "firstfix/v1/engineer_service.pb.h"
#include "firstfix/v1/fleet_service.pb.h"
#include "firstfix/v1/inventory_service.pb.h"
#include "firstfix/v1/knowledge_service.pb.h"
#include "firstfix/v1/planning_service.pb.h"
#include "firstfix/v1/workforce_service.pb.h"

namespace firstfix::api {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

bool sees(v1::Role role, v1::Audience audience) {
  switch (audience) {
    case v1::AUDIENCE_ALL:
      return true;
    case v1::AUDIENCE_STAFF:
      return role == v1::ROLE_ENGINEER || role == v1::ROLE_DISPATCHER || role == v1::ROLE_LEAD ||
             role == v1::ROLE_ADMIN;
    case v1::AUDIENCE_LEAD:
      return role == v1::ROLE_LEAD || role == v1::ROLE_ADMIN;
    default:
      return false;
  }
}

bool is_resource(const Descriptor& type) {
  for (int i = 0; i < type.field_count(); ++i)
    if (type.field(i)->options().HasExtension(v1::seen_by)) return true;
  return false;
}

// What to do with the fields of one type, worked out once.
struct Plan {
  std::vector<const FieldDescriptor*> hidden[v1::Role_ARRAYSIZE];
  std::vector<const FieldDescriptor*> nested;
};

const Plan& plan_of(const Descriptor* type) {
  static std::shared_mutex mutex;
  static std::map<const Descriptor*, Plan> plans;
  {
    std::shared_lock lock(mutex);
    if (const auto found = plans.find(type); found != plans.end()) return found->second;
  }
  Plan plan;
  const bool resource = is_resource(*type) && type->file()->package() == "firstfix.v1";
  for (int i = 0; i < type->field_count(); ++i) {
    const auto* field = type->field(i);
    for (int role = 0; resource && role < v1::Role_ARRAYSIZE; ++role)
      if (!sees(static_cast<v1::Role>(role), field->options().GetExtension(v1::seen_by)))
        plan.hidden[role].push_back(field);
    const bool ours = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_map() &&
                      field->message_type()->file()->package() == "firstfix.v1";
    if (ours) plan.nested.push_back(field);
  }
  std::unique_lock lock(mutex);
  return plans.emplace(type, std::move(plan)).first->second;
}

}  // namespace

std::vector<const google::protobuf::ServiceDescriptor*> all_services() {
  const google::protobuf::FileDescriptor* files[] = {
      v1::GetStatusRequest::descriptor()->file(),      v1::GetCaseRequest::descriptor()->file(),
      v1::GetVisitRequest::descriptor()->file(),       v1::StreamWorkRequest::descriptor()->file(),
      v1::GetAssetRequest::descriptor()->file(),       v1::SetStockRequest::descriptor()->file(),
      v1::GetCauseRequest::descriptor()->file(),       v1::GetEngineerRequest::descriptor()->file(),
      v1::GetAppointmentRequest::descriptor()->file(), v1::GetPlanProposalRequest::descriptor()->file()};
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  for (const auto* file : files)
    for (int i = 0; i < file->service_count(); ++i) services.push_back(file->service(i));
  return services;
}

const MethodDescriptor* method_of(const Descriptor* request) {
  static const auto kMethods = [] {
    std::map<const Descriptor*, const MethodDescriptor*> methods;
    for (const auto* service : all_services())
      for (int i = 0; i < service->method_count(); ++i) methods[service->method(i)->input_type()] = service->method(i);
    return methods;
  }();
  const auto found = kMethods.find(request);
  return found == kMethods.end() ? nullptr : found->second;
}

bool may_call(const MethodDescriptor& method, v1::Role role) {
  for (const auto allowed : method.options().GetExtension(v1::permission).roles())
    if (allowed == role) return true;
  return false;
}

void keep_visible(Message& message, v1::Role role) {
  const auto& plan = plan_of(message.GetDescriptor());
  const auto* reflection = message.GetReflection();
  for (const auto* field : plan.hidden[role]) reflection->ClearField(&message, field);
  for (const auto* field : plan.nested) {
    if (field->is_repeated()) {
      for (int i = 0; i < reflection->FieldSize(message, field); ++i)
        keep_visible(*reflection->MutableRepeatedMessage(&message, field, i), role);
    } else if (reflection->HasField(message, field)) {
      keep_visible(*reflection->MutableMessage(&message, field), role);
    }
  }
}

}  // namespace firstfix::api
