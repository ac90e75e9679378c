#include "store/keys.h"

namespace firstfix::store {
namespace {

void append_escaped(std::string& out, std::string_view part) {
  for (const char c : part) {
    out += c;
    if (c == '\0') out += '\xFF';
  }
}

}  // namespace

std::string key(std::initializer_list<std::string_view> parts, std::initializer_list<std::string_view> more) {
  std::string out;
  for (const auto* list : {&parts, &more}) {
    for (const auto part : *list) {
      append_escaped(out, part);
      out.append("\0\x01", 2);
    }
  }
  return out;
}

std::string key_prefix(std::initializer_list<std::string_view> parts, std::string_view partial) {
  auto out = key(parts);
  append_escaped(out, partial);
  return out;
}

Result<std::vector<std::string>> decode_key(std::string_view key) {
  std::vector<std::string> parts;
  std::string part;
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (key[i] != '\0') {
      part += key[i];
      continue;
    }
    if (++i == key.size()) break;
    if (key[i] == '\xFF') {
      part += '\0';
    } else if (key[i] == '\x01') {
      parts.push_back(std::move(part));
      part.clear();
      if (i + 1 == key.size()) return parts;
    } else {
      break;
    }
  }
  if (key.empty()) return parts;
  return fail(Code::kCorrupt, "a key of " + std::to_string(key.size()) + " bytes does not decode");
}

std::string prefix_end(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xFF') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

std::string big_endian(std::uint64_t number) {
  std::string out(8, '\0');
  for (int i = 7; i >= 0; --i, number >>= 8) out[static_cast<std::size_t>(i)] = static_cast<char>(number & 0xFF);
  return out;
}

std::uint64_t from_big_endian(std::string_view eight_bytes) {
  std::uint64_t number = 0;
  for (const char c : eight_bytes.substr(0, 8)) number = (number << 8) | static_cast<unsigned char>(c);
  return number;
}

}  // namespace firstfix::store
