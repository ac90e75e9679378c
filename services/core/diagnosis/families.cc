#include "diagnosis/families.h"

#include <algorithm>

namespace firstfix::diagnosis {
namespace {

constexpr std::string_view kJ1939 = "j1939-", kObdSystems = "PBCU";

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

std::string by_standard(std::string_view code) {
  if (code.starts_with(kJ1939)) {
    const auto mode = code.rfind('-');
    return mode >= kJ1939.size() ? std::string(code.substr(0, mode)) : std::string();
  }
  const bool obd = code.size() == 5 && kObdSystems.find(code[0]) != std::string_view::npos &&
                   std::all_of(code.begin() + 1, code.end(), is_hex);
  return obd ? std::string(code.substr(0, 4)) : std::string();
}

}  // namespace

void Families::add(Kind kind, std::string member, std::string family) {
  const bool begins = member.ends_with('*');
  if (begins) member.pop_back();
  (begins ? begun_ : named_)[kind][std::move(member)] = std::move(family);
}

std::string Families::of(Kind kind, std::string_view name) const {
  if (const auto named = named_.find(kind); named != named_.end())
    if (const auto known = named->second.find(name); known != named->second.end()) return known->second;
  if (const auto begun = begun_.find(kind); begun != begun_.end())
    for (auto length = name.size() + 1; length-- > 0;)
      if (const auto known = begun->second.find(name.substr(0, length)); known != begun->second.end())
        return known->second;
  return standards_ && kind == Kind::kCode ? by_standard(name) : std::string();
}

}  // namespace firstfix::diagnosis
