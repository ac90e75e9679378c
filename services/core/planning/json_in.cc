#include "json_in.h"

#include <algorithm>
#include <cmath>

namespace firstfix::planning {
namespace {

constexpr std::size_t kMostNotes = 20;
constexpr std::int64_t kMostQuantity = 1'000'000;

std::string range(double least, double most) {
  char text[80];
  std::snprintf(text, sizeof text, "%.15g to %.15g", least, most);
  return text;
}

}  // namespace

In In::member(const char* key) const {
  const auto found = value_->find(key);
  return {found == value_->end() ? nullptr : &*found, this, key, 0};
}

std::string In::path() const {
  if (parent_ == nullptr) return {};
  auto before = parent_->path();
  if (key_ == nullptr) return before + "[" + std::to_string(index_) + "]";
  return before.empty() ? key_ : before + "." + key_;
}

Status In::object() const {
  if (!present()) return bad("is missing");
  if (!value_->is_object()) return bad("must be an object");
  return {};
}

Status In::array(std::size_t least, std::size_t most) const {
  if (!present()) return bad("is missing");
  if (!value_->is_array()) return bad("must be a list");
  if (size() > most)
    return bad("has " + std::to_string(size()) + " entries; at most " + std::to_string(most) + " are allowed",
               Code::kTooLarge);
  if (size() < least) return bad("needs at least " + std::to_string(least) + " entries");
  return {};
}

Result<double> In::number(double least, double most) const {
  if (!present()) return bad("is missing");
  if (!value_->is_number()) return bad("must be a number");
  const auto value = value_->get<double>();
  if (!std::isfinite(value) || value < least || value > most) return bad("must be from " + range(least, most));
  return value;
}

Result<std::int64_t> In::integer(std::int64_t least, std::int64_t most) const {
  FIRSTFIX_TRY(value, number(static_cast<double>(least), static_cast<double>(most)));
  if (value != std::floor(value)) return bad("must be a whole number");
  return value_->is_number_integer() ? value_->get<std::int64_t>() : static_cast<std::int64_t>(value);
}

Result<bool> In::boolean() const {
  if (!present()) return bad("is missing");
  if (!value_->is_boolean()) return bad("must be true or false");
  return value_->get<bool>();
}

Result<std::string> In::text() const {
  if (!present()) return bad("is missing");
  if (!value_->is_string()) return bad("must be a text");
  return value_->get<std::string>();
}

Result<Seconds> In::seconds() const {
  FIRSTFIX_TRY(value, integer(0, kLatestTime));
  return static_cast<Seconds>(value);
}

Result<Seconds> In::seconds_or(Seconds otherwise) const {
  if (!present()) return otherwise;
  return seconds();
}

Result<std::vector<int>> In::quantities() const {
  std::vector<int> out;
  if (!present()) return out;
  FIRSTFIX_CHECK(array(0, kMaxKinds));
  for (std::size_t i = 0; i < size(); ++i) {
    FIRSTFIX_TRY(quantity, item(i).integer(0, kMostQuantity));
    out.push_back(static_cast<int>(quantity));
  }
  return out;
}

void In::note_unknown(std::initializer_list<std::string_view> known, std::vector<std::string>& odd) const {
  for (auto it = value_->begin(); it != value_->end() && odd.size() < kMostNotes; ++it)
    if (std::find(known.begin(), known.end(), std::string_view(it.key())) == known.end())
      odd.push_back(path().empty() ? it.key() : path() + "." + it.key());
}

Result<Span> read_span(const In& in) {
  FIRSTFIX_CHECK(in.array(2, 2));
  FIRSTFIX_TRY(from, in.item(0).seconds());
  FIRSTFIX_TRY(to, in.item(1).seconds());
  if (from > to) return in.bad("ends before it begins");
  return Span{from, to};
}

}  // namespace firstfix::planning
