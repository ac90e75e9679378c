#include "api/edge.h"

#include <grpc/grpc_security_constants.h>

namespace firstfix::api {
namespace {

constexpr std::string_view kBearer = "Bearer ";

Result<Principal> principal_from_certificate(const grpc::ServerContextBase& context) {
  const auto peer = context.auth_context();
  if (peer && peer->IsPeerAuthenticated())
    for (const auto& name : peer->FindPropertyValues(GRPC_X509_SAN_PROPERTY_NAME)) {
      const std::string_view uri(name.data(), name.size());
      if (uri.substr(0, kPrincipalScheme.size()) == kPrincipalScheme) return principal_from_uri(uri);
    }
  return fail(Code::kUnauthenticated,
              "send a token: metadata «authorization: Bearer …» (or use a client certificate that names a principal)");
}

}  // namespace

grpc::Status to_grpc(const Error& error) {
  switch (error.code) {
    case Code::kInvalid:
      return {grpc::StatusCode::INVALID_ARGUMENT, error.message};
    case Code::kNotFound:
      return {grpc::StatusCode::NOT_FOUND, error.message};
    case Code::kExists:
      return {grpc::StatusCode::ALREADY_EXISTS, error.message};
    case Code::kState:
      return {grpc::StatusCode::FAILED_PRECONDITION, error.message};
    case Code::kConflict:
      return {grpc::StatusCode::ABORTED, error.message};
    case Code::kDenied:
      return {grpc::StatusCode::PERMISSION_DENIED, error.message};
    case Code::kUnauthenticated:
      return {grpc::StatusCode::UNAUTHENTICATED, error.message};
    case Code::kTooLarge:
      return {grpc::StatusCode::RESOURCE_EXHAUSTED, error.message};
    case Code::kUnavailable:
      return {grpc::StatusCode::UNAVAILABLE, error.message};
    case Code::kExpired:
      return {grpc::StatusCode::OUT_OF_RANGE, error.message};
    case Code::kCorrupt:
      return {grpc::StatusCode::DATA_LOSS, error.message};
    case Code::kInternal:
      return {grpc::StatusCode::INTERNAL, error.message};
  }
  return {grpc::StatusCode::INTERNAL, error.message};
}

Result<Principal> Edge::admit(const grpc::ServerContextBase& context,
                              const google::protobuf::Descriptor* request) const {
  const auto& metadata = context.client_metadata();
  const auto header = metadata.find("authorization");
  const auto by_token = [&]() -> Result<Principal> {
    const std::string_view value(header->second.data(), header->second.size());
    if (value.substr(0, kBearer.size()) != kBearer)
      return fail(Code::kUnauthenticated, "the authorization is not of the form «Bearer …»");
    return tokens_.verify(value.substr(kBearer.size()), desk_.clock().now());
  };
  FIRSTFIX_TRY(principal, header == metadata.end() ? principal_from_certificate(context) : by_token());
  const auto* method = method_of(request);
  if (method == nullptr || !may_call(*method, principal.role))
    return fail(Code::kDenied, "the role " + role_name(principal.role) + " may not call " +
                                   (method == nullptr ? request->full_name() : method->full_name()));
  return std::move(principal);
}

Status may_see(const Principal& principal, const desk::View& view, const v1::Case& record) {
  if (principal.role != v1::ROLE_CUSTOMER) return {};
  FIRSTFIX_TRY(contact, view.find<v1::Contact>(principal.subject));
  if (contact && !contact->customer().empty() && contact->customer() == record.customer()) return {};
  return fail(Code::kNotFound, "there is no Case named '" + record.name() + "'");
}

Status may_see_visit(const Principal& principal, const desk::View& view, const std::string& name) {
  FIRSTFIX_TRY(visit, view.get<v1::Visit>(name));
  FIRSTFIX_TRY(record, view.get<v1::Case>(visit.case_name()));
  if (may_see(principal, view, record)) return {};
  return fail(Code::kNotFound, "there is no Visit named '" + name + "'");
}

}  // namespace firstfix::api
