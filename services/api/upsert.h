// Writing master data: one way for every resource type.
#pragma once

#include <algorithm>
#include <string_view>

#include "api/edge.h"

namespace firstfix::api {

// "collection/id", the id 1 to 64 characters of [a-z0-9._-].
Status check_name(std::string_view collection, std::string_view name);

// Creates or replaces a resource (AIP-134 with allow_missing). A given etag has to fit what is stored; `check` looks at
// the new resource with the old one (null if there is none) and may put it right.
template <class M>
Result<M> upsert(desk::Command& command, std::string_view collection, const M& wanted,
                 const std::function<Status(M& resource, const M* old)>& check = {}) {
  FIRSTFIX_CHECK(check_name(collection, wanted.name()));
  FIRSTFIX_TRY(old, command.uow.find<M>(wanted.name()));
  if (!wanted.etag().empty() && (!old || old->etag() != wanted.etag()))
    return fail(Code::kConflict, wanted.name() + " has changed since etag " + wanted.etag() + ": read it again");
  M resource = wanted;
  if (check) FIRSTFIX_CHECK(check(resource, old ? &*old : nullptr));
  FIRSTFIX_CHECK(command.uow.put(std::move(resource)));
  return command.uow.get<M>(wanted.name());
}

// The resource that a field refers to has to be there; an empty reference passes.
template <class M>
Status refers(const desk::View& view, std::string_view field, const std::string& name) {
  if (name.empty()) return {};
  FIRSTFIX_TRY(found, view.find<M>(name));
  if (found) return {};
  return fail(Code::kInvalid, std::string(field) + " names '" + name + "', which is not there: write that first");
}

}  // namespace firstfix::api
