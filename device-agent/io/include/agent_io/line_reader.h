// Lines of a file or of standard input, in bounded memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace firstfix::agent {

class LineReader {
 public:
  // `path` "-" is standard input. Of a line longer than `max_line` one byte more than that is kept, so that whoever
  // parses it sees that it is too long.
  static Result<LineReader> open(const std::string& path, std::size_t max_line);
  LineReader(LineReader&& other) noexcept;
  LineReader& operator=(LineReader&& other) noexcept;
  ~LineReader();

  struct Line {
    std::string_view text;     // without '\n'; lives until the next call
    std::uint64_t number = 0;  // from 1
    std::uint64_t begin = 0;   // where the line begins, in bytes from the start of the input
    std::uint64_t end = 0;     // where the next one does
  };
  // The next line; nothing at the end. An error if reading fails.
  Result<std::optional<Line>> next();

  // Goes on at the line that begins at `begin` (from an earlier Line). Files only.
  Status seek(std::uint64_t begin, std::uint64_t lines_before);

  int fd() const { return fd_; }
  // A line lies ready, so that next() will not wait.
  bool buffered() const;

 private:
  LineReader(int fd, std::string path, std::size_t max_line);
  Result<bool> fill();  // false at the end of the input

  int fd_ = -1;
  std::string path_;
  std::size_t max_line_ = 0;
  std::vector<char> buffer_;
  std::size_t from_ = 0, to_ = 0;  // what of buffer_ is not yet handed out
  std::string line_;
  std::uint64_t offset_ = 0;  // of from_ in the input
  std::uint64_t number_ = 0;
  bool ended_ = false;
};

}  // namespace firstfix::agent
