// Comma-separated files with a header line, read row by row (RFC 4180, without line breaks inside quotes).
#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace firstfix::predict {

inline constexpr std::size_t kLongestLine = 64 * 1024;

// The fields of one line; an error says what is wrong with its quotes.
Result<std::vector<std::string>> split_csv(std::string_view line);

class CsvReader {
 public:
  // Reads the header. kInvalid if a required column is missing; the message names it.
  static Result<CsvReader> open(std::istream& in, const std::vector<std::string>& required,
                                const std::vector<std::string>& optional = {});

  // The next row that is not empty: false at the end. A row's error does not end the file.
  bool next();
  int line() const { return line_; }
  const Status& status() const { return status_; }
  // A field of the row, by the place of its column in `required`, then `optional`. Empty if the column is not there.
  const std::string& operator[](std::size_t column) const;

 private:
  CsvReader(std::istream& in, std::vector<int> places, std::size_t least)
      : in_(&in), places_(std::move(places)), least_(least) {}

  std::istream* in_;
  std::vector<int> places_;  // of the columns in the file; -1: not there
  std::size_t least_;        // fields that a row must have
  int line_ = 1;
  Status status_;
  std::vector<std::string> fields_;
};

}  // namespace firstfix::predict
