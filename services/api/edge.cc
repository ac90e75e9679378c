#include "api/edge.h"

namespace firstfix::api {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr int kDefaultPage = 100, kLargestPage = 1000;

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
  if (header == metadata.end()) return fail(Code::kUnauthenticated, "send a token: metadata «authorization: Bearer …»");
  const std::string_view value(header->second.data(), header->second.size());
  if (value.substr(0, kBearer.size()) != kBearer)
    return fail(Code::kUnauthenticated, "the authorization is not of the form «Bearer …»");
  FIRSTFIX_TRY(principal, tokens_.verify(value.substr(kBearer.size()), desk_.clock().now()));
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

std::string page_token_of(std::string_view name) {
  std::string token;
  for (const char c : name) {
    token += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    token += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return token;
}

Result<std::string> name_from_page_token(const std::string& token) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  std::string name;
  if (token.size() % 2 != 0 || token.size() > 1024) return fail(Code::kInvalid, "page_token is not one of ours");
  for (std::size_t i = 0; i < token.size(); i += 2) {
    const int high = digit(token[i]), low = digit(token[i + 1]);
    if (high < 0 || low < 0) return fail(Code::kInvalid, "page_token is not one of ours");
    name += static_cast<char>(high << 4 | low);
  }
  return name;
}

Result<int> checked_page_size(int page_size) {
  if (page_size < 0) return fail(Code::kInvalid, "page_size is negative");
  return page_size == 0 ? kDefaultPage : std::min(page_size, kLargestPage);
}

}  // namespace firstfix::api
