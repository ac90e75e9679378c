// Files by descriptor, with errors as values.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace firstfix::agent {

// Owns a descriptor.
class File {
 public:
  File() = default;
  explicit File(int fd) : fd_(fd) {}
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~File();

  int fd() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

Result<File> open_file(const std::filesystem::path& path, int flags);  // as open(2); O_CLOEXEC is added, mode 0600
Result<std::string> read_whole(const std::filesystem::path& path);
Result<std::string> read_at(const File& file, std::uint64_t offset, std::size_t bytes);  // less only at the end
Status write_at(const File& file, std::uint64_t offset, std::string_view bytes);
Status truncate(const File& file, std::uint64_t size);
Status sync_data(const File& file);
Status sync_folder(const std::filesystem::path& folder);  // makes names in it durable

// Replaces `path` by `bytes`, durably: after a crash it holds the old bytes or the new ones.
Status replace_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace firstfix::agent
