#include "predict/csv.h"

#include <algorithm>

namespace firstfix::predict {
namespace {

// A line without its end; false at the end of the file.
bool read_line(std::istream& in, std::string& line) {
  if (!std::getline(in, line)) return false;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return true;
}

}  // namespace

Result<std::vector<std::string>> split_csv(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false, closed = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    auto& field = fields.back();
    if (quoted) {
      if (c != '"')
        field += c;
      else if (i + 1 < line.size() && line[i + 1] == '"')
        field += line[++i];
      else
        quoted = false, closed = true;
    } else if (c == ',') {
      fields.emplace_back();
      closed = false;
    } else if (c == '"' && field.empty() && !closed) {
      quoted = true;
    } else if (closed) {
      return fail(Code::kInvalid, "text after a closing quote");
    } else {
      field += c;
    }
  }
  if (quoted) return fail(Code::kInvalid, "a quote is not closed");
  return fields;
}

Result<CsvReader> CsvReader::open(std::istream& in, const std::vector<std::string>& required,
                                  const std::vector<std::string>& optional) {
  std::string line;
  if (!read_line(in, line)) return fail(Code::kInvalid, "is empty; a header line is expected");
  if (line.size() > kLongestLine) return fail(Code::kTooLarge, "the header is longer than 64 KiB");
  if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
  FIRSTFIX_TRY(header, split_csv(line));
  std::vector<int> places;
  std::size_t least = 0;
  const auto place = [&](const std::string& name) {
    const auto at = std::find(header.begin(), header.end(), name);
    return at == header.end() ? -1 : static_cast<int>(at - header.begin());
  };
  for (const auto& name : required) {
    places.push_back(place(name));
    if (places.back() < 0) return fail(Code::kInvalid, "has no column '" + name + "'");
    least = std::max(least, static_cast<std::size_t>(places.back()) + 1);
  }
  for (const auto& name : optional) places.push_back(place(name));
  return CsvReader(in, std::move(places), least);
}

bool CsvReader::next() {
  std::string line;
  do {
    if (!read_line(*in_, line)) return false;
    ++line_;
  } while (line.empty());
  status_ = {};
  if (line.size() > kLongestLine) {
    status_ = fail(Code::kTooLarge, "longer than 64 KiB");
    return true;
  }
  auto fields = split_csv(line);
  if (!fields) {
    status_ = fail(std::move(fields).error());
    return true;
  }
  fields_ = std::move(*fields);
  if (fields_.size() < least_)
    status_ = fail(Code::kInvalid,
                   "has " + std::to_string(fields_.size()) + " fields, " + std::to_string(least_) + " are needed");
  return true;
}

const std::string& CsvReader::operator[](std::size_t column) const {
  static const std::string kNone;
  const int place = places_[column];
  return place < 0 || static_cast<std::size_t>(place) >= fields_.size() ? kNone
                                                                        : fields_[static_cast<std::size_t>(place)];
}

}  // namespace firstfix::predict
