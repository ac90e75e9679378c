// Reading and listing records over gRPC: one way for every resource type.
#pragma once

#include <grpcpp/server_context.h>

#include "upsert.h"

namespace firstfix::api {

template <class M, class Request>
grpc::Status get_one(const Edge& edge, const grpc::ServerContext* context, const Request* request, M* response) {
  return edge.read<Request, M>(context, request, response,
                               [&](const Principal&, const desk::View& view) { return view.get<M>(request->name()); });
}

// `add` is the response's adder of one record; `wanted` may leave records out.
template <class M, class Request, class Response>
grpc::Status list_all(
    const Edge& edge, const grpc::ServerContext* context, const Request* request, Response* response,
    M* (Response::*add)(), std::string_view prefix = {},
    const std::function<bool(const M&)>& wanted = [](const M&) { return true; }) {
  return edge.read<Request, Response>(
      context, request, response, [&](const Principal&, const desk::View& view) -> Result<Response> {
        Response page;
        FIRSTFIX_CHECK(list_page<M>(
            view, prefix, request->page_size(), request->page_token(), wanted,
            [&](M&& one) { *(page.*add)() = std::move(one); }, page.mutable_next_page_token()));
        return page;
      });
}

template <class M>
using Check = std::function<Status(desk::Command&, M& resource, const M* old)>;

template <class M, class Request>
grpc::Status update_one(const Edge& edge, const grpc::ServerContext* context, const Request* request, M* response,
                        const M& wanted, std::string_view collection, const Check<M>& check = {}) {
  return edge.write<Request, M>(context, request, response, [&](const Principal&, desk::Command& command) {
    return upsert<M>(command, collection, wanted,
                     [&](M& resource, const M* old) { return check ? check(command, resource, old) : Status{}; });
  });
}

}  // namespace firstfix::api
