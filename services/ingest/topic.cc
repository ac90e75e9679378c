#include "ingest/topic.h"

#include <algorithm>
#include <array>

namespace firstfix::ingest {
namespace {

constexpr std::string_view kPrefix = "firstfix/v1/";
constexpr std::size_t kMaxIdBytes = 64;
constexpr std::array<std::string_view, 4> kChannels = {"faults", "receipt", "state", "command"};

bool good_id(std::string_view id) {
  return !id.empty() && id.size() <= kMaxIdBytes && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
}

std::string_view take_level(std::string_view& rest) {
  const auto slash = rest.find('/');
  const auto level = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
  return level;
}

}  // namespace

Result<Topic> parse_topic(std::string_view text) {
  if (text.substr(0, kPrefix.size()) != kPrefix)
    return fail(Code::kInvalid, "the topic does not begin with firstfix/v1/");
  auto rest = text.substr(kPrefix.size());
  const auto tenant = take_level(rest), device = take_level(rest);
  if (!good_id(tenant)) return fail(Code::kInvalid, "the topic's tenant is not 1 to 64 characters of [a-z0-9._-]");
  if (!good_id(device)) return fail(Code::kInvalid, "the topic's device is not 1 to 64 characters of [a-z0-9._-]");
  const auto channel = std::find(kChannels.begin(), kChannels.end(), rest);
  if (channel == kChannels.end())
    return fail(Code::kInvalid, "the topic ends in none of faults, receipt, state, command");
  return Topic{std::string(tenant), std::string(device), static_cast<Channel>(channel - kChannels.begin())};
}

std::string to_string(const Topic& topic) {
  std::string out(kPrefix);
  out.append(topic.tenant)
      .append("/")
      .append(topic.device)
      .append("/")
      .append(kChannels[static_cast<std::size_t>(topic.channel)]);
  return out;
}

}  // namespace firstfix::ingest
