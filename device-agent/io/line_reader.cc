#include "agent_io/line_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace firstfix::agent {
namespace {

constexpr std::size_t kBufferBytes = 1 << 16;

std::string reason() {
  return std::strerror(errno);
}

}  // namespace

Result<LineReader> LineReader::open(const std::string& path, std::size_t max_line) {
  if (path == "-") return LineReader(::dup(STDIN_FILENO), path, max_line);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail(errno == ENOENT ? Code::kNotFound : Code::kUnavailable, path + ": " + reason());
  LineReader reader(fd, path, max_line);
  struct stat info {};
  if (::fstat(fd, &info) != 0) return fail(Code::kUnavailable, path + ": " + reason());
  if (S_ISDIR(info.st_mode)) return fail(Code::kInvalid, path + ": is a directory");
  return reader;
}

LineReader::LineReader(int fd, std::string path, std::size_t max_line)
    : fd_(fd), path_(std::move(path)), max_line_(max_line), buffer_(kBufferBytes) {}

LineReader::LineReader(LineReader&& other) noexcept {
  *this = std::move(other);
}

LineReader& LineReader::operator=(LineReader&& other) noexcept {
  std::swap(fd_, other.fd_);
  path_ = std::move(other.path_);
  max_line_ = other.max_line_;
  buffer_ = std::move(other.buffer_);
  from_ = other.from_;
  to_ = other.to_;
  line_ = std::move(other.line_);
  offset_ = other.offset_;
  number_ = other.number_;
  ended_ = other.ended_;
  return *this;
}

LineReader::~LineReader() {
  if (fd_ >= 0) ::close(fd_);
}

Result<bool> LineReader::fill() {
  if (ended_) return false;
  ssize_t got = 0;
  do got = ::read(fd_, buffer_.data(), buffer_.size());
  while (got < 0 && errno == EINTR);
  if (got < 0) return fail(Code::kUnavailable, path_ + ": " + reason());
  from_ = 0;
  to_ = static_cast<std::size_t>(got);
  ended_ = got == 0;
  return !ended_;
}

Result<std::optional<LineReader::Line>> LineReader::next() {
  line_.clear();
  const std::uint64_t begin = offset_;
  for (bool whole = false; !whole;) {
    if (from_ == to_) {
      FIRSTFIX_TRY(more, fill());
      if (!more) {
        if (offset_ == begin) return std::nullopt;
        break;  // the last line may lack its end
      }
    }
    const char* const start = buffer_.data() + from_;
    const auto* const newline = static_cast<const char*>(std::memchr(start, '\n', to_ - from_));
    whole = newline != nullptr;
    const std::size_t taken = whole ? static_cast<std::size_t>(newline - start) : to_ - from_;
    if (line_.size() <= max_line_) line_.append(start, std::min(taken, max_line_ + 1 - line_.size()));
    from_ += taken + (whole ? 1 : 0);
    offset_ += taken + (whole ? 1 : 0);
  }
  return Line{line_, ++number_, begin, offset_};
}

Status LineReader::seek(std::uint64_t begin, std::uint64_t lines_before) {
  if (::lseek(fd_, static_cast<off_t>(begin), SEEK_SET) < 0) return fail(Code::kUnavailable, path_ + ": " + reason());
  from_ = to_ = 0;
  offset_ = begin;
  number_ = lines_before;
  ended_ = false;
  return {};
}

bool LineReader::buffered() const {
  return std::memchr(buffer_.data() + from_, '\n', to_ - from_) != nullptr;
}

}  // namespace firstfix::agent
