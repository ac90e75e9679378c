#include "planning/json_text.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

namespace firstfix::planning {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestPath = 200, kLongestWord = 40;

// Follows a text that is no JSON to where that shows.
class Fault final : public nlohmann::json_sax<Json> {
 public:
  explicit Fault(std::string_view document) : document_(document) {}

  std::string text() const {
    const auto path = path_here();
    const auto [from, word] = word_here();
    return (path.empty() ? "the document" : path) + (is_number(word) ? ": must be a finite number" : ": is not JSON") +
           " ('" + std::string(word.substr(0, kLongestWord)) + "' at byte " + std::to_string(from) + ")";
  }

  bool null() override { return next(); }
  bool boolean(bool) override { return next(); }
  bool number_integer(number_integer_t) override { return next(); }
  bool number_unsigned(number_unsigned_t) override { return next(); }
  bool number_float(number_float_t, const string_t&) override { return next(); }
  bool string(string_t&) override { return next(); }
  bool binary(binary_t&) override { return next(); }
  bool start_object(std::size_t) override { return begin({}); }
  bool start_array(std::size_t) override { return begin({{}, 0, true}); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  bool key(string_t& name) override {
    within_.back().key = name;
    return true;
  }
  bool parse_error(std::size_t byte, const std::string&, const nlohmann::detail::exception&) override {
    byte_ = byte;
    return false;
  }

 private:
  struct Level {
    std::string key;  // of an object, while its value is read
    std::size_t index = 0;
    bool list = false;
  };

  bool begin(Level level) {
    within_.push_back(std::move(level));
    return true;
  }
  bool end() {
    within_.pop_back();
    return next();
  }
  bool next() {
    if (within_.empty()) return true;
    within_.back().key.clear();
    ++within_.back().index;
    return true;
  }

  std::string path_here() const {
    std::string out;
    for (const auto& level : within_) {
      if (level.list)
        out += "[" + std::to_string(level.index) + "]";
      else if (!level.key.empty())
        out += (out.empty() ? "" : ".") + level.key;
      if (out.size() > kLongestPath) return out.substr(0, kLongestPath) + "…";
    }
    return out;
  }

  // The number or word that goes on at the fault, else its one character; and where it begins.
  std::pair<std::size_t, std::string_view> word_here() const {
    const auto in_word = [&](std::size_t at) {
      return at < document_.size() && (std::isalnum(static_cast<unsigned char>(document_[at])) != 0 ||
                                       std::string_view("+-.").find(document_[at]) != std::string_view::npos);
    };
    if (document_.empty()) return {0, {}};
    auto from = std::min(std::max<std::size_t>(byte_, 1), document_.size()) - 1;
    auto to = from + 1;
    while (in_word(from) && in_word(from - 1)) --from;
    while (in_word(to - 1) && in_word(to)) ++to;
    return {from, document_.substr(from, to - from)};
  }

  // NaN, Infinity, and what is too large for one.
  static bool is_number(std::string_view word) {
    const auto first = word.find_first_not_of('-');
    return first != std::string_view::npos &&
           std::string_view("0123456789NI").find(word[first]) != std::string_view::npos;
  }

  const std::string_view document_;
  std::vector<Level> within_;
  std::size_t byte_ = 0;
};

}  // namespace

Result<Json> parse_json(std::string_view text) {
  auto parsed = Json::parse(text, nullptr, false);
  if (!parsed.is_discarded()) return parsed;
  Fault fault(text);
  Json::sax_parse(text, &fault);
  return fail(Code::kInvalid, fault.text());
}

}  // namespace firstfix::planning
