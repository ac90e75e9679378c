#include "api/paging.h"

#include <algorithm>
#include <memory>

namespace firstfix::api {
namespace {

constexpr int kDefaultPage = 100, kLargestPage = 1000;
constexpr std::size_t kMaxPageTokenBytes = 1024;

// What a page token belongs to: the tenant and the request, whose other fields must stay as they were (AIP-158).
// FNV-1a, 64 bits: enough to notice a mistake; a token is not a secret and opens nothing.
std::string seal_of(const google::protobuf::Message& request, const std::string& tenant, std::string_view token) {
  const std::unique_ptr<google::protobuf::Message> same(request.New());
  same->CopyFrom(request);
  for (const auto* name : {"page_token", "page_size"})
    if (const auto* field = same->GetDescriptor()->FindFieldByName(name))
      same->GetReflection()->ClearField(same.get(), field);
  const auto arguments = same->SerializeAsString();
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const std::string_view part : {std::string_view(tenant), std::string_view(request.GetDescriptor()->full_name()),
                                      std::string_view(arguments), token}) {
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    hash = (hash ^ 0xFF) * 0x100000001b3ULL;
  }
  std::string seal;
  for (int shift = 60; shift >= 0; shift -= 4) seal += "0123456789abcdef"[(hash >> shift) & 15];
  return seal;
}

tl::unexpected<Error> foreign_page_token() {
  return fail(Code::kInvalid, "page_token is not one of this list with these arguments: begin without it");
}

const google::protobuf::FieldDescriptor* page_field(const google::protobuf::Message& message, const char* name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

}  // namespace

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
  const auto digits = token.substr(0, token.find('.'));  // the seal was looked at when the call came in
  if (digits.size() % 2 != 0 || digits.size() > kMaxPageTokenBytes) return foreign_page_token();
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = digit(digits[i]), low = digit(digits[i + 1]);
    if (high < 0 || low < 0) return foreign_page_token();
    name += static_cast<char>(high << 4 | low);
  }
  return name;
}

Status check_page_token(const google::protobuf::Message& request, const std::string& tenant) {
  const auto* field = page_field(request, "page_token");
  const auto token = field == nullptr ? "" : request.GetReflection()->GetString(request, field);
  if (token.empty()) return {};
  const auto dot = token.find('.');
  const bool says_something = dot != std::string::npos && dot > 0;  // an empty one is never given out
  if (!says_something || token.substr(dot + 1) != seal_of(request, tenant, token.substr(0, dot)))
    return foreign_page_token();
  return {};
}

void seal_page_token(const google::protobuf::Message& request, const std::string& tenant,
                     google::protobuf::Message& response) {
  const auto* field = page_field(response, "next_page_token");
  const auto token = field == nullptr ? "" : response.GetReflection()->GetString(response, field);
  if (!token.empty())
    response.GetReflection()->SetString(&response, field, token + "." + seal_of(request, tenant, token));
}

Result<int> checked_page_size(int page_size) {
  if (page_size < 0) return fail(Code::kInvalid, "page_size is negative");
  return page_size == 0 ? kDefaultPage : std::min(page_size, kLargestPage);
}

}  // namespace firstfix::api
