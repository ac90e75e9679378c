// A directory that is there while it lives: in memory where there is room, because tests sync thousands of times.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace firstfix::testing {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = parent() / "firstfix-test-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a directory like " + pattern);
    path_ = pattern;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const char* name) const { return path_ / name; }

 private:
  static std::filesystem::path parent() {
    constexpr std::uintmax_t kRoom = 1 << 30;
    std::error_code none;
    const auto memory = std::filesystem::space("/dev/shm", none);
    return !none && memory.available >= kRoom && std::getenv("TMPDIR") == nullptr
               ? std::filesystem::path("/dev/shm")
               : std::filesystem::temp_directory_path();
  }

  std::filesystem::path path_;
};

}  // namespace firstfix::testing
