// Names ↔ small numbers, so that what is learnt is arrays and not maps of strings. Numbers are never taken back.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace firstfix::learning {

using Id = int;
inline constexpr Id kUnknown = -1;

class Names {
 public:
  // The number of the name; a new one if it has none yet.
  Id number(std::string_view name);
  // The number of the name, or kUnknown.
  Id find(std::string_view name) const;
  const std::string& name(Id id) const { return names_[static_cast<std::size_t>(id)]; }
  int size() const { return static_cast<int>(names_.size()); }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, Id, Hash, std::equal_to<>> numbers_;
  std::vector<std::string> names_;
};

}  // namespace firstfix::learning
