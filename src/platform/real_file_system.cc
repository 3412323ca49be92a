// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/real_file_system.h"

#include "platform/files.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace pcargo::platform {

Result<std::optional<std::string>> RealFileSystem::read(const std::string& path) const {
  return read_file_if_there(path);
}

FileKind RealFileSystem::kind(const std::string& path) const {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) {
    return FileKind::kNone;
  }
  return S_ISREG(about.st_mode) ? FileKind::kFile : S_ISDIR(about.st_mode) ? FileKind::kDirectory : FileKind::kOther;
}

std::vector<std::string> RealFileSystem::list(const std::string& directory) const {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(directory, error);
  while (!error && entry != std::filesystem::directory_iterator()) {
    names.push_back(entry->path().filename().string());
    entry.increment(error);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace pcargo::platform
