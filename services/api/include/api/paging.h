// Pages of a list (AIP-158): where the next one begins, as a token that fits no other list.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace firstfix::api {

// A page token is the name after which to go on, not to be read by clients. Its seal is not looked at here.
std::string page_token_of(std::string_view name);
Result<std::string> name_from_page_token(const std::string& token);
Result<int> checked_page_size(int page_size);

// A page token leaves sealed with its tenant and request, and is taken back only with the same: done for every call
// that reads, so that no list can forget it. Messages without such a field pass.
Status check_page_token(const google::protobuf::Message& request, const std::string& tenant);
void seal_page_token(const google::protobuf::Message& request, const std::string& tenant,
                     google::protobuf::Message& response);

}  // namespace firstfix::api
