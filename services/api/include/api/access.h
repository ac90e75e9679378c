// What the schema says of access: who may call a method, who may see a field. One place for each.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "api/principal.h"

namespace firstfix::api {

// The method that takes requests of this type: every method has a request type of its own. Null if there is none.
const google::protobuf::MethodDescriptor* method_of(const google::protobuf::Descriptor* request);

// May the role call the method? A method without a stated permission may be called by nobody.
bool may_call(const google::protobuf::MethodDescriptor& method, v1::Role role);

// Takes away, at every depth, the fields that the role may not see. A field of a resource without a stated audience is
// seen by nobody. (A resource is a message with an audience on any field; others are envelopes.)
void keep_visible(google::protobuf::Message& message, v1::Role role);

// The services of firstfix.v1.
std::vector<const google::protobuf::ServiceDescriptor*> all_services();

}  // namespace firstfix::api
