// Where every call comes in: authenticate → authorise → the desk → hide what the caller may not see → reply.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <optional>
#include <string>

#include "api/access.h"
#include "api/paging.h"
#include "api/principal.h"
#include "desk/desk.h"

namespace firstfix::api {

// The one map from our errors to gRPC's codes.
grpc::Status to_grpc(const Error& error);

class Edge {
 public:
  Edge(desk::Desk& desk, const Tokens& tokens) : desk_(desk), tokens_(tokens) {}

  desk::Desk& desk() const { return desk_; }

  // Who calls, if they may call the method of this request type.
  Result<Principal> admit(const grpc::ServerContextBase& context, const google::protobuf::Descriptor* request) const;

  // A call that only reads: `run(principal, view)` on one snapshot.
  template <class Request, class Response>
  grpc::Status read(const grpc::ServerContext* context, const Request* request, Response* response,
                    const std::function<Result<Response>(const Principal&, const desk::View&)>& run) const {
    const auto principal = admit(*context, Request::descriptor());
    if (!principal) return to_grpc(principal.error());
    if (const auto good = check_page_token(*request, principal->tenant); !good) return to_grpc(good.error());
    const auto snapshot = desk_.snapshot();
    auto result = run(*principal, desk::View(*snapshot, principal->tenant));
    if (result) seal_page_token(*request, principal->tenant, *result);
    return reply(*principal, std::move(result), response);
  }

  // A call that asks what would be: `run(principal, command)` on one snapshot, and nothing of it is kept.
  template <class Request, class Response>
  grpc::Status what_if(const grpc::ServerContext* context, const Request*, Response* response,
                       const std::function<Result<Response>(const Principal&, desk::Command&)>& run) const {
    const auto principal = admit(*context, Request::descriptor());
    if (!principal) return to_grpc(principal.error());
    const desk::Caller caller{principal->tenant, principal->subject, {}, {}};
    return reply(*principal,
                 desk_.what_if<Response>(caller, [&](desk::Command& command) { return run(*principal, command); }),
                 response);
  }

  // A call that writes: `run(principal, command)` within one transaction, once for each request_id.
  template <class Request, class Response>
  grpc::Status write(const grpc::ServerContext* context, const Request* request, Response* response,
                     const std::function<Result<Response>(const Principal&, desk::Command&)>& run) const {
    const auto principal = admit(*context, Request::descriptor());
    if (!principal) return to_grpc(principal.error());
    const desk::Caller caller{principal->tenant, principal->subject, method_of(Request::descriptor())->full_name(),
                              request->request_id()};
    return reply(
        *principal,
        desk_.command<Response>(caller, *request, [&](desk::Command& command) { return run(*principal, command); }),
        response);
  }

 private:
  template <class Response>
  static grpc::Status reply(const Principal& principal, Result<Response> result, Response* response) {
    if (!result) return to_grpc(result.error());
    *response = std::move(*result);
    keep_visible(*response, principal.role);
    return grpc::Status::OK;
  }

  desk::Desk& desk_;
  const Tokens& tokens_;
};

// May the principal see the case? A customer sees the own ones only.
Status may_see(const Principal& principal, const desk::View& view, const v1::Case& record);
// May the principal see the visit, and all that was done on it?
Status may_see_visit(const Principal& principal, const desk::View& view, const std::string& visit);

// A page of records of one type. `wanted` may leave records out; at most 10,000 are looked at for one page.
template <class M>
Status list_page(const desk::View& view, std::string_view prefix, int page_size, const std::string& page_token,
                 const std::function<bool(const M&)>& wanted, const std::function<void(M&&)>& add,
                 std::string* next_page_token);

template <class M>
Status list_page(const desk::View& view, std::string_view prefix, int page_size, const std::string& page_token,
                 const std::function<bool(const M&)>& wanted, const std::function<void(M&&)>& add,
                 std::string* next_page_token) {
  FIRSTFIX_TRY(size, checked_page_size(page_size));
  FIRSTFIX_TRY(after, name_from_page_token(page_token));
  int found = 0, looked = 0;
  std::string last;
  bool more = false;
  FIRSTFIX_CHECK(view.each<M>(prefix, after, [&](M& message) {
    more = found == size || looked == 10'000;
    if (more) return false;
    ++looked;
    last = message.name();
    if (!wanted(message)) return true;
    ++found;
    add(std::move(message));
    return true;
  }));
  *next_page_token = more ? page_token_of(last) : "";
  return {};
}

}  // namespace firstfix::api
