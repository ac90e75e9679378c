#include "diagnosis/families.h"

namespace firstfix::diagnosis {
namespace {

constexpr std::string_view kJ1939 = "j1939-", kObd = "obd-";  // the second before a code in small letters
constexpr std::size_t kObdLetters = 5;

bool is_obd(std::string_view code, std::string_view systems, std::string_view digits) {
  return code.size() == kObdLetters && systems.find(code[0]) != std::string_view::npos &&
         code.find_first_not_of(digits, 1) == std::string_view::npos;
}

std::string by_standard(std::string_view code) {
  if (code.starts_with(kJ1939)) {
    const auto mode = code.rfind('-');
    return mode >= kJ1939.size() ? std::string(code.substr(0, mode)) : std::string();
  }
  const bool obd = code.starts_with(kObd) ? is_obd(code.substr(kObd.size()), "pbcu", "0123456789abcdef")
                                          : is_obd(code, "PBCU", "0123456789ABCDEF");
  return obd ? std::string(code.substr(0, code.size() - 1)) : std::string();
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
