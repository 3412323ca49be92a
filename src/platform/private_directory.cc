// SPDX-License-Identifier: MIT OR Apache-2.0
#include "platform/private_directory.h"

#include "base/path.h"
#include "platform/file_stamp.h"
#include "platform/files.h"
#include "platform/real_file_system.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace pcargo::platform {
namespace {

constexpr mode_t kOthers = 077;
constexpr mode_t kOwnerOnly = 0700;

}  // namespace

bool is_private_directory(const std::string& path) {
  struct stat about {};
  return ::lstat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode) && about.st_uid == ::geteuid() &&
         (about.st_mode & kOthers) == 0;
}

bool make_private_directory(const std::string& path) {
  if (is_private_directory(path)) {
    return true;
  }
  if (!create_directories(std::string(path::parent(path)))) {
    return false;
  }
  return ::mkdir(path.c_str(), kOwnerOnly) == 0 && is_private_directory(path);
}

void keep_the_newest(const std::string& directory,
                     const std::string& kept,
                     std::size_t most_files,
                     std::uint64_t most_bytes) {
  std::vector<std::pair<FileStamp, std::string>> others;
  for (const std::string& name : RealFileSystem().list(directory)) {
    std::string path = path::join(directory, name);
    if (is_abandoned_temporary(name)) {
      static_cast<void>(remove_file(path));
    } else if (path != kept) {
      others.emplace_back(stamp_of(path, Links::kOfTheLinkItself), std::move(path));
    }
  }
  std::sort(
      others.begin(), others.end(), [](const auto& a, const auto& b) { return a.first.mtime_ns > b.first.mtime_ns; });
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < others.size(); ++i) {
    bytes += others[i].first.size;
    if (i + 1 >= most_files || bytes > most_bytes) {
      static_cast<void>(remove_file(others[i].second));
    }
  }
}

}  // namespace pcargo::platform
