#include "agent_io/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace firstfix::agent {
namespace {

tl::unexpected<Error> failed(const std::string& what) {
  const Code code = errno == ENOENT ? Code::kNotFound : Code::kUnavailable;
  return fail(code, what + ": " + std::strerror(errno));
}

}  // namespace

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

Result<File> open_file(const std::filesystem::path& path, int flags) {
  File file(::open(path.c_str(), flags | O_CLOEXEC, 0600));
  if (!file) return failed(path.string());
  return file;
}

Result<std::string> read_whole(const std::filesystem::path& path) {
  FIRSTFIX_TRY(file, open_file(path, O_RDONLY));
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0) return failed(path.string());
  return read_at(file, 0, static_cast<std::size_t>(info.st_size));
}

Result<std::string> read_at(const File& file, std::uint64_t offset, std::size_t bytes) {
  std::string out(bytes, '\0');
  std::size_t got = 0;
  while (got < bytes) {
    const ssize_t n = ::pread(file.fd(), out.data() + got, bytes - got, static_cast<off_t>(offset + got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("cannot read");
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  out.resize(got);
  return out;
}

Status write_at(const File& file, std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(file.fd(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("cannot write");
    bytes.remove_prefix(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return {};
}

Status truncate(const File& file, std::uint64_t size) {
  if (::ftruncate(file.fd(), static_cast<off_t>(size)) != 0) return failed("cannot truncate");
  return {};
}

Status sync_data(const File& file) {
  if (::fdatasync(file.fd()) != 0) return failed("cannot sync");
  return {};
}

Status sync_folder(const std::filesystem::path& folder) {
  FIRSTFIX_TRY(file, open_file(folder, O_RDONLY | O_DIRECTORY));
  if (::fsync(file.fd()) != 0) return failed(folder.string());
  return {};
}

Status replace_file(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path draft = path.string() + ".tmp";
  FIRSTFIX_TRY(file, open_file(draft, O_CREAT | O_TRUNC | O_WRONLY));
  FIRSTFIX_CHECK(write_at(file, 0, bytes));
  FIRSTFIX_CHECK(sync_data(file));
  if (std::rename(draft.c_str(), path.c_str()) != 0) return failed(path.string());
  return sync_folder(path.parent_path());
}

}  // namespace firstfix::agent
