#include "learning/names.h"

namespace firstfix::learning {

Id Names::number(std::string_view name) {
  if (const auto found = numbers_.find(name); found != numbers_.end()) return found->second;
  const auto id = static_cast<Id>(names_.size());
  names_.emplace_back(name);
  numbers_.emplace(names_.back(), id);
  return id;
}

Id Names::find(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? kUnknown : found->second;
}

}  // namespace firstfix::learning
