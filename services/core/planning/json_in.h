// A cursor into parsed JSON that knows its path, so that every complaint names the field.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "planning/json_text.h"
#include "planning/problem.h"

namespace firstfix::planning {

inline constexpr std::int64_t kMostId = 1'000'000'000'000'000;

using Json = nlohmann::json;

// Lives on the stack beside its parent; copies nothing until there is something to complain about.
class In {
 public:
  explicit In(const Json& root) : value_(&root) {}

  In item(std::size_t i) const { return {&(*value_)[i], this, nullptr, i}; }
  // The member, or one whose present() is false.
  In member(const char* key) const;
  bool present() const { return value_ != nullptr; }
  const Json& json() const { return *value_; }
  std::size_t size() const { return value_->size(); }

  std::string path() const;
  tl::unexpected<Error> bad(const std::string& why, Code code = Code::kInvalid) const {
    return fail(code, (path().empty() ? "the document" : path()) + ": " + why);
  }

  Status object() const;
  Status array(std::size_t least, std::size_t most) const;
  Result<std::int64_t> integer(std::int64_t least, std::int64_t most) const;
  Result<double> number(double least, double most) const;
  Result<bool> boolean() const;
  Result<std::string> text() const;

  // A whole time or duration; what is absent is `otherwise`.
  Result<Seconds> seconds() const;
  Result<Seconds> seconds_or(Seconds otherwise) const;
  Result<std::vector<int>> quantities() const;  // of parts; what is absent is empty

  // Adds the paths of members beyond `known` to `odd`, a few at most.
  void note_unknown(std::initializer_list<std::string_view> known, std::vector<std::string>& odd) const;

 private:
  In(const Json* value, const In* parent, const char* key, std::size_t index)
      : value_(value), parent_(parent), key_(key), index_(index) {}

  const Json* value_;
  const In* parent_ = nullptr;
  const char* key_ = nullptr;
  std::size_t index_ = 0;
};

// [from, to] with from ≤ to.
Result<Span> read_span(const In& in);

// The days of an engineer of whom all but `shift`, `shifts` and `min_rest` is known; the first will stand at `entry` of
// Problem::engineers. Where `shifts` are given, the overtime's `until` is how long after each.
Result<std::vector<Engineer>> read_days(const In& in, Engineer all, int entry);

}  // namespace firstfix::planning
