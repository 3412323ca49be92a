// SPDX-License-Identifier: MIT OR Apache-2.0
// A directory of a test's own, gone with the object.
#pragma once

#include "base/check.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace pcargo::support {

class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const std::filesystem::path& above = std::filesystem::temp_directory_path()) {
    std::string name = (above / "pcargo-test-XXXXXX").string();
    PCARGO_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = std::filesystem::canonical(name).string();
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view relative) const { return path_ + "/" + std::string(relative); }

  /// With the directories above it.
  void write(std::string_view relative, std::string_view text, unsigned mode = 0644) const {
    const std::string file = *this / relative;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << text;
    PCARGO_CHECK(::chmod(file.c_str(), mode) == 0);
  }

  std::string read(std::string_view relative) const {
    std::ifstream file(*this / relative, std::ios::binary);
    PCARGO_CHECK(file.good());
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

 private:
  std::string path_;
};

}  // namespace pcargo::support
