#include "upsert.h"

namespace firstfix::api {

Status check_name(std::string_view collection, std::string_view name) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  };
  const auto id = name.size() > collection.size() + 1 ? name.substr(collection.size() + 1) : std::string_view{};
  const bool prefixed = name.substr(0, collection.size()) == collection && name.size() > collection.size() &&
                        name[collection.size()] == '/';
  if (prefixed && !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), good)) return {};
  return fail(Code::kInvalid, "name '" + std::string(name.substr(0, 100)) + "' is not " + std::string(collection) +
                                  "/{id} with an id of 1 to 64 characters of [a-z0-9._-]");
}

}  // namespace firstfix::api
