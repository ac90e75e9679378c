#include "agent/capture.h"

#include <charconv>

namespace firstfix::agent {
namespace {

using MaybeFrame = Result<std::optional<CanFrame>>;

bool is_space(char c) {
  return c == ' ' || c == '\t';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && (is_space(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// Takes the next word off `rest`; empty at the end.
std::string_view next_word(std::string_view& rest) {
  std::size_t from = 0;
  while (from < rest.size() && is_space(rest[from])) ++from;
  std::size_t to = from;
  while (to < rest.size() && !is_space(rest[to])) ++to;
  const std::string_view word = rest.substr(from, to - from);
  rest.remove_prefix(to);
  return word;
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool parse_byte(std::string_view text, std::uint8_t& out) {
  if (text.size() != 2) return false;
  const int high = hex_digit(text[0]), low = hex_digit(text[1]);
  if (high < 0 || low < 0) return false;
  out = static_cast<std::uint8_t>(high << 4 | low);
  return true;
}

// "123.4567" in units of `micros_per_unit` microseconds (a power of ten). Read digit by digit: a double would not keep
// the microseconds of a time since 1970 exactly as they stand in the file.
std::optional<Instant> parse_time(std::string_view text, std::int64_t micros_per_unit) {
  constexpr std::size_t kMaxWholeDigits = 12;
  std::size_t at = 0;
  std::int64_t micros = 0;
  for (; at < text.size() && at <= kMaxWholeDigits && is_digit(text[at]); ++at) micros = micros * 10 + (text[at] - '0');
  if (at == 0 || at > kMaxWholeDigits) return std::nullopt;
  micros *= micros_per_unit;
  if (at < text.size() && text[at] == '.') {
    for (++at; at < text.size() && is_digit(text[at]); ++at) {
      micros_per_unit /= 10;
      micros += (text[at] - '0') * micros_per_unit;
    }
  }
  if (at != text.size()) return std::nullopt;
  return Instant{micros};
}

// can-utils and PCAN write 11-bit identifiers with three or four digits and 29-bit ones with eight.
bool parse_id(std::string_view text, CanFrame& frame) {
  if (text.size() != 3 && text.size() != 4 && text.size() != 8) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), frame.id, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  frame.extended = text.size() == 8;
  return frame.extended || frame.id < 1u << 11;
}

tl::unexpected<Error> bad(std::string what) {
  return fail(Code::kInvalid, std::move(what));
}

// "#FFFE…": the data of the log form, after the identifier.
MaybeFrame log_data(CanFrame frame, std::string_view text) {
  if (text.starts_with('#')) return std::nullopt;  // CAN FD writes "##", and J1939-21 knows only classical frames
  if (text.starts_with('R') || text.starts_with('r')) return std::nullopt;  // a remote request carries no data
  if (text.size() % 2 != 0) return bad("half a byte of data");
  if (text.size() / 2 > frame.data.size()) return bad("more than 8 bytes of data");
  for (std::size_t i = 0; i < text.size(); i += 2)
    if (!parse_byte(text.substr(i, 2), frame.data[i / 2])) return bad("data that is not hexadecimal");
  frame.size = static_cast<std::uint8_t>(text.size() / 2);
  return frame;
}

// "[8] 0F 00 …" or "8 0F 00 …": a count and as many bytes.
MaybeFrame counted_data(CanFrame frame, std::string_view count_text, std::string_view rest) {
  unsigned count = 0;
  const auto [end, error] = std::from_chars(count_text.data(), count_text.data() + count_text.size(), count);
  constexpr unsigned kMaxFdBytes = 64;
  if (error != std::errc{} || end != count_text.data() + count_text.size() || count > kMaxFdBytes)
    return bad("no count of bytes where one belongs");
  unsigned bytes = 0;
  for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
    if (word == "remote") return std::nullopt;            // candump: "[8]  remote request"
    if (word.starts_with('\'') && bytes == count) break;  // candump -a: the same bytes as text
    std::uint8_t value = 0;
    if (!parse_byte(word, value)) return bad("data that is not hexadecimal");
    if (bytes < frame.data.size()) frame.data[bytes] = value;
    ++bytes;
  }
  if (bytes != count) return bad("says " + std::to_string(count) + " bytes and has " + std::to_string(bytes));
  if (count > frame.data.size()) return std::nullopt;  // CAN FD
  frame.size = static_cast<std::uint8_t>(count);
  return frame;
}

MaybeFrame candump_line(std::string_view line) {
  const std::size_t close = line.find(')');
  if (close == std::string_view::npos) return bad("a time without its closing bracket");
  CanFrame frame;
  const auto time = parse_time(trimmed(line.substr(1, close - 1)), 1'000'000);
  if (!time) return bad("a time that is not a number of seconds");
  frame.at = *time;
  std::string_view rest = line.substr(close + 1);
  frame.channel = std::string(next_word(rest));
  std::string_view id = next_word(rest);
  if (id == "RX" || id == "TX") {  // candump -x: direction and two flags stand before the identifier
    next_word(rest);
    next_word(rest);
    id = next_word(rest);
  }
  if (id.empty()) return bad("no identifier");
  if (const std::size_t hash = id.find('#'); hash != std::string_view::npos) {
    if (!parse_id(id.substr(0, hash), frame)) return bad("an identifier that is neither 3 nor 8 hexadecimal digits");
    const std::string_view direction = next_word(rest);
    if ((!direction.empty() && direction != "R" && direction != "T") || !trimmed(rest).empty())
      return bad("text after the data");
    return log_data(std::move(frame), id.substr(hash + 1));
  }
  if (!parse_id(id, frame)) return bad("an identifier that is neither 3 nor 8 hexadecimal digits");
  const std::string_view count = next_word(rest);
  if (count.size() < 3 || count.front() != '[' || count.back() != ']') return bad("no count of bytes in brackets");
  return counted_data(std::move(frame), count.substr(1, count.size() - 2), rest);
}

MaybeFrame trace_line(std::string_view line) {
  next_word(line);  // the message's number
  const std::string_view time_text = next_word(line), type = next_word(line);
  if (type.size() != 2 || is_digit(type[0])) return bad("neither candump nor a PCAN trace of version 2.0");
  if (type != "DT") return std::nullopt;
  CanFrame frame;
  frame.channel = "trc";
  const auto time = parse_time(time_text, 1'000);
  if (!time) return bad("a time that is not a number of milliseconds");
  frame.at = *time;
  if (!parse_id(next_word(line), frame)) return bad("an identifier that is neither 4 nor 8 hexadecimal digits");
  const std::string_view direction = next_word(line);
  if (direction != "Rx" && direction != "Tx") return bad("neither Rx nor Tx");
  const std::string_view count = next_word(line);
  return counted_data(std::move(frame), count, line);
}

}  // namespace

MaybeFrame parse_capture_line(std::string_view line) {
  if (line.size() > kMaxCaptureLine) return bad("longer than " + std::to_string(kMaxCaptureLine) + " bytes");
  line = trimmed(line);
  if (line.empty()) return std::nullopt;
  if (line.front() == ';') {
    constexpr std::string_view kVersion = ";$FILEVERSION=";
    if (line.starts_with(kVersion) && line.substr(kVersion.size()) != "2.0")
      return fail(Code::kState, "a PCAN trace of version " + std::string(line.substr(kVersion.size(), 8)) +
                                    "; only 2.0 is read (PCAN-View can save as 2.0)");
    return std::nullopt;
  }
  if (line.front() == '(') return candump_line(line);
  if (is_digit(line.front())) return trace_line(line);
  return bad("neither candump nor a PCAN trace of version 2.0");
}

}  // namespace firstfix::agent
